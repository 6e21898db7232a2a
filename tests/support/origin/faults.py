"""Every way of the fault table in which an origin can misbehave, by name.

`FAULTS` is what the whole service is tried on (`tests/faults/test_hostile_web.py`) and what
`python -m tests.support.origin` serves. A new fault is one line here: what the origin does, and the
reason code with which a source that lives there must fail. N… are the rows of docs/faults.md.
"""

from __future__ import annotations

import gzip as gzip_format
import ssl
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

import brotli

from tests.support.names import DEAD, MANY, SLOW
from tests.support.origin.behaviours import (
    bomb,
    chunks,
    drip,
    endless,
    hang,
    head,
    redirect,
    reset,
    send,
)
from tests.support.origin.certificates import speaking, speaking_old
from tests.support.origin.wire import Behaviour, Seen, Wire

_BOMB = 200_000_000
_RSS = {"Content-Type": "application/rss+xml"}


@dataclass(frozen=True)
class Fault:
    """What an origin does, in which row of the table, and how a source must fail there.

    `host` is the name by which it is asked for, where that is what is wrong with it; `tls` is how
    it speaks HTTPS.
    """

    row: str
    reason: str
    behaviour: Behaviour
    host: str = ""
    tls: ssl.SSLContext | None = None


def packed(body: bytes, *encodings: str, length: int | None = None) -> Behaviour:
    """An answer that says how its body is compressed."""
    headers = {**_RSS, "Content-Encoding": ", ".join(encodings)}
    return send(head(200, headers, length=len(body) if length is None else length) + body)


def growing(wire: Wire, seen: Seen) -> None:
    """Redirect to the same path with one more word in the query, for ever."""
    redirect(f"{seen.path}{'&' if '?' in seen.path else '?'}again=1")(wire, seen)


def looping(wire: Wire, seen: Seen) -> None:
    """Redirect to where the client is already."""
    redirect(seen.path)(wire, seen)


def looping_with(body: bytes) -> Behaviour:
    """The same, and each redirect carries a body that unfolds to many megabytes."""

    def behave(wire: Wire, seen: Seen) -> None:
        redirect(seen.path, body=body, headers={"Content-Encoding": "gzip"})(wire, seen)

    return behave


def answered(status: int, headers: Mapping[str, str] | None = None) -> Behaviour:
    """A status with a few words."""
    return send(head(status, headers or {}, length=5) + b"sorry")


def said(body: bytes, content_type: str = "application/rss+xml") -> Behaviour:
    """A good answer with any body."""
    return send(head(200, {"Content-Type": content_type}, length=len(body)) + body)


def _slow() -> dict[str, Fault]:
    begun = head(200, _RSS)
    return {
        "slow-headers": Fault("N1", "timeout", drip(b"HTTP/1.1 200 OK\r\nX-Slow: 1\r\n", 0.3)),
        "slow-body": Fault("N1", "timeout", send(begun, drip(b"<rss><channel>", 0.3))),
        "slow-end": Fault("N1", "timeout", send(head(200, _RSS, length=99) + b"<rss>", hang)),
        "no-answer": Fault("N1", "timeout", hang),
    }


def _large() -> dict[str, Fault]:
    chunked = {**_RSS, "Transfer-Encoding": "chunked"}
    small = bomb(_BOMB)
    return {
        "endless": Fault("N2", "too_large", send(head(200, _RSS), endless(b"x" * 65_536))),
        "endless-chunks": Fault(
            "N2", "too_large", send(head(200, chunked), endless(chunks(b"x" * 65_536, end=b"")))
        ),
        "ten-gigabytes": Fault(
            "N2", "too_large", send(head(200, _RSS, length=10**10), endless(b"x" * 65_536))
        ),
        "gzip-bomb": Fault("N3", "too_large", packed(small, "gzip")),
        "double-gzip-bomb": Fault(
            "N3", "too_large", packed(gzip_format.compress(small), "gzip", "gzip")
        ),
        "deflate-bomb": Fault("N3", "too_large", packed(zlib.compress(bytes(_BOMB)), "deflate")),
        "brotli-bomb": Fault(
            "N3", "too_large", packed(brotli.compress(bytes(_BOMB), quality=1), "br")
        ),
        "three-encodings": Fault("N3", "bad_response", packed(small, "gzip", "gzip", "gzip")),
        "unasked-zstd": Fault("N3", "bad_response", packed(b"(\xb5/\xfd", "zstd")),
        "bomb-in-redirect": Fault("N3", "too_many_redirects", looping_with(small)),
    }


