"""How many facts of other libraries' corpora hold: `python -m benchmarks.facts [--write]`.

Prints, for each source corpus, the facts about what we keep, how many of them hold for us and how
many for feedparser as it comes, on exactly the same facts and by the same judge; then every miss
of ours with its reason, what is otherwise on purpose, and the expectations that are wrong.
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
from tests.support.fact_misses import ACCEPTED, ON_PURPOSE, WRONG, Reason
from tests.support.facts import URL, Fact, facts, headers_in, holds, read
from tests.support.plain_feedparser import read_plainly
from tests.support.shared import SHARED

DOCUMENTATION = Path(__file__).resolve().parent.parent / "docs/sources.md"
OWN_CORPUS = "kurtmckee/feedparser"
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


def counted(judged: Iterable[Judged]) -> list[Judged]:
    """The facts that are compared: the expectation is right, and nothing was decided against it."""
    return [one for one in judged if not one.reason((*WRONG, *ON_PURPOSE))]


def report(judged: Sequence[Judged]) -> str:
    """All of it, as Markdown."""
    compared = counted(judged)
    missed = [one for one in compared if not one.ours]
    decided = [one for one in judged if one.reason(ON_PURPOSE) and not one.ours]
    wrong = [one for one in judged if one.reason(WRONG) and not one.ours]
    return (
        f"{table(compared)}\nWhat does not hold here, and why:\n\n{reasons(missed, ACCEPTED)}"
        f"\nWhat is otherwise here on purpose, and left out above. {_with(decided, compared)}"
        f"\n\n{reasons(decided, ON_PURPOSE)}"
        f"\nWhat is wrong in the expectation, and counts for nobody:\n\n{reasons(wrong, WRONG)}"
    )


def _with(decided: Sequence[Judged], compared: Sequence[Judged]) -> str:
    """The shares if what was decided counted as missed."""
    every = [*compared, *decided]
    own = [one for one in every if one.fact.corpus == OWN_CORPUS]
    ours, ours_of_own = sum(one.ours for one in every), sum(one.ours for one in own)
    return (
        f"Counted as missed, it would make {ours:,} of {len(every):,} ({_share(ours, len(every))})"
        f" hold here, and {ours_of_own:,} of {len(own):,} ({_share(ours_of_own, len(own))}) of"
        f" feedparser's own corpus; feedparser holds {sum(one.theirs for one in decided)} of these"
        f" {len(decided)}."
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
