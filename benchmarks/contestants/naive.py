"""The script that everybody writes first: `python -m benchmarks.contestants.naive FOLDER URLS`.

requests, feedparser as it comes, bleach, SQLModel, feedgen; one feed after the other.
"""

from __future__ import annotations

import sys
import time
from calendar import timegm
from datetime import UTC, datetime
from pathlib import Path

import bleach
import feedparser
import requests
from feedgen.feed import FeedGenerator
from sqlmodel import Field, Session, SQLModel, create_engine, func, select

TAGS = [*bleach.ALLOWED_TAGS, "p", "div", "img", "figure", "br", "h2", "h3", "pre", "span"]


class Source(SQLModel, table=True):
    """What is remembered of a feed."""

    url: str = Field(primary_key=True)
    etag: str = ""
    modified: str = ""


class Article(SQLModel, table=True):
    """An article, as it came."""

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(index=True)
    guid: str = Field(index=True)
    title: str
    link: str
    body: str
    published: datetime


def main(folder: Path, urls: list[str]) -> None:
    """Read every feed once, then publish."""
    engine = create_engine(f"sqlite:///{folder}/naive.db")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session, requests.Session() as web:
        new = sum(read(session, web, url) for url in urls)
        if new:
            publish(session, folder)
        (folder / "articles").write_text(str(session.exec(select(func.count(Article.id))).one()))  # type: ignore[arg-type]


def read(session: Session, web: requests.Session, url: str) -> int:
    """Read one feed; gives the number of new articles."""
    source = session.get(Source, url) or Source(url=url)
    conditions = {"If-None-Match": source.etag, "If-Modified-Since": source.modified}
    answer = web.get(url, headers={k: v for k, v in conditions.items() if v}, timeout=20)
    if answer.status_code != 200:
        return 0
    new = 0
    for entry in feedparser.parse(answer.content).entries:
        guid = entry.get("id") or entry.get("link", "")
        known = select(Article).where(Article.source == url, Article.guid == guid)
        if session.exec(known).first():
            continue
        content = entry.get("content", [{}])[0].get("value") or entry.get("summary", "")
        date = entry.get("published_parsed") or entry.get("updated_parsed")
        article = Article(
            source=url,
            guid=guid,
            title=entry.get("title", ""),
            link=entry.get("link", ""),
            body=bleach.clean(content, tags=TAGS, strip=True),
            published=_moment(date),
        )
        session.add(article)
        new += 1
    source.etag = answer.headers.get("ETag", "")
    source.modified = answer.headers.get("Last-Modified", "")
    session.add(source)
    session.commit()
    return new


def publish(session: Session, folder: Path) -> None:
    """Write one RSS feed of the newest."""
    feed = FeedGenerator()
    feed.id("https://example.org/")
    feed.title("Everything")
    feed.link(href="https://example.org/")
    feed.description("Everything")
    for article in session.exec(select(Article).order_by(Article.published.desc()).limit(100)):  # type: ignore[attr-defined]
        entry = feed.add_entry(order="append")
        entry.id(article.guid or article.link or article.source)
        entry.title(article.title or "Untitled")  # feedgen refuses to be without
        entry.link(href=article.link)
        entry.content(article.body, type="html")
        entry.published(article.published.replace(tzinfo=UTC))
    (folder / "rss.xml").write_bytes(feed.rss_str())
    (folder / "atom.xml").write_bytes(feed.atom_str())


def _moment(date: time.struct_time | None) -> datetime:
    return datetime.fromtimestamp(timegm(date), UTC) if date else datetime.now(UTC)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]).read_text().split())
