import asyncio
import select
import socket
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from aggregator.errors import ServeError
from aggregator.web.connections import GuardedProtocol
from aggregator.web.server import HttpServer
from tests.support.serving import Client, serving, site


def closed_by_server(connection: socket.socket) -> bool:
    """Whether the server ends the connection before the socket's patience does."""
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    return True


def test_port_0_takes_a_free_port_and_tells_it(tmp_path: Path) -> None:
    """The address names the port that was taken; after the stop nobody listens there."""
    server = HttpServer(site(tmp_path), "127.0.0.1:0")
    assert server.address == "127.0.0.1:0"
    server.start()
    host, _, port = server.address.rpartition(":")
    assert Client(host, int(port)).get("/healthz").status == 200
    server.stop()
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        Client(host, int(port)).get("/healthz")


def test_stopping_before_the_start_does_nothing(tmp_path: Path) -> None:
    """A server that never started can be stopped, so that callers need no state of their own."""
    HttpServer(site(tmp_path), "127.0.0.1:0").stop()


def test_ipv6_is_an_address_too(tmp_path: Path) -> None:
    """A bracketed address is listened at and told with its brackets."""
    if not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    server = HttpServer(site(tmp_path), "[::1]:0")
    try:
        server.start()
    except ServeError:
        pytest.skip("this machine has no IPv6 loopback")
    try:
        assert server.address.startswith("[::1]:")
        assert Client("::1", int(server.address.rpartition(":")[2])).get("/healthz").status == 200
    finally:
        server.stop()


@pytest.mark.parametrize("bind", ["192.0.2.1:8080", "127.0.0.1:99999", "127.0.0.1:http"])
def test_an_impossible_address_says_what_to_do(tmp_path: Path, bind: str) -> None:
    """The error names the address and the setting to change."""
    with pytest.raises(ServeError, match=r"cannot listen at .*server\.bind"):
        HttpServer(site(tmp_path), bind).start()


def test_a_taken_port_is_told_at_once(tmp_path: Path) -> None:
    """The second server on a port fails in the thread that starts it."""
    with serving(site(tmp_path)) as client, pytest.raises(ServeError, match="in use"):
        HttpServer(site(tmp_path), f"{client.host}:{client.port}").start()


def test_a_mistake_of_ours_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """An exception inside is 500 without details, and the server goes on."""

    async def broken(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError("secret")

    with serving(broken) as client:
        replies = [client.get("/x") for _ in range(2)]
    assert [reply.status for reply in replies] == [500, 500]
    assert b"secret" not in replies[0].body
    assert "secret" in caplog.text


def test_answers_do_not_name_the_server(tmp_path: Path) -> None:
    """No Server header, and nothing of Host or X-Forwarded headers comes back."""
    forged = {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-For": "6.6.6.6",
    }
    with serving(site(tmp_path)) as client:
        reply = client.get("/nothing", forged)
    assert "server" not in reply.headers
    assert "evil" not in str(reply)


@pytest.mark.parametrize("path", ["/healthz", "/" + "a" * 1_000_000])
def test_ten_thousand_header_lines_are_refused(tmp_path: Path, path: str) -> None:
    """A head beyond the limit, by its lines or its address, is a 4xx, and the server goes on."""
    lines = "".join(f"X-Header-{number}: value\r\n" for number in range(10_000))
    with serving(site(tmp_path)) as client:
        reply = client.send(f"GET {path} HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode())
        assert (reply.status, reply.headers["x-content-type-options"]) == (431, "nosniff")
        assert client.get("/healthz").status == 200


class Tight(GuardedProtocol):
    """Limits that a test can reach."""

    head_bytes = 1000
    head_seconds = 0.2
    drain_seconds = 0.2
    linger_seconds = 0.2


@pytest.mark.parametrize(("size", "status"), [(999, 200), (1000, 200), (1001, 431)])
def test_the_size_of_a_head_is_bounded(tmp_path: Path, size: int, status: int) -> None:
    """A head of the limit is read, one byte more is refused."""
    start, end = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX: ", b"\r\n\r\n"
    with serving(site(tmp_path), Tight) as client:
        assert client.send(start + b"a" * (size - len(start + end)) + end).status == status


def test_many_requests_on_one_connection_are_many_heads(tmp_path: Path) -> None:
    """The limit counts a request, not the connection."""
    request = b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 500 + b"\r\n\r\n"
    with serving(site(tmp_path), Tight) as client, client.connect() as connection:
        for _ in range(10):
            connection.sendall(request)
            answer = b""
            while not answer.endswith(b"ok\n"):
                answer += connection.recv(65536)
            assert answer.startswith(b"HTTP/1.1 200")


def test_answers_are_sent_without_delay(tmp_path: Path) -> None:
    """Small packets are not held back: an answer on a kept connection must not wait for an ACK."""
    without_delay: list[int] = []

    class Observed(GuardedProtocol):
        """Looks at the socket of each connection."""

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn types it
            super().connection_made(transport)
            connection = transport.get_extra_info("socket")
            without_delay.append(connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    with serving(site(tmp_path), Observed) as client:
        client.get("/healthz")
    assert without_delay == [1]


def test_a_body_that_nobody_asked_for_is_not_read_for_ever(tmp_path: Path) -> None:
    """A request with an endless body is answered, then the connection ends."""
    with serving(site(tmp_path), Tight) as client, client.connect() as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        connection.sendall(b"a" * 1001)
        assert closed_by_server(connection)


@pytest.mark.parametrize("begun", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "])
def test_a_head_that_does_not_come_is_not_waited_for(tmp_path: Path, begun: bytes) -> None:
    """A client that sends nothing, or stops in the middle of its head, is cut."""
    with serving(site(tmp_path), Tight) as client, client.connect() as connection:
        connection.sendall(begun)
        assert closed_by_server(connection)


def test_a_second_head_that_does_not_come_is_not_waited_for(tmp_path: Path) -> None:
    """The same holds for later requests of a connection."""
    with serving(site(tmp_path), Tight) as client, client.connect() as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        connection.sendall(b"GET /hea")
        assert closed_by_server(connection)


def test_a_reader_that_does_not_read_is_cut_and_delays_nobody(tmp_path: Path) -> None:
    """A client that takes nothing of a large answer loses its connection; others are answered."""
    (tmp_path / "rss.xml").write_bytes(b"x" * 30_000_000)
    with serving(site(tmp_path), Tight) as client:
        lazy = socket.socket()
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.settimeout(20)
        with lazy:
            lazy.connect((client.host, client.port))
            lazy.sendall(b"GET /rss.xml HTTP/1.1\r\nHost: x\r\n\r\n")
            assert lazy.recv(1) == b"H"
            assert client.get("/healthz").status == 200
            ended = select.poll()
            ended.register(lazy, 0)
            assert ended.poll(20_000), "the connection is still there"


def test_garbage_is_a_bad_request(tmp_path: Path) -> None:
    """What is not HTTP is 400, and the server goes on."""
    with serving(site(tmp_path)) as client:
        assert client.send(b"\x16\x03\x01 hello\r\n\r\n").status == 400
        assert client.get("/healthz").status == 200
