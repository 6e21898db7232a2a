"""`aggregator add`: from what was found behind an address to a source in the configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.prompt import IntPrompt

from aggregator.cli.asking import asking, named_after
from aggregator.cli.console import Voice
from aggregator.config.addresses import same_address
from aggregator.config.drafts import drafting, sources_path
from aggregator.config.opml import source_id
from aggregator.config.tree import all_categories
from aggregator.config.words import nearest
from aggregator.errors import AggregatorError, FetchError
from aggregator.ingest.discover import Discovery, FoundFeed, checked, discover
from aggregator.model.settings import Configuration, SourceSpec
from aggregator.text.counts import counted

_LONGEST_TITLE = 300


@dataclass(frozen=True)
class Wish:
    """How a person wants a source written; without an id one is chosen for them."""

    categories: tuple[str, ...]
    id: str
    file: str


def wanted_address(configuration: Configuration, url: str) -> str:
    """The address as it is asked.

    Raises:
        AggregatorError: it is none, or a source has it already.
    """
    try:
        address = checked(url)
    except ValueError as error:
        raise AggregatorError(f"{url!r}: {error}") from None
    _refuse_known(configuration, address)
    return address


def find(configuration: Configuration, address: str) -> Discovery:
    """The feeds behind an address; where it cannot be read, none and the reason."""
    with asking(configuration) as asker:
        try:
            return discover(address, asker)
        except FetchError as error:
            return Discovery(None, (), ((address, str(error)),))


def _refuse_known(configuration: Configuration, url: str) -> None:
    """Refuse an address that a source has already.

    Raises:
        AggregatorError: one has it.
    """
    if known := source_at(configuration, url):
        raise AggregatorError(f"{url} is in the configuration already, as the source {known.id}")


def source_at(configuration: Configuration, url: str) -> SourceSpec | None:
    """The source that reads an address."""
    for spec in configuration.sources:
        if same_address(getattr(spec, "url", ""), url):
            return spec
    return None


def check_wish(configuration: Configuration, folder: Path, wish: Wish) -> None:
    """Refuse what could not be written, before anything is asked of anybody.

    Raises:
        AggregatorError: the file would not be read, or a category is not in the tree.
    """
    sources_path(folder, wish.file)
    paths = [each.path for each in all_categories(configuration)]
    for path in wish.categories:
        if path not in paths:
            hint = nearest(path, paths) or "add it to categories.yaml first"
            raise AggregatorError(f"the category {path} is not in categories.yaml; {hint}")


def choose(feeds: Sequence[FoundFeed], voice: Voice) -> FoundFeed:
    """Let a person choose one of the feeds.

    Raises:
        AggregatorError: nobody answered, or none is wanted.
    """
    choices = [str(number) for number in range(len(feeds) + 1)]
    try:
        answer = IntPrompt.ask(
            "add which? 0 for none", console=voice.err, choices=choices, default=1
        )
    except EOFError:
        voice.say("")  # the question has no line of its own without an answer
        raise AggregatorError("nobody answered; --yes takes the first") from None
    if not answer:
        raise AggregatorError("nothing was added")
    return feeds[answer - 1]


def feed_lines(discovery: Discovery, configuration: Configuration) -> Iterator[str]:
    """What was found, one feed a line, and what could not be read."""
    for number, feed in enumerate(discovery.feeds, 1):
        newest = f"newest of {feed.newest_at:%Y-%m-%d}" if feed.newest_at else "without dates"
        known = source_at(configuration, feed.url)
        there = f"; it is there already, as {known.id}" if known else ""
        title = feed.title or "(no title)"
        entries = counted(feed.entries, "entry", "entries")
        yield f"{number}. {title}: {feed.format}, {entries}, {newest}{there}"
        yield f"   {feed.url}"
    for url, why in discovery.failed:
        yield f"not a feed that can be read: {url}: {why}"


def added_data(found: Discovery, file: Path, spec: SourceSpec) -> dict[str, Any]:
    """What was found, and what was added, for programs."""
    added = {"id": spec.id, "url": getattr(spec, "url", ""), "category": spec.category}
    return {
        "found": [asdict(feed) for feed in found.feeds],
        "added": {**added, "file": str(file)},
    }


def write_source(
    folder: Path, environment: Mapping[str, str], feed: FoundFeed, wish: Wish
) -> tuple[Path, SourceSpec]:
    """Write a feed into the configuration; gives the file and the source.

    Raises:
        ConfigurationError: the configuration would be wrong; nothing was written.
        AggregatorError: the source is there already, or the file cannot be added to.
    """
    with drafting(folder, environment) as drafts:
        before = drafts.check()
        _refuse_known(before, feed.url)
        file = sources_path(folder, wish.file)
        item = _item(feed, wish, {spec.id.casefold() for spec in before.sources})
        drafts.add(file, ("sources",), [item])
        after = drafts.check()
        spec = next(each for each in after.sources if each.id == item["id"])
        if spec.kind != "feed" or getattr(spec, "url", "") != feed.url:
            raise AggregatorError(f"the defaults of {file} make something else of a feed")
        drafts.publish()
    return file, spec


def _item(feed: FoundFeed, wish: Wish, taken: set[str]) -> dict[str, Any]:
    """The keys of the source, as a person would write them."""
    name = named_after(feed.url)
    suggested = name if name.casefold() not in taken else source_id(feed.url)
    item: dict[str, Any] = {"id": wish.id or suggested, "url": feed.url}
    if feed.title:
        item["title"] = feed.title[:_LONGEST_TITLE]
    if len(wish.categories) == 1:
        item["category"] = wish.categories[0]
    elif wish.categories:
        item["category"] = list(wish.categories)
    return item
