from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from html import escape
from pathlib import Path

import pytest

from aggregator.contracts import Decide
from aggregator.errors import StoreError
from aggregator.ingest import full_text
from aggregator.ingest.full_text import (
    FIRST_WAIT,
    MOST_TRIES,
    PAGES_A_VISIT,
    PAGES_AN_ARTICLE,
)
from aggregator.model.results import Outcome, SourceStatus, Tally
from tests.support.memory_store import MemoryStore
from tests.support.origin import Origin, hang, redirect
from tests.support.visiting import NOON, Visits

SELECT = {"select": "article", "remove": ".ad", "next": "a.next"}
INTRO = "Only what it is about."
WHOLE = "The whole text of the article, which says much more than its introduction did. "
SECOND = timedelta(seconds=1)


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as running:
        yield running


@pytest.fixture
def visits(tmp_path: Path, origin: Origin) -> Iterator[Visits]:
    with Visits(tmp_path, url=origin.url("/rss"), full_text=SELECT) as made:
        yield made


def rss(origin: Origin, links: Sequence[str], intro: str = INTRO, item: str = "") -> None:
    """Serve a feed with an entry for each link, titled by it."""
    items = "".join(
        f"<item><title>About {link}</title><guid>{link}</guid><link>{origin.url(link)}</link>"
        f"<description>{escape(intro)}</description>{item}</item>"
        for link in links
    )
    feed = f'<rss version="2.0"><channel><title>W</title>{items}</channel></rss>'
    origin.serve("/rss", feed, etag=f'"{hash(feed)}"')


def page(
    origin: Origin,
    path: str,
    *,
    text: str = WHOLE,
    rest: str = "",
    head: str = "",
    status: int = 200,
) -> None:
    """Serve the page of an article."""
    body = f"<head>{head}</head><body><nav>menu</nav><article><p>{text}</p>{rest}</article></body>"
    origin.serve(path, f"<html>{body}</html>", content_type="text/html", status=status)


def body(visits: Visits, link: str = "/1") -> str:
    return visits.articles()[f"About {link}"].body


def asked(origin: Origin) -> list[str]:
    """The pages of articles that were asked for."""
    return [seen.path for seen in origin.requests if seen.path != "/rss"]


def test_new_entries_get_the_text_of_their_page(visits: Visits, origin: Origin) -> None:
    """The text of the page stands, with its pictures and links; the feed's own is the summary."""
    rss(origin, ["/a/1"])
    rest = '<p class="ad">Buy!</p><p><a href="../2">more</a> <img data-src="i.png" src="g.gif"></p>'
    page(origin, "/a/1", rest=rest)
    visits.visit()
    article = visits.articles()["About /a/1"]
    assert WHOLE.strip() in article.body
    assert f'href="{origin.url("/2")}"' in article.body
    assert f'src="{origin.url("/a/i.png")}"' in article.body
    assert "Buy" not in article.body
    assert "menu" not in article.body
    assert article.summary == INTRO


def test_pages_are_read_once(visits: Visits, origin: Origin) -> None:
    """An entry whose other fields change keeps the text of its page, which is asked for once."""
    rss(origin, ["/1"])
    page(origin, "/1")
    visits.visit()
    rss(origin, ["/1"], item="<author>Li (li@wire.example)</author>")
    result = visits.visit(timedelta(hours=1))
    assert result.tally.changed == 1
    assert visits.articles()["About /1"].author
    assert WHOLE.strip() in body(visits)
    assert asked(origin) == ["/1"]


def test_known_entries_are_left_alone(tmp_path: Path, origin: Origin) -> None:
    """Where `full_text` comes later, only what is new from then on has its page read."""
    rss(origin, ["/1"])
    page(origin, "/1")
    page(origin, "/2")
    with Visits(tmp_path, url=origin.url("/rss")) as visits:
        visits.visit()
        visits.configure(url=origin.url("/rss"), full_text=SELECT)
        rss(origin, ["/2", "/1"])
        visits.visit()
        assert asked(origin) == ["/2"]
        assert INTRO in body(visits, "/1")
        assert WHOLE.strip() in body(visits, "/2")


