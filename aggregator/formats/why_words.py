"""Why a source is read when it is, in the language of whoever reads it.

`fetch.due` says it in English, and so it is stored; here those sentences are recognised and told in
other words. What is not recognised stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from aggregator.formats.health_words import ENGLISH, span
from aggregator.model.quantities import parse_duration

_FIELDS = {"length": r"(?P<length>\d+[a-z]+)", "who": r"(?P<who>.+)", "number": r"(?P<number>\d+)"}
_JOINT = ENGLISH["why_joint"]


def why_in_words(why: str, words: Mapping[str, str]) -> str:
    """The reasons for an interval, each in these words."""
    if words is ENGLISH or not why:
        return why
    return words["why_joint"].join(_told(part, words) for part in why.split(_JOINT))


def _told(part: str, words: Mapping[str, str]) -> str:
    for key, pattern in _patterns():
        if found := pattern.fullmatch(part):
            fields = found.groupdict()
            if "length" in fields:
                fields["length"] = span(parse_duration(fields["length"]), words)
            if fields.get("who") == ENGLISH["cache"]:
                fields["who"] = words["cache"]
            return words[key].format_map(fields)
    return part


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(_each_pattern())


def _each_pattern() -> Iterator[tuple[str, re.Pattern[str]]]:
    """How each sentence reads in English, those with the fewest gaps first."""
    keys = [key for key in ENGLISH if key.startswith("why_") and key != "why_joint"]
    for key in sorted(keys, key=lambda each: ENGLISH[each].count("{")):
        text = re.escape(ENGLISH[key])
        for name, pattern in _FIELDS.items():
            text = text.replace(rf"\{{{name}\}}", pattern)
        yield key, re.compile(text)
