"""When two addresses of sources are the same one, however they are written."""

from __future__ import annotations

from urllib.parse import urlsplit

_USUAL_PORTS = {80, 443}


def same_address(one: str, other: str) -> bool:
    """Whether two addresses lead to the same place: http or https, with or without a last slash."""
    return bool(one) and address_key(one) == address_key(other)


def address_key(url: str) -> str:
    """The same for every way to write an address; the text itself where it is none."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    if not parts.hostname:
        return url
    where = parts.hostname if port is None or port in _USUAL_PORTS else f"{parts.hostname}:{port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{where}{parts.path.rstrip('/')}{query}"
