"""The measured standard: labelled pairs, and how many of them are decided rightly.

`pairs.jsonl` has, of every kind in which copies of one story differ, one pair for each of the
fourteen stories; where a kind has varieties, the stories take them in turn. `headlines.jsonl` has
further edits of the headline and nothing else, which only `near` can find, for trying that.

Run `pytest tests/unit/dedupe/test_labelled_pairs.py -s` to see the table.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from aggregator.dedupe.decide import decider
from aggregator.model.articles import Article, EntryRef
from aggregator.model.settings import Dedupe
from aggregator.text.hashing import fingerprint
from tests.support.deciding import Ledger

CASES = Path(__file__).parents[2] / "cases" / "dedupe"
PAIRS = ("pairs.jsonl",)
ALL = ("pairs.jsonl", "headlines.jsonl")
LANGUAGES = ("en", "de", "fr", "es", "zh", "ja", "ko")
STORIES = frozenset(f"{language}{n}" for language in LANGUAGES for n in (1, 2))
SOME_STORIES = {
    "case": STORIES - {"zh1", "zh2", "ja1", "ja2", "ko1", "ko2"},
    "letters": STORIES - {"en1", "en2", "es2"},
    "chinese_variants": {"zh1", "zh2"},
    "chinese_variants_tagged": {"zh1", "zh2"},
}
"""Kinds that not every story can have: without capitals, with only one spelling of each letter."""


@dataclass(frozen=True)
class Measured:
    """How the pairs were decided; each wrong one in a line."""

    merged_rightly: int
    merged_wrongly: tuple[str, ...]
    missed: tuple[str, ...]

    @property
    def precision(self) -> float:
        """Of those that were merged, how many are the same."""
        return self.merged_rightly / (self.merged_rightly + len(self.merged_wrongly))

    @property
    def recall(self) -> float:
        """Of those that are the same, how many were merged."""
        return self.merged_rightly / (self.merged_rightly + len(self.missed))


@cache
def pairs(files: Sequence[str] = PAIRS) -> Sequence[dict[str, Any]]:
    """The labelled pairs of these files."""
    texts = [(CASES / name).read_text(encoding="utf-8") for name in files]
    return [json.loads(line) for text in texts for line in text.splitlines()]


@cache
def measured(files: Sequence[str], *, near: bool) -> Measured:
    """Decide every pair of these files."""
    judged, made = pairs(files), merged(near=near)
    return Measured(
        sum(p["same"] and p["id"] in made for p in judged),
        tuple(_line(p) for p in judged if p["id"] in made and not p["same"]),
        tuple(_line(p) for p in judged if p["same"] and p["id"] not in made),
    )


@cache
def merged(*, near: bool, at_once: bool = False) -> frozenset[int]:
    """The ids of those pairs, of all, that become one article."""
    return frozenset(p["id"] for p in pairs(ALL) if _is_merged(p, near=near, at_once=at_once))


def _line(pair: dict[str, Any]) -> str:
    a, b = pair["a"]["title"], pair["b"]["title"]
    return f"{pair['id']} {pair['language']} {pair['kind']}: {a!r} / {b!r} ({pair['why']})"


def _is_merged(pair: dict[str, Any], *, near: bool, at_once: bool) -> bool:
    a, b = pair["a"], pair["b"]
    names = {made["source"]: [made.get("site", "")] for made in (a, b)}
    options = Dedupe(near=near, **pair.get("options", {}))
    decide = decider(options, lambda source_id: names[source_id])
    ledger, one, other = Ledger(), _article(a, "a"), _article(b, "b")
    batches = [[one, other]] if at_once else [[one], [other]]
    for batch in batches:
        ledger.take(decide, *batch)
    return len(ledger.articles()) == 1


def _article(told: dict[str, Any], name: str) -> Article:
    at = datetime.fromisoformat(told["at"]).astimezone(UTC)
    key = fingerprint(told["source"], told.get("entry", name))
    return Article(
        entry=EntryRef(told["source"], key, key),
        title=told["title"],
        link=told.get("link", ""),
        summary="",
        body=f"<p>{told['body']}</p>" if "body" in told else "",
        author="",
        published_at=at,
        date_is_known=told.get("dated", True),
        updated_at=at,
    )


def test_there_are_enough_pairs() -> None:
    """At least 300 pairs in seven languages, of many kinds, about as many the same as not."""
    languages = {p["language"] for p in pairs()}
    assert len(pairs()) >= 300
    assert languages.issuperset(LANGUAGES)
    assert len({p["kind"] for p in pairs()}) >= 30
    assert min(Counter(p["same"] for p in pairs()).values()) >= 150


def test_each_kind_of_the_same_has_one_pair_a_story() -> None:
    """The shares of the set follow from this rule, not from what is found."""
    told = [(p["kind"], p["story"]) for p in pairs() if p["same"]]
    kinds = {kind for kind, _story in told}
    wanted = {(kind, story) for kind in kinds for story in SOME_STORIES.get(kind, STORIES)}
    assert set(told) == wanted
    assert len(told) == len(wanted)
    assert kinds.issuperset(SOME_STORIES)


def test_exact_titles_merge_nothing_wrongly() -> None:
    """Without `near` no two different articles become one."""
    assert measured(ALL, near=False).merged_wrongly == ()


def test_exact_titles_find_nearly_all() -> None:
    """Without `near` at least 95 % of the pairs that are the same are found."""
    result = measured(PAIRS, near=False)
    assert result.recall >= 0.95, "\n".join(result.missed)


def test_exact_titles_find_all_that_they_can() -> None:
    """Without `near` only those are missed whose titles were edited, a kind of its own."""
    missed = {p["id"] for p in pairs(ALL) if p["same"]} - merged(near=False)
    assert {p["kind"] for p in pairs() if p["id"] in missed} == {"edited_headline"}
    assert missed == {p["id"] for p in pairs(ALL) if p["same"] and not p["exact"]}


@pytest.mark.parametrize("files", [PAIRS, ALL])
def test_near_titles_merge_nearly_nothing_wrongly(files: Sequence[str]) -> None:
    """With `near` at least 99.5 % of what is merged is the same."""
    result = measured(files, near=True)
    assert result.precision >= 0.995, "\n".join(result.merged_wrongly)


@pytest.mark.parametrize("files", [PAIRS, ALL])
def test_near_titles_find_nearly_all(files: Sequence[str]) -> None:
    """With `near` at least 98 % of the pairs that are the same are found."""
    result = measured(files, near=True)
    assert result.recall >= 0.98, "\n".join(result.missed)


@pytest.mark.parametrize("near", [False, True])
def test_one_batch_or_two_is_the_same(*, near: bool) -> None:
    """Whether both articles come in one batch or one after the other makes no difference."""
    differing = merged(near=near) ^ merged(near=near, at_once=True)
    assert [_line(pair) for pair in pairs(ALL) if pair["id"] in differing] == []


def test_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    """Prints what is measured, for the report."""
    with capsys.disabled():
        print(f"\n{'':28}precision  recall  wrong  missed")  # noqa: T201  # it is the report
        for label, near, files in (
            ("exact", False, PAIRS),
            ("near", True, PAIRS),
            ("exact, with all edits", False, ALL),
            ("near, with all edits", True, ALL),
        ):
            result = measured(files, near=near)
            wrong, missed = len(result.merged_wrongly), len(result.missed)
            figures = f"{result.precision:9.3f} {result.recall:7.3f} {wrong:6} {missed:7}"
            print(f"{label:28}{figures}")  # noqa: T201  # it is the report
