"""The address guard: nothing inside is ever connected to, by any spelling or trick.

The table has the URL forms with which such guards are usually got round.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import pytest

from aggregator.errors import FetchError, FetchReason
from aggregator.fetch.guard import (
    AddressPolicy,
    connect,
    is_private,
    is_public,
)
from aggregator.model.pages import Request
from tests.support.address_forms import FORMS, NAMES, table_resolver
from tests.support.fetching import Client, MakeClient
from tests.support.origin import Canary, Origin, redirect

PUBLIC = ["93.184.215.14", "1.1.1.1", "223.5.5.5", "2606:4700::1111", "2400:3200::1"]
INSIDE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.5",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd00::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_public(address: str) -> None:
    """Addresses of the open internet may be asked."""
    assert is_public(address)
    assert ":" in address or is_public(f"::ffff:{address}")


@pytest.mark.parametrize("address", INSIDE)
def test_everything_else_is_not(address: str) -> None:
    """Loopback, private, link-local, reserved, tunnelled and clouds' own addresses are inside."""
    assert not is_public(address)


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("127.0.0.1", True),
        ("10.255.255.255", True),
        ("192.168.0.1", True),
        ("172.31.0.1", True),
        ("100.64.0.1", True),
        ("::1", True),
        ("fd12::1", True),
        ("::ffff:10.0.0.1", True),
        ("169.254.169.254", False),
        ("fe80::1", False),
        ("168.63.129.16", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("11.0.0.1", False),
    ],
)
def test_allow_private_never_opens_link_local(address: str, *, private: bool) -> None:
    """`allow_private` opens private networks and this machine, not where clouds keep passwords."""
    policy = AddressPolicy(allow_private=True)
    assert is_private(address) is private
    assert policy.permits(address, 80) is (private or is_public(address))


@pytest.fixture
def canary() -> Iterator[Canary]:
    """A listener on this machine that nobody may reach."""
    with Canary() as listening:
        yield listening


@pytest.mark.parametrize("form", FORMS)
def test_no_spelling_leads_inside(make_client: MakeClient, canary: Canary, form: str) -> None:
    """Every form is refused before a connection is made."""
    client = make_client(resolve=table_resolver)
    error = client.error(form.format(port=canary.port))
    assert error.reason in (FetchReason.BLOCKED_ADDRESS, FetchReason.BAD_URL, FetchReason.DNS)
    assert canary.knocks == 0


@pytest.mark.parametrize("form", [form for form in FORMS if "{port}" not in form])
def test_no_redirect_leads_inside(origin: Origin, client: Client, form: str) -> None:
    """An origin that we may ask cannot send us to one that we may not."""
    origin.behave("/feed", redirect(form))
    assert client.error(origin.url("/feed")).reason is FetchReason.BLOCKED_ADDRESS


def test_no_redirect_leads_to_another_service(
    origin: Origin, client: Client, canary: Canary
) -> None:
    """Not by its port, and not by a name that turns out to be inside."""
    for target in (f"http://127.0.0.1:{canary.port}/", f"//localhost:{canary.port}/"):
        origin.behave("/feed", redirect(target))
        assert client.error(origin.url("/feed")).reason is FetchReason.BLOCKED_ADDRESS
    assert canary.knocks == 0


