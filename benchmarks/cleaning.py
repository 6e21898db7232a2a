"""What cleaning an article costs: `python -m benchmarks.cleaning`.

Every entry of the corpus of real feeds goes through the whole of cleaning with each sanitizer, the
best of three times counts; then bodies that were made to cost. CPU time of this process.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Literal

from aggregator.clean.body import clean_body
from aggregator.model.entries import ParsedDocument, RawEntry, RawText
from aggregator.text.tree import TooMuchMarkupError
from tests.support.entries import BASE, attempt, cleaning
from tests.support.facts import read
from tests.support.shared import SHARED

TIMES = 3
SANITIZERS: tuple[Literal["bleach", "nh3"], ...] = ("bleach", "nh3")
SIZE = 250_000
HOSTILE = {
    "nested <div>": "<div>" * (SIZE // 5),
    "nested <b>": "<b>" * (SIZE // 3) + "x",
    "attributes": "<p " + " ".join(f"a{n}=1" for n in range(SIZE // 8)) + ">x",
    "comments": "<!--" * (SIZE // 4),
    "unfinished tags": "<a " * (SIZE // 3),
    "fake entities": "&x" * (SIZE // 2),
}


def entries(folder: Path) -> list[RawEntry]:
    """Every entry of the real feeds that can be read."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    documents = [found for path in paths if isinstance(found := read(path), ParsedDocument)]
    return [entry for document in documents for entry in document.entries]


def cost(work: Callable[[], object], times: int = TIMES) -> float:
    """CPU milliseconds of the best of some runs."""
    spent = []
    for _ in range(times):
        began = time.process_time()
        work()
        spent.append(time.process_time() - began)
    return 1_000 * min(spent)


def of_articles(raws: Sequence[RawEntry]) -> None:
    """Median, 99th percentile and longest, for each sanitizer."""
    sizes = [len(raw.content.value or raw.summary.value) for raw in raws]
    median = f"{statistics.median(sizes):,.0f}"
    print(f"{len(raws):,} real articles, bodies of {median} characters in the median")
    for name in SANITIZERS:
        how = cleaning(name)
        attempt(raws[0], how)
        spent = [cost(partial(attempt, raw, how)) for raw in raws]
        in_order = sorted(spent)
        print(
            f"  {name:7} median {statistics.median(spent):6.2f} ms, "
            f"99th percentile {in_order[int(0.99 * len(in_order))]:7.2f} ms, "
            f"longest {in_order[-1]:8.2f} ms"
        )


def of_hostile() -> None:
    """Bodies of 250 KB that were made to cost."""
    print(f"bodies of {SIZE:,} characters made to cost, in ms: " + ", ".join(SANITIZERS))
    for name, html in HOSTILE.items():
        spent = [cost(partial(_try, html, who)) for who in SANITIZERS]
        print(f"  {name:17}" + "".join(f"{each:9.1f}" for each in spent))


def _try(html: str, sanitizer: Literal["bleach", "nh3"]) -> object:
    try:
        return clean_body(RawText(html), BASE, (), cleaning(sanitizer))
    except TooMuchMarkupError as error:
        return error


if __name__ == "__main__":
    of_hostile()
    of_articles(entries(SHARED / "corpus/real"))
