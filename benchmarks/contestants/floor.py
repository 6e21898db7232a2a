"""What the work costs at least: `python -m benchmarks.contestants.floor FOLDER URLS`.

pycurl, lxml, nh3 and sqlite3 with one flat table, in two processes. No checks, no state beside the
ETag, no duplicates, no publishing: nobody would want it, but nothing in Python is much faster.
"""

from __future__ import annotations

import json
import multiprocessing
import sqlite3
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import nh3
import pycurl
from lxml import etree

PROCESSES = 2
AT_ONCE = 8
Row = tuple[str, str, str, str, str]
_NAMES = {"guid": "id", "id": "id", "title": "title", "link": "link", "pubDate": "date"}
_NAMES |= {"published": "date", "date": "date", "description": "body", "summary": "body"}
_NAMES |= {"encoded": "content", "content": "content"}


def main(folder: Path, urls: list[str]) -> None:
    """Split the addresses among the processes."""
    with sqlite3.connect(folder / "floor.db", timeout=60) as database:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("CREATE TABLE IF NOT EXISTS source (url TEXT PRIMARY KEY, etag TEXT)")
        database.execute(
            "CREATE TABLE IF NOT EXISTS article"
            " (id TEXT PRIMARY KEY, link TEXT, title TEXT, date TEXT, body TEXT) WITHOUT ROWID"
        )
    parts = [(folder, urls[each::PROCESSES]) for each in range(PROCESSES)]
    children = [multiprocessing.Process(target=work, args=part) for part in parts]
    for child in children:
        child.start()
    for child in children:
        child.join()
    with sqlite3.connect(folder / "floor.db") as database:
        count = database.execute("SELECT count(*) FROM article").fetchone()[0]
    (folder / "articles").write_text(str(count))


def work(folder: Path, urls: list[str]) -> None:
    """Read some feeds and store what they hold."""
    database = sqlite3.connect(folder / "floor.db", timeout=60, isolation_level=None)
    database.execute("PRAGMA synchronous = NORMAL")
    etags = dict(database.execute("SELECT url, etag FROM source"))
    for start in range(0, len(urls), 50):
        found, states = list[Row](), list[tuple[str, str]]()
        for url, etag, body in fetch(urls[start : start + 50], etags):
            states.append((url, etag))
            found += rows(url, body)
        if states:
            database.execute("BEGIN IMMEDIATE")
            database.executemany("INSERT OR IGNORE INTO article VALUES (?, ?, ?, ?, ?)", found)
            database.executemany("INSERT OR REPLACE INTO source VALUES (?, ?)", states)
            database.execute("COMMIT")


def fetch(urls: list[str], etags: dict[str, str]) -> Iterator[tuple[str, str, bytes]]:
    """The documents that changed, with their ETags."""
    waiting, under_way, multi = list(urls), 0, pycurl.CurlMulti()
    while waiting or under_way:
        while waiting and under_way < AT_ONCE:
            multi.add_handle(request(waiting.pop(), etags))
            under_way += 1
        multi.perform()
        multi.select(0.1)
        _, done, failed = multi.info_read()
        for curl in [*done, *(each[0] for each in failed)]:
            multi.remove_handle(curl)
            under_way -= 1
            if curl.getinfo(pycurl.RESPONSE_CODE) == 200:
                yield curl.url, curl.headers_seen.get("etag", ""), curl.body.getvalue()


def request(url: str, etags: dict[str, str]) -> pycurl.Curl:
    """One conditional request."""
    curl = pycurl.Curl()
    curl.url, curl.body, curl.headers_seen = url, BytesIO(), {}

    def header(line: bytes) -> None:
        name, _, value = line.decode("latin-1").partition(":")
        curl.headers_seen[name.lower()] = value.strip()

    curl.setopt(pycurl.URL, url)
    curl.setopt(pycurl.ENCODING, "gzip")
    curl.setopt(pycurl.WRITEDATA, curl.body)
    curl.setopt(pycurl.HEADERFUNCTION, header)
    if etags.get(url):
        curl.setopt(pycurl.HTTPHEADER, [f"If-None-Match: {etags[url]}"])
    return curl


def rows(url: str, body: bytes) -> Iterator[Row]:
    """The articles of a document, sanitized."""
    if body.lstrip().startswith(b"{"):
        for item in json.loads(body)["items"]:
            yield (
                item["id"],
                item["url"],
                item["title"],
                item["date_published"],
                nh3.clean(item["content_html"]),
            )
        return
    root = etree.fromstring(body.lstrip(), etree.XMLParser(recover=True, resolve_entities=False))
    for item in root.iter("{*}item", "{*}entry"):
        values = {"link": ""}
        for child in item:
            name = _NAMES.get(etree.QName(child).localname, "")
            values[name] = child.text or child.get("href") or ""
        body_html = values.get("content") or values.get("body", "")
        key = values.get("id") or values["link"]
        if key:
            yield (
                f"{url} {key}",
                values["link"],
                values.get("title", ""),
                values.get("date", ""),
                nh3.clean(body_html),
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]).read_text().split())
