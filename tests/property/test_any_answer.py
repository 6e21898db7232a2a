"""Whatever a server answers, a fetch ends with a page or with a reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aggregator.errors import FetchError
from aggregator.fetch.guard import AddressPolicy
from aggregator.fetch.http import HttpFetcher
from aggregator.model.pages import NotModified, Page, Validators
from aggregator.model.settings import Fetch
from tests.support.fetching import Client
from tests.support.origin import Origin, send

MOST = 2000

names = st.sampled_from(
    [
        b"Content-Length",
        b"Transfer-Encoding",
        b"Content-Encoding",
        b"Location",
        b"ETag",
        b"Retry-After",
        b"Content-Type",
        b"Connection",
    ]
)
values = st.one_of(
    st.sampled_from(
        [b"0", b"5", b"-1", b"chunked", b"gzip", b"br", b"deflate", b"/", b"//[", b"http://::1/"]
    ),
    st.binary(max_size=30),
)
statuses = st.sampled_from([b"200 OK", b"204 No", b"301 M", b"304 N", b"429 T", b"503 U", b"-1 x"])


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """Something between a good answer and noise."""
    lines = [b"HTTP/1.1 " + draw(statuses)]
    pairs = draw(st.lists(st.tuples(names, values), max_size=5))
    lines += [name + b": " + value for name, value in pairs]
    return b"\r\n".join([*lines, b"", b""]) + draw(st.binary(max_size=200))


@pytest.fixture(scope="module")
def server() -> Iterator[Origin]:
    """One origin for all examples."""
    with Origin() as running:
        yield running


@given(st.one_of(answers(), st.binary(max_size=300)))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_answer_is_a_page_or_a_reason(server: Origin, answer: bytes) -> None:
    """No bytes of a server raise anything but a FetchError, and no error holds control codes."""
    policy = AddressPolicy(exceptions=frozenset({(server.host, server.port)}))
    url = server.behave("/", send(answer))
    with HttpFetcher(Fetch(max_bytes=MOST), "tests/1", policy=policy, exchange_seconds=5) as one:
        answered = outcome(Client(one), url)
    if isinstance(answered, FetchError):
        assert answered.detail.isprintable()
    else:
        assert isinstance(answered, NotModified) or len(answered.body) <= MOST


def outcome(client: Client, url: str) -> Page | NotModified | FetchError:
    """An answer or a reason; anything else goes up."""
    try:
        return client.ask(url, Validators('"1"'))
    except FetchError as error:
        return error
