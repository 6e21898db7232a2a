"""Builders of feeds for tests of formats and publishing: everything filled in and changeable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.errors import StoreError
from aggregator.model.articles import CategoryTitle
from aggregator.model.categories import CategorySpec
from aggregator.model.entries import Enclosure, Image, Origin
from aggregator.model.feeds import FeedSpec
from aggregator.model.health import EventKind, GateVerdict, SourceEvent
from aggregator.model.published import (
    Candidate,
    Edition,
    Feed,
    PublishedArticle,
    StoredArticle,
    Withdrawal,
)
from aggregator.model.settings import Configuration, Publish, Settings, Site

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
SITE = "https://news.example.org/"


def article(number: int = 1, **changes: Any) -> PublishedArticle:
    """An article with every field filled; a higher number is an older one."""
    values: dict[str, Any] = {
        "public_id": f"tag:news.example.org,2026:articles/a{number}",
        "token": f"a{number}",
        "url": f"https://origin.example/{number}?a=1&b=2",
        "title": f"Article {number}",
        "summary": f"What article {number} is about",
        "body": f"<p>The body of {number}</p>",
        "author": "Zhang San",
        "published_at": NOON - timedelta(minutes=number),
        "updated_at": NOON - timedelta(minutes=number),
        "image": Image(f"https://origin.example/{number}.png", 400, 300),
        "enclosures": (Enclosure("https://origin.example/e.mp3", "audio/mpeg", 1234),),
        "categories": ("金融", "新浪财经"),
        "tags": ("GDP",),
        "language": "en",
        "origin": Origin(
            "Origin News", "https://origin.example/", "https://origin.example/feed.xml"
        ),
    }
    return PublishedArticle(**values | changes)


def feed(*articles: PublishedArticle, **changes: Any) -> Feed:
    """A feed of these articles."""
    values: dict[str, Any] = {
        "path": "finance/sina",
        "title": "新浪财经",
        "description": "Finance, all of it",
        "language": "en",
        "url": f"{SITE}finance/sina/",
        "site_title": "The Morning Wire",
        "articles": articles,
        "content": "full",
        "formats": ("rss", "atom", "json", "html"),
        "site_url": SITE,
    }
    return Feed(**values | changes)


def stored(number: int = 1, **changes: Any) -> StoredArticle:
    """An article as the store gives it out; a higher number is an older one."""
    values: dict[str, Any] = {
        "public_id": f"tag:news.example.org,2026:articles/{number:020x}",
        "token": f"{number:020x}",
        "source_id": "origin",
        "title": f"Article {number}",
        "link": f"https://origin.example/{number}",
        "summary": f"What article {number} is about",
        "body": f"<p>The body of {number}</p>",
        "author": "Zhang San",
        "published_at": NOON - timedelta(minutes=number),
        "date_is_known": True,
        "updated_at": NOON - timedelta(minutes=number),
        "first_seen_at": NOON,
        "image": None,
        "enclosures": (),
        "tags": (),
        "language": "en",
        "paths": ("finance/sina",),
        "origin": Origin("Origin News"),
    }
    return StoredArticle(**values | changes)


class ShelfStore:
    """A store in memory: articles by category, and which categories changed."""

    def __init__(self, *articles: StoredArticle) -> None:
        self.articles = list(articles)
        self.states: dict[str, int] = {}
        self.marked: dict[str, int] = {}
        self.added: list[CategoryTitle] = []
        self.happened: list[SourceEvent] = []
        self.refused: set[str] = set()
        self.taken_back: list[Withdrawal] = []
        self.moved: dict[str, str] = {}
        self.remembered: set[str] = set()
        self.broken: set[str] = set()
        self.loaded: list[str] = []
        self.kept: dict[tuple[str, datetime], Edition] = {}
        for each in articles:
            self.change(*each.paths)

    def put(self, *articles: StoredArticle) -> None:
        """Add articles, and note that their categories changed."""
        self.articles += articles
        for each in articles:
            self.change(*each.paths)

    def change(self, *paths: str) -> None:
        """Note that categories, those above them and `all` changed."""
        for path in paths:
            segments = path.split("/")
            levels = ["/".join(segments[:n]) for n in range(1, len(segments) + 1)]
            for level in (*levels, "all"):
                self.states[level] = self.states.get(level, 0) + 1

    def changed_categories(self) -> dict[str, int]:
        """What changed since it was last marked."""
        return {path: n for path, n in self.states.items() if self.marked.get(path) != n}

    def published_categories(self) -> set[str]:
        """What was ever marked."""
        return set(self.marked)

    def mark_published(self, states: Mapping[str, int]) -> None:
        """Note the states as published."""
        self.marked |= states

    def newest(self, path: str, limit: int, per_source: int) -> list[StoredArticle]:
        """The newest articles at or under a path; raises where a test wants it."""
        if path in self.broken:
            raise StoreError(f"{path} cannot be read")
        taken: Counter[str] = Counter()
        found = []
        for each in sorted(
            self.articles, key=lambda a: (a.published_at, a.public_id), reverse=True
        ):
            here = path == "all" or any(f"{p}/".startswith(f"{path}/") for p in each.paths)
            taken[each.source_id] += here
            if here and (not per_source or taken[each.source_id] <= per_source):
                found.append(each)
        return found[:limit]

    def candidates(
        self, paths: Sequence[str], sources: Sequence[str], limit: int
    ) -> list[Candidate]:
        """The newest articles at or under any of these paths, by any of these sources."""
        here = [each for path in paths for each in self.newest(path, len(self.articles), 0)]
        once = {each.token: each for each in here if not sources or each.source_id in sources}
        order = sorted(once.values(), key=lambda a: (a.published_at, a.public_id), reverse=True)
        return [
            Candidate(each.token, each.source_id, each.published_at, repr(each))
            for each in order[:limit]
        ]

    def articles_named(self, tokens: Sequence[str]) -> list[StoredArticle]:
        """The articles with these tokens; notes what was asked for."""
        self.loaded += tokens
        named = {each.token: each for each in self.articles}
        return [named[token] for token in tokens if token in named]

    def editions(self, feed_id: str, limit: int) -> list[Edition]:
        """The newest closed editions of a digest, the latest first."""
        kept = (each for (of_feed, _), each in sorted(self.kept.items()) if of_feed == feed_id)
        return [*kept][::-1][:limit]

    def keep_edition(self, edition: Edition) -> None:
        """Store an edition; one that is there stays."""
        self.kept.setdefault((edition.feed_id, edition.closed_at), edition)

    def withdraw(self, article: StoredArticle, why: str, when: datetime) -> None:
        """Take an article back."""
        self.articles.remove(article)
        self.taken_back.insert(0, Withdrawal(article.public_id, article.token, why, when))
        self.change(*article.paths)

    def withdrawals(self, path: str, limit: int) -> list[Withdrawal]:
        """What was taken back, from wherever it stood."""
        del path
        return self.taken_back[:limit]

    def moved_categories(self) -> dict[str, str]:
        """Where categories have moved."""
        return self.moved

    def left(self, path: str, public_ids: Collection[str]) -> set[str]:
        """Those that the store remembers, and that do not stand there."""
        here = {each.public_id for each in self.newest(path, len(self.articles), 0)}
        return (self.remembered & set(public_ids)) - here

    def category_titles(self) -> list[CategoryTitle]:
        """Categories that the configuration does not name."""
        return self.added

    def happen(self, *events: SourceEvent) -> None:
        """Let something happen to sources."""
        self.happened = [*events, *self.happened]
        self.states["health"] = self.states.get("health", 0) + 1

    def note_verdicts(self, verdicts: Sequence[GateVerdict], now: datetime) -> bool:
        """Keeps what was said last of each feed, and what is news."""
        news = [each for each in verdicts if bool(each.refused) != (each.path in self.refused)]
        for each in news:
            (self.refused.add if each.refused else self.refused.discard)(each.path)
            kind = EventKind.REFUSED if each.refused else EventKind.ACCEPTED
            name = f"tag:news.example.org,2026:{kind}/{each.path}/{now.isoformat()}"
            self.happen(SourceEvent(name, each.path, each.title, kind, now, each.refused))
        return bool(news)

    def events(self, limit: int) -> list[SourceEvent]:
        """What happened, newest first."""
        return self.happened[:limit]


def configuration(
    root: object, publish: Mapping[str, Any] | None = None, *feeds: Mapping[str, Any]
) -> Configuration:
    """A small tree: finance (with sina under it) and tech, which is in English and brief.

    `feeds` are more feeds beside it.
    """
    site = Site(title="晨间新闻", url=SITE.rstrip("/"), language="zh-CN", timezone="Asia/Shanghai")
    return Configuration(
        root=str(root),
        folder=str(root),
        settings=Settings(site=site, publish=Publish.model_validate(publish or {})),
        categories=(
            CategorySpec(
                id="finance", title="金融", categories=(CategorySpec(id="sina", title="新浪财经"),)
            ),
            CategorySpec(
                id="tech", title="Technology", language="en", formats=("rss",), articles=2
            ),
        ),
        sources=(),
        feeds=tuple(FeedSpec.model_validate(each) for each in feeds),
    )
