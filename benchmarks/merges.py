"""Every merge that dedupe makes over real feeds: `python -m benchmarks.merges [--near] [FOLDER]`.

Reads every document of a folder (else the corpus of real feeds) as a source of its own, decides as
the service does, and lists each copy that joined an article with both titles, dates and links, for
somebody to look at. Two entries of one source that are recognised as one entry are no merge.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from aggregator.clean import clean_entry
from aggregator.dedupe.decide import decider
from aggregator.dedupe.identity import identify
from aggregator.model.articles import Article, Decision, EntryRef, Verdict
from aggregator.model.entries import ParsedDocument
from aggregator.model.pages import IdentityRule
from aggregator.model.settings import Dedupe
from tests.support.deciding import Ledger
from tests.support.entries import cleaning
from tests.support.facts import read
from tests.support.shared import SHARED

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def sources(folder: Path) -> Iterator[tuple[str, ParsedDocument]]:
    """Every document that can be read, by its path."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        found = read(path)
        if isinstance(found, ParsedDocument):
            yield path.relative_to(folder).as_posix(), found


def articles(source: str, document: ParsedDocument) -> list[Article]:
    """What a document becomes; each entry once."""
    found = identify(document.entries, IdentityRule.GUID, {})
    how, made = cleaning("nh3"), list[Article]()
    for each in found.entries:
        article = clean_entry(each.raw, EntryRef(source, each.entry_key, "0" * 64), how, NOW)
        if isinstance(article, Article):
            made.append(article)
    return made


def main() -> None:
    """Decide source by source, and list what was merged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED / "corpus/real")
    parser.add_argument("--near", action="store_true", help="with `dedupe.near`")
    options = parser.parse_args()
    titles: dict[str, str] = {}

    def names(source: str) -> list[str]:
        return [titles[source]] if titles.get(source) else []

    decide, ledger = decider(Dedupe(near=options.near), names), Ledger()
    stories = defaultdict[str, list[Decision]](list)
    for source, document in sources(options.folder):
        titles[source] = document.origin.title
        for decision in ledger.take(decide, *articles(source, document)):
            stories[decision.story_key].append(decision)
    merged = [copies for copies in stories.values() if len(copies) > 1]
    print(
        f"{len(titles)} sources, {sum(map(len, stories.values())):,} articles; "
        f"{sum(len(copies) - 1 for copies in merged)} copies joined {len(merged)} articles"
    )
    for number, copies in enumerate(merged, 1):
        print(f"\n{number}.")
        for decision in copies:
            print(line(decision))


def line(decision: Decision) -> str:
    """A copy, with how it begins."""
    article = decision.article
    told = "new" if decision.verdict is Verdict.NEW else decision.decided_by
    dated = f"{article.published_at:%Y-%m-%d %H:%M}" + ("" if article.date_is_known else "?")
    text = article.summary.replace("\n", " ")[:100]
    source = article.entry.source_id
    return (
        f"  {told:22} {dated}  {source}\n      {article.title}\n      {article.link}\n      {text}"
    )


if __name__ == "__main__":
    main()
