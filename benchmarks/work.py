"""The work: feeds as the web has them, made of word lists; the same seed gives the same bytes.

Of every 1,000 feeds with 20 entries each, half are RSS 2.0, a third Atom, the rest RSS 1.0 and
JSON Feed; a third is Chinese, 22 of those in GBK; 20 are ill-formed in the four ways that are most
common. Bodies have 1.6 to 21 KB, most about 4.5. In a later edition some feeds have a new entry at
the top, and their oldest is gone.
"""

from __future__ import annotations

import gzip
import json
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

from benchmarks.words import sentence, words

ENTRIES = 20
NEWEST = datetime(2026, 11, 1, 12, tzinfo=UTC)
_MEDIAN, _SPREAD = 4_500, 0.62
_SHORTEST, _LONGEST = 1_600, 21_000
_SIX = ("rss", "atom", "rss", "atom", "rss", "other")
_FAULTS = ("control", "truncated", "reference", "space")


@dataclass(frozen=True)
class Entry:
    """One article as its feed tells it."""

    id: str
    link: str
    title: str
    summary: str
    body: str
    author: str
    tag: str
    published: datetime


@dataclass(frozen=True)
class Work:
    """How much of it, and which.

    `later` has a number for each later edition: how many of a thousand feeds got a new entry in it.
    """

    feeds: int = 1000
    seed: int = 7
    entries_each: int = ENTRIES
    later: tuple[int, ...] = ()

    @property
    def articles(self) -> int:
        """How many articles the first edition holds."""
        return self.feeds * self.entries_each

    def next(self, changed: int) -> Work:
        """The next edition, in which so many of a thousand feeds have a new entry."""
        return replace(self, later=(*self.later, changed))

    def names(self) -> Iterator[str]:
        """The file names of the feeds, in order."""
        return (self.name(number) for number in range(self.feeds))

    def name(self, number: int) -> str:
        """The file name of a feed."""
        return f"feed{number:05}.{'json' if self.format(number) == 'json' else 'xml'}"

    def format(self, number: int) -> str:
        """Which format a feed has."""
        kind = _SIX[number % 6]
        return kind if kind != "other" else ("rdf", "json")[number // 6 % 2]

    def is_chinese(self, number: int) -> bool:
        """Whether a feed is written in Chinese."""
        return number // 6 % 3 == 0

    def newer(self, number: int) -> int:
        """How many new entries a feed got since the first edition."""
        return sum(number * changed % 1000 < changed for changed in self.later)

    def entries(self, number: int) -> list[Entry]:
        """A feed's entries, newest first."""
        newer = self.newer(number)
        return [self._entry(number, each) for each in range(-newer, self.entries_each - newer)]

    def _entry(self, feed: int, number: int) -> Entry:
        chance = random.Random(f"{self.seed} {feed} {number}")
        chinese = self.is_chinese(feed)
        link = f"https://site{feed}.example/{number}/{words(chance, chinese=False, count=1)}.html"
        title = words(chance, chinese=chinese, count=chance.randint(7, 10))
        summary = "".join(sentence(chance, chinese=chinese) for _ in range(2))
        return Entry(
            id=link if feed % 2 else f"urn:site{feed}:{number}",
            link=link,
            title=title,
            summary=summary,
            body=_body(chance, feed, chinese=chinese),
            author=words(chance, chinese=chinese, count=2),
            tag=words(chance, chinese=chinese, count=1),
            published=NEWEST - timedelta(hours=3 * number, minutes=feed % 60),
        )

    def document(self, number: int) -> bytes:
        """A feed's bytes."""
        write = {"rss": _rss, "atom": _atom, "rdf": _rdf, "json": _json_feed}[self.format(number)]
        text = write(number, self.is_chinese(number), self.entries(number))
        if self._is_in_gbk(number):
            return text.replace('encoding="utf-8"', 'encoding="gbk"').encode("gbk")
        return _spoilt(text, self._fault(number)).encode()

    def _is_in_gbk(self, number: int) -> bool:
        return number % 36 == 2 and number % 1000 < 36 * 22

    def _fault(self, number: int) -> str:
        return _FAULTS[number // 45 % 4] if number % 45 == 3 and number % 1000 < 900 else ""

    def write(self, folder: Path) -> None:
        """Write the feeds of a first edition, or those that the newest one changed; packed, too."""
        folder.mkdir(parents=True, exist_ok=True)
        for number in self.changed():
            file, body = folder / self.name(number), self.document(number)
            file.write_bytes(body)
            Path(f"{file}.gz").write_bytes(gzip.compress(body, 6, mtime=0))

    def changed(self) -> list[int]:
        """The feeds that are otherwise than in the edition before; at first all of them."""
        before = replace(self, later=self.later[:-1])
        return [
            each
            for each in range(self.feeds)
            if not self.later or self.newer(each) != before.newer(each)
        ]


def _body(chance: random.Random, feed: int, *, chinese: bool) -> str:
    wanted = _MEDIAN * math.exp(_SPREAD * chance.gauss(0, 1))
    size, parts = min(max(wanted, _SHORTEST), _LONGEST), list[str]()
    length = 0
    while length < size:
        part = _block(chance, feed, chinese=chinese)
        parts.append(part)
        length += len(part.encode())
    return "".join(parts)


def _block(chance: random.Random, feed: int, *, chinese: bool) -> str:
    """A paragraph, mostly; sometimes a picture, a list, a quotation, or what has to be cleaned."""
    text = "".join(sentence(chance, chinese=chinese) for _ in range(chance.randint(1, 4)))
    kind = chance.random()
    if kind < 0.10:
        source = f"https://site{feed}.example/images/{chance.randrange(10**6)}.jpg"
        return f'<figure><img src="{source}" alt="" width="640" height="360"></figure>\n'
    if kind < 0.16:
        return f"<ul><li>{text}</li><li><em>{text}</em></li></ul>\n"
    if kind < 0.20:
        return f'<blockquote class="pull" onclick="x()"><p>{text}</p></blockquote>\n'
    if kind < 0.40:
        link = f"/{chance.randrange(10**4)}?utm_source=feed&amp;page=2"
        return f'<p>{text}<a href="{link}">{words(chance, chinese=chinese, count=3)}</a></p>\n'
    if kind < 0.50:
        return f'<div style="color:red"><p><strong>{text}</strong></p></div>\n'
    return f"<p>{text}</p>\n"


def _spoilt(text: str, fault: str) -> str:
    if fault == "control":
        return text.replace("</title>", "\x0b</title>")
    if fault == "truncated":
        return text[: text.rindex("<title>") + 20]
    if fault == "reference":
        return text.replace("</title>", " R&D &nbsp;&bogus;</title>")
    return f"\n  {text}" if fault == "space" else text


_XML = '<?xml version="1.0" encoding="utf-8"?>\n'


def _head(number: int, chinese: bool) -> tuple[str, str, str]:
    chance = random.Random(f"feed {number}")
    title = words(chance, chinese=chinese, count=3)
    return title, f"https://site{number}.example/", "zh-CN" if chinese else "en"


def _rss(number: int, chinese: bool, entries: list[Entry]) -> str:
    title, site, language = _head(number, chinese)
    items = "".join(
        f"<item><title>{escape(e.title)}</title><link>{e.link}</link>"
        f'<guid isPermaLink="false">{e.id}</guid><pubDate>{format_datetime(e.published)}</pubDate>'
        f"<dc:creator>{e.author}</dc:creator><category>{e.tag}</category>"
        f"<description>{escape(e.summary)}</description>"
        f"<content:encoded><![CDATA[{e.body}]]></content:encoded></item>\n"
        for e in entries
    )
    return (
        f'{_XML}<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>{title}</title>'
        f"<link>{site}</link><description>{title}</description><language>{language}</language>\n"
        f"<ttl>60</ttl>{items}</channel></rss>\n"
    )


def _atom(number: int, chinese: bool, entries: list[Entry]) -> str:
    title, site, language = _head(number, chinese)
    items = "".join(
        f'<entry><title>{escape(e.title)}</title><link rel="alternate" type="text/html" '
        f'href="{e.link}"/><id>{e.id}</id><published>{e.published.isoformat()}</published>'
        f"<updated>{e.published.isoformat()}</updated><author><name>{e.author}</name></author>"
        f'<category term="{e.tag}"/><summary>{escape(e.summary)}</summary>'
        f'<content type="html">{escape(e.body)}</content></entry>\n'
        for e in entries
    )
    return (
        f'{_XML}<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">'
        f'<title>{title}</title><link href="{site}"/><id>{site}</id>'
        f"<updated>{entries[0].published.isoformat()}</updated>\n{items}</feed>\n"
    )


def _rdf(number: int, chinese: bool, entries: list[Entry]) -> str:
    title, site, language = _head(number, chinese)
    items = "".join(
        f'<item rdf:about="{e.link}"><title>{escape(e.title)}</title><link>{e.link}</link>'
        f"<description>{escape(e.summary)}</description><dc:creator>{e.author}</dc:creator>"
        f"<dc:date>{e.published.isoformat()}</dc:date><dc:subject>{e.tag}</dc:subject>"
        f"<content:encoded><![CDATA[{e.body}]]></content:encoded></item>\n"
        for e in entries
    )
    return (
        f'{_XML}<rdf:RDF xmlns="http://purl.org/rss/1.0/" '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="{site}">'
        f"<title>{title}</title><link>{site}</link><description>{title}</description>"
        f"<dc:language>{language}</dc:language></channel>\n{items}</rdf:RDF>\n"
    )


def _json_feed(number: int, chinese: bool, entries: list[Entry]) -> str:
    title, site, language = _head(number, chinese)
    items = [
        {
            "id": e.id,
            "url": e.link,
            "title": e.title,
            "summary": e.summary,
            "content_html": e.body,
            "date_published": e.published.isoformat(),
            "authors": [{"name": e.author}],
            "tags": [e.tag],
        }
        for e in entries
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title,
        "home_page_url": site,
        "language": language,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False)
