"""Regular expressions that never take long: google-re2 is known here (and where they are checked).

RE2 runs in time linear in the text, whoever wrote the pattern; it has no look-around and no
backreferences (https://github.com/google/re2/wiki/Syntax).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import re2

from aggregator.errors import AggregatorError


def found(pattern: str, text: str) -> bool:
    """Whether a pattern matches anywhere in a text."""
    return _compiled(pattern).search(_sound(text)) is not None


def replaced(pattern: str, replacement: str, text: str) -> str:
    r"""A text with every match replaced; `\1` in the replacement is the first group."""
    result: str = _compiled(pattern).sub(replacement, _sound(text))
    return result


@lru_cache(maxsize=2048)
def _compiled(pattern: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    try:
        return re2.compile(pattern, options)
    except re2.error as error:
        raise AggregatorError(
            f"a rule's pattern {pattern!r} is not a regular expression of RE2: {error}"
        ) from error


def _sound(text: str) -> str:
    """RE2 reads UTF-8, which has no lone surrogates."""
    return text.encode("utf-8", "replace").decode()
