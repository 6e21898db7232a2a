"""An article that goes out as a post comes back as the same article, whatever is in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from aggregator.formats.posts import render_post
from aggregator.model.articles import Article
from aggregator.model.entries import (
    Enclosure,
    Episode,
    Image,
    Origin,
    RawEntry,
    RawText,
    Related,
    Relation,
    TextType,
)
from aggregator.model.pages import Page
from aggregator.model.published import PublishedArticle
from aggregator.sources.posts.documents import read_post
from tests.property.test_clean_property import MARKUP
from tests.support.entries import NOW, article, cleaning

LINES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
NAMES = st.lists(LINES, max_size=3)
PICTURES = st.sampled_from(
    ["https://site.example/i.png", "https://site.example/z?a=1&b={2}", "https://o.example/p.jpg"]
)
SIZES = st.none() | st.integers(49, 9999)
EPISODES = st.builds(
    Episode,
    duration=SIZES,
    number=SIZES,
    season=SIZES,
    kind=st.sampled_from(["", "full", "trailer", "bonus"]),
    explicit=st.none() | st.booleans(),
)
MOMENTS = st.integers(0, 30 * 365 * 86_400 * 1000).map(
    lambda ms: datetime(1995, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
)


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """A clean article, made of anything by the stage that makes them."""
    published = draw(st.none() | MOMENTS)
    raw = RawEntry(
        guid="1",
        link="https://site.example/1?q={x}",
        title=RawText(draw(LINES), TextType.TEXT),
        summary=RawText(draw(st.just("") | MARKUP)),
        content=RawText(draw(MARKUP)),
        authors=tuple(name.replace("&", "+") for name in draw(NAMES)[:1]),
        published_text=published.isoformat() if published else "",
        tags=tuple(draw(NAMES)),
        images=tuple(
            Image(url, *draw(st.tuples(SIZES, SIZES)))
            for url in draw(st.sets(PICTURES, max_size=1))
        ),
        enclosures=(
            Enclosure(
                "https://site.example/e.mp3?x={y}", "audio/mpeg", draw(SIZES), draw(EPISODES)
            ),
        ),
        language="zh-CN",
        base_url="https://site.example/",
        origin=Origin(
            "It's: #1",
            "https://site.example/",
            "https://site.example/feed?a={b}",
            "tag:site.example,2026:{feed}",
            "© all, 'rights'",
        ),
        related=(
            Related(Relation.VIA, "https://o.example/{1}?a=1&b=2"),
            Related(Relation.REPLIES, "https://site.example/1/feed", "application/rss+xml"),
            Related(Relation.IN_REPLY_TO, "", "", "tag:o.example,2026:'{1}'"),
        ),
    )
    return article(raw, cleaning("nh3"))


def published(given_article: Article) -> PublishedArticle:
    """The article as formats get it."""
    names = ("title", "summary", "body", "author", "published_at", "updated_at", "image")
    more = ("enclosures", "tags", "language", "origin", "date_is_known", "related")
    return PublishedArticle(
        public_id="tag:site.example,2026:1",
        token="0123456789abcdef0123",
        url=given_article.link,
        categories=(),
        **{name: getattr(given_article, name) for name in (*names, *more)},
    )


@given(articles())
@settings(max_examples=150, deadline=None)
def test_an_article_comes_back_from_its_post(before: Article) -> None:
    """Every field of it is read back as it was written; the body is one line and has no braces."""
    path = ("金融", "今日推荐 / 精选", "true")
    data = render_post(published(before), path)
    (raw,) = read_post(Page("", 200, {}, data, NOW, name="0123456789abcdef0123.md")).entries
    assert raw.category_path == path
    after = article(raw, cleaning("nh3"))
    # The words that stood for a title are one now, and a summary does not repeat the title.
    summary = "" if before.summary == before.title else before.summary
    as_titled = replace(before, summary=summary, has_title=after.has_title)
    assert after == replace(as_titled, entry=after.entry)
    body = data.decode().partition("\n---\n")[2].strip("\n")
    assert not set("{}\n") & set(body)
    assert MarkdownIt("commonmark").render(body).rstrip("\n") == body
