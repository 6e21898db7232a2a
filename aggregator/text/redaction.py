"""Texts about addresses as they may be shown: without passwords and without what a query carries.

For logs, tables, pages and feeds about sources. Whoever fetches needs the address as it is; this is
not for that. A secret in the path of an address looks like any other path and is not found.
"""

from __future__ import annotations

import re
import unicodedata

_HIDDEN = "…"
_USER_INFO = re.compile(r"(?<=://)[^/\s?#'\"<>]*@")
_VALUE = re.compile(r"(?<=[?&;#])([\w.~%\[\]-]{1,100}=)[^\s&;#'\"<>]+")
_BARE_QUERY = re.compile(r"(://[^\s?#'\"<>]*\?)[^\s=&#'\"<>]+(?=[\s#'\"<>]|$)")


def showable(text: str) -> str:
    """One line that anybody may read, whatever a stranger or a library put into it.

    User and password of an address go; of its query the names stay and the values go. Control and
    other unprintable characters are escaped as in a Python string.
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else _escaped(c) for c in text)
    return without_secrets(text) if "/" in text or "=" in text else text


def without_secrets(text: str) -> str:
    """The text without user, password and query values of every address in it."""
    text = _USER_INFO.sub("", text)
    text = _VALUE.sub(rf"\1{_HIDDEN}", text)
    return _BARE_QUERY.sub(rf"\1{_HIDDEN}", text)


def _escaped(character: str) -> str:
    is_a_blank = unicodedata.category(character) == "Zs"
    return " " if is_a_blank else character.encode("unicode_escape").decode("ascii")