class Rebinding:
    """A name that is public when it is first asked for, and inside every time after."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked = 0

    def __call__(self, _host: str, _port: int) -> Sequence[str]:
        self.asked += 1
        return [self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]]


def test_a_name_is_resolved_once_for_each_connection(
    origin: Origin, make_client: MakeClient
) -> None:
    """The address that was judged is the one that is connected to: there is no second look-up."""
    rebinding = Rebinding("127.0.0.1", "169.254.169.254")
    client = make_client(resolve=rebinding)
    origin.serve("/feed", b"here")
    assert client.page(origin.url("/feed", host="rebinding.example")).body == b"here"
    assert rebinding.asked == 1
    assert origin.requests[0].headers["host"] == f"rebinding.example:{origin.port}"
    client.fetcher.close()
    error = client.error(origin.url("/feed", host="rebinding.example"))
    assert error.reason is FetchReason.BLOCKED_ADDRESS


def test_a_policy_judges_every_answer() -> None:
    """One answer that is inside spoils all the others, wherever it stands."""
    policy = AddressPolicy(resolve=lambda host, _port: NAMES[host])
    for name in NAMES:
        with pytest.raises(FetchError, match="blocked_address"):
            policy.vet(name, 80, 1)
    assert AddressPolicy(resolve=lambda *_: PUBLIC).vet("many.example", 80, 1) == PUBLIC


def test_a_public_origin_does_not_lead_home() -> None:
    """Where private sources are allowed, a public one still cannot redirect to them."""
    policy = AddressPolicy(allow_private=True)
    assert policy.vet("192.168.0.1", 80, 1) == ["192.168.0.1"]
    with pytest.raises(FetchError, match="blocked_address"):
        policy.vet("192.168.0.1", 80, 1, private=False)


def test_exceptions_are_exact() -> None:
    """An exception opens one address at one port, nothing beside it."""
    policy = AddressPolicy(exceptions=frozenset({("127.0.0.1", 8000)}))
    assert policy.permits("127.0.0.1", 8000)
    assert policy.permits("::ffff:127.0.0.1", 8000)
    assert not policy.permits("127.0.0.1", 8001)
    assert not policy.permits("127.0.0.2", 8000)


def test_private_origins_work_where_they_are_allowed(make_client: MakeClient) -> None:
    """With `allow_private`, a source on this machine is fetched like any other."""
    with Origin() as home:
        home.behave("/old", redirect("/feed"))
        home.serve("/feed", b"here")
        page = make_client(allow_private=True).page(home.url("/old", host="localhost"))
        assert page.body == b"here"


def test_what_the_internet_names_is_not_at_home(make_client: MakeClient) -> None:
    """Also over a connection that is open already, nobody outside leads us to a private origin."""
    with Origin() as home:
        home.serve("/feed", b"here")
        client = make_client(allow_private=True)
        assert not client.page(home.url("/feed")).from_outside
        error = client.error(Request(home.url("/feed"), from_outside=True))
        assert error.reason is FetchReason.BLOCKED_ADDRESS
        assert (len(home.requests), home.connections) == (1, 1)


@pytest.mark.parametrize("answer", [[], OSError(-2, "Name or service not known"), UnicodeError()])
def test_a_name_without_an_address(
    make_client: MakeClient, answer: Sequence[str] | Exception
) -> None:
    """A name that does not resolve is a failure of its own kind."""

    def resolve(_host: str, _port: int) -> Sequence[str]:
        if isinstance(answer, Exception):
            raise answer
        return answer

    error = make_client(resolve=resolve).error("http://nowhere.example/")
    assert error.reason is FetchReason.DNS


@pytest.mark.parametrize("limit", [{"seconds": 0.3}, {"silence": 0.3}])
def test_a_resolver_that_hangs_is_not_waited_for(
    make_client: MakeClient, limit: dict[str, float]
) -> None:
    """The time that a name takes counts; nothing can stop the system's resolver, so it is left."""
    never = threading.Event()

    def resolve(_host: str, _port: int) -> Sequence[str]:
        never.wait(30)
        return PUBLIC

    error = make_client(resolve=resolve, **limit).error("http://slow.example/")
    never.set()
    assert error.reason in (FetchReason.DNS, FetchReason.TIMEOUT)


def test_the_next_address_is_tried() -> None:
    """Where one of a name's addresses does not answer, another one may."""
    with Origin() as origin:
        sock = connect(["127.0.0.99", "127.0.0.1"], origin.port, 5)
        assert sock.getpeername() == ("127.0.0.1", origin.port)
        sock.close()


def test_not_all_of_many_addresses_are_tried() -> None:
    """Of a thousand addresses the first four are tried."""
    with Origin() as origin, pytest.raises(OSError, match="refused"):
        connect(["127.0.0.99"] * 4 + ["127.0.0.1"], origin.port, 5)
