"""Headings of a body that stands in a page of ours: they go on below the page's own, and skip none.

Sources begin with any level; a screen reader's list of headings should be that of one document.
"""

from __future__ import annotations

import re

_TAG = re.compile(r"<(/?)h([1-6])(?=[\s>])")
_DEEPEST = 6


def below(body: str, level: int) -> str:
    """The sanitized body with its headings under one of a level: the first is the next level."""
    over: list[int] = []
    opened = level + 1

    def rename(tag: re.Match[str]) -> str:
        nonlocal opened
        if not tag[1]:
            own = int(tag[2])
            while over and over[-1] >= own:
                over.pop()
            over.append(own)
            opened = min(level + len(over), _DEEPEST)
        return f"<{tag[1]}h{opened}"

    return _TAG.sub(rename, body)
