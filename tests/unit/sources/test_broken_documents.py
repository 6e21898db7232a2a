"""Broken XML and encodings: FAULTS C1 and C2, and the damage that is mended."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError
from aggregator.model.entries import ParsedDocument
from aggregator.model.pages import Page
from aggregator.sources.feed.documents import read_feed
from tests.support.shared import shared

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
URL = "https://wire.example/feed"
CHARSETS = ("", "; charset=utf-8", "; charset=iso-8859-1", "; charset=gb2312")


def read(body: bytes, charset: str = "") -> ParsedDocument | ParseError:
    headers = {"content-type": f"application/xml{charset}"}
    try:
        return read_feed(Page(URL, 200, headers, body, NOW))
    except ParseError as error:
        return error


TEXTS = {
    "gbk": "北京今日大雪，航班延误。请旅客朋友们提前查询航班动态",
    "gb18030": "𠮷野家在北京开设了新的门店，许多人排队等候用餐",
    "big5": "臺北今日有雨，請旅客朋友們提前查詢航班動態及資訊",
    "shift_jis": "東京は今日も雨です。お出かけの際は傘をお持ちください",
    "euc-jp": "東京は今日も雨です。お出かけの際は傘をお持ちください",
    "euc-kr": "서울은 오늘도 비가 옵니다. 우산을 꼭 챙기시기 바랍니다",
    "iso-8859-1": "Le café déjà fermé à Besançon, où l'été s'achève",
    "windows-1252": "“Café” – déjà vu… à l’Opéra, 5 €",
    "windows-1251": "Сегодня в Москве идёт снег, рейсы задерживаются",
    "utf-16": "北京今日大雪 Москва café",
    "utf-8-sig": "北京今日大雪 Москва café",
}


def feed_in(encoding: str, declared: str) -> bytes:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    text = TEXTS[encoding]
    item = f"<item><title>{text}</title><description>{text}</description></item>"
    channel = f"<channel><title>t</title>{item}</channel>"
    return f'{declaration}<rss version="2.0">{channel}</rss>'.encode(encoding)


@pytest.mark.parametrize("charset", ["", "; charset={}"])
@pytest.mark.parametrize("encoding", TEXTS)
def test_a_charset_that_is_declared_anywhere_is_found(encoding: str, charset: str) -> None:
    """The text is right, whether the header or the document names its charset."""
    name = encoding.removesuffix("-sig")
    header = charset.format(name)
    found = read(feed_in(encoding, "" if header else name), header)
    assert isinstance(found, ParsedDocument)
    assert found.entries[0].title.value == TEXTS[encoding]


@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_what_the_bytes_are_counts_more_than_what_a_header_claims(
    encoding: str, charset: str
) -> None:
    """A byte order mark wins over every header, and UTF-8 is never taken for something else."""
    found = read(feed_in(encoding, ""), charset)
    assert isinstance(found, ParsedDocument)
    assert found.entries[0].title.value == TEXTS[encoding]


def hostile() -> Iterator[tuple[str, bytes, int | None]]:
    corpus = shared("corpus")
    for document in json.loads((corpus / "index.json").read_bytes())["documents"]:
        if document["kind"] == "hostile" and document["bytes"] < 100_000:
            path = corpus / document["file"]
            yield path.name, path.read_bytes(), document["expected"].get("items")


def test_no_charset_in_a_header_spoils_a_hostile_document() -> None:
    """C1: under every header each gives what was written into it, the same each time."""
    for name, body, items in hostile():
        for charset in CHARSETS:
            first, again = read(body, charset), read(body, charset)
            assert repr(first) == repr(again), (name, charset)
            if items is not None and isinstance(first, ParsedDocument):
                assert len(first.entries) == items, (name, charset)


@pytest.mark.parametrize("name", ["latin1-declared-utf8.xml", "utf8-declared-latin1.xml"])
@pytest.mark.parametrize("charset", CHARSETS[:3])
def test_a_lie_about_the_charset_is_seen_through(name: str, charset: str) -> None:
    """C1: the stated text comes out under each of the usual headers."""
    found = read((shared("corpus/hostile/own") / name).read_bytes(), charset)
    assert isinstance(found, ParsedDocument)
    assert found.entries[0].title.value == "café"


def ten_of_rss() -> str:
    items = "".join(
        f"<item><title>第{n}条 &amp; more</title><guid>g{n}</guid><link>https://wire.example/{n}</link>"
        f"<description><![CDATA[<p>Body {n}</p>]]></description></item>"
        for n in range(10)
    )
    start = '<?xml version="1.0"?><rss version="2.0"><channel><title>Wire</title>'
    return f"{start}{items}</channel></rss>"


def three_of_atom() -> str:
    entries = "".join(
        f'<entry><id>urn:{n}</id><title type="html">第{n}条</title><link href="/{n}"/>'
        f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">Body</div></content></entry>'
        for n in range(3)
    )
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Wire</title>{entries}</feed>'


def ten_of_json() -> str:
    items = [{"id": f"{n}", "title": f"第{n}条", "content_html": f"<p>{n}</p>"} for n in range(10)]
    about = {"version": "https://jsonfeed.org/version/1.1", "_of": {"items": [1]}, "title": "Wire"}
    return json.dumps({**about, "items": items}, ensure_ascii=False, indent=1)


CUT = {
    "rss": (ten_of_rss(), b"</item>", 10),
    "atom": (three_of_atom(), b"</entry>", 3),
    "json": (ten_of_json(), b"\n  }", 10),
}


@pytest.mark.parametrize("name", CUT)
def test_a_feed_cut_at_any_byte_gives_whole_items_only(name: str) -> None:
    """C2: wherever it breaks off, every whole item comes out, unchanged, and no half of one."""
    text, closing, count = CUT[name]
    body = text.encode()
    whole = read(body)
    assert isinstance(whole, ParsedDocument)
    assert len(whole.entries) == count
    for end in range(len(body)):
        found = read(body[:end])
        entries = found.entries if isinstance(found, ParsedDocument) else ()
        assert entries == whole.entries[: len(entries)], end
        assert len(entries) == body[:end].count(closing), end


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        ('{"title": "T", "items": [{"id": "1"}, {"id": "2"}, {"id": "3', ["1", "2"]),
        ('{"title": "T", "items": [{"id": "1"} {"id": "2"}, oops, {"id": "3"}]}', ["1", "2"]),
        ('{"title": "T", "x": "\\"items\\": [", "items": [{"id": "1"}, {', ["1"]),
        ('{"title": "T", "author": {"items": [{"id": "0"}]}, "items": [{"id": "1"},', ["1"]),
        ('{"title": "T", "items": [{"id": "1', None),
        ('{"title": "T", "author": {"items": [{"id": "0"}, ', None),
        ('{"items": [{"id": "1"}, ', None),
    ],
)
def test_whole_items_of_a_damaged_json_feed_are_read(body: str, ids: list[str] | None) -> None:
    """What stands before the damage counts, with a warning; without a whole item it is an error."""
    found = read(body.encode())
    if ids is None:
        assert isinstance(found, ParseError)
        return
    assert isinstance(found, ParsedDocument)
    assert [entry.guid for entry in found.entries] == ids
    assert found.broken.startswith("not well-formed JSON: ")


ATOM = '<feed xmlns="http://www.w3.org/2005/Atom">{}</feed>'


@pytest.mark.parametrize(
    ("entry", "title"),
    [
        ("<title>Plain</subtitle>", "Plain"),
        ('<title type="html">&lt;b>Bold&lt;/b></subtitle>', "<b>Bold</b>"),
        ('<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">In it</div></x>', "In it"),
        ("<title><![CDATA[a <title>b</i>]]></title>", "a <title>b</i>"),
        ("<title>Good</title>", "Good"),
        ("<title/>", ""),
    ],
)
def test_a_title_that_another_tag_closes_is_read(entry: str, title: str) -> None:
    """The title is not lost, nor is what follows it; text in a CDATA section stays as it is."""
    body = ATOM.format(f"<entry>{entry}<id>urn:1</id><summary>after</summary></entry>")
    found = read(body.encode())
    assert isinstance(found, ParsedDocument)
    assert [(e.title.value, e.guid, e.summary.value) for e in found.entries] == [
        (title, "urn:1", "after")
    ]


def test_the_corpus_of_hostile_documents_is_there() -> None:
    """The loop over hostile documents has documents to go over."""
    assert len(list(hostile())) >= 25
    assert Path(shared("corpus/hostile/own")).is_dir()
