"""The connections under requests: opened by the guard, watched by the deadline.

An adapter is used without a requests `Session`: a session reads the bodies of redirects, also of
those that it does not follow, keeps cookies, and looks for proxies and passwords in the
environment; none of that is wanted here. Does not know what is asked for or what the answer means.
"""

from __future__ import annotations

import logging
import socket
import ssl
import threading
import time
from functools import cache, partial
from typing import Any

from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.util import create_urllib3_context

from aggregator.fetch.deadlines import Deadline
from aggregator.fetch.guard import AddressPolicy, connect, is_public

# It tells of cut headers with a traceback and the whole address, and we tell of them in our words.
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)


MOST_HOSTS = 64
"""Hosts to which connections are kept alive at a time."""
KEPT_SECONDS = 4.0
"""How long a connection may lie idle and be used again: many servers close theirs after five."""


class Line(threading.local):
    """What the connections of an exchange go by: the rules, and the exchange now under way.

    Each thread sees its own, since it carries one exchange at a time.

    `left_home` is set once the exchange has met a public address, or from the start where one named
    what is asked for: from then on it may not be led to a private one, whatever the policy allows
    for sources that live there. `outside` says that the newest request went to a public address,
    `at_home` that it went to a private one; one of the policy's exceptions is neither.
    """

    def __init__(self, policy: AddressPolicy, timeout: float) -> None:
        self.policy = policy
        self.timeout = timeout
        self.deadline = Deadline(timeout)
        self.left_home = False
        self.outside = True
        self.at_home = False

    def begin(self, deadline: Deadline, *, from_outside: bool = False) -> None:
        """Start another exchange."""
        self.deadline = deadline
        self.left_home = from_outside

    def dial(self, host: str, port: int) -> socket.socket:
        """Resolve, judge and connect, inside the time that is left."""
        seconds = min(self.timeout, self.deadline.remaining)
        addresses = self.policy.vet(host.strip("[]"), port, seconds, private=not self.left_home)
        return connect(addresses, port, min(self.timeout, self.deadline.remaining))

    def take(self, sock: socket.socket) -> None:
        """Note that a request is about to go out over this socket, new or kept alive.

        Raises:
            FetchError: it was kept from an exchange that might be led where this one may not.
        """
        self.deadline.guard(sock)
        address, port = sock.getpeername()[:2]
        self.policy.check(address, address, port, private=not self.left_home)
        is_exception = (address, port) in self.policy.exceptions
        self.outside = is_public(address) and not is_exception
        self.at_home = not is_public(address) and not is_exception
        self.left_home = self.left_home or self.outside


class _Guarded(HTTPConnection):
    """A connection that the guard opens and the deadline watches; of one thread at a time."""

    def __init__(self, *arguments: Any, line: Line, **options: Any) -> None:
        self._line = line
        self._idle_since = time.monotonic()
        super().__init__(*arguments, **options)

    def _new_conn(self) -> socket.socket:
        return self._line.dial(self._dns_host, self.port)

    @property
    def is_connected(self) -> bool:
        """Whether it may be used again."""
        return time.monotonic() - self._idle_since < KEPT_SECONDS and super().is_connected

    def putrequest(self, *arguments: Any, **options: Any) -> None:
        """Start a request; a connection that is not open yet is opened here."""
        if self.sock is None:
            self.connect()
        self._line.take(self.sock)
        super().putrequest(*arguments, **options)

    def leave(self) -> None:
        """The exchange is done with it: its deadline may not cut who uses it next."""
        self._line.deadline.release()
        self._idle_since = time.monotonic()


class _GuardedTLS(_Guarded, HTTPSConnection):
    """The same with TLS: the name stays the host's, only the socket is ours."""


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Guarded

    def _put_conn(self, conn: Any) -> None:
        if conn is not None:
            conn.leave()
        super()._put_conn(conn)


class _TLSPool(_Pool, HTTPSConnectionPool):
    ConnectionCls = _GuardedTLS


@cache
def tls_context(ca_bundle: str | None) -> ssl.SSLContext:
    """TLS 1.2 or later, with certificates checked; made once, because reading them is slow."""
    context = create_urllib3_context()
    context.load_verify_locations(ca_bundle or DEFAULT_CA_BUNDLE_PATH)
    return context


class GuardedAdapter(HTTPAdapter):
    """requests' own transport over guarded connections, which all threads share.

    Of each host so many are kept alive as may be asked `at_once`. The certificates to trust are
    read when the first host is asked that needs them.
    """

    def __init__(self, line: Line, ca_bundle: str | None, at_once: int) -> None:
        self._line = line
        self._ca_bundle = ca_bundle
        super().__init__(pool_connections=MOST_HOSTS, pool_maxsize=at_once, max_retries=0)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **options: Any
    ) -> None:
        """Make the pools out of guarded connections; called by HTTPAdapter.__init__."""
        pools = PoolManager(connections, maxsize=maxsize, block=block, **options)
        # urllib3 calls these, it does not look at them: what makes a pool will do for a class.
        makers: dict[str, Any] = {
            "http": partial(_Pool, line=self._line),
            "https": self._tls_pool,
        }
        pools.pool_classes_by_scheme = makers
        self.poolmanager = pools

    def _tls_pool(self, *arguments: Any, **options: Any) -> _TLSPool:
        options |= {"line": self._line, "ssl_context": tls_context(self._ca_bundle)}
        return _TLSPool(*arguments, **options)

    def get_connection_with_tls_context(self, request: Any, *_: Any, **__: Any) -> Any:
        """The pool of the request's host; there are no proxies or certificates of our own."""
        return self.poolmanager.connection_from_url(request.url)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave it to the context, which always checks, and has its certificates loaded."""
