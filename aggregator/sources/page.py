"""Kind `page`: articles listed on a web page without a feed, found by CSS or XPath.

Reading the articles' own pages is `full_text`'s, following `next` is `ingest`'s; not done here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field, StrictInt

from aggregator.model.settings import Frozen
from aggregator.sources.addresses import AddressSpec
from aggregator.sources.selectors import check_field, check_selector

if TYPE_CHECKING:
    from aggregator.model.entries import ParsedDocument
    from aggregator.model.pages import Page, Request

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
        description="CSS selector of one article, or XPath when it begins with / or (."
    )
    fields: PageFields = Field(description="Where each part of an article is.")
    next: FieldSelector | None = Field(
        None, description="Link to the next page of the list: a.next@href."
    )
    pages: Annotated[StrictInt, Field(ge=1, le=50)] = Field(
        1, description="How many pages of the list to read at most, with next."
    )


class PageKind:
    """Reads web pages."""

    name = "page"
    spec = PageSpec

    def locate(self, spec: PageSpec, folder: str) -> Request:  # noqa: ARG002 - the contract's shape
        """The page's address."""
        return spec.request()

    def parse(self, page: Page, spec: PageSpec) -> ParsedDocument:
        """Read the entries of a web page.

        Raises:
            ParseError: nothing matches `items`, or there is no page.
        """


KIND = PageKind()
