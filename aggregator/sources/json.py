"""Kind `json`: articles in the answer of an API, found by JMESPath expressions (jmespath.org).

An answer wrapped as JSONP is unwrapped. Reading further pages of an answer is not done here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, Field

from aggregator.model.pages import Request
from aggregator.model.settings import Frozen
from aggregator.sources.addresses import AddressSpec

if TYPE_CHECKING:
    from aggregator.model.entries import ParsedDocument
    from aggregator.model.pages import Page


def check_expression(value: str) -> str:
    """Give a JMESPath expression back as it is.

    Raises:
        ValueError: it does not parse; the message points at the place.
    """
    import jmespath

    try:
        jmespath.compile(value)
    except jmespath.exceptions.JMESPathError as error:
        raise ValueError(f"this is not a JMESPath expression: {error}") from None
    return value


Expression = Annotated[str, AfterValidator(check_expression)]


class JsonFields(Frozen):
    """Where each part of an entry is, seen from one of the items. Left out: not taken."""

    id: Expression | None = Field(None, description="What identifies the entry for good.")
    title: Expression | None = Field(None, description="The title.")
    link: Expression | None = Field(None, description="Address of the article's page.")
    summary: Expression | None = Field(None, description="A short text.")
    content: Expression | None = Field(None, description="The whole text, as HTML.")
    author: Expression | None = Field(None, description="Who wrote it: a text or a list.")
    published: Expression | None = Field(
        None, description="When it appeared; a number is seconds since 1970 (or milliseconds)."
    )
    updated: Expression | None = Field(None, description="When it was last changed.")
    image: Expression | None = Field(None, description="Address of a picture, or a list.")
    tags: Expression | None = Field(None, description="Tags: a list, or a text with commas.")
    categories: Expression | None = Field(
        None, description="Path of category titles, outermost first, for category: from-post."
    )


class JsonSpec(AddressSpec):
    """A JSON answer."""

    kind: Literal["json"] = Field(description="The answer of an API, in JSON.")
    method: Literal["GET", "POST"] = Field("GET", description="How to ask: GET or POST.")
    body: str = Field("", description="Body of the request, with method: POST.")
    items: Expression = Field(
        "@", description="JMESPath of the list of articles. Left out: the answer is the list."
    )
    fields: JsonFields = Field(description="Where each part of an article is.")


class JsonKind:
    """Reads JSON answers."""

    name = "json"
    spec = JsonSpec

    def locate(self, spec: JsonSpec, folder: str) -> Request:  # noqa: ARG002 - the contract's shape
        """The request that the source describes."""
        return Request(spec.url, spec.method, dict(spec.headers), spec.body.encode())

    def parse(self, page: Page, spec: JsonSpec) -> ParsedDocument:
        """Read the entries of a JSON answer.

        Raises:
            ParseError: it is not JSON, or holds no items.
        """


KIND = JsonKind()
