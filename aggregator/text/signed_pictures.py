"""Addresses of our own image proxy: `image/SIGNATURE/WHICH`, which nobody else can make.

`WHICH` is the picture's own address, and the site whose page shows it, in base64. Whoever has no
key gets nothing fetched: an open proxy would serve every stranger's requests.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass

PREFIX = "image"
"""Where these addresses begin, below that of the site; no category may have this id."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture by its own address; `site` is that of the page it stands on, "" if unknown."""

    url: str
    site: str = ""


def signed_path(picture: Picture, key: str) -> str:
    """The address of a picture by way of our proxy, below that of the site.

    Raises:
        ValueError: there is no key.
    """
    if not key:
        raise ValueError("there is no key to sign with")
    which = _encoded(f"{picture.url}\n{picture.site}".rstrip("\n").encode())
    return f"{PREFIX}/{_signature(which, key)}/{which}"


def read_signed(signature: str, which: str, key: str) -> Picture | None:
    """The picture that an address is for; None unless this key made it."""
    right = _signature(which, key) if key else ""
    # Compared whatever comes, in a time that does not tell how much of it was right.
    if not hmac.compare_digest(signature.encode("utf-8", "replace"), right.encode()) or not right:
        return None
    try:
        text = base64.urlsafe_b64decode(which + "=" * (-len(which) % 4)).decode()
    except (binascii.Error, UnicodeError):
        return None
    url, _, site = text.partition("\n")
    return Picture(url, site)


def _signature(which: str, key: str) -> str:
    return _encoded(hmac.digest(key.encode(), which.encode("utf-8", "replace"), "sha256"))


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
