"""What an origin can do to a client: small functions that write bytes, to be put together.

A new fault is a function here, or a few of these in a row; `faults` gives the ones of the fault
table their names.
"""

from __future__ import annotations

import gzip as gzip_format
from collections.abc import Iterable, Mapping
from http.client import responses

from tests.support.origin.wire import Behaviour, Seen, Wire


def head(
    status: int = 200,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    *,
    length: int | None = None,
) -> bytes:
    """A status line and headers, ended by the empty line; `length` is what Content-Length says."""
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
    if length is not None:
        pairs.append(("Content-Length", str(length)))
    lines = [f"HTTP/1.1 {status} {responses.get(status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in pairs]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def chunks(*parts: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    """A chunked body (RFC 9112 §7.1); with `end=b""` one that is cut."""
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + end


def bomb(size: int) -> bytes:
    """A small gzip stream that unpacks to `size` zero bytes."""
    return gzip_format.compress(b"\0" * size, mtime=0)


def send(data: bytes, *after: Behaviour) -> Behaviour:
    """Write these bytes, then do what follows; the connection closes at the end."""

    def behave(wire: Wire, seen: Seen) -> None:
        wire.write(data)
        for behaviour in after:
            behaviour(wire, seen)

    return behave


def reset(wire: Wire, _seen: Seen) -> None:
    """Break the connection off with a RST."""
    wire.reset()


def hang(wire: Wire, _seen: Seen) -> None:
    """Say nothing more, and keep the connection open."""
    while not wire.is_over:
        wire.pause(60)


def drip(data: bytes, every: float) -> Behaviour:
    """Write one byte at a time, over and over, `every` so many seconds."""

    def behave(wire: Wire, _seen: Seen) -> None:
        position = 0
        while not wire.is_over:
            wire.write(data[position : position + 1])
            position = (position + 1) % len(data)
            wire.pause(every)

    return behave


def endless(block: bytes) -> Behaviour:
    """Write the same block for ever."""

    def behave(wire: Wire, _seen: Seen) -> None:
        while not wire.is_over:
            wire.write(block)

    return behave


def redirect(
    location: str, status: int = 302, *, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> Behaviour:
    """Point elsewhere; the answer may carry a body, as a bomb does."""
    whole = {"Location": location, **(headers or {})}
    return send(head(status, whole, length=len(body)) + body)
