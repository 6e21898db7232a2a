"""One fixed-size fingerprint for everything that is compared by hash; not for secrets."""

from __future__ import annotations

import hashlib


def fingerprint(*parts: str) -> str:
    """SHA-256 over texts, 64 hexadecimal digits; ("ab", "c") differs from ("a", "bc")."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()
