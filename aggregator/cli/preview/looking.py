"""From what a person asked for to a preview: a source by its id, a feed, or a page with feeds."""

from __future__ import annotations

from dataclasses import dataclass

from aggregator.cli.asking import asking, named_after
from aggregator.cli.naming import unknown_source
from aggregator.config.addresses import same_address
from aggregator.errors import AggregatorError, FetchError
from aggregator.ingest.discover import FoundFeed, checked, discover
from aggregator.ingest.further import Asker
from aggregator.ingest.preview import Preview, facts, preview
from aggregator.ingest.recipe import Recipe, recipes
from aggregator.model.settings import Configuration, SourceSpec
from aggregator.sources import kinds


@dataclass(frozen=True)
class Look:
    """A preview, what it is of, and the other feeds that a page had."""

    preview: Preview
    address: str
    recipe: Recipe | None = None
    others: tuple[FoundFeed, ...] = ()


def look(configuration: Configuration, target: str, limit: int) -> Look:
    """Preview a source of the configuration, or what is behind an address.

    An address that a source of the configuration has is read as that source says.

    Raises:
        AggregatorError: there is no such source, and it is no address.
    """
    spec = _configured(configuration, target)
    with asking(configuration) as asker:
        if spec:
            return _preview(configuration, spec, asker, limit)
        return _behind(configuration, _address(configuration, target), asker, limit)


def _configured(configuration: Configuration, target: str) -> SourceSpec | None:
    return next(
        (
            spec
            for spec in configuration.sources
            if spec.id == target or same_address(getattr(spec, "url", ""), target)
        ),
        None,
    )


def _address(configuration: Configuration, target: str) -> str:
    """What was asked for, as an address.

    Raises:
        AggregatorError: it is none, so that it must have been meant as the id of a source.
    """
    try:
        if "." in target or ":" in target:
            return checked(target)
    except ValueError as error:
        raise AggregatorError(f"{target!r} cannot be previewed: {error}") from None
    raise unknown_source(configuration, target)


def _behind(configuration: Configuration, url: str, asker: Asker, limit: int) -> Look:
    """The first feed behind an address; without one, what the document was instead."""
    name = named_after(url)
    try:
        found = discover(url, asker)
    except FetchError as error:
        return Look(Preview(name, "feed", error=str(error)), url)
    if not found.feeds:
        why = "this is no feed, it links to none that can be read, and none is in the usual places"
        failed = [f"{address}: {reason}" for address, reason in found.failed]
        answer = facts(found.page) if found.page else None
        return Look(Preview(name, "feed", answer, why, warnings=tuple(failed)), url)
    first, *others = found.feeds
    spec = kinds()["feed"].spec.model_validate({"id": name, "url": first.url})
    seen = _preview(configuration, spec, asker, limit)
    return Look(seen.preview, seen.address, seen.recipe, tuple(others))


def _preview(configuration: Configuration, spec: SourceSpec, asker: Asker, limit: int) -> Look:
    alone = configuration.model_copy(update={"sources": (spec,)})
    recipe = recipes(alone)[spec.id]
    address = getattr(spec, "url", "") or getattr(spec, "path", "")
    result = preview(recipe, asker, limit)
    return Look(result, address, recipe)
