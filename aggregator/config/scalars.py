"""What one YAML scalar means: its type, `${NAME}` in it, and the forms that deceive.

YAML 1.1 reads `010` as 8, `1:30` as 90 and `2021-06-30` as a date. Nobody means that in a
configuration, so these are refused wherever they stand. `no`, `yes`, `on` and `off` are booleans:
right where true or false is wanted, and refused by the models elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from yaml import ScalarNode
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

from aggregator.text.xml_chars import strip_illegal

_PREFIX = "tag:yaml.org,2002:"
_TEXT = {f"{_PREFIX}str", f"{_PREFIX}value", f"{_PREFIX}merge"}
_VARIABLE = re.compile(
    r"\$(?P<escaped>\$\{)|\$\{(?:(?P<name>[A-Za-z_]\w*)(?::-(?P<default>[^}]*))?\})?"
)
_RESOLVER: Any = Resolver()
_OCTAL = re.compile(r"[-+]?0[0-7_]+")


class ScalarError(ValueError):
    """A scalar that cannot be used, with what would be right."""

    def __init__(self, what: str, hint: str) -> None:
        self.what = what
        self.hint = hint
        super().__init__(what)


def replace_variables(text: str, environment: Mapping[str, str]) -> str:
    """Put the values of the environment in the place of `${NAME}` and `${NAME:-default}`.

    The default stands in for a variable that is missing or empty, as in a shell; `$${` is a `${`.

    Raises:
        ScalarError: a variable is missing, or `${` is not closed. The message holds no value.
    """

    def value(match: re.Match[str]) -> str:
        if match["escaped"]:
            return "${"
        name, default = match["name"], match["default"]
        if name is None:
            raise ScalarError("`${` without a name and a }", "write ${NAME}, or $${ for a plain ${")
        if default is not None:
            return environment.get(name) or default
        if name not in environment:
            raise ScalarError(
                f"the environment variable {name} is not set",
                f"set it, or give a default: ${{{name}:-default}}",
            )
        return environment[name]

    return _VARIABLE.sub(value, text)


def scalar_tag(text: str, tag: str | None, *, plain: bool) -> str:
    """The YAML tag of a scalar: that which is written, or for a plain one that of its form."""
    if tag is not None and tag != "!":
        return tag
    return str(_RESOLVER.resolve(ScalarNode, text, (plain, not plain)))


def is_text(tag: str) -> bool:
    """Whether a tag stands for text."""
    return tag in _TEXT


def unknown_tag(tag: str) -> tuple[str, str]:
    """What to say about a tag that is not used in a configuration."""
    return f"the tag {tag.replace(_PREFIX, '!!')[:60]} is not used here", "leave the tag out"


def scalar_value(
    text: str, tag: str, environment: Mapping[str, str], *, plain: bool
) -> tuple[object, bool]:
    """The value of a scalar, and whether the environment had a part in it.

    A plain scalar that is one `${NAME}` and nothing else takes the type of its new text, as if
    that text stood in the file; any other keeps being text.

    Raises:
        ScalarError: it deceives, is no value of its type, or names a missing variable.
    """
    if tag not in _TEXT or "${" not in text:
        return _typed(text, tag, f"`{text[:60]}`"), False
    replaced = replace_variables(text, environment)
    match = _VARIABLE.fullmatch(text)
    if plain and match and match["name"]:
        tag = scalar_tag(replaced, None, plain=True)
        return _typed(replaced, tag, f"the value of `{text[:60]}`"), True
    return _checked(replaced), any(match["name"] for match in _VARIABLE.finditer(text))


def _typed(text: str, tag: str, shown: str) -> object:
    """The value of a text under a tag; `shown` is how messages may call it."""
    if tag in _TEXT:
        return _checked(text)
    kind = tag.removeprefix(_PREFIX)
    if kind == "timestamp":
        raise ScalarError(f"{shown} reads as a date", "put it in quotes to keep it text")
    if kind == "int" and ":" in text:
        raise ScalarError(
            f"{shown} reads as a number to the base of 60",
            "put it in quotes to keep it text, or write a duration such as 90m",
        )
    if kind == "int" and _OCTAL.fullmatch(text):
        raise ScalarError(
            f"{shown} reads as a number to the base of 8",
            "put it in quotes to keep it text, or leave out the leading 0",
        )
    if kind == "float" and ":" in text:
        raise ScalarError(f"{shown} reads as a number to the base of 60", "put it in quotes")
    return _construct(text, tag, shown)


def _checked(text: str) -> str:
    """A text that every feed and database can carry; escapes in quotes can spoil it."""
    if strip_illegal(text) != text:
        raise ScalarError("the text holds a control character", "remove it")
    return text


def _construct(text: str, tag: str, shown: str) -> object:
    """Let PyYAML make the value; only the plain types of a configuration are known."""
    constructor = SafeConstructor()
    make = {
        "int": constructor.construct_yaml_int,
        "float": constructor.construct_yaml_float,
        "bool": constructor.construct_yaml_bool,
        "null": constructor.construct_yaml_null,
    }.get(tag.removeprefix(_PREFIX))
    if make is None:
        raise ScalarError(*unknown_tag(tag))
    try:
        return make(ScalarNode(tag, text))
    except (ValueError, KeyError, IndexError):
        raise ScalarError(f"{shown} cannot be read", "put it in quotes to keep it text") from None
