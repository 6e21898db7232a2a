"""The XSS corpus in every field of an entry, followed into what is published, before a browser."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from lxml import etree

from aggregator.clean import clean_entry
from aggregator.formats import formats
from aggregator.model.articles import Article, EntryRef
from aggregator.model.entries import (
    Enclosure,
    Image,
    Origin,
    RawEntry,
    RawText,
    Related,
    Relation,
    TextType,
)
from aggregator.model.published import FeedDocument, StoredArticle
from aggregator.publish.articles import article_page
from aggregator.publish.categories import catalogue
from aggregator.publish.convert import published_article
from tests.support.bodies import xss_payloads
from tests.support.entries import NOW, cleaning
from tests.support.judge import BATCH, judge, page, run
from tests.support.publishing import configuration, feed, stored

__all__ = ["page"]
SANITIZERS: tuple[Literal["bleach", "nh3"], ...] = ("bleach", "nh3")
ALL = os.environ.get("AGGREGATOR_TEST_XSS") == "all"
SHARE = 1 if ALL else 6
"""Every sixth payload: bodies of all of them are judged in tests/unit/clean already."""
PAGES = 100_000 if ALL else 30
"""So many articles' own pages are opened, at the most."""
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
ATOM = "{http://www.w3.org/2005/Atom}"
SITE = configuration("/srv/feeds")
ADDRESSES = {"url", "href", "src"}


@dataclass
class Read:
    """What a feed holds: markup that readers show, plain texts, and addresses."""

    bodies: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)


def poisoned(payload: str, kind: TextType) -> RawEntry:
    """An entry of which every field is the payload."""
    text = RawText(payload, kind)
    return RawEntry(
        guid=payload, link=payload, title=text, summary=text, content=RawText(payload),
        authors=(payload,), tags=(payload,), images=(Image(payload),), language=payload,
        enclosures=(Enclosure(payload, payload, 1),), origin=Origin(payload, payload, payload),
        published_text=payload,
        related=tuple(Related(each, payload, payload, payload) for each in Relation),
    )  # fmt: skip


@cache
def articles(sanitizer: Literal["bleach", "nh3"]) -> tuple[StoredArticle, ...]:
    """What every entry becomes that becomes an article."""
    payloads = sorted(set(xss_payloads()))[::SHARE]
    kinds = (TextType.HTML, TextType.TEXT)
    raws = [poisoned(payload, kinds[n % 2]) for n, payload in enumerate(payloads)]
    ref, how = EntryRef("source", "0" * 64, "1" * 64), cleaning(sanitizer)
    made = (clean_entry(raw, ref, how, NOW) for raw in raws)
    return tuple(as_stored(n, each) for n, each in enumerate(made) if isinstance(each, Article))


def as_stored(number: int, article: Article) -> StoredArticle:
    """The article as the store gives it out."""
    names = (
        "title", "link", "summary", "body", "author", "image", "enclosures", "tags", "language",
        "origin", "related",
    )  # fmt: skip
    shown = {name: getattr(article, name) for name in names}
    return stored(number, paths=("finance/sina",), **shown)


@cache
def documents(sanitizer: Literal["bleach", "nh3"]) -> dict[str, FeedDocument]:
    """Every format of the feed with these articles, by name."""
    known, settings = catalogue(SITE, []), SITE.settings
    made = feed(*(published_article(each, known, settings) for each in articles(sanitizer)))
    return {name: each.render(made) for name, each in formats().items() if name != "opml"}


def read_xml(body: bytes) -> Read:
    """What stands in RSS or Atom."""
    found = Read()
    for element in etree.fromstring(body).iter(etree.Element):
        text = element.text or ""
        is_html = element.get("type") == "html" or element.tag in (CONTENT, "description")
        (found.bodies if is_html else found.texts).append(text)
        if element.tag == "link" and text:
            found.addresses.append(text)
        found.addresses += [str(value) for name, value in element.items() if name in ADDRESSES]
    return found


