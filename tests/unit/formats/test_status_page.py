"""The status page is judged by what is in it, and by what must not be."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from lxml import html as lxml_html

from aggregator.errors import FetchReason
from aggregator.formats.health_words import ENGLISH, ago, ahead, health_words, span
from aggregator.formats.pages import Frame
from aggregator.formats.sparklines import HEIGHT, Sparkline
from aggregator.formats.status import StatusPage, render_status
from aggregator.model.health import Condition, SourceDay
from aggregator.model.results import SourceHealth, worst_first
from tests.support.outcomes import HOUR, NOON, state

CHINESE = health_words("zh-CN")
DAY = timedelta(days=1)
HOSTILE = '<script>alert(1)</script>" onload="x'


def source(name: str = "wire", silent: bool = False, **changes: Any) -> SourceHealth:
    return SourceHealth(name, f"The {name}", state(**changes), None, 12, 3.25, silent)


def page(*sources: SourceHealth, **changes: Any) -> StatusPage:
    values: dict[str, Any] = {
        "frame": Frame("Morning", changes.pop("language", "en"), "Asia/Shanghai", "", "status"),
        "now": NOON,
        "conditions": {Condition.OK: 2, Condition.GONE: 1},
        "sources": [(each, ()) for each in sources],
    }
    return StatusPage(**values | changes)


def parse(shown: StatusPage) -> lxml_html.HtmlElement:
    parsed = lxml_html.document_fromstring(render_status(shown).decode())
    assert isinstance(parsed, lxml_html.HtmlElement)
    return parsed


def text(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


def test_a_source_is_told_in_words() -> None:
    """State, last good, next, interval with its reason, error and streak stand there as words."""
    failing = source(
        failures=3,
        last_error="timeout: h.example did not answer",
        last_ok_at=NOON - 2 * DAY,
        next_due_at=NOON + 90 * timedelta(minutes=1),
        interval=HOUR,
        why="as configured",
    )
    (shown,) = parse(page(failing)).xpath("//article[@id='source-wire']")
    said = text(shown)
    for words in (
        "The wire", "failing", "It did not answer in time. timeout: h.example", "Last good 2 d ago",
        "Next in 1.5 h", "Every 1 h (as configured)", "New a day 3.2", "Failures in a row 3",
    ):  # fmt: skip
        assert words in said
    assert shown.xpath(".//time/@datetime") == [
        "2026-01-29T20:00:00+08:00",
        "2026-01-31T21:30:00+08:00",
    ]


def test_it_speaks_chinese_where_the_site_does() -> None:
    """Words, times and the language of the page follow the site; log words say that they do not."""
    shown = parse(page(source(failures=1, last_error="dns: x"), language="zh-CN"))
    assert shown.get("lang") == "zh-CN"
    assert "找不到它的域名。" in text(shown)
    assert shown.xpath("//p[@class='error']/code/@lang") == ["en"]


def test_nothing_secret_and_no_markup_of_strangers() -> None:
    """Query values and credentials are hidden, and hostile texts stand there as text."""
    hostile = source(
        failures=1,
        last_error=f"http_error: https://u:geheim@h.example/?token=geheim {HOSTILE}",
        moved_to="https://u:geheim@h.example/feed?key=geheim",
        why=HOSTILE,
    )
    hostile = SourceHealth("wire", HOSTILE, hostile.state, None, 0, 0.0)
    faults = [f"a.yaml:1:1: url: https://h.example/?token=geheim {HOSTILE}"]
    shown = page(hostile, faults=faults, problems=[HOSTILE], frame=Frame(HOSTILE, "en", "UTC", ""))
    body = render_status(shown).decode()
    assert "geheim" not in body
    assert "<script" not in body
    assert parse(shown).xpath("//*[@onload]") == []
    assert "javascript:" not in body


def test_faults_and_problems_come_first() -> None:
    """What is wrong with service and configuration stands above every source, in full."""
    shown = parse(page(source(), faults=["a.yaml:3:1: every: no"], problems=["database: away"]))
    order = [text(each) for each in shown.xpath("//main//h2")]
    assert order == [ENGLISH["problems"], ENGLISH["faults"], "The wire"]
    assert "a.yaml:3:1: every: no" in text(shown)
    assert "database: away" in text(shown)
    assert parse(page(source())).find_class("alarm") == []


def test_pictures_tell_what_they_show() -> None:
    """Three pictures a source, of thirty days, each with a name and its numbers as text."""
    days = (
        SourceDay((NOON - 29 * DAY).date(), 4, 1, 0.5, 7),
        SourceDay(NOON.date(), 6, 0, 2.25, 1),
        SourceDay((NOON - 30 * DAY).date(), 9, 9, 99.0, 99),
    )
    shown = parse(page(sources=[(source(), days)]))
    pictures = shown.xpath("//svg[@role='img']")
    assert [each.get("aria-label") for each in pictures] == [
        "New articles a day: 8 in all, at most 7 on one day",
        "Response time: 2.2 s on average on the slowest day",
        "Failures: 1 of 10 fetches",
    ]
    assert [len(each.xpath("./rect")) for each in pictures] == [2, 2, 1]
    assert len(parse(page(source())).xpath("//svg")) == 0


def test_no_script_no_style_nothing_from_elsewhere() -> None:
    """The page loads the one style sheet, and offers the health feed."""
    shown = parse(page(source()))
    assert shown.xpath("//link[@rel='stylesheet']/@href") == ["static/style.css"]
    assert shown.xpath("//script | //style | //*[@style] | //img | //iframe") == []
    assert shown.xpath("//link[@rel='alternate']/@href") == ["health/atom.xml", "health/rss.xml"]
    assert len(shown.xpath("//h1")) == len(shown.xpath("//main")) == 1


def test_what_is_left_out_is_counted() -> None:
    """With more sources than the page shows, their number is told; without any, that too."""
    assert "7 more sources" in text(parse(page(source(), more=7)))
    assert ENGLISH["empty"] in text(parse(page()))
    assert "2 well, 1 in trouble, 0 not read yet." in text(parse(page()))


def test_the_same_input_gives_the_same_bytes() -> None:
    """The page depends on nothing but what it is given."""
    assert render_status(page(source())) == render_status(page(source()))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "0 s"), (0, "0 s"), (59.9, "59 s"), (60, "1 min"), (90, "1.5 min"), (3599, "60 min"),
        (3600, "1 h"), (5400, "1.5 h"), (36000, "10 h"), (86399, "24 h"), (86400, "1 d"),
        (950400, "11 d"),
    ],
)  # fmt: skip
def test_lengths_are_rounded_for_people(seconds: float, words: str) -> None:
    """The largest unit, with halves while there are few of it."""
    assert span(timedelta(seconds=seconds), ENGLISH) == words


@pytest.mark.parametrize(
    ("moment", "before", "after"),
    [(NOON - HOUR, "1 小时前", "现在"), (NOON + HOUR, "0 秒前", "1 小时后")],
)
def test_times_are_told_from_now(moment: datetime, before: str, after: str) -> None:
    """How long ago, and in how much time."""
    assert ago(moment, NOON, CHINESE) == before
    assert ahead(moment, NOON, CHINESE) == after
    assert ago(None, NOON, CHINESE) == CHINESE["never"]


def test_bars_fit_the_picture() -> None:
    """The highest bar has the picture's height, the smallest can be seen, 0 has none."""
    bars = Sparkline((0, None, 1, 1000)).bars
    assert [(bar.x, bar.height) for bar in bars] == [(10, 1.5), (15, HEIGHT)]
    assert all(bar.y + bar.height == HEIGHT for bar in bars)
    assert Sparkline((0, None)).bars == []
    assert Sparkline(()).bars == []


def test_trouble_comes_first() -> None:
    """Gone, then failing with the longest streak first, silent, not read yet, and well; by id."""
    sources = [
        source("b"), source("a"), source("new", last_ok_at=None), source("quiet", silent=True),
        source("ill", failures=1), source("worse", failures=9), source("gone", gone=True),
    ]  # fmt: skip
    names = [each.source_id for each in worst_first(sources)]
    assert names == ["gone", "worse", "ill", "quiet", "new", "a", "b"]


@pytest.mark.parametrize("words", [ENGLISH, CHINESE])
def test_every_condition_has_a_word(words: dict[str, str]) -> None:
    """No condition and no reason lacks its word."""
    assert all(words[f"state_{each}"] for each in Condition)
    assert all(words[f"reason_{each}"] for each in FetchReason)