def test_other_selectors_read_pages_again(visits: Visits, origin: Origin) -> None:
    """Pages that were read by other selectors are read again when these change."""
    rss(origin, ["/1"])
    page(
        origin,
        "/1",
        rest='<div id="x">Another text, which is longer still: ' + WHOLE * 2 + "</div>",
    )
    visits.visit()
    visits.configure(url=origin.url("/rss"), full_text={"select": "#x"})
    visits.visit()
    assert asked(origin) == ["/1", "/1"]
    assert "Another text" in body(visits)
    assert body(visits).count("The whole text") == 2


def test_longer_text_stands(visits: Visits, origin: Origin) -> None:
    """What the feed gave stays where the page says less, links not counted."""
    rss(origin, ["/1"], intro=WHOLE)
    menu = "".join(f'<a href="/{n}">a link of the menu beside the text</a> ' for n in range(50))
    page(origin, "/1", text="Please enable JavaScript.", rest=menu)
    visits.visit()
    assert WHOLE.strip() in body(visits)
    assert "JavaScript" not in body(visits)


@pytest.mark.parametrize("text", ["short", WHOLE])
def test_equal_texts_leave_the_feed_its_own(visits: Visits, origin: Origin, text: str) -> None:
    """A page that says just as much as the feed changes nothing, but for pictures that it has."""
    rss(origin, ["/1"], intro=f"<b>{text}</b>")
    page(origin, "/1", text=text)
    visits.visit()
    assert "<b>" in body(visits)


def test_page_without_the_element_leaves_the_intro(visits: Visits, origin: Origin) -> None:
    """The intro stays, a warning names the selector, and the page is not asked for again."""
    rss(origin, ["/1"])
    origin.serve("/1", "<html><body><p>video</p></body></html>", content_type="text/html")
    result = visits.visit()
    assert result.status is SourceStatus.OK
    (warning,) = result.warnings
    assert "full_text.select: article found nothing (1 page" in warning
    assert INTRO in body(visits)
    visits.visit(timedelta(days=2))
    assert asked(origin) == ["/1"]


def test_link_to_a_file_leaves_the_intro(visits: Visits, origin: Origin) -> None:
    """What is not a web page is told by its type and left alone."""
    rss(origin, ["/1"])
    origin.serve("/1", b"%PDF-1.7", content_type="application/pdf")
    (warning,) = visits.visit().warnings
    assert "application/pdf came instead of a web page" in warning
    assert INTRO in body(visits)


def test_failed_page_is_tried_again_later(visits: Visits, origin: Origin) -> None:
    """The intro stays until the page can be read; then the article is edited, not posted anew."""
    rss(origin, ["/1"])
    page(origin, "/1", status=500)
    result = visits.visit()
    assert result.status is SourceStatus.OK
    assert "http_error" in result.warnings[0]
    assert INTRO in body(visits)
    before = visits.articles()["About /1"].public_id
    page(origin, "/1")
    assert visits.visit(FIRST_WAIT - SECOND).status is SourceStatus.NOT_MODIFIED
    assert asked(origin) == ["/1"]
    assert visits.visit(SECOND).tally.changed == 1
    assert asked(origin) == ["/1", "/1"]
    assert WHOLE.strip() in body(visits)
    assert visits.articles()["About /1"].public_id == before
    assert visits.visit(timedelta(days=2)).status is SourceStatus.NOT_MODIFIED


