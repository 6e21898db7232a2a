"""Every way an exchange can fail has its reason, and every limit holds exactly where it says."""

from __future__ import annotations

import gzip
import logging
import socket
import zlib
from datetime import timedelta
from email.utils import format_datetime

import brotli
import pytest

from aggregator.errors import FetchReason
from aggregator.fetch.answers import parse_retry_after
from tests.support.fetching import NOW, Client, MakeClient
from tests.support.origin import (
    Behaviour,
    Origin,
    bomb,
    chunks,
    drip,
    endless,
    hang,
    head,
    reset,
    send,
)
from tests.support.origin.certificates import AUTHORITY, speaking, speaking_old

LIMIT = 100_000
CHUNKED = {"Transfer-Encoding": "chunked"}


def encoded(body: bytes, *encodings: str) -> Behaviour:
    """A body that says how it is compressed."""
    return send(head(200, {"Content-Encoding": ", ".join(encodings)}, length=len(body)) + body)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (send(b""), FetchReason.CONNECT),
        (reset, FetchReason.CONNECT),
        (send(b"SSH-2.0-OpenSSH\r\n"), FetchReason.BAD_RESPONSE),
        (send(b"HTTP/1.1 abc\r\n\r\n"), FetchReason.BAD_RESPONSE),
        (send(b"HTTP/1.1 200 OK\r\nETag: a\x00b\r\n\r\n"), FetchReason.BAD_RESPONSE),
        (send(head(200, {"X-Long": "x" * 100_000})), FetchReason.BAD_RESPONSE),
        (send(head(200, [(f"X-{n}", "x") for n in range(150)])), FetchReason.BAD_RESPONSE),
        (send(head(200, length=100) + b"only this"), FetchReason.INCOMPLETE),
        (send(head(200, length=100) + b"only this", reset), FetchReason.INCOMPLETE),
        (send(head(200, CHUNKED) + chunks(b"abc", end=b"")), FetchReason.INCOMPLETE),
        (send(head(200, CHUNKED) + b"ff\r\nabc"), FetchReason.INCOMPLETE),
        (send(head(200, CHUNKED) + b"nonsense\r\nabc"), FetchReason.INCOMPLETE),
        (encoded(gzip.compress(b"x" * 999)[:-1], "gzip"), FetchReason.INCOMPLETE),
        (encoded(brotli.compress(b"x" * 999)[:-1], "br"), FetchReason.INCOMPLETE),
        (encoded(zlib.compress(b"x" * 999)[:-1], "deflate"), FetchReason.INCOMPLETE),
        (encoded(b"hello", "gzip"), FetchReason.BAD_RESPONSE),
        (encoded(b"\xff\xffhello", "br"), FetchReason.BAD_RESPONSE),
        (encoded(b"hello", "zstd"), FetchReason.BAD_RESPONSE),
    ],
)
def test_a_broken_answer_is_never_a_page(
    origin: Origin, client: Client, behaviour: Behaviour, reason: FetchReason
) -> None:
    """An answer that is cut, garbled or not HTTP fails with the reason that says so."""
    assert client.error(origin.behave("/broken", behaviour)).reason is reason


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (206, FetchReason.BAD_RESPONSE),
        (300, FetchReason.HTTP_ERROR),
        (301, FetchReason.HTTP_ERROR),
        (401, FetchReason.HTTP_ERROR),
        (404, FetchReason.HTTP_ERROR),
        (410, FetchReason.GONE),
        (429, FetchReason.RATE_LIMITED),
        (500, FetchReason.HTTP_ERROR),
        (503, FetchReason.HTTP_ERROR),
        (999, FetchReason.HTTP_ERROR),
    ],
)
def test_a_status_that_is_no_document_has_its_reason(
    origin: Origin, client: Client, status: int, reason: FetchReason
) -> None:
    """The error carries the status, and the wait that the origin asked for."""
    error = client.error(origin.serve("/x", b"sorry", status=status, headers={"Retry-After": "7"}))
    assert (error.reason, error.status, error.retry_after) == (reason, status, 7.0)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("86399", 86399.0),
        ("86400", 86400.0),
        ("86401", 86400.0),
        ("315360000", 86400.0),
        ("9" * 5000, None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("١٢", None),
        (format_datetime(NOW + timedelta(hours=1), usegmt=True), 3600.0),
        (format_datetime(NOW - timedelta(hours=1), usegmt=True), 0.0),
        (format_datetime(NOW + timedelta(days=3650), usegmt=True), 86400.0),
        ("Mon, 23 Nov 2026 13:00:00 -0000", 3600.0),
        ("Monday, 23-Nov-26 13:00:00 GMT", 3600.0),
        ("Mon Nov 23 13:00:00 2026", 3600.0),
        ("Mon, 99 Nov 99999999 13:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_every_form(text: str, seconds: float | None) -> None:
    """Seconds and dates are understood, garbage is not, and nobody makes us wait over a day."""
    assert parse_retry_after(text, NOW) == seconds


@pytest.mark.parametrize(
    ("date", "seconds"),
    [
        ("Mon, 23 Nov 2026 12:30:00 GMT", 1800.0),
        ("Tue, 23 Nov 2027 12:59:00 GMT", 0.0),
        ("Mon, 23 Nov 2026 11:00:00 GMT", 7200.0),
        ("", 3600.0),
        ("today", 3600.0),
    ],
)
def test_a_date_to_come_back_at_is_meant_by_the_clock_of_the_origin(
    date: str, seconds: float
) -> None:
    """Where the answer says when it was made, a wrong clock on either side changes no wait."""
    assert parse_retry_after("Mon, 23 Nov 2026 13:00:00 GMT", NOW, date) == seconds


@pytest.mark.parametrize("size", [LIMIT - 1, LIMIT, LIMIT + 1])
@pytest.mark.parametrize(
    "encode",
    [
        ("identity", bytes),
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("deflate", zlib.compress),
        ("deflate", lambda body: zlib.compress(body)[2:-4]),
        ("br", brotli.compress),
        ("gzip, gzip", lambda body: gzip.compress(gzip.compress(body))),
        ("gzip, br", lambda body: brotli.compress(gzip.compress(body))),
    ],
)
def test_the_cap_is_on_decoded_bytes(
    origin: Origin, client: Client, size: int, encode: tuple[str, object]
) -> None:
    """However a body is compressed, it may have `max_bytes` and not one more."""
    name, compress = encode
    assert callable(compress)
    url = origin.behave("/feed", encoded(compress(b"a" * size), name))
    if size > LIMIT:
        assert client.error(url).reason is FetchReason.TOO_LARGE
    else:
        assert client.page(url).body == b"a" * size


@pytest.mark.parametrize(
    "behaviour",
    [
        send(head(200), endless(b"x" * 10_000)),
        send(head(200, CHUNKED), endless(chunks(b"x" * 10_000, end=b""))),
        send(head(200, {"Content-Encoding": "gzip"}), endless(gzip.compress(b""))),
        encoded(bomb(30_000_000), "gzip"),
        encoded(gzip.compress(bomb(30_000_000)), "gzip", "gzip"),
        encoded(brotli.compress(b"\0" * 30_000_000, quality=3), "br"),
        encoded(zlib.compress(b"\0" * 30_000_000), "deflate"),
    ],
)
def test_endless_bodies_and_bombs_stop_at_the_cap(
    origin: Origin, client: Client, behaviour: Behaviour
) -> None:
    """A body without end, or one that unfolds to many megabytes, is given up at the cap."""
    assert client.error(origin.behave("/big", behaviour)).reason is FetchReason.TOO_LARGE


def test_gzip_members_and_padding_are_understood(origin: Origin, client: Client) -> None:
    """A body may be several gzip members, with padding behind them (RFC 1952 §2.2)."""
    body = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 20
    assert client.page(origin.behave("/feed", encoded(body, "gzip"))).body == b"one two"


@pytest.mark.parametrize(
    "behaviour",
    [
        hang,
        drip(b"HTTP/1.1 200 OK\r\nX: y", every=0.05),
        send(b"HTTP/1.1 200 OK\r\n", drip(b"X: y\r\n", every=0.01)),
        send(head(200), drip(b"x", every=0.05)),
        send(head(200, length=1000), drip(b"x", every=0.05)),
        send(head(200, CHUNKED), drip(b"1\r\nx\r\n", every=0.02)),
        send(head(200, {"Content-Encoding": "gzip"}) + gzip.compress(b"<rss/>")[:-8], hang),
        send(b"HTTP/1.1 100 Continue\r\n\r\n", drip(b"HTTP/1.1 100 Continue\r\n\r\n", every=0.005)),
    ],
)
def test_a_slow_origin_ends_with_the_exchange(
    origin: Origin, make_client: MakeClient, behaviour: Behaviour
) -> None:
    """Slow headers and slow bodies end at the limit, and never look like a short success."""
    error = make_client(seconds=0.4).error(origin.behave("/slow", behaviour))
    assert error.reason is FetchReason.TIMEOUT


def test_silence_ends_before_the_exchange_does(origin: Origin, make_client: MakeClient) -> None:
    """An origin that says nothing is given up after `timeout`."""
    error = make_client(silence=0.2).error(origin.behave("/silent", hang))
    assert error.reason is FetchReason.TIMEOUT


def test_redirects_share_one_limit(origin: Origin, make_client: MakeClient) -> None:
    """The time of an exchange goes on over its redirects."""
    slow = [send(b"HTTP/1.1 302 Found\r\n", hang)]
    origin.behave("/a", send(head(302, {"Location": "/b"}, length=0)))
    origin.behave("/b", *slow)
    assert make_client(seconds=0.4).error(origin.url("/a")).reason is FetchReason.TIMEOUT


def test_the_next_exchange_is_not_hurt(origin: Origin, make_client: MakeClient) -> None:
    """After one exchange was cut, the same thread fetches on as if nothing had been."""
    client = make_client(seconds=0.3)
    origin.serve("/good", b"fine")
    client.error(origin.behave("/slow", send(head(200), drip(b"x", every=0.05))))
    assert client.page(origin.url("/good")).body == b"fine"


def test_nobody_listens(client: Client, make_client: MakeClient) -> None:
    """A port where nobody listens is a failure to connect."""
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    del client
    error = make_client(allow_private=True).error(f"http://127.0.0.1:{port}/")
    assert error.reason is FetchReason.CONNECT


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feed.xml",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/_x",
        "javascript:alert(1)",
        "http://",
        "http:///feed",
        "http://[::1",
        "http://127.0.0.1:99999/",
        "http://127.0.0.1:abc/",
        "http://a b/",
        "http://a/\r\nHost: b",
        "http://a/\x00",
        "http://a/" + "x" * 8000,
    ],
)
def test_what_is_no_address_is_not_asked(client: Client, url: str) -> None:
    """Only http and https addresses that can be read are asked for."""
    assert client.error(url).reason is FetchReason.BAD_URL


