"""From a tree of nodes to a model of pydantic's, or to findings at the right places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from aggregator.config.nodes import UNUSABLE, Finding, Keys, Node, Path, Scalar, find, value_of
from aggregator.config.words import explain

Model = TypeVar("Model", bound=BaseModel)


def validate(model: type[Model], root: Node) -> tuple[Model | None, list[Finding]]:
    """The model that a tree describes, or None and everything that is wrong with it."""
    if not isinstance(root, Keys):
        return None, [
            Finding((), "a mapping (keys and values) is wanted here", "write `key: value`")
        ]
    try:
        return model.model_validate(value_of(root)), []
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        return None, list(_findings(details, root, model))


def _findings(
    errors: Iterable[ErrorDetails], root: Node, model: type[BaseModel]
) -> Iterator[Finding]:
    """One finding for each place, whatever number of alternatives was tried there."""
    grouped: dict[tuple[Path, bool], list[tuple[str, str]]] = {}
    for error in _without_lost_alternatives(list(errors), root):
        found = find(root, error["loc"])
        if isinstance(found.node, Scalar) and found.node.value is UNUSABLE:
            continue
        at_key = error["type"] == "extra_forbidden"
        words = explain(error, found.node, model)
        grouped.setdefault((found.path, at_key), []).append(words)
    for (path, at_key), told in grouped.items():
        whats, hints = zip(*told, strict=True)
        yield Finding(path, _joined(whats, ", and "), _joined(hints, ", or "), at_key=at_key)


def _joined(texts: Iterable[str], word: str) -> str:
    """Different texts in one line."""
    return word.join(dict.fromkeys(" ".join(text.split()) for text in texts if text))


def _without_lost_alternatives(errors: list[ErrorDetails], root: Node) -> Iterator[ErrorDetails]:
    """Leave out errors of alternatives of a type that the file does not mean.

    Where a mapping or a word is allowed and a mapping stands, only what is wrong inside it counts.
    """
    inner = {find(root, error["loc"]).path for error in errors}
    outer = {path[:length] for path in inner for length in range(len(path))}
    for error in errors:
        lost = find(root, error["loc"]).path in outer and _names_alternative(error, root)
        if not lost or error["type"] == "missing":
            yield error


def _names_alternative(error: ErrorDetails, root: Node) -> bool:
    """Whether an error's location names one of several types besides keys of the file."""
    keys = find(root, error["loc"]).path
    return any(isinstance(part, str) and part not in keys for part in error["loc"])
