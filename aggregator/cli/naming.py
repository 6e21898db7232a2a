"""Names of sources and categories as people give them: refused where the configuration has none."""

from __future__ import annotations

from collections.abc import Iterable

from aggregator.config.tree import all_categories
from aggregator.config.words import nearest
from aggregator.errors import AggregatorError
from aggregator.model.settings import Configuration
from aggregator.publish.categories import ALL


def check_source(configuration: Configuration, source_id: str) -> None:
    """See that there is a source with this id.

    Raises:
        AggregatorError: there is none; it says which one may be meant.
    """
    if all(spec.id != source_id for spec in configuration.sources):
        raise unknown_source(configuration, source_id)


def check_category(configuration: Configuration, path: str) -> None:
    """See that there is a category with this path.

    Raises:
        AggregatorError: there is none; it says which one may be meant.
    """
    known = [ALL, *(each.path for each in all_categories(configuration))]
    if path not in known:
        raise _unknown("category", path, known)


def unknown_source(configuration: Configuration, source_id: str) -> AggregatorError:
    """The error that tells of an id that no source has."""
    return _unknown("source", source_id, [spec.id for spec in configuration.sources])


def _unknown(what: str, name: str, known: Iterable[str]) -> AggregatorError:
    hint = nearest(name, known)
    told = f"no {what} {name!r} in the configuration"
    return AggregatorError(f"{told}; {hint}" if hint else told)
