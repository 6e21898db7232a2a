"""`aggregator import`: a list of subscriptions taken over into the configuration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aggregator.config.drafts import drafting, sources_path
from aggregator.config.importing import draft_import, plan_import
from aggregator.config.opml import read_opml
from aggregator.config.parsing import UnreadableError
from aggregator.errors import AggregatorError
from aggregator.text.counts import counted
from aggregator.text.lines import one_line
from aggregator.text.slugs import slug


@dataclass(frozen=True)
class Imported:
    """What came of an import; `unusable` and `there` hold addresses with a reason or an id."""

    file: Path
    sources: tuple[str, ...]
    categories: tuple[str, ...]
    there: tuple[tuple[str, str], ...]
    unusable: tuple[tuple[str, str], ...]

    def lines(self) -> Iterator[str]:
        """For people."""
        yield from (f"skipped: {url} is there already, as {known}" for url, known in self.there)
        yield from (f"cannot be read: {url}: {why}" for url, why in self.unusable)
        if not self.sources:
            yield "nothing new was found; the configuration is as it was"
            return
        yield (
            f"imported into {self.file}: {counted(len(self.sources), 'source')}, "
            f"{counted(len(self.categories), 'new category', 'new categories')}, "
            f"{len(self.there)} skipped"
        )

    def data(self) -> dict[str, Any]:
        """For programs."""
        return {
            "file": str(self.file) if self.sources else None,
            "sources": self.sources,
            "categories": self.categories,
            "skipped": [{"url": url, "source": known} for url, known in self.there],
            "unusable": [{"url": url, "reason": why} for url, why in self.unusable],
        }


def take_over(folder: Path, environment: Mapping[str, str], opml: Path) -> Imported:
    """Import an OPML file.

    Raises:
        ConfigurationError: the configuration is, or would be, wrong; nothing was written.
        AggregatorError: the file cannot be read.
    """
    found = _subscriptions(opml)
    file = sources_path(folder, f"imported-{slug(opml.stem)}.yaml")
    with drafting(folder, environment) as drafts:
        plan = plan_import(found, drafts.check())
        heading = f"# Feeds imported from {one_line(opml.name, 100)}.\n"
        new = draft_import(plan, drafts, file, heading)
        drafts.publish()
    ids = tuple(str(item["id"]) for item in plan.sources)
    return Imported(file, ids, tuple(new), plan.there, plan.unusable)


def _subscriptions(opml: Path) -> list[Any]:
    try:
        return list(read_opml(str(opml), opml.read_bytes()))
    except OSError as error:
        raise AggregatorError(f"{opml} cannot be read: {error.strerror}") from None
    except UnreadableError as error:
        where = error.finding.place
        place = f":{where.line}:{where.column}" if where else ""
        raise AggregatorError(f"{opml}{place}: {error.finding.what}") from None
