"""What making an article costs a worker, step by step: `python -m benchmarks.making [--feeds N]`.

CPU milliseconds of this process for a feed of 20 new entries of `benchmarks.work`, the best of some
rounds: reading the document, recognising its entries (without the store's queries), making articles
with each sanitizer, cutting the words for searching, and sending the result to the writer. Beside
them stands what no way of cleaning can do without: building a body's tree, writing it, and the
sanitizer alone on what it is given.
"""

from __future__ import annotations

import argparse
import pickle
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar

from aggregator.clean import Cleaning
from aggregator.config.tree import CategoryTree
from aggregator.fetch.due import DuePlan
from aggregator.ingest.digest import Recognised, make, parse_page, recognise
from aggregator.ingest.recipe import Recipe, plan_of
from aggregator.model.entries import ParsedDocument
from aggregator.model.known import EntryMark
from aggregator.model.pages import IdentityRule, Page
from aggregator.model.results import Digest
from aggregator.model.settings import Clean, Settings
from aggregator.rules import RuleBook
from aggregator.sources.feed import FeedSpec
from aggregator.text.markup import Sanitizer, sanitize
from aggregator.text.search import searchable
from aggregator.text.tree import inner_html, parse
from benchmarks.work import Work

R = TypeVar("R")
NOW = datetime(2026, 11, 25, tzinfo=UTC)
SANITIZERS: tuple[Sanitizer, ...] = ("nh3", "bleach")


@dataclass(frozen=True)
class Nothing:
    """A store that knows no entry."""

    def known_entries(self, source_id: str, entry_keys: Iterable[str]) -> Mapping[str, EntryMark]:
        """None of them."""
        del source_id, entry_keys
        return {}


def recipe(sanitizer: Sanitizer) -> Recipe:
    """How the feeds are read: by default, with this sanitizer."""
    spec = FeedSpec(id="wire", url="https://wire.example/", category=("news",))
    return Recipe(
        spec=spec,
        cleaning=Cleaning(spec.id, Clean(sanitizer=sanitizer)),
        rules=RuleBook(),
        tree=CategoryTree(),
        folder="",
        plan=plan_of(spec, Settings()),
        fingerprint="0" * 64,
    )


def pages(feeds: int) -> list[Page]:
    """The documents, as if they had just been fetched."""
    work = Work()
    return [
        Page(f"https://site{number}.example/feed", 200, {}, work.document(number), NOW)
        for number in range(feeds)
    ]


@dataclass(frozen=True)
class Table:
    """Prints a line for each step: CPU milliseconds a feed, the best of some rounds."""

    feeds: int
    rounds: int

    def line(self, name: str, work: Callable[[], R]) -> R:
        """Measure a step; gives its result."""
        best = float("inf")
        for _ in range(self.rounds):
            began = time.process_time()
            result = work()
            best = min(best, time.process_time() - began)
        print(f"{name:<44}{1_000 * best / self.feeds:8.2f}", flush=True)
        return result


def of_steps(table: Table, documents: Sequence[Page]) -> None:
    """From the bytes of a document to what the writer gets."""
    how = recipe("nh3")
    read = table.line("read the document", lambda: [parse_page(how, each) for each in documents])
    found = table.line("recognise its entries", lambda: [_recognised(each) for each in read])
    for name in SANITIZERS:
        how = recipe(name)
        made = table.line(
            f"make articles ({name})", lambda: [make(how, each, {}, NOW) for each in found]
        )
    articles = [article for digest in made for article in digest.articles]
    table.line(
        "  of that: words for searching",
        lambda: [searchable(each.title, each.summary, each.body) for each in articles],
    )
    table.line("send to the writer and back", lambda: [_sent(each) for each in made])


def of_bodies(table: Table, documents: Sequence[Page]) -> None:
    """What the libraries take for the same bodies."""
    how = recipe("nh3")
    entries = [entry for each in documents for entry in parse_page(how, each).entries]
    texts = [entry.content.value or entry.summary.value for entry in entries]
    roots = table.line("a tree of each body", lambda: [parse(each) for each in texts])
    written = table.line("the trees written", lambda: [inner_html(each) for each in roots])
    for name in SANITIZERS:
        table.line(f"sanitized by {name}", lambda: [sanitize(each, name) for each in written])


def _recognised(document: ParsedDocument) -> Recognised:
    return recognise(recipe("nh3"), document, IdentityRule.GUID, Nothing())


def _sent(digest: Digest) -> object:
    return pickle.loads(pickle.dumps(digest))  # noqa: S301 - our own


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3, help="of each step the best of N")
    given = parser.parse_args()
    documents, table = pages(given.feeds), Table(given.feeds, given.rounds)
    make(recipe("bleach"), _recognised(parse_page(recipe("nh3"), documents[0])), {}, NOW)
    print(f"CPU ms for a feed of 20 entries, {given.feeds} feeds, best of {given.rounds}")
    of_steps(table, documents)
    of_bodies(table, documents)


if __name__ == "__main__":
    main()
