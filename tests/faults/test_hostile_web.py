"""N1-N12, C3, C10, C11: the whole service among origins that do everything wrong, all at once.

Each origin has an address of its own, so that only the faults themselves could hold anyone up.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.feeds import Item, rss
from tests.support.invariants import check, footprint, nothing_moves, watching
from tests.support.newsroom import Newsroom, wait_for_story
from tests.support.origin import Canary, Origin
from tests.support.origin.faults import Fault, faults, said
from tests.support.running import RunningService

HURRIED = "tests.support.hurried"
SLOW = 16
PRIVATE = ("to-private", "to-loopback", "to-carrier")
"""Left out: origins of tests are private ones, and may lead to their like."""
MOST_MORE_MEMORY = 300 * 1024**2
"""I4: what all our processes together may take on top of what they have when idle."""


def expensive() -> dict[str, Fault]:
    """C10, C11: documents that cost a lot to read."""
    item = "<item><title>Entry {}</title><link>https://x.example/{}</link></item>"
    entries = "".join(item.format(n, n) for n in range(100_000))
    many = f"<rss version='2.0'><channel><title>x</title>{entries}</channel></rss>"
    bodies = {
        "deep-divs": "<div>" * 50_000,
        "many-attributes": f"<p {' '.join(f'a{n}=1' for n in range(50_000))}>",
        "open-comments": "<!--" * 100_000,
    }
    return {
        "100000-entries": Fault("C10", "", said(many.encode())),
        "50-megabytes": Fault("C11", "too_large", said(rss([Item("One", body="x" * 50_000_000)]))),
        **{
            name: Fault("C11", "", said(rss([Item(name, "https://x.example/1", body=body)])))
            for name, body in bodies.items()
        },
    }


@pytest.fixture(scope="module")
def hostile() -> Mapping[str, Fault]:
    """Every fault, the slow ones many times."""
    known = {**faults(), **expensive()}
    known = {name: fault for name, fault in known.items() if name not in PRIVATE}
    slow = [name for name, fault in known.items() if fault.reason == "timeout"]
    more = {f"{name}-{n}": known[name] for name in slow for n in range(SLOW // len(slow))}
    return {**known, **more}


@dataclass(frozen=True)
class World:
    """A good origin, and a source at a bad one for each fault."""

    room: Newsroom
    sources: list[dict[str, Any]]
    untrusted: list[Origin]


@pytest.fixture
def world(hostile: Mapping[str, Fault]) -> Iterator[World]:
    with ExitStack() as stack:
        sources, untrusted = [], []
        for number, (name, fault) in enumerate(hostile.items()):
            address = "127.0.0.1" if fault.host else f"127.0.1.{number + 1}"
            origin = stack.enter_context(Origin(fault.tls, address))
            origin.behave("/feed", fault.behaviour)
            url = origin.url("/feed", host=fault.host)
            sources.append({"id": name, "url": url, "category": "other"})
            untrusted += [origin] if fault.tls else []
        yield World(Newsroom(stack.enter_context(Origin())), sources, untrusted)


def ends(log: list[str]) -> dict[str, str]:
    """How each source ended first: the reason of its failure, empty where it was read."""
    found: dict[str, str] = {}
    for line in log:
        entry = json.loads(line) if line.startswith("{") else {}
        if entry.get("event") in ("source failed", "source read", "source not stored"):
            reason = entry["error"].partition(":")[0] if "error" in entry else ""
            found.setdefault(entry["source"], reason)
    return found


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_hostile_origins_fail_alone(
    tmp_path: Path,
    hostile: Mapping[str, Fault],
    world: World,
) -> None:
    """Each fails with its reason; what is good comes in meanwhile; memory and readers are well."""
    room = world.room
    folder = room.configured(tmp_path, world.sources, fetch={"timeout": "4s", "every": "1h"})
    with RunningService(folder, "run", HURRIED) as service, Canary() as canary:
        wait_for_story(service, room.newest)
        with (
            footprint(service.process.pid) as memory,
            watching(service.url("/news/rss.xml"), service.url("/all/atom.xml")),
        ):
            while not ends(service.log).keys() >= hostile.keys():
                wait_for_story(service, room.post())
        assert memory.growth < MOST_MORE_MEMORY
        assert canary.knocks == 0
    assert room.stories > 2
    found = ends(service.log)
    wrong = {name: found[name] for name, fault in hostile.items() if found[name] != fault.reason}
    assert wrong == {}
    assert all(origin.connections and not origin.requests for origin in world.untrusted)
    check(folder, service.log)
    nothing_moves(folder, "wire")
