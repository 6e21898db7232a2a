"""Which content coding to send: `Accept-Encoding` read by RFC 9110 §12.5.3, and the codecs.

It knows nothing of files or answers.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Mapping

import brotli

from aggregator.web.remembering import remembered

IDENTITY = "identity"
CODECS: Mapping[str, Callable[[bytes], bytes]] = {
    "br": lambda body: brotli.compress(body, quality=5),
    # mtime=0: the same bytes in, the same bytes out.
    "gzip": lambda body: gzip.compress(body, compresslevel=6, mtime=0),
}
"""The codings we make, each a pure function of the body; the one that saves most comes first."""

_LONGEST = 1000
_ELEMENT = re.compile(r"([!#$%&'*+.^_`|~0-9a-z-]+)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?")
_UNNAMED = 0.0001


@remembered
def choose(field: bytes) -> str | None:
    """The coding that a client wants most, None where it refuses every one that we have.

    Of several wanted alike the smallest is taken: br, then gzip. A coding that the client does not
    name is refused, except `identity`, which then is the last choice.
    """
    given = dict(_read(field)) if len(field) <= _LONGEST else {}
    others = given.get("*", 0.0)
    wanted = {coding: given.get(coding, others) for coding in CODECS}
    wanted[IDENTITY] = given.get(IDENTITY, given.get("*", _UNNAMED))
    best = max(wanted, key=wanted.__getitem__)
    return best if wanted[best] else None


def _read(field: bytes) -> list[tuple[str, float]]:
    """The well-formed elements of the list; `x-gzip` is an old name of `gzip`."""
    elements = (element.strip() for element in field.decode("latin-1").lower().split(","))
    found = [match for element in elements if (match := _ELEMENT.fullmatch(element))]
    return [(match[1].removeprefix("x-"), float(match[2]) if match[2] else 1.0) for match in found]