def read_json(body: bytes) -> Read:
    """What stands in JSON Feed."""
    found = Read()

    def walk(value: Any, name: str = "") -> None:
        for key, inner in value.items() if isinstance(value, dict) else ():
            walk(inner, key)
        for inner in value if isinstance(value, list) else ():
            walk(inner, name)
        if isinstance(value, str):
            (found.bodies if name == "content_html" else found.texts).append(value)
            if name.endswith(("url", "image")):
                found.addresses.append(value)

    walk(json.loads(body))
    return found


READERS = {"rss": read_xml, "atom": read_xml, "json": read_json}


def parts(texts: Sequence[str]) -> Iterator[list[str]]:
    """Different texts, some at a time."""
    each_once = sorted(set(texts))
    for start in range(0, len(each_once), BATCH):
        yield each_once[start : start + BATCH]


@pytest.mark.parametrize("sanitizer", SANITIZERS)
@pytest.mark.parametrize("name", READERS)
def test_feeds_run_nothing(page: Any, name: str, sanitizer: Literal["bleach", "nh3"]) -> None:
    """Bodies hold the policy, no text runs even where it is taken for HTML, no scheme is off."""
    document = documents(sanitizer)[name]
    found = READERS[name](document.body)
    assert document.left_out == ()
    assert len(set(found.texts)) > 600
    assert {urlsplit(each).scheme for each in found.addresses} <= {"http", "https"}
    for batch in parts(found.bodies):
        assert judge(page, batch) == []
    for batch in parts(found.texts):
        findings = run(page, batch)
        assert findings == [], [batch[number] for number, _ in findings[:3]]


def test_both_sanitizers_publish_the_same_texts_and_addresses() -> None:
    """Whoever sanitizes, titles, people, tags, summaries and addresses come out alike."""
    for name, read in READERS.items():
        by_bleach, by_nh3 = (read(documents(each)[name].body) for each in SANITIZERS)
        assert by_bleach.texts == by_nh3.texts
        assert by_bleach.addresses == by_nh3.addresses


PAGE = """
() => {
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    if (["script", "object", "embed", "base", "form"].includes(element.localName)
        && !element.closest("header, nav")) found.push(element.localName);
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on") || name === "srcdoc" || name === "style") found.push(name);
      if (!["href", "src", "poster"].includes(name)) continue;
      const scheme = new URL(value, "https://x.example/").protocol;
      const own = scheme === "feed:" && !element.closest("article");  // to subscribe, on our pages
      if (!["http:", "https:", "mailto:"].includes(scheme) && !own)
        found.push(value);
    }
  }
  for (const link of document.querySelectorAll("article a"))
    if (!/^(http|mailto)/.test(link.protocol)) link.click();
  return [...found, ...(window.hits ? [`${window.hits} executions`] : [])];
}
"""
HOOKS = """window.hits = 0;
for (const name of ["alert", "confirm", "prompt", "print", "open"])
  window[name] = () => { window.hits += 1; };"""


@pytest.mark.timeout(1800 if ALL else 120)
@pytest.mark.parametrize("sanitizer", SANITIZERS)
def test_pages_run_nothing(page: Any, sanitizer: Literal["bleach", "nh3"]) -> None:
    """A category's page with every entry, and the pages of articles, run nothing when opened."""
    made = articles(sanitizer)
    pages = [documents(sanitizer)["html"].body]
    pages += [article_page(each, [], SITE) for each in made[:: max(1, len(made) // PAGES)]]
    page.add_init_script(HOOKS)
    page.route(
        "https://judge.example/*",
        lambda route: route.fulfill(body=pages[-1], content_type="text/html; charset=utf-8"),
    )
    while pages:
        page.goto("https://judge.example/", wait_until="domcontentloaded")
        assert page.evaluate("document.querySelectorAll('article').length") > 0
        assert page.evaluate(PAGE) == []
        pages.pop()
