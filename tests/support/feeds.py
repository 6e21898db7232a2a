"""Small RSS documents for tests that need an origin with something to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape


@dataclass(frozen=True)
class Item:
    """One item; without a guid its link stands for it, without a time it has no date."""

    title: str
    link: str = ""
    guid: str = ""
    body: str = ""
    when: datetime | None = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def rss(items: Sequence[Item], title: str = "Newswire") -> bytes:
    """An RSS 2.0 document with these items."""
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>{escape(title)}</title><link>https://wire.example/</link>"
        f"<description>news</description>{''.join(map(_item, items))}</channel></rss>"
    ).encode()


def _item(item: Item) -> str:
    parts = {
        "title": item.title,
        "link": item.link,
        "guid": item.guid,
        "description": item.body,
        "pubDate": format_datetime(item.when) if item.when else "",
    }
    inside = "".join(f"<{name}>{escape(text)}</{name}>" for name, text in parts.items() if text)
    return f"<item>{inside}</item>"