def test_an_error_is_one_clean_line(
    origin: Origin, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    """What a stranger writes reaches an error without control characters, secrets or length."""
    caplog.set_level(logging.DEBUG)
    origin.behave("/x", send(b"\x1b[31m evil\x07 line " + b"y" * 900 + b"\r\n\r\n"))
    error = client.error(origin.url("/x?token=s3cret").replace("http://", "http://me:pass@"))
    assert error.detail.isprintable()
    assert len(error.detail) < 300
    assert not any(secret in str(error) for secret in ("s3cret", "pass", "me:"))


def tls_origin(certificate: str) -> Origin:
    """A server that speaks HTTPS with one of the certificates of `tests/cases/tls`."""
    return Origin(tls=speaking(certificate))


def test_https_with_a_trusted_certificate(make_client: MakeClient) -> None:
    """HTTPS works, by name or address, when the certificate is one that we trust."""
    with tls_origin("good") as server:
        server.serve("/feed", b"safe")
        client = make_client(server, ca_bundle=AUTHORITY)
        assert client.page(server.url("/feed", host="localhost")).body == b"safe"
        assert client.page(server.url("/feed")).body == b"safe"


def test_slow_tls_ends_with_the_exchange(make_client: MakeClient) -> None:
    """Behind TLS, too, a slow body is cut."""
    with tls_origin("good") as server:
        server.behave("/slow", send(head(200), drip(b"x", every=0.05)))
        client = make_client(server, ca_bundle=AUTHORITY, seconds=0.5)
        assert client.error(server.url("/slow")).reason is FetchReason.TIMEOUT


@pytest.mark.parametrize("certificate", ["expired", "wrong-host"])
def test_a_bad_certificate_is_refused(make_client: MakeClient, certificate: str) -> None:
    """An expired or foreign certificate is refused, and not asked again without the check."""
    with tls_origin(certificate) as server:
        client = make_client(server, ca_bundle=AUTHORITY)
        assert client.error(server.url("/feed")).reason is FetchReason.TLS
        assert (server.requests, server.connections) == ([], 1)


def test_an_unknown_authority_is_refused(make_client: MakeClient) -> None:
    """A certificate that only its maker vouches for is refused."""
    with tls_origin("good") as server:
        assert make_client(server).error(server.url("/feed")).reason is FetchReason.TLS
        assert server.requests == []


def test_old_tls_is_refused(make_client: MakeClient) -> None:
    """TLS before 1.2 is refused."""
    with Origin(tls=speaking_old()) as server:
        client = make_client(server, ca_bundle=AUTHORITY)
        assert client.error(server.url("/feed")).reason is FetchReason.TLS
