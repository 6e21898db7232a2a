"""Small pictures of every kind, as real as their first bytes."""

from __future__ import annotations

PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0" * 40
PICTURES = {
    "image/png": PNG,
    "image/jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\0" * 40,
    "image/gif": b"GIF89a\1\0\1\0" + b"\0" * 40,
    "image/webp": b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 40,
    "image/avif": b"\0\0\0\x20ftypavif\0\0\0\0avifmif1" + b"\0" * 40,
}


def picture(size: int, filling: bytes = b"x") -> bytes:
    """A PNG of so many bytes, as far as its beginning tells."""
    return PNG[:8] + filling * (size - 8)
