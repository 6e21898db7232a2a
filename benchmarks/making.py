"""What making an article costs a worker, step by step: `python -m benchmarks.making [--feeds N]`.

CPU milliseconds of this process for a feed of 20 new entries of `benchmarks.work`: reading the
document, recognising its entries (without the store's queries), making articles with each
sanitizer, cutting the words for searching, and sending the result to the writer. Beside them stands
what no way of cleaning can do without: building a body's tree, writing it, and the sanitizer alone
on what it is given.
"""

from __future__ import annotations

import argparse
import pickle
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from aggregator.clean import Cleaning
from aggregator.config.tree import CategoryTree
from aggregator.ingest.digest import Recognised, make, parse_page, recognise
from aggregator.ingest.recipe import Recipe, plan_of
from aggregator.model.entries import ParsedDocument, RawEntry
from aggregator.model.known import EntryMark
from aggregator.model.pages import IdentityRule, Page
from aggregator.model.results import Digest
from aggregator.model.settings import Clean, Settings
from aggregator.rules import RuleBook
from aggregator.sources.feed import FeedSpec
from aggregator.text.markup import Sanitizer, sanitize
from aggregator.text.search import searchable
from aggregator.text.tree import Element, inner_html, parse
from benchmarks.work import Work

A = TypeVar("A")
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
    """Prints a line for each step: CPU milliseconds a feed.

    Of each feed the best of some rounds counts, so that work beside it does little to the figure.
    """

    rounds: int

    def line(self, name: str, work: Callable[[A], R], feeds: Sequence[A]) -> list[R]:
        """Measure a step, one feed after another; gives its results."""
        best = [float("inf")] * len(feeds)
        for _ in range(self.rounds):
            results = []
            for number, feed in enumerate(feeds):
                began = time.process_time()
                results.append(work(feed))
                best[number] = min(best[number], time.process_time() - began)
        print(f"{name:<44}{1_000 * sum(best) / len(feeds):8.2f}", flush=True)
        return results


def of_steps(table: Table, documents: Sequence[Page]) -> None:
    """From the bytes of a document to what the writer gets."""
    read = table.line("read the document", partial(parse_page, recipe("nh3")), documents)
    found = table.line("recognise its entries", _recognised, read)
    made = [
        table.line(f"make articles ({name})", partial(_made, recipe(name)), found)
        for name in SANITIZERS
    ]
    table.line("  of that: words for searching", _words, made[0])
    table.line("send to the writer and back", _sent, made[0])


def of_bodies(table: Table, documents: Sequence[Page]) -> None:
    """What the libraries take for the bodies of these feeds, raw and cleaned."""
    read = [parse_page(recipe("nh3"), each).entries for each in documents]
    roots = table.line("a tree of each body", _trees, read)
    table.line("the trees written", lambda trees: [inner_html(each) for each in trees], roots)
    for name in SANITIZERS:
        clean = [_made(recipe(name), _recognised(parse_page(recipe(name), d))) for d in documents]
        table.line(f"cleaned bodies sanitized by {name}", partial(_sanitized, name), clean)


def _recognised(document: ParsedDocument) -> Recognised:
    return recognise(recipe("nh3"), document, IdentityRule.GUID, Nothing())


def _made(how: Recipe, found: Recognised) -> Digest:
    return make(how, found, {}, NOW)


def _words(digest: Digest) -> list[str]:
    return [searchable(each.title, each.summary, each.body) for each in digest.articles]


def _sent(digest: Digest) -> object:
    return pickle.loads(pickle.dumps(digest))


def _trees(entries: Sequence[RawEntry]) -> list[Element]:
    return [parse(each.content.value or each.summary.value) for each in entries]


def _sanitized(name: Sanitizer, digest: Digest) -> list[str]:
    embeds = Clean().embeds
    return [sanitize(each.body, name, embeds) for each in digest.articles]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5, help="of each feed the best of N")
    given = parser.parse_args()
    documents, table = pages(given.feeds), Table(given.rounds)
    print(
        f"CPU ms for a feed of 20 entries; {given.feeds} feeds, of each the best of {given.rounds}"
    )
    of_steps(table, documents)
    of_bodies(table, documents)


if __name__ == "__main__":
    main()
