"""The day of changes shows what the feeds promise: nothing changes without a reason."""

from __future__ import annotations

import pytest

from benchmarks.changes import FEEDS, PAGE, STEPS, Result, differing, table, the_day


@pytest.fixture(scope="module")
def day() -> dict[str, Result]:
    return the_day()


def _written(result: Result) -> set[str]:
    return {name.partition("/")[0] for name, count in result.feeds.items() if count}


@pytest.mark.parametrize(
    ("step", "places"),
    [
        ("first", {"all", "news", "sport", "tech"}),
        ("nothing", set()),
        ("same bytes, other tag", set()),
        ("one new", {"all", "news"}),
        ("one edited", {"all", "news"}),
        ("a copy elsewhere", {"all", "news", "sport"}),
        ("old ones not told any more", set()),
        ("one withdrawn", {"all", "tech"}),
        ("nothing again", set()),
    ],
)
def test_only_feeds_with_a_reason_change(
    day: dict[str, Result], step: str, places: set[str]
) -> None:
    """Each step rewrites the feeds that it touches, and a reader gets 304 for all the others."""
    result = day[step]
    assert _written(result) == places
    assert result.unchanged == len(FEEDS) - 3 * len(places)
    assert bool(result.rewritten) is bool(places)
    assert bool(result.served) is bool(places)


def test_one_article_changes_little_else(day: dict[str, Result]) -> None:
    """What one article changes in a feed of twenty is less than three of them are large."""
    article = max(day["first"].feeds[f"news/{name}"] for name in ("rss.xml", "atom.xml")) / 20
    for step in ("one new", "one edited", "a copy elsewhere", "one withdrawn"):
        assert all(count < 3 * article for count in day[step].feeds.values()), step


def test_bytes_that_differ_are_counted_by_piece() -> None:
    """A piece that came and one that went count whole; what stays where it is does not."""
    assert differing(b"<a>1</a><b/>", b"<a>1</a><b/>") == 0
    assert differing(b"<a>1</a><b/>", b"<a>1</a>") == len(b"<b/>")
    assert differing(b'{"a":1,"b":2}', b'{"a":1,"b":33}') == len(b'"b":2}"b":33}')
    assert differing(b"", b"<a>") == 3


def test_the_documentation_has_the_table_of_these_steps(day: dict[str, Result]) -> None:
    """`--write` was run after the last change of the steps; the numbers are those of that day."""
    head = table(day).splitlines()[0]
    assert head in PAGE.read_text("utf-8")
    assert list(day) == list(STEPS)
