"""What kind of picture some bytes are, by how they begin; no name or header is believed.

Only kinds that browsers show and that can carry no script: SVG is not among them.
"""

from __future__ import annotations

LONGEST_START = 256
"""Bytes that are looked at."""
TYPES = frozenset({"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"})
ALIASES = {"image/jpg": "image/jpeg", "image/pjpeg": "image/jpeg", "image/apng": "image/png"}
"""Other names that servers give them."""

_STARTS = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
_AVIF_BRANDS = (b"avif", b"avis")


def picture_type(data: bytes) -> str:
    """The media type of a picture; "" for everything that is none."""
    for start, media_type in _STARTS.items():
        if data.startswith(start):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return "image/avif" if data[4:8] == b"ftyp" and _is_avif(data) else ""


def is_named_picture(content_type: str) -> bool:
    """Whether a server calls what it sends one of the kinds that are taken."""
    name = content_type.partition(";")[0].strip().lower()
    return ALIASES.get(name, name) in TYPES


def _is_avif(data: bytes) -> bool:
    """Whether the brands of a file in ISO's format say AVIF; the second of them is a version."""
    size = min(int.from_bytes(data[:4], "big"), LONGEST_START)
    brands = [data[at : at + 4] for at in range(8, size, 4) if at != 12]  # noqa: PLR2004 - where the version is
    return any(brand in _AVIF_BRANDS for brand in brands)
