"""Kind `page`: articles listed on a web page without a feed, found by CSS or XPath.

Reading the articles' own pages is `full_text`'s, following `next` is `ingest`'s; not done here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, StrictInt

from aggregator.errors import ParseError, ParseReason
from aggregator.model.base import Frozen
from aggregator.model.entries import Image, Origin, ParsedDocument, RawEntry, RawText, TextType
from aggregator.sources.addresses import AddressSpec
from aggregator.sources.found import MOST_ENTRIES, resolve
from aggregator.sources.selectors import check_field, check_selector
from aggregator.text.counts import counted
from aggregator.text.encodings import decode

if TYPE_CHECKING:
    from aggregator.model.pages import Page, Request
    from aggregator.sources.page_items import Item

Selector = Annotated[str, AfterValidator(check_selector)]
FieldSelector = Annotated[str, AfterValidator(check_field)]


class PageFields(Frozen):
    """Where each part of an entry is, seen from one of the items. Left out: not taken.

    A value is a selector (the text of what it finds), `selector@attribute`, or `@attribute` of the
    item itself.
    """

    id: FieldSelector | None = Field(None, description="What identifies the entry for good.")
    title: FieldSelector | None = Field(None, description="The title.")
    link: FieldSelector | None = Field(None, description="Address of the article's page: a@href.")
    summary: FieldSelector | None = Field(None, description="A short text.")
    content: FieldSelector | None = Field(None, description="The whole text; its markup is kept.")
    author: FieldSelector | None = Field(None, description="Who wrote it.")
    published: FieldSelector | None = Field(None, description="When it appeared.")
    updated: FieldSelector | None = Field(None, description="When it was last changed.")
    image: FieldSelector | None = Field(None, description="Address of a picture: img@src.")
    tags: FieldSelector | None = Field(None, description="Tags: each element found is one.")
    categories: FieldSelector | None = Field(
        None, description="Path of category titles, outermost first, for category: from-post."
    )


class PageSpec(AddressSpec):
    """A web page that lists articles."""

    kind: Literal["page"] = Field(description="A web page that lists articles.")
    items: Selector = Field(
        description="CSS selector of one article, or XPath when it begins with /, ./ or (."
    )
    fields: PageFields = Field(description="Where each part of an article is.")
    next: FieldSelector | None = Field(
        None, description="Link to the next page of the list: a.next@href."
    )
    pages: Annotated[StrictInt, Field(ge=1, le=50)] = Field(
        1, description="How many pages of the list to read at most, with next."
    )

    @property
    def most_pages(self) -> int:
        """How many pages the list may go on for."""
        return self.pages if self.next else 1


class PageKind:
    """Reads web pages."""

    name = "page"
    obeys_robots = True
    spec = PageSpec

    def locate(self, spec: PageSpec, folder: str) -> Request:  # noqa: ARG002 - the contract's shape
        """The page's address."""
        return spec.request()

    def parse(self, page: Page, spec: PageSpec) -> ParsedDocument:
        """Read the entries of a web page.

        Raises:
            ParseError: nothing matches `items`, or there is no page.
        """
        from aggregator.sources.page_items import Document

        document = Document(decode(page.body, page.headers), page.final_url)
        items = document.find(spec.items)
        if not items:
            raise ParseError(ParseReason.NO_ITEMS, f"items: {spec.items} found nothing on the page")
        entries = tuple(
            _entry(item, position, spec.fields, document.base)
            for position, item in enumerate(items[:MOST_ENTRIES])
        )
        missing = _found_nothing(spec.fields, entries)
        if not any(entry.title.value or entry.link for entry in entries):
            raise ParseError(ParseReason.NO_ITEMS, missing or "fields: no title and no link given")
        following = document.whole.link(spec.next) if spec.most_pages > 1 else ""
        return ParsedDocument(
            entries,
            Origin(document.title, page.final_url),
            broken=missing,
            next_links=(resolve(document.base, following),) if following else (),
        )


KIND = PageKind()

# Which part of an entry each field fills.
_PARTS = {"id": "guid", "author": "authors", "published": "published_text"} | {
    "updated": "updated_text",
    "image": "images",
    "categories": "category_path",
}


def _entry(item: Item, position: int, fields: PageFields, base: str) -> RawEntry:
    content = item.markup(fields.content)
    return RawEntry(
        guid=item.text(fields.id),
        link=resolve(base, item.text(fields.link)),
        title=RawText(item.text(fields.title), TextType.TEXT),
        summary=RawText(item.text(fields.summary), TextType.TEXT),
        content=RawText(content),
        authors=item.texts(fields.author),
        published_text=item.text(fields.published),
        updated_text=item.text(fields.updated),
        tags=item.texts(fields.tags),
        category_path=item.texts(fields.categories),
        images=tuple(Image(resolve(base, picture)) for picture in item.texts(fields.image)),
        base_url=base,
        position=position,
    )


def _found_nothing(fields: PageFields, entries: tuple[RawEntry, ...]) -> str:
    """Which selectors found nothing in any item, in words; "" if each found something."""
    given = fields.model_dump(exclude_none=True)
    silent = [
        f"{name}: {selector}"
        for name, selector in given.items()
        if not any(_has(entry, _PARTS.get(name, name)) for entry in entries)
    ]
    return (
        f"found nothing in {counted(len(entries), 'item')}: {', '.join(silent)}" if silent else ""
    )


def _has(entry: RawEntry, part: str) -> bool:
    value = getattr(entry, part)
    return bool(value.value if isinstance(value, RawText) else value)
