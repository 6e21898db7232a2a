from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.ingest import listing
from aggregator.model.pages import Validators
from aggregator.model.results import SourceStatus
from tests.support.origin import Origin
from tests.support.visiting import Visits

FIELDS = {"title": "a", "link": "a@href"}


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as running:
        yield running


def visiting(folder: Path, origin: Origin, pages: int = 3, **source: Any) -> Visits:
    keys = {"kind": "page", "items": "li", "fields": FIELDS, "next": "a.next@href"}
    return Visits(folder, **{"url": origin.url("/list"), "pages": pages, **keys, **source})


def serve(origin: Origin, path: str, *titles: str, following: str = "", **how: Any) -> None:
    """Serve a page of a list."""
    items = "".join(f'<li><a href="/{title}">The article {title}</a></li>' for title in titles)
    link = f'<a class="next" href="{following}">next</a>' if following else ""
    page = f"<html><body><ul>{items}</ul>{link}</body></html>"
    origin.serve(path, page, content_type="text/html", **how)


def asked(origin: Origin) -> list[str]:
    return [seen.path for seen in origin.requests]


@pytest.mark.parametrize("pages", [1, 2, 3, 4])
def test_list_is_followed_so_far(tmp_path: Path, origin: Origin, pages: int) -> None:
    """The entries of so many pages are joined, in order; 1 is the page itself."""
    for number in range(1, 4):
        following = f"?page={number + 1}" if number < 3 else ""
        path = "/list" if number == 1 else f"/list?page={number}"
        serve(origin, path, f"{number}a", f"{number}b", following=following)
    with visiting(tmp_path, origin, pages) as visits:
        result = visits.visit()
        assert result.status is SourceStatus.OK
        expected = [f"The article {n}{x}" for n in range(1, min(pages, 3) + 1) for x in "ab"]
        assert list(visits.articles()) == expected
    assert asked(origin) == ["/list", "/list?page=2", "/list?page=3"][:pages]


@pytest.mark.parametrize(
    "following", ["/list", "/list#2", "http://elsewhere.example/list", "mailto:x@wire.example"]
)
def test_each_page_once_and_of_the_same_site(
    tmp_path: Path, origin: Origin, following: str
) -> None:
    """A link back, or to another site, ends the list."""
    serve(origin, "/list", "one", following=following)
    with visiting(tmp_path, origin) as visits:
        assert visits.visit().warnings == ()
        assert list(visits.articles()) == ["The article one"]
    assert asked(origin) == ["/list"]


def test_unchanged_first_page_ends_the_visit(tmp_path: Path, origin: Origin) -> None:
    """Only the first page is asked for conditionally, and stands for the whole list."""
    serve(origin, "/list", "one", following="/2", etag='"1"')
    serve(origin, "/2", "two", etag='"2"')
    with visiting(tmp_path, origin) as visits:
        visits.visit()
        assert visits.visit().status is SourceStatus.NOT_MODIFIED
        assert asked(origin) == ["/list", "/2", "/list"]
        serve(origin, "/list", "zero", "one", following="/2", etag='"3"')
        visits.visit()
    assert [seen.headers.get("if-none-match") for seen in origin.asked("/2")] == [None, None]


def test_failed_further_page_is_told_and_read_again(tmp_path: Path, origin: Origin) -> None:
    """What came before stays, a warning says what failed, and the next visit reads all of it."""
    serve(origin, "/list", "one", following="/2", etag='"1"')
    serve(origin, "/2", "two", status=500)
    with visiting(tmp_path, origin) as visits:
        (warning,) = visits.visit().warnings
        assert warning.startswith(
            f"the list goes on at {origin.url('/2')}, which could not be read"
        )
        assert "http_error" in warning
        assert list(visits.articles()) == ["The article one"]
        serve(origin, "/2", "two")
        visits.visit()
        assert set(visits.articles()) == {"The article one", "The article two"}


def test_page_without_entries_ends_the_list(tmp_path: Path, origin: Origin) -> None:
    """Many a list ends with an empty page: that is no fault."""
    serve(origin, "/list", "one", following="/2", etag='"1"')
    serve(origin, "/2")
    with visiting(tmp_path, origin) as visits:
        assert visits.visit().warnings == ()
        assert visits.visit().status is SourceStatus.NOT_MODIFIED