def _led_astray() -> dict[str, Fault]:
    inside = {
        "to-metadata": "http://169.254.169.254/latest/meta-data/",
        "to-private": "http://10.0.0.5/",
        "to-loopback": "http://[::1]/",
        "to-carrier": "http://100.100.100.200/",
        "to-azure": "http://168.63.129.16/machine",
    }
    elsewhere = {"to-file": "file:///etc/passwd", "to-gopher": "gopher://127.0.0.1:70/_x"}
    return {
        "loop": Fault("N4", "too_many_redirects", looping),
        "growing-loop": Fault("N4", "too_many_redirects", growing),
        **{name: Fault("N5", "blocked_address", redirect(to)) for name, to in inside.items()},
        **{name: Fault("N5", "bad_url", redirect(to)) for name, to in elsewhere.items()},
    }


def _cut() -> dict[str, Fault]:
    chunked = {**_RSS, "Transfer-Encoding": "chunked"}
    begun = b"<rss><channel><item>"
    return {
        "reset": Fault("N9", "connect", reset),
        "closed": Fault("N9", "connect", send(b"")),
        "reset-in-body": Fault("N9", "incomplete", send(head(200, _RSS, length=99) + begun, reset)),
        "too-short": Fault("N9", "incomplete", send(head(200, _RSS, length=99) + begun)),
        "cut-chunks": Fault("N9", "incomplete", send(head(200, chunked) + chunks(begun, end=b""))),
        "cut-gzip": Fault("N9", "incomplete", packed(gzip_format.compress(begun * 9)[:-4], "gzip")),
        "false-gzip": Fault("N9", "bad_response", packed(begun, "gzip")),
    }


def _odd() -> dict[str, Fault]:
    many = [(f"X-{number}", "x") for number in range(150)]
    return {
        "unasked-304": Fault("N10", "bad_response", send(head(304))),
        "too-often": Fault("N11", "rate_limited", answered(429, {"Retry-After": "315360000"})),
        "away": Fault("N11", "http_error", answered(503, {"Retry-After": "-5"})),
        "gone": Fault("N11", "gone", answered(410)),
        "150-headers": Fault("N12", "bad_response", send(head(200, many, length=0))),
        "long-header": Fault("N12", "bad_response", send(head(200, {"X-Long": "x" * 100_000}))),
        "bad-status": Fault("N12", "bad_response", send(b"HTTP/1.1 abc\r\n\r\n")),
        "not-http": Fault("N12", "bad_response", send(b"SSH-2.0-OpenSSH_9\r\n")),
        "control-header": Fault(
            "N12", "bad_response", send(b"HTTP/1.1 200 OK\r\nETag: a\x1b[2Jb\r\n\r\n")
        ),
        "nothing": Fault("C3", "empty", said(b"")),
        "login-page": Fault(
            "C3", "not_a_feed", said(b"<html><form>login</form></html>", "text/html")
        ),
        "picture": Fault("C3", "not_a_feed", said(b"\x89PNG\r\n\x1a\n" + bytes(99), "image/png")),
    }


def _unfindable() -> dict[str, Fault]:
    """Names, as `tests.support.names` resolves them."""
    return {
        "dead-name": Fault("N7", "dns", hang, host=DEAD),
        "slow-name": Fault("N7", "dns", hang, host=SLOW),
        "thousand-addresses": Fault("N7", "connect", hang, host=MANY),
    }


def _untrusted() -> dict[str, Fault]:
    contexts = {
        "expired": speaking("expired"),
        "self-signed": speaking("self-signed"),
        "of-another-host": speaking("wrong-host"),
        "old-tls": speaking_old(),
    }
    return {
        name: Fault("N8", "tls", said(b""), host="localhost", tls=context)
        for name, context in contexts.items()
    }


def faults() -> dict[str, Fault]:
    """All of them, made when they are asked for: the bombs take a moment."""
    return {
        **_slow(),
        **_large(),
        **_led_astray(),
        **_unfindable(),
        **_untrusted(),
        **_cut(),
        **_odd(),
    }
