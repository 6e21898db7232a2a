"""A tsvector as PostgreSQL's binary protocol has it: words, and the places where each stands.

Read as text it costs the server seven times as much (docs/decisions/500). What the server refuses
or leaves out when it reads text is left out here in the same way.
"""

from __future__ import annotations

from functools import cache
from struct import pack
from typing import Any

LAST_PLACE = 16_383
"""What stands further on counts as standing here, each word once."""
MOST_PLACES = 256
"""Places of one word that are kept, the first."""

_TSVECTOR = 3614  # the type's number in every PostgreSQL
_NUMBERS = [pack(">H", number) for number in range(LAST_PLACE + 1)]


class Vector(bytes):
    """A tsvector on its way to the server."""

    __slots__ = ()


def vector(words: str) -> Vector:
    """Words, with a space between them, as a vector."""
    said = words.encode().split()
    places = dict[bytes, bytes]()
    at = places.get
    for word, number in zip(said, _NUMBERS[1:], strict=False):
        places[word] = at(word, b"") + number
    for word in said[LAST_PLACE:]:
        places[word] = at(word, b"").removesuffix(_NUMBERS[-1]) + _NUMBERS[-1]
    parts = [pack(">I", len(places))]
    for word, numbers in places.items():
        kept = numbers[: 2 * MOST_PLACES]
        parts += (word, b"\0", _NUMBERS[len(kept) // 2], kept)
    return Vector(b"".join(parts))


def accept_vectors(driver_connection: Any) -> None:
    """Teach a connection of psycopg to send them."""
    driver_connection.adapters.register_dumper(Vector, _dumper())


@cache
def _dumper() -> type:
    from psycopg.adapt import Dumper
    from psycopg.pq import Format

    class VectorDumper(Dumper):
        """Sends the bytes as they are."""

        format = Format.BINARY
        oid = _TSVECTOR

        def dump(self, obj: Vector) -> bytes:
            return obj

    return VectorDumper
