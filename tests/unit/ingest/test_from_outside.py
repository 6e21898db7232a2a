"""Where private sources are allowed, sources of the open internet lead to none of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from aggregator.contracts import Fetcher
from aggregator.model.pages import NotModified, Page, Request, Validators
from tests.support.feeds import Item, rss
from tests.support.origin import Origin
from tests.support.visiting import Visits

SOURCE = "/source"
PAGE = "<html><article><p>What stands on the page at home, and is nobody's business.</p></article>"
LINK = "<html><head><link rel='alternate' type='application/rss+xml' href='/feed'></head></html>"
INDEX = (
    "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
    "<sitemap><loc>{}</loc></sitemap></sitemapindex>"
)


class OnTheInternet:
    """A fetcher for which the source itself is on the internet; all else is on this machine."""

    def __init__(self, fetcher: Fetcher) -> None:
        self._fetcher = fetcher

    def fetch(self, request: Request, validators: Validators, now: datetime) -> Page | NotModified:
        """Ask, and say that the answer came from outside where the source gave it."""
        answer = self._fetcher.fetch(request, validators, now)
        if isinstance(answer, Page) and request.url.endswith(SOURCE):
            return replace(answer, from_outside=True)
        return answer


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as running:
        running.serve("/page", PAGE, content_type="text/html")
        running.serve("/feed", rss([Item("Home", running.url("/page"))]))
        yield running


CASES: dict[str, dict[str, Any]] = {
    "/page": {"full_text": {"select": "article"}},
    "/feed": {},
    "/map": {"kind": "sitemap"},
}


@pytest.mark.parametrize("outside", [False, True])
@pytest.mark.parametrize("wanted", CASES)
def test_what_a_source_names_is_asked_for_only_where_it_may_be(
    tmp_path: Path, origin: Origin, wanted: str, *, outside: bool
) -> None:
    """Pages of articles, feeds behind pages and further lists: at home only for home."""
    documents = {
        "/page": rss([Item("A story", origin.url("/page"))]).decode(),
        "/feed": LINK,
        "/map": INDEX.format(origin.url("/map")),
    }
    origin.serve(SOURCE, documents[wanted])
    with Visits(tmp_path, url=origin.url(SOURCE), **CASES[wanted]) as visits:
        if outside:
            visits.fetcher = OnTheInternet(visits.fetcher)
        visits.visit()
    assert bool(origin.asked(wanted)) is not outside
