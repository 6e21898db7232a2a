"""How many facts of other libraries' corpora hold: `python -m benchmarks.facts [--write]`.

Prints, for each source corpus, the facts about what we keep, how many of them hold for us and how
many for feedparser as it comes, on exactly the same facts and by the same judge; then every miss
of ours with its reason, and the facts that count for nobody because their expectation is disputed.
`--write` puts the tables into docs/sources.md.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from aggregator.model.entries import ParsedDocument
from tests.support.fact_misses import ACCEPTED, DISPUTED, Reason
from tests.support.facts import URL, Fact, facts, headers_in, holds, read
from tests.support.plain_feedparser import read_plainly
from tests.support.shared import SHARED

DOCUMENTATION = Path(__file__).resolve().parent.parent / "docs/sources.md"
TABLE = re.compile(r"(<!-- facts: .*? -->\n).*?(?=<!-- end of facts -->)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Judged:
    """A fact, and for whom it holds."""

    fact: Fact
    ours: bool
    theirs: bool

    def reason(self, known: Sequence[Reason]) -> str:
        """Why it need not hold, "" where none is known."""
        return next((one.reason for one in known if one.covers(self.fact)), "")


def judge(corpus: Path) -> list[Judged]:
    """Every fact about what we keep, judged twice."""
    every = list(facts(corpus))
    ours, theirs = {}, {}
    for name in {fact.document for fact in every}:
        body = (corpus / name).read_bytes()
        ours[name] = read(corpus / name)
        theirs[name] = read_plainly(body, headers_in(body), URL)
    return [
        Judged(fact, _holds(fact, ours[fact.document]), _holds(fact, theirs[fact.document]))
        for fact in every
    ]


def _holds(fact: Fact, found: object) -> bool:
    return isinstance(found, ParsedDocument) and holds(fact, found)


def table(judged: Sequence[Judged]) -> str:
    """The shares per source corpus, as Markdown."""
    rows = [
        "| corpus | facts | hold here | share | feedparser as it comes | share |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    corpora = [*sorted({one.fact.corpus for one in judged}), ""]
    for corpus in corpora:
        here = [one for one in judged if one.fact.corpus == corpus or not corpus]
        ours, theirs = sum(one.ours for one in here), sum(one.theirs for one in here)
        rows.append(
            f"| {corpus or 'all'} | {len(here):,} | {ours:,} | {_share(ours, len(here))}"
            f" | {theirs:,} | {_share(theirs, len(here))} |"
        )
    return "\n".join(rows) + "\n"


def reasons(judged: Iterable[Judged], known: Sequence[Reason]) -> str:
    """Facts under their reasons, one line for each document and kind, as Markdown."""
    found = Counter(
        (one.reason(known) or "NO REASON IS KNOWN", Path(one.fact.document).name, one.fact.kind)
        for one in judged
    )
    rows = ["| reason | document | about | facts |", "|---|---|---|---:|"]
    rows += [f"| {why} | `{n}` | {kind} | {c} |" for (why, n, kind), c in sorted(found.items())]
    return "\n".join(rows) + "\n"


def report(judged: Sequence[Judged]) -> str:
    """All of it, as Markdown."""
    counted = [one for one in judged if not one.reason(DISPUTED)]
    disputed = [one for one in judged if one.reason(DISPUTED) and not one.ours]
    missed = [one for one in counted if not one.ours]
    return (
        f"{table(counted)}\nWhat does not hold here, and why:\n\n{reasons(missed, ACCEPTED)}"
        f"\nWhat counts for nobody, because the expectation itself is disputed:\n\n"
        f"{reasons(disputed, DISPUTED)}"
    )


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}"


def main() -> int:
    """Print both tables, and write them where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/sources.md")
    options = parser.parse_args()
    if not SHARED.exists():
        print("The corpora are not beside the project (../shared/corpus).")
        return 1
    text = report(judge(SHARED / "corpus"))
    print(text)
    if options.write:
        before = DOCUMENTATION.read_text(encoding="utf-8")
        DOCUMENTATION.write_text(TABLE.sub(lambda m: m[1] + text, before), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