def test_failing_page_is_given_up(visits: Visits, origin: Origin) -> None:
    """A page is tried so many times, each time after twice the wait, and then no more."""
    rss(origin, ["/1"])
    page(origin, "/1", status=500)
    visits.visit()
    for number in range(MOST_TRIES - 1):
        wait = FIRST_WAIT * 2**number
        visits.visit(wait - SECOND)
        assert len(asked(origin)) == number + 1
        visits.visit(SECOND)
        assert len(asked(origin)) == number + 2
    visits.visit(timedelta(days=30))
    assert len(asked(origin)) == MOST_TRIES
    assert INTRO in body(visits)


def test_page_that_is_gone_is_not_tried_again(visits: Visits, origin: Origin) -> None:
    """410 is an answer for good."""
    rss(origin, ["/1"])
    page(origin, "/1", status=410)
    visits.visit()
    visits.visit(timedelta(days=30))
    assert asked(origin) == ["/1"]


def test_origin_that_asks_for_peace_gets_it(visits: Visits, origin: Origin) -> None:
    """After 429 no further page of the domain is asked for in the same visit."""
    rss(origin, ["/1", "/2"])
    busy = {"Retry-After": "7200"}
    origin.serve("/1", b"", content_type="text/html", status=429, headers=busy)
    page(origin, "/2")
    visits.visit()
    assert asked(origin) == ["/1"]
    assert visits.store.pages_due("wire", NOON + timedelta(hours=2) - SECOND) != frozenset()
    assert len(visits.store.pages_due("wire", NOON + timedelta(hours=2))) == 2


@pytest.mark.parametrize("number", [PAGES_A_VISIT - 1, PAGES_A_VISIT, PAGES_A_VISIT + 1])
def test_visit_reads_so_many_pages(visits: Visits, origin: Origin, number: int) -> None:
    """A visit reads so many pages, the newest first; the rest comes with the next visits."""
    links = [f"/{n}" for n in range(number)]
    rss(origin, links)
    for link in links:
        page(origin, link, text=WHOLE + link)
    visits.visit()
    assert asked(origin) == links[:PAGES_A_VISIT]
    assert len(visits.articles()) == number
    visits.visit(SECOND)
    assert asked(origin) == links
    assert all(WHOLE.strip() in body(visits, link) for link in links)


@pytest.mark.parametrize("number", [PAGES_AN_ARTICLE - 1, PAGES_AN_ARTICLE, PAGES_AN_ARTICLE + 1])
def test_article_goes_on_over_pages(visits: Visits, origin: Origin, number: int) -> None:
    """The pages of a long article are joined in order, up to a limit, each with its own links."""
    rss(origin, ["/p0/x"])
    for n in range(number):
        following = f'<a class="next" href="/p{n + 1}/x">next</a>' if n + 1 < number else ""
        page(origin, f"/p{n}/x", text=f"{WHOLE} part {n}.", rest=f'<img src="{n}.png">{following}')
    visits.visit()
    read = min(number, PAGES_AN_ARTICLE)
    assert asked(origin) == [f"/p{n}/x" for n in range(read)]
    text = body(visits, "/p0/x")
    assert [text.find(f"part {n}.") > 0 for n in range(number)] == [n < read for n in range(number)]
    assert origin.url("/p1/1.png") in text


@pytest.mark.parametrize("link", ["/1", "/1#more", "http://elsewhere.example/2"])
def test_next_page_is_read_once_and_of_the_same_site(
    visits: Visits, origin: Origin, link: str
) -> None:
    """A link to the same page, or to another site, is not followed."""
    rss(origin, ["/1"])
    page(origin, "/1", rest=f'<a class="next" href="{link}">next</a>')
    result = visits.visit()
    assert asked(origin) == ["/1"]
    assert result.warnings == ()
    assert WHOLE.strip() in body(visits)


def test_failed_second_page_keeps_the_first_and_is_tried_again(
    visits: Visits, origin: Origin
) -> None:
    """Half an article is better than its intro, and the other half comes later."""
    rss(origin, ["/1"])
    page(origin, "/1", rest='<a class="next" href="/2">next</a>')
    visits.visit()
    assert WHOLE.strip() in body(visits)
    page(origin, "/2", text="The other half.")
    visits.visit(FIRST_WAIT)
    assert "The other half." in body(visits)
    assert asked(origin) == ["/1", "/2", "/1", "/2"]


