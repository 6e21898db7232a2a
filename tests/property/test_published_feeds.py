"""Whatever strangers write into their articles, a reader gets exactly that out of our feeds."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import feedparser
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from aggregator.formats import formats
from aggregator.model.entries import Enclosure, Image, Origin
from aggregator.model.published import Feed
from aggregator.publish import gate
from aggregator.publish.categories import catalogue
from aggregator.publish.convert import category_feed
from aggregator.text.xml_chars import strip_illegal
from tests.support.publishing import NOON, SITE, ShelfStore, article, configuration, feed, stored

ANYTHING = st.text(
    st.characters(codec=None)
    | st.sampled_from("]]>&<\"'\x00\x0b\ud800\ufffe\u202e\u3000中文👩‍👧\r\n\t"),
    max_size=40,
) | st.sampled_from(
    ["]]>", "&amp;lt;", "<![CDATA[x]]>", "<!--", "&#0;", "&#x1F600;", "%00", "\u2028"]
)
URL = ANYTHING.map(lambda text: f"https://origin.example/{text}")


@st.composite
def articles(draw: st.DrawFn, number: int) -> Any:
    """An article in which everything a stranger writes is anything."""
    moment = NOON - timedelta(minutes=number, microseconds=draw(st.integers(0, 999_999)))
    return article(
        number,
        url=draw(URL),
        title=draw(ANYTHING),
        summary=draw(ANYTHING),
        body=draw(ANYTHING),
        author=draw(ANYTHING),
        published_at=moment,
        updated_at=moment,
        image=draw(st.none() | URL.map(Image)),
        enclosures=tuple(
            Enclosure(each, draw(ANYTHING), 1) for each in draw(st.lists(URL, max_size=2))
        ),
        categories=tuple(draw(st.lists(ANYTHING, max_size=3))),
        tags=tuple(draw(st.lists(ANYTHING, max_size=3))),
        origin=Origin(draw(ANYTHING), draw(st.just("") | URL), draw(st.just("") | URL)),
    )


FEEDS = (
    st.integers(0, 4)
    .flatmap(lambda n: st.tuples(*(articles(i) for i in range(n))))
    .map(lambda many: feed(*many))
)


@given(FEEDS)
@settings(max_examples=60, deadline=None)
def test_every_feed_passes_the_gate(given_feed: Feed) -> None:
    """No words of strangers make a file that is broken or lacks an article."""
    for form in formats().values():
        document = form.render(given_feed)
        assert document.left_out == ()
        gate.check(document, given_feed, None)


@given(FEEDS)
@settings(max_examples=60, deadline=None)
def test_words_come_out_as_they_went_in(given_feed: Feed) -> None:
    """Titles, bodies, links and labels are equal but for what XML cannot carry."""
    root = etree.fromstring(formats()["rss"].render(given_feed).body)
    parsed = feedparser.parse(io.BytesIO(formats()["atom"].render(given_feed).body))
    items = json.loads(formats()["json"].render(given_feed).body)["items"]
    assert not parsed.bozo
    for each, item, entry, plain in zip(
        given_feed.articles, root.iter("item"), parsed.entries, items, strict=True
    ):
        assert entry.id == plain["id"] == item.findtext("guid") == each.public_id
        assert item.findtext("link") == plain["url"] == strip_illegal(each.url)
        if strip_illegal(each.title).strip():
            assert item.findtext("title") == plain["title"] == strip_illegal(each.title)
        encoded = item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
        assert (encoded or "") == plain.get("content_html", "") == strip_illegal(each.body)
        labels = [strip_illegal(word) for word in (*each.categories, *each.tags)]
        found = [category.text for category in item.iterfind("category")]
        assert found == plain.get("tags", []) == list(dict.fromkeys(filter(None, labels)))


@given(st.permutations(range(8)))
@settings(max_examples=20, deadline=None)
def test_the_order_of_storing_changes_no_byte(order: list[int]) -> None:
    """The same articles in any order of arrival give the same bytes, times being equal too."""
    wanted = _bytes(list(range(8)))
    assert _bytes(order) == wanted


def _bytes(order: list[int]) -> list[bytes]:
    store = ShelfStore(*(stored(n, published_at=NOON - timedelta(hours=n // 3)) for n in order))
    settings_ = configuration("/nowhere")
    known = catalogue(settings_, ())
    taken = category_feed(known["all"], store.newest("all", 100, 0), known, settings_.settings)
    assert taken.url == f"{SITE}all/"
    return [form.render(taken).body for form in formats().values()]
