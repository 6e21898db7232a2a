"""Selectors as people write them: CSS, XPath where it begins with `/`, `./` or `(`, `sel@attr`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import XPath

_STRING_OR_PATH = re.compile(
    r"""(?P<string>'[^']*'|"[^"]*")|(?P<before>(?:^|[(\[|,=<>+!-]|\s(?:and|or|div|mod)\s)\s*)//"""
)
_ATTRIBUTE = re.compile(r"(?P<selector>.*)@(?P<attribute>[A-Za-z_][\w:.-]*)\s*", re.DOTALL)


def is_xpath(selector: str) -> bool:
    """Whether a selector is XPath; else it is CSS."""
    return selector.lstrip().startswith(("/", "(", "./", "../"))


def split_attribute(field: str) -> tuple[str, str]:
    """Take `sel@attr` apart; the attribute is "" where the text is wanted. XPath stays whole."""
    match = None if is_xpath(field) else _ATTRIBUTE.fullmatch(field)
    return (match["selector"].strip(), match["attribute"]) if match else (field.strip(), "")


@lru_cache(maxsize=2048)
def compile_selector(selector: str) -> XPath:
    """Make a function that finds what a selector names, seen from an element.

    Raises:
        ValueError: it does not parse.
    """
    from cssselect import SelectorError
    from lxml.cssselect import CSSSelector
    from lxml.etree import XPath, XPathError

    text = selector.strip()
    if not text:
        raise ValueError("write a CSS selector, or XPath that begins with /, ./ or (")
    try:
        return XPath(_relative(text)) if is_xpath(text) else CSSSelector(text, translator="html")
    except XPathError as error:
        raise ValueError(f"{text!r} is not an XPath expression: {error}") from None
    except SelectorError as error:
        raise ValueError(f"{text!r} is not a CSS selector: {error}") from None


def _relative(xpath: str) -> str:
    """Let each path that begins with `//` look inside the element that it is seen from."""
    return _STRING_OR_PATH.sub(lambda m: m["string"] or f"{m['before']}.//", xpath)


def check_selector(value: str) -> str:
    """Give a selector back as it is.

    Raises:
        ValueError: it does not parse.
    """
    compile_selector(value)
    return value


def check_field(value: str) -> str:
    """Give a selector of a field (`sel`, `sel@attr` or `@attr`) back as it is.

    Raises:
        ValueError: it does not parse.
    """
    selector, attribute = split_attribute(value)
    if selector or not attribute:
        compile_selector(selector)
    return value