def test_page_says_what_the_feed_does_not(visits: Visits, origin: Origin) -> None:
    """Date, author and picture of the page count where the feed has none; zone is the source's."""
    rss(origin, ["/1"])
    head = '<meta name="author" content="李四"><meta property="og:image" content="/p.jpg">'
    page(origin, "/1", head=head, rest="<span class=date>时间：2021年06月30日 17:37 来源</span>")
    visits.visit()
    article = visits.articles()["About /1"]
    assert article.author == "李四"
    assert article.published_at.isoformat() == "2021-06-30T09:37:00+00:00"
    assert article.date_is_known
    assert article.image is not None
    assert article.image.url == origin.url("/p.jpg")


def test_page_gives_the_title_where_the_source_has_none(tmp_path: Path, origin: Origin) -> None:
    """A plain sitemap names addresses only: the title is the page's, not how its text begins."""
    origin.serve("/map", f"<urlset><url><loc>{origin.url('/1')}</loc></url></urlset>")
    page(origin, "/1", head="<title>What the page is called</title>")
    with Visits(tmp_path, kind="sitemap", url=origin.url("/map"), full_text=SELECT) as visits:
        visits.visit()
        assert list(visits.articles()) == ["What the page is called"]


def test_feed_is_believed_before_the_page(visits: Visits, origin: Origin) -> None:
    """What the feed says of date and author stands, whatever its page says."""
    said = (
        "<pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate>"
        "<creator xmlns='http://purl.org/dc/elements/1.1/'>Wang</creator>"
    )
    rss(origin, ["/1"], item=said)
    page(
        origin,
        "/1",
        head='<meta name="author" content="X"><meta name="pubdate" content="2020-01-01">',
    )
    visits.visit()
    article = visits.articles()["About /1"]
    assert article.author == "Wang"
    assert article.published_at.isoformat() == "2026-11-02T10:00:00+00:00"


def test_page_that_several_entries_link_to_is_none_of_theirs(
    visits: Visits, origin: Origin
) -> None:
    """A feed whose entries all link to one page has no pages of articles."""
    rss(origin, ["/1", "/1#a"])
    page(origin, "/1")
    visits.visit()
    assert asked(origin) == []


def test_entry_that_left_is_not_waited_for(visits: Visits, origin: Origin) -> None:
    """When the feed lists an entry no more, its page is given up and the feed asked as before."""
    rss(origin, ["/1"])
    page(origin, "/1", status=500)
    visits.visit()
    rss(origin, ["/2"])
    page(origin, "/2")
    visits.visit(FIRST_WAIT)
    assert visits.visit(timedelta(days=1)).status is SourceStatus.NOT_MODIFIED
    assert asked(origin) == ["/1", "/2"]


def test_dropped_entries_have_their_page_read_once(tmp_path: Path, origin: Origin) -> None:
    """An entry that a rule drops, and the store so never has, costs one request all the same."""
    rss(origin, ["/1"])
    page(origin, "/1")
    rules = [{"drop": {"title": "About"}}]
    with Visits(tmp_path, url=origin.url("/rss"), full_text=SELECT, rules=rules) as visits:
        visits.visit()
        rss(origin, ["/1"], intro="changed")
        visits.visit()
    assert asked(origin) == ["/1"]


