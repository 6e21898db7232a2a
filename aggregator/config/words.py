"""What pydantic's errors mean to a person who writes a configuration.

Values are shown as the file writes them, never as the environment filled them in.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from aggregator.config.nodes import Items, Keys, Node, Scalar, holds_replaced

FROM_ENVIRONMENT = "what the environment gives here is not accepted"
"""Said in place of words that could show a secret."""
_WANTED = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "model_type": "a mapping (keys and values)",
    "model_attributes_type": "a mapping (keys and values)",
    "dict_type": "a mapping (keys and values)",
    "mapping_type": "a mapping (keys and values)",
    "none_required": "nothing",
}
_LIMITS = {
    "greater_than_equal": "must be {ge} or more",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be {le} or less",
    "less_than": "must be less than {lt}",
    "string_too_short": "must have {min_length} characters or more",
    "string_too_long": "must have {max_length} characters or less",
    "too_short": "must have {min_length} items or more",
    "too_long": "must have {max_length} items or less",
}


def nearest(word: str, known: Iterable[str]) -> str:
    """`did you mean 'x'?` for the known word that is most like this one, else all of them."""
    words = sorted(known)
    folded = {each.casefold(): each for each in words}
    close = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)
    if close:
        return f"did you mean '{folded[close[0]]}'?"
    return f"known are: {', '.join(words)}" if 0 < len(words) <= 20 else ""  # noqa: PLR2004 - a line's worth


def explain(error: ErrorDetails, node: Node, model: type[BaseModel]) -> tuple[str, str]:
    """What is wrong and what would be right, for an error at a node of a model's file."""
    kind = error["type"]
    if kind in _WANTED:
        return f"{_WANTED[kind]} is wanted, this is {_describe(node)}", _quote_hint(kind, node)
    if kind in _LIMITS:
        return _LIMITS[kind].format(**error.get("ctx", {})), _description(model, error["loc"])
    return _EXPLAINED.get(kind, _own_words)(error, node, model)


def _unknown_key(error: ErrorDetails, _: Node, model: type[BaseModel]) -> tuple[str, str]:
    key = str(error["loc"][-1])
    return f"unknown key `{key[:60]}`", nearest(key, known_keys(model, error["loc"][:-1]))


def _missing_key(error: ErrorDetails, _: Node, model: type[BaseModel]) -> tuple[str, str]:
    return f"the key `{error['loc'][-1]}` is missing", _description(model, error["loc"])


def _wrong_word(error: ErrorDetails, node: Node, _: type[BaseModel]) -> tuple[str, str]:
    words = re.findall("'([^']*)'", str(error.get("ctx", {}).get("expected", "")))
    hint = "" if holds_replaced(node) else nearest(_text(node), words)
    what = f"{_show(node)} is not one of: {', '.join(words)}"
    return what, hint if hint.startswith("did") else ""


def _wrong_form(error: ErrorDetails, node: Node, model: type[BaseModel]) -> tuple[str, str]:
    return f"{_show(node)} is not written as it must be", _description(model, error["loc"])


def _own_words(error: ErrorDetails, node: Node, _: type[BaseModel]) -> tuple[str, str]:
    """The words of a check of our own, unless they could hold a secret."""
    if holds_replaced(node):
        return FROM_ENVIRONMENT, ""
    reason = error.get("ctx", {}).get("error")
    return (str(reason) if reason is not None else error["msg"]), ""


_EXPLAINED: dict[str, Callable[[ErrorDetails, Node, type[BaseModel]], tuple[str, str]]] = {
    "extra_forbidden": _unknown_key,
    "missing": _missing_key,
    "literal_error": _wrong_word,
    "string_pattern_mismatch": _wrong_form,
}


def _show(node: Node) -> str:
    """A value as the file writes it."""
    return f"`{node.text[:60]}`" if isinstance(node, Scalar) else _describe(node)


def _describe(node: Node) -> str:
    """What kind of value stands here."""
    if isinstance(node, Keys):
        return "a mapping"
    if isinstance(node, Items):
        return "a list"
    names = {bool: "true or false", int: "a number", float: "a number", str: "text"}
    kind = names.get(type(node.value), "nothing")
    return f"{_show(node)}, which reads as {kind}" if node.text else kind


def _quote_hint(kind: str, node: Node) -> str:
    """Quotes make text of what YAML reads as something else, and the other way round."""
    if not isinstance(node, Scalar):
        return ""
    if kind == "string_type" and not isinstance(node.value, str) and node.text:
        return f"put it in quotes: '{node.text[:60]}'"
    if kind in {"int_type", "bool_type", "float_type"} and isinstance(node.value, str):
        return "write it without quotes" if node.text.strip().isalnum() else ""
    return ""


def _text(node: Node) -> str:
    """A single value as the file writes it; "" for anything else."""
    return node.text if isinstance(node, Scalar) else ""


def _description(model: type[BaseModel], loc: tuple[str | int, ...]) -> str:
    """The description of the field that an error is about."""
    names = [part for part in loc if isinstance(part, str)]
    for owner in _models(model, loc[:-1]):
        field = owner.model_fields.get(names[-1]) if names else None
        if field is not None and field.description:
            return field.description
    return ""


def known_keys(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """The keys that a model knows at a place in its file."""
    return sorted({key for owner in _models(model, loc) for key in owner.model_fields})


def _models(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[type[BaseModel]]:
    """The models that may stand at a place of a model's file."""
    current: list[type[BaseModel]] = [model]
    for part in loc:
        fields = [owner.model_fields[part] for owner in current if part in owner.model_fields]
        if isinstance(part, str) and fields:
            current = [each for field in fields for each in models_in(field.annotation)]
    return current


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """Every model inside a type such as `tuple[RuleSpec, ...]` or `FullText | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from models_in(part)