@pytest.mark.parametrize(("spare", "pages"), [(-1, 1), (0, 2), (1, 2)])
def test_large_lists_end_early(
    tmp_path: Path, origin: Origin, monkeypatch: pytest.MonkeyPatch, spare: int, pages: int
) -> None:
    """After so many bytes no further page is read."""
    serve(origin, "/list", "one", following="/2")
    serve(origin, "/2", "two")
    with visiting(tmp_path, origin, pages=1) as visits:
        size = visits.visit().bytes_read
        monkeypatch.setattr(listing, "LARGEST_LIST", size + spare)
        origin.requests.clear()
        visits.configure(
            kind="page", url=origin.url("/list"), items="li", fields=FIELDS, next="a.next", pages=9
        )
        visits.visit()
    assert len(origin.requests) == pages


def test_list_has_full_text_too(tmp_path: Path, origin: Origin) -> None:
    """The articles of every page of a list have their own pages read."""
    serve(origin, "/list", "one", following="/2")
    serve(origin, "/2", "two")
    for title in ("one", "two"):
        text = f"<html><article><p>All about {title}.</p></article></html>"
        origin.serve(f"/{title}", text, content_type="text/html")
    with visiting(tmp_path, origin, full_text={"select": "article"}) as visits:
        visits.visit()
        bodies = {title: article.body for title, article in visits.articles().items()}
    assert "All about one." in bodies["The article one"]
    assert "All about two." in bodies["The article two"]


def serve_index(origin: Origin, sitemaps: dict[str, str], **how: Any) -> None:
    """Serve an index of sitemaps by their dates, and each sitemap with one page named like it."""
    named = "".join(
        f"<sitemap><loc>{origin.url(path)}</loc><lastmod>{date}</lastmod></sitemap>"
        for path, date in sitemaps.items()
    )
    origin.serve("/index.xml", f"<sitemapindex>{named}</sitemapindex>", **how)
    for path in sitemaps:
        url = f"<url><loc>{origin.url(f'/of{path}')}</loc><title>Page of {path}</title></url>"
        origin.serve(path, f"<urlset>{url}</urlset>")


DATED = {"/a": "2026-11-20T10:00Z", "/b": "2026-11-22T10:00Z", "/c": "2026-11-21T10:00Z"}


@pytest.mark.parametrize(("pages", "read"), [(1, "b"), (2, "bc"), (3, "bca"), (4, "bca")])
def test_newest_sitemaps_of_an_index_are_read(
    tmp_path: Path, origin: Origin, pages: int, read: str
) -> None:
    """Of an index so many sitemaps are read, one after another, the newest first."""
    serve_index(origin, DATED)
    with Visits(tmp_path, kind="sitemap", url=origin.url("/index.xml"), pages=pages) as visits:
        result = visits.visit()
        assert (result.status, result.warnings) == (SourceStatus.OK, ())
        assert list(visits.articles()) == [f"Page of /{name}" for name in read]
    assert asked(origin) == ["/index.xml", *(f"/{name}" for name in read)]
    assert origin.connections == 1


@pytest.mark.parametrize(
    ("date", "is_trusted"), [("2026-11-22T10:00Z", True), ("2026-11-22", False)]
)
def test_unchanged_index_is_believed_where_it_gives_times(
    tmp_path: Path, origin: Origin, date: str, is_trusted: bool
) -> None:
    """A day alone does not tell whether more came on it: then the sitemaps are read again."""
    serve_index(origin, {"/a": date}, etag='"1"')
    with Visits(tmp_path, kind="sitemap", url=origin.url("/index.xml")) as visits:
        visits.visit()
        result = visits.visit()
    assert (result.status is SourceStatus.NOT_MODIFIED) is is_trusted
    assert len(origin.asked("/a")) == (1 if is_trusted else 2)


def test_broken_sitemap_of_an_index_leaves_the_others(tmp_path: Path, origin: Origin) -> None:
    """One that cannot be read is told; where none can, the source fails and says why."""
    serve_index(origin, DATED)
    origin.serve("/b", status=404)
    with Visits(tmp_path, kind="sitemap", url=origin.url("/index.xml")) as visits:
        (warning,) = visits.visit().warnings
        assert f"{origin.url('/b')}, which could not be read: http_error" in warning
        assert list(visits.articles()) == ["Page of /c", "Page of /a"]
        for path in DATED:
            origin.serve(path, "<html/>")
        result = visits.visit()
        assert result.status is SourceStatus.FAILED
        assert result.error == "not_a_feed: <html> came instead of a sitemap"