def test_own_headers_go_to_the_own_origin_only(tmp_path: Path, origin: Origin) -> None:
    """What a source is asked with may be a secret: pages elsewhere are asked without it."""
    rss(origin, ["/1"])
    page(origin, "/1")
    with (
        Origin() as other,
        Visits(
            tmp_path, url=other.url("/rss"), full_text=SELECT, headers={"X-Key": "s3cret"}
        ) as visits,
    ):
        rss(origin, ["/1"])
        other.behave("/rss", origin._behaviours["/rss"])
        visits.visit()
        assert other.requests[0].headers["x-key"] == "s3cret"
        assert "x-key" not in origin.requests[0].headers
        assert origin.requests[0].headers["accept"].startswith("text/html")


def test_redirected_page_is_where_it_ended(visits: Visits, origin: Origin) -> None:
    """Relative links start from the address that the page came from in the end."""
    rss(origin, ["/go"])
    origin.behave("/go", redirect("/deep/down/1"))
    page(origin, "/deep/down/1", rest='<a href="2">two</a>')
    visits.visit()
    assert origin.url("/deep/down/2") in body(visits, "/go")


def test_auto_finds_the_text_by_itself(tmp_path: Path, origin: Origin) -> None:
    """With `auto` the article is found without any selector, its pictures and links with it."""
    rss(origin, ["/a/1"])
    rest = '<p><a href="2">A link</a> and a picture.</p><img data-original="i.png" src="g.gif">'
    page(origin, "/a/1", text=f"</p><p>{WHOLE * 5}</p><p>{WHOLE * 5}", rest=rest)
    with Visits(tmp_path, url=origin.url("/rss"), full_text="auto") as visits:
        assert visits.visit().warnings == ()
        text = body(visits, "/a/1")
    assert text.count(WHOLE.strip()) >= 2
    assert origin.url("/a/2") in text
    assert origin.url("/a/i.png") in text
    assert "menu" not in text


def test_one_page_at_a_time(visits: Visits, origin: Origin) -> None:
    """The pages of a source come over one connection, one after the other."""
    links = [f"/{n}" for n in range(5)]
    rss(origin, links)
    for link in links:
        page(origin, link)
    visits.visit()
    assert origin.connections == 1


def test_domain_that_does_not_answer_is_asked_once(tmp_path: Path, origin: Origin) -> None:
    """One page that times out is enough: the others of its domain wait for the next visit."""
    rss(origin, ["/1", "/2", "/3"])
    origin.behave("/1", hang)
    page(origin, "/2")
    with Visits(tmp_path, url=origin.url("/rss"), full_text=SELECT) as visits:
        visits.impatient()
        visits.visit()
        assert asked(origin) == ["/1"]
        assert len(visits.store.pages_due("wire", visits.now)) == 2


class RefusingStore(MemoryStore):
    """Refuses what it is given once, as a database does that is full or gone."""

    is_willing = False

    def record(
        self, outcomes: Sequence[Outcome], decide: Decide, now: datetime
    ) -> tuple[Tally, ...]:
        if not self.is_willing:
            self.is_willing = True
            raise StoreError("not now")
        return super().record(outcomes, decide, now)


def test_nothing_is_lost_between_page_and_store(tmp_path: Path, origin: Origin) -> None:
    """A page counts as read together with its article: if that is not stored, it is read again."""
    rss(origin, ["/1"])
    page(origin, "/1")
    with Visits(tmp_path, RefusingStore(), url=origin.url("/rss"), full_text=SELECT) as visits:
        with pytest.raises(StoreError):
            visits.visit()
        assert visits.articles() == {}
        assert visits.visit().tally.new == 1
        assert WHOLE.strip() in body(visits)
    assert asked(origin) == ["/1", "/1"]


def test_visit_takes_only_so_long(
    visits: Visits, origin: Origin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the time of a visit is over, the entries come without their pages, which wait."""
    rss(origin, ["/1"])
    page(origin, "/1")
    with monkeypatch.context() as patched:
        patched.setattr(full_text, "SECONDS_A_VISIT", -1.0)
        visits.visit()
    assert INTRO in body(visits)
    assert asked(origin) == []
    visits.visit(SECOND)
    assert WHOLE.strip() in body(visits)
