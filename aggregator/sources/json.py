"""Kind `json`: articles in the answer of an API, found by JMESPath expressions (jmespath.org).

An answer wrapped as JSONP is unwrapped. Reading further pages of an answer is not done here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import JSONDecoder
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, Field

from aggregator.errors import ParseError, ParseReason
from aggregator.model.base import Frozen
from aggregator.model.entries import Image, ParsedDocument, RawEntry
from aggregator.model.pages import Request
from aggregator.sources.addresses import AddressSpec
from aggregator.sources.found import MOST_ENTRIES, guess_text, resolve
from aggregator.text.encodings import decode
from aggregator.text.xml_chars import strip_illegal

if TYPE_CHECKING:
    from aggregator.model.pages import Page

# A name and an opening bracket; some sites wrap the call once more: try{name({…});}catch(e){}
_CALL = re.compile(r"[^\"'(]{0,200}\(\s*(?=[\[{])")
_COMMA = re.compile(r"[,，、;；]")
_NAMING = ("name", "title", "url", "u", "src", "href")


def check_expression(value: str) -> str:
    """Give a JMESPath expression back as it is.

    Raises:
        ValueError: it does not parse, or calls an unknown function; the message says where.
    """
    import jmespath

    try:
        compiled = jmespath.compile(value)
    except jmespath.exceptions.JMESPathError as error:
        place = getattr(error, "lex_position", None) or 0
        rest = f"at {value[place:]!r} (its column {place + 1})"
        where = rest if value[place:].strip() else "at its end: it is not finished"
        raise ValueError(f"{value!r} is not a JMESPath expression, {where}") from None
    if unknown := _unknown_function(compiled.parsed):
        raise ValueError(f"JMESPath has no function {unknown}()")
    return value


def _unknown_function(tree: Any) -> str:
    """The first function called in a parsed expression that there is none of, "" if all are."""
    from jmespath.functions import Functions

    if not isinstance(tree, dict):
        return ""
    is_call = tree.get("type") == "function_expression"
    if is_call and tree["value"] not in Functions.FUNCTION_TABLE:
        return str(tree["value"])
    return next(filter(None, map(_unknown_function, tree.get("children", ()))), "")


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
    obeys_robots = True
    spec = JsonSpec

    def locate(self, spec: JsonSpec, folder: str) -> Request:  # noqa: ARG002 - the contract's shape
        """The request that the source describes."""
        return Request(spec.url, spec.method, dict(spec.headers), spec.body.encode())

    def parse(self, page: Page, spec: JsonSpec) -> ParsedDocument:
        """Read the entries of a JSON answer.

        Raises:
            ParseError: it is not JSON, or holds no items.
        """
        items = _items(spec.items, _unwrapped(decode(page.body, page.headers)))
        entries = (
            _entry(item, position, spec.fields, page.final_url)
            for position, item in enumerate(items[:MOST_ENTRIES])
        )
        left_out = len(items) > MOST_ENTRIES
        note = f"{len(items)} items, of which the first {MOST_ENTRIES} were read"
        return ParsedDocument(tuple(entries), broken=note if left_out else "")


KIND = JsonKind()


def _unwrapped(text: str) -> object:
    """The data of a JSON document, also where JSONP wraps a call around it.

    Raises:
        ParseError: there is no JSON in it.
    """
    text = text.strip("\ufeff\x00 \t\r\n")
    if not text:
        raise ParseError(ParseReason.EMPTY, "the document is empty")
    call = _CALL.match(text)
    try:
        return JSONDecoder(strict=False).raw_decode(text, call.end() if call else 0)[0]
    except (ValueError, RecursionError) as error:
        start = " ".join(text[:60].split())
        raise ParseError(
            ParseReason.MALFORMED, f"this is not JSON: {error}; it begins with “{start}”"
        ) from None


def _items(expression: str, data: object) -> list[Any]:
    """The items of an answer.

    Raises:
        ParseError: the expression found none.
    """
    found = _search(expression, data)
    if isinstance(found, list) and found:
        return found
    what = "an empty list" if found == [] else "nothing" if found is None else "no list"
    raise ParseError(ParseReason.NO_ITEMS, f"items: {expression} found {what} in the answer")


def _search(expression: str | None, data: object) -> object:
    """What an expression finds; a value that it cannot work on counts as nothing."""
    import jmespath

    if not expression:
        return None
    try:
        return jmespath.search(expression, data)
    except (jmespath.exceptions.JMESPathError, TypeError, ValueError, RecursionError):
        return None


def _entry(item: object, position: int, fields: JsonFields, url: str) -> RawEntry:
    def one(expression: str | None) -> str:
        return next(_texts(_search(expression, item)), "")

    def several(expression: str | None) -> tuple[str, ...]:
        return tuple(dict.fromkeys(_texts(_search(expression, item))))

    tags = several(fields.tags)
    return RawEntry(
        guid=one(fields.id),
        link=resolve(url, one(fields.link)),
        title=guess_text(one(fields.title)),
        summary=guess_text(one(fields.summary)),
        content=guess_text(one(fields.content)),
        authors=several(fields.author),
        published_text=one(fields.published),
        updated_text=one(fields.updated),
        tags=tuple(filter(None, map(str.strip, _COMMA.split(tags[0])))) if len(tags) == 1 else tags,
        category_path=several(fields.categories),
        images=tuple(Image(resolve(url, picture)) for picture in several(fields.image)),
        base_url=url,
        position=position,
    )


def _texts(value: object) -> Iterator[str]:
    """The texts in a value: itself, or those of a list; an object gives its name or address."""
    for one in value if isinstance(value, list) else [value]:
        held = next((one[k] for k in _NAMING if one.get(k)), "") if isinstance(one, dict) else one
        if isinstance(held, str | int | float) and not isinstance(held, bool):
            text = strip_illegal(str(held)).strip()
            if text:
                yield text
