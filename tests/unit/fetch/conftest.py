"""An origin on loopback, and fetchers that may reach it and nothing else inside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from aggregator.fetch.guard import AddressPolicy, Resolver, system_resolver
from aggregator.fetch.http import HttpFetcher
from aggregator.model.settings import Fetch
from tests.support.fetching import Client, MakeClient
from tests.support.origin import Origin


@pytest.fixture
def origin() -> Iterator[Origin]:
    """A server that the clients below may reach."""
    with Origin() as running:
        yield running


@pytest.fixture
def make_client(origin: Origin) -> Iterator[MakeClient]:
    """Build a client; `also` are further origins that it may reach."""
    with ExitStack() as stack:

        def make(
            *also: Origin,
            max_bytes: int = 100_000,
            seconds: float = 20,
            silence: float = 10,
            resolve: Resolver = system_resolver,
            allow_private: bool = False,
            ca_bundle: str | None = None,
        ) -> Client:
            reachable = frozenset((one.host, one.port) for one in (origin, *also))
            fetcher = HttpFetcher(
                Fetch(max_bytes=max_bytes, timeout=timedelta(seconds=silence)),
                "tests/1 (+https://feeds.example/)",
                policy=AddressPolicy(allow_private, reachable, resolve),
                exchange_seconds=seconds,
                ca_bundle=ca_bundle,
            )
            return Client(stack.enter_context(fetcher))

        yield make


@pytest.fixture
def client(make_client: MakeClient) -> Client:
    """A client with limits that tests do not meet by accident."""
    return make_client()
