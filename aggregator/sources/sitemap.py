"""Kind `sitemap`: the pages that a sitemap names (sitemaps.org), with Google's news extension.

Of an index of sitemaps the newest ones are named as the documents in which the list goes on; to
read those is `ingest`'s.
"""

from __future__ import annotations

from dataclasses import replace
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from pydantic import Field, StrictInt

from aggregator.errors import ParseError, ParseReason
from aggregator.model.entries import Image, Origin, ParsedDocument, RawEntry, RawText, TextType
from aggregator.sources.addresses import AddressSpec
from aggregator.sources.found import MOST_ENTRIES, resolve
from aggregator.sources.packed import unpacked
from aggregator.text.xml_chars import strip_illegal

if TYPE_CHECKING:
    from aggregator.model.pages import Page, Request

Element = Any  # lxml's stubs know elements only by a private name

LARGEST = 50 * 1024 * 1024
"""Bytes that the protocol allows."""


class SitemapSpec(AddressSpec):
    """A sitemap."""

    kind: Literal["sitemap"] = Field(description="A sitemap: the newest pages of a site.")
    pages: Annotated[StrictInt, Field(ge=1, le=50)] = Field(
        3, description="How many sitemaps of an index to read at most, the newest first."
    )

    @property
    def most_pages(self) -> int:
        """The index and the sitemaps that it names."""
        return self.pages + 1


class SitemapKind:
    """Reads sitemaps."""

    name = "sitemap"
    obeys_robots = True
    spec = SitemapSpec

    def locate(self, spec: SitemapSpec, folder: str) -> Request:  # noqa: ARG002 - contract's shape
        """The sitemap's address."""
        return spec.request()

    def parse(self, page: Page, spec: SitemapSpec) -> ParsedDocument:
        """Read the entries of a sitemap, or which sitemaps an index names.

        Raises:
            ParseError: the document is neither, or names nothing.
        """
        root = _root(unpacked(page.body, LARGEST))
        kind = _name(root)
        if kind == "sitemapindex":
            return _index(root, page.final_url, spec.pages)
        if kind == "urlset":
            return _sitemap(root, page.final_url)
        raise ParseError(ParseReason.NOT_A_FEED, f"<{kind}> came instead of a sitemap")


KIND = SitemapKind()


class _Named(NamedTuple):
    """A sitemap that an index names; `changed` is "" where it gives no date."""

    changed: str
    address: str


def _index(root: Element, url: str, most: int) -> ParsedDocument:
    """The sitemaps of an index, the newest first; those without a date stand as they were named.

    Whether a sitemap changed can be told from its date only where that has a time.
    """
    found = [_Named(_find(one, "lastmod"), _find(one, "loc")) for one in root]
    named = sorted((one for one in found if one.address), key=attrgetter("changed"), reverse=True)
    if not named:
        raise ParseError(ParseReason.NO_ITEMS, "there is no <sitemap> with a <loc> in the index")
    wanted = named[:most]
    is_guess = len(named) > most and not all(one.changed for one in wanted)
    note = f"an index of {len(named)} sitemaps without dates, of which the first {most} are read"
    return ParsedDocument(
        (),
        Origin(link=resolve(url, "/")),
        broken=f"{note}; name the one you want as url" if is_guess else "",
        next_links=tuple(resolve(url, one.address) for one in wanted),
        next_may_change=not all("T" in one.changed for one in wanted),
    )


def _sitemap(root: Element, url: str) -> ParsedDocument:
    """The pages of a sitemap, the newest first."""
    found = [entry for child in root if (entry := _entry(child, url)).link]
    if not found:
        raise ParseError(ParseReason.NO_ITEMS, "there is no <url> with a <loc> in the sitemap")
    newest = sorted(found, key=_date, reverse=True)[:MOST_ENTRIES]
    note = f"{len(found)} pages, of which the newest {MOST_ENTRIES} were read"
    paper = next((one for one in root.iter() if _name(one) == "publication"), None)
    return ParsedDocument(
        tuple(replace(entry, position=position) for position, entry in enumerate(newest)),
        Origin("" if paper is None else _find(paper, "name"), resolve(url, "/")),
        broken=note if len(found) > MOST_ENTRIES else "",
    )


def _root(body: bytes) -> Element:
    from lxml import etree

    if not body.strip():
        raise ParseError(ParseReason.EMPTY, "the document is empty")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(body.lstrip(), parser)
    except (etree.LxmlError, ValueError) as error:
        raise ParseError(ParseReason.MALFORMED, f"not well-formed XML: {error}") from None
    if root is None:
        raise ParseError(ParseReason.MALFORMED, "not well-formed XML")
    return root


def _name(element: Element) -> str:
    """An element's name without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _find(element: Element, *names: str) -> str:
    """The text of the first element of one of these names, at any depth."""
    texts = (_text(one) for name in names for one in element.iter() if _name(one) == name)
    return next(filter(None, texts), "")


def _text(element: Element) -> str:
    return strip_illegal(element.text or "").strip()


def _entry(element: Element, url: str) -> RawEntry:
    link = resolve(url, next((_text(child) for child in element if _name(child) == "loc"), ""))
    pictures = [child for child in element.iter() if _name(child) == "image"]
    return RawEntry(
        guid=link,
        link=link,
        title=RawText(_find(element, "title"), TextType.TEXT),
        published_text=_find(element, "publication_date"),
        updated_text=_find(element, "lastmod"),
        tags=tuple(filter(None, map(str.strip, _find(element, "keywords").split(",")))),
        images=tuple(Image(address) for one in pictures if (address := _find(one, "loc"))),
        language=_find(element, "language"),
        base_url=link,
    )


def _date(entry: RawEntry) -> str:
    """What sitemaps are sorted by: W3C dates sort as text."""
    return entry.published_text or entry.updated_text
