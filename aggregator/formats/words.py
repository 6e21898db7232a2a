"""The interface's own words in the language of a page: English in the code, others in catalogues.

The catalogues are gettext's (`locale/`); `make words` brings them up to date with the code, and a
test sees that no word is missing. What articles say is never translated.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files

ENGLISH = "en"
CHINESE = "zh-CN"
_CATALOGUES = {CHINESE: "zh_CN"}


def N_(text: str) -> str:  # noqa: N802 - the name by which gettext's tools find such words
    """The text as it is: marks words that are translated where they are shown."""
    return text


def spoken(language: str) -> str:
    """What the interface of a page in a language (BCP 47) speaks: Chinese for every `zh`."""
    return CHINESE if language.lower().split("-")[0] == "zh" else ENGLISH


@cache
def translations(speech: str) -> NullTranslations:
    """The catalogue of a language that `spoken` gave; for English an empty one."""
    if speech not in _CATALOGUES:
        return NullTranslations()
    place = files(__package__) / "locale" / _CATALOGUES[speech] / "LC_MESSAGES/aggregator.mo"
    with place.open("rb") as catalogue:
        return GNUTranslations(catalogue)
