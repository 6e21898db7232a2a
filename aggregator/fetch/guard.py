"""Which addresses may be connected to, and the one place where a connection is opened.

A name is resolved once, every answer is judged, and the socket goes to one of the judged answers:
nothing can be re-pointed between the check and the connection, and what is judged are addresses,
never the strings that stand in a URL. Knows nothing of HTTP; see `wire` for the connections that
use it.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from queue import Empty, SimpleQueue

from aggregator.errors import FetchError, FetchReason

Resolver = Callable[[str, int], Sequence[str]]
"""Gives every address of a name; raises OSError where there is none."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_MOST_ADDRESSES_TRIED = 4
_REMEMBERED = 10_000
"""Addresses of which it is remembered what they are; each request asks several times."""

# `is_global` changed its mind about some of these between Python versions, and lets others through
# by the letter of the registry: tunnels and translations, that can lead inside, and the address
# under which Azure answers its machines about themselves.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(network)
    for network in (
        "100.64.0.0/10",
        "168.63.129.16/32",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "198.18.0.0/15",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2001::/23",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",
    )
)
_PRIVATE = tuple(
    ipaddress.ip_network(network)
    for network in (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
    )
)


@lru_cache(maxsize=_REMEMBERED)
def _parsed(address: str) -> _Address:
    """The address without its zone, and as IPv4 where it only wraps one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return getattr(ip, "ipv4_mapped", None) or ip


@lru_cache(maxsize=_REMEMBERED)
def is_public(address: str) -> bool:
    """Whether an address (not a name) is one of the open internet."""
    ip = _parsed(address)
    open_to_all = ip.is_global and not ip.is_multicast and not ip.is_reserved
    return open_to_all and not any(ip in network for network in _NOT_PUBLIC)


def is_private(address: str) -> bool:
    """Whether an address is this machine's or of a private network.

    Link-local addresses are not among them: that is where clouds give out credentials.
    """
    ip = _parsed(address)
    return any(ip in network for network in _PRIVATE)


def system_resolver(host: str, port: int) -> list[str]:
    """Every address that the system knows for a name, in the order to try them."""
    answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(answer[4][0]) for answer in answers))


@dataclass(frozen=True)
class AddressPolicy:
    """What may be connected to.

    Public addresses always; private and loopback ones where `allow_private` is set; and
    `exceptions`, an exact list of (address, port) for tests and special cases.
    """

    allow_private: bool = False
    exceptions: frozenset[tuple[str, int]] = frozenset()
    resolve: Resolver = system_resolver

    def permits(self, address: str, port: int, *, private: bool = True) -> bool:
        """Whether this address may be connected to; `private=False` sets `allow_private` aside."""
        if (str(_parsed(address)), port) in self.exceptions or is_public(address):
            return True
        return self.allow_private and private and is_private(address)

    def vet(self, host: str, port: int, seconds: float, *, private: bool = True) -> list[str]:
        """The addresses of a host, if every one of them is permitted.

        Raises:
            FetchError: one is not, or the name has none, or took longer than `seconds`.
        """
        addresses = self._resolve(host, port, seconds)
        for address in addresses:
            self.check(host, address, port, private=private)
        return addresses

    def check(self, host: str, address: str, port: int, *, private: bool) -> None:
        """See that one address of a host is permitted.

        Raises:
            FetchError: it is not.
        """
        if not self.permits(address, port, private=private):
            raise FetchError(
                FetchReason.BLOCKED_ADDRESS,
                f"{host} leads to {address}, which is not a public address; "
                "fetch.allow_private lets sources live on private networks",
            )

    def _resolve(self, host: str, port: int, seconds: float) -> list[str]:
        try:
            return [str(ipaddress.ip_address(host))]
        except ValueError:
            pass  # a name; also 127.1 and 0x7f.1, which only the resolver understands
        answer = _resolve_within(self.resolve, host, port, seconds)
        if not isinstance(answer, Exception) and answer:
            return list(answer)
        why = getattr(answer, "strerror", None) or "it has no address"
        raise FetchError(FetchReason.DNS, f"the name {host} could not be resolved: {why}")


def _resolve_within(
    resolve: Resolver, host: str, port: int, seconds: float
) -> Sequence[str] | Exception:
    """Resolve in a thread of its own, because nothing can interrupt the system's resolver."""
    answers: SimpleQueue[Sequence[str] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(resolve(host, port))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    try:
        return answers.get(timeout=max(seconds, 0))
    except Empty:
        return TimeoutError(0, f"no answer within {seconds:.3g} seconds")


def connect(addresses: Sequence[str], port: int, seconds: float) -> socket.socket:
    """Open a connection to the first address that takes it, and make sure that it is the one.

    Raises:
        OSError: none did.
    """
    problem: OSError = ConnectionError("no address")
    for address in addresses[:_MOST_ADDRESSES_TRIED]:
        try:
            sock = socket.create_connection((address, port), timeout=max(seconds, 0.001))
        except OSError as error:
            problem = error
            continue
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if _parsed(sock.getpeername()[0]) == _parsed(address):
            return sock
        sock.close()
        problem = ConnectionError("connected to another address than asked for")
    raise problem