@pytest.mark.parametrize("link", ["/index.xml", "http://elsewhere.example/map.xml"])
def test_index_leads_to_other_documents_of_its_site_only(
    tmp_path: Path, origin: Origin, link: str
) -> None:
    """An index that names itself or other sites has nothing to read, and says so."""
    url = origin.url(link) if link.startswith("/") else link
    named = f"<sitemapindex><sitemap><loc>{url}</loc></sitemap></sitemapindex>"
    origin.serve("/index.xml", named)
    with Visits(tmp_path, kind="sitemap", url=origin.url("/index.xml")) as visits:
        assert visits.visit().error == f"no_items: nothing of this site is named: {url}"
    assert asked(origin) == ["/index.xml"]


KINDS: dict[str, tuple[dict[str, Any], str, str, str]] = {
    "page": (
        {"kind": "page", "items": "li.news", "fields": FIELDS},
        '<html><li class="news"><a href="/1">The article</a></li></html>',
        '<html><li class="post"><a href="/1">The article</a></li></html>',
        "li.news found nothing",
    ),
    "page without its fields": (
        {"kind": "page", "items": "li", "fields": {"title": "b", "link": "b a@href"}},
        '<html><li><b><a href="/1">The article</a></b></li></html>',
        '<html><li><i><a href="/1">The article</a></i></li></html>',
        "title: b, link: b a@href",
    ),
    "json": (
        {"kind": "json", "items": "data.list", "fields": {"title": "t", "link": "u"}},
        '{"data": {"list": [{"t": "The article", "u": "/1"}]}}',
        '{"data": {"items": [{"t": "The article", "u": "/1"}]}}',
        "data.list found nothing",
    ),
    "sitemap": (
        {"kind": "sitemap"},
        "<urlset><url><loc>https://a.example/1</loc><title>The article</title></url></urlset>",
        "<urlset/>",
        "no <url> with a <loc>",
    ),
}


@pytest.mark.parametrize("name", KINDS)
def test_vanished_items_are_a_changed_layout(tmp_path: Path, origin: Origin, name: str) -> None:
    """Where items were and none are, the source fails by that name, and its articles stay."""
    keys, before, after, names = KINDS[name]
    origin.serve("/x", before)
    with Visits(tmp_path, url=origin.url("/x"), **keys) as visits:
        visits.visit()
        origin.serve("/x", after)
        for _ in range(2):
            result = visits.visit(timedelta(hours=1))
            assert result.status is SourceStatus.FAILED
            assert result.error.startswith("layout_changed: ")
            assert names in result.error
        assert list(visits.articles()) == ["The article"]
        origin.serve("/x", before)
        assert visits.visit().status is not SourceStatus.FAILED


def test_items_vanish_from_a_list_read_without_validators(tmp_path: Path, origin: Origin) -> None:
    """A list of which a part cannot be remembered as unchanged has changed its layout as well."""
    page, sitemap = origin.url("/page"), origin.url("/index.xml")
    days = f"<sitemapindex><sitemap><loc>{origin.url('/day.xml')}</loc></sitemap></sitemapindex>"
    serve(origin, "/page", "one", following="/missing")
    origin.serve("/index.xml", days)
    origin.serve("/day.xml", KINDS["sitemap"][1])
    how: dict[str, Any] = {"kind": "page", "items": "li", "fields": FIELDS, "pages": 2}
    with Visits(tmp_path / "p", url=page, next="a.next@href", **how) as visits:
        assert "/missing" in visits.visit().warnings[0]
        assert visits.store.fetch_state("wire").validators == Validators()
        serve(origin, "/page", following="/missing")
        assert visits.visit().error.startswith("layout_changed: items: li found nothing")
    with Visits(tmp_path / "s", kind="sitemap", url=sitemap) as visits:
        visits.visit()
        assert visits.store.fetch_state("wire").validators == Validators()
        origin.serve("/day.xml", "<urlset/>")
        assert visits.visit().error.startswith("layout_changed: there is no <url>")
        origin.serve("/index.xml", "<sitemapindex/>")
        assert visits.visit().error.startswith("layout_changed: there is no <sitemap>")


@pytest.mark.parametrize("name", KINDS)
def test_items_that_never_were_are_not_a_changed_layout(
    tmp_path: Path, origin: Origin, name: str
) -> None:
    """The first time, and after the keys of the source changed, it says that there are no items."""
    keys, before, after, names = KINDS[name]
    origin.serve("/x", after)
    with Visits(tmp_path, url=origin.url("/x"), **keys) as visits:
        assert visits.visit().error.startswith("no_items: ")
        origin.serve("/x", before)
        visits.visit()
        origin.serve("/x", after)
        visits.configure(url=origin.url("/x"), **keys, priority=1)
        error = visits.visit().error
        assert error.startswith("no_items: ")
        assert names in error
