"""Puts a subscriber into the service: whether there are subscriptions, and what they work with."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from urllib.parse import urlsplit

from aggregator.config.paths import site_url
from aggregator.ingest.engine import Unstored
from aggregator.ingest.pushed import Push, pushed_into
from aggregator.model.results import SourceResult
from aggregator.model.settings import Settings
from aggregator.scheduling.clock import ClockWatch
from aggregator.scheduling.subscriptions import Around, Subscriber
from aggregator.service.assembly import Assembly

_LOCAL_NAMES = (".local", ".localhost", ".internal", ".lan", ".home.arpa", ".test", ".invalid")


def subscriber_of(parts: Assembly, watch: Callable[[SourceResult | Unstored], None]) -> Subscriber:
    """A subscriber for what is assembled; `watch` is told of every push that was read.

    Raises:
        StoreError: the database cannot be asked what was subscribed to.
    """

    def ingest(
        source_id: str, push: Push, ended: Callable[[SourceResult | Unstored], None]
    ) -> bool:
        def report(result: SourceResult | Unstored) -> None:
            watch(result)
            ended(result)

        return parts.engine.submit(source_id, report, partial(pushed_into, push=push))

    around = Around(
        fetcher=lambda: parts.fetcher,
        clock=parts.clock,
        callbacks=lambda: callbacks(parts.configuration.settings),
        subscribes=lambda: subscribes(parts.configuration.settings),
        sources=lambda: {spec.id for spec in parts.configuration.sources},
        address=lambda source_id: _address_of(parts, source_id),
        rest=lambda: rest(parts.configuration.settings),
        ingest=ingest,
        clocks=ClockWatch(parts.clock),
    )
    return Subscriber(parts.store, around)


def _address_of(parts: Assembly, source_id: str) -> str:
    specs = (spec for spec in parts.configuration.sources if spec.id == source_id)
    return next((getattr(spec, "url", "") for spec in specs), "")


def callbacks(settings: Settings) -> str:
    """The address that hubs call us back at, without its token."""
    return f"{site_url(settings)}websub/"


def subscribes(settings: Settings) -> bool:
    """Whether hubs are asked to tell us, and can be expected to reach us."""
    push = settings.fetch.push
    return push == "always" or (push == "auto" and is_public(settings.site.url))


def rest(settings: Settings) -> timedelta:
    """How long a source is not read while its hub tells of it."""
    return min(settings.fetch.every_at_most, timedelta(hours=24))


def is_public(url: str) -> bool:
    """Whether hubs elsewhere can be expected to reach an address, and the network to read nothing.

    It is `https`, and names no machine of a private network.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".").lower()
    if parts.scheme != "https":
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(_LOCAL_NAMES)
