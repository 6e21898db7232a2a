"""A day of changes, and the bytes that each costs: `python -m benchmarks.changes [--write]`.

Three sources of twenty articles are read and published by the real pipeline over loopback, hour by
hour, with a clock that is handed in. After each step every feed file is compared with what it was,
and a polite reader asks for all of them with the tags that it has, uncompressed. Bytes that differ
are those of pieces (up to the next tag or comma) that went or came.
"""

from __future__ import annotations

import argparse
import logging
import random
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path

from aggregator.cli.logs import set_up_logs
from aggregator.config.load import load
from aggregator.ingest.workers import InlineWorkers
from aggregator.service.assembly import Assembly, assemble, open_configured_store
from benchmarks.written import DOCS, write_table
from tests.support.feeds import Item, rss
from tests.support.folders import configured, published
from tests.support.origin import Origin
from tests.support.serving import Client, serving, site

PAGE = DOCS / "feeds.md"
MORNING = datetime(2026, 11, 16, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLACES = {"wire": "news", "echo": "sport", "lab": "tech"}
ITEMS = 20
NAMES = ("rss.xml", "atom.xml", "feed.json")
_WORDS = ("harbour", "river", "market", "council", "signal", "winter", "bridge", "garden", "paper")


@dataclass
class Clock:
    """Stands still until it is set."""

    now: datetime = MORNING

    def __call__(self) -> datetime:
        """The time of the step."""
        return self.now


@dataclass
class Day:
    """The service and its sources; `items` is what each source tells."""

    origin: Origin
    parts: Assembly
    clock: Clock
    random: random.Random
    told: int = 0
    items: dict[str, list[Item]] = field(default_factory=dict)

    def story(self) -> Item:
        """A story that nobody has told yet, of about a thousand letters."""
        self.told += 1
        title = f"Story {self.told}: {' '.join(self.random.sample(_WORDS, 6))}"
        when = self.clock.now - timedelta(minutes=1)
        return Item(title, f"https://origin.example/{self.told}", body=self.text(), when=when)

    def text(self) -> str:
        """Three paragraphs."""
        return "".join(f"<p>{' '.join(self.random.choices(_WORDS, k=50))}.</p>" for _ in range(3))

    def tell(self, source: str, items: list[Item], edition: str = "") -> None:
        """Let a source answer with these items from now on; the tag follows what it says."""
        self.items[source] = items[:ITEMS]
        body = rss(self.items[source], title=f"The {source}")
        tag = sha256(body + edition.encode()).hexdigest()[:16]
        self.origin.serve(f"/{source}", body, etag=f'"{tag}"')

    def pass_on(self) -> None:
        """Read every source, one after the other, and publish what changed."""
        for source in PLACES:
            list(self.parts.engine.ingest_all([source]))
        self.parts.publisher.publish_changed()


def _begin(day: Day) -> None:
    for source in PLACES:
        stories = []
        for hours in range(ITEMS):
            day.clock.now = MORNING - HOUR * hours
            stories.append(day.story())
        day.tell(source, stories)
    day.clock.now = MORNING


def _nothing(_: Day) -> None:
    """Every source answers 304."""


def _same(day: Day) -> None:
    day.tell("wire", day.items["wire"], edition="another tag")


def _post(day: Day) -> None:
    day.tell("wire", [day.story(), *day.items["wire"]])


def _edit(day: Day) -> None:
    first, second, third, *rest = day.items["wire"]
    edited = Item(third.title, third.link, body=day.text(), when=third.when)
    day.tell("wire", [first, second, edited, *rest])


def _copy(day: Day) -> None:
    story = day.items["wire"][0]
    copy = Item(story.title, "https://echo.example/1", body="<p>In short.</p>", when=story.when)
    day.tell("echo", [copy, *day.items["echo"]])


def _shrink(day: Day) -> None:
    day.tell("lab", day.items["lab"][:10])


def _withdraw(day: Day) -> None:
    newest = day.parts.store.newest("tech", 1, 0)[0]
    day.parts.store.withdraw(newest.token, "It was wrong.", day.clock.now)


STEPS: Mapping[str, Callable[[Day], None]] = {
    "first": _begin,
    "nothing": _nothing,
    "same bytes, other tag": _same,
    "one new": _post,
    "one edited": _edit,
    "a copy elsewhere": _copy,
    "old ones not told any more": _shrink,
    "one withdrawn": _withdraw,
    "nothing again": _nothing,
}


@dataclass(frozen=True)
class Result:
    """What a step did: bytes that differ by feed file, files rewritten, and what a reader got."""

    feeds: Mapping[str, int]
    rewritten: int
    served: int
    unchanged: int


@dataclass
class Reader:
    """Asks for every feed with the tag that it has of it."""

    client: Client
    tags: dict[str, str] = field(default_factory=dict)

    def ask(self, names: list[str]) -> tuple[int, int]:
        """Bytes of bodies that came, and how many answers were 304."""
        served = unchanged = 0
        for name in names:
            tag = self.tags.get(name)
            reply = self.client.get(f"/{name}", {"If-None-Match": tag} if tag else None)
            served += len(reply.body)
            unchanged += reply.status == 304
            self.tags[name] = reply.headers["etag"]
        return served, unchanged


def the_day() -> dict[str, Result]:
    """Go through every step."""
    with tempfile.TemporaryDirectory() as home, ExitStack() as stack:
        folder = Path(home)
        origin = stack.enter_context(Origin())
        clock = Clock()
        parts = _assembly(folder, origin, stack, clock)
        day = Day(origin, parts, clock, random.Random(1))
        reader = Reader(stack.enter_context(serving(site(folder / "feeds"))))
        return dict(_steps(day, reader, folder))


def _assembly(folder: Path, origin: Origin, stack: ExitStack, clock: Clock) -> Assembly:
    sources = [
        {"id": name, "url": origin.url(f"/{name}"), "category": place}
        for name, place in PLACES.items()
    ]
    tree = [{"id": place} for place in PLACES.values()]
    configured(folder, sources, tree, fetch={"pause": "0s"})
    configuration = load(folder / "config", {})
    store = stack.enter_context(closing(open_configured_store(configuration)))
    parts = assemble(configuration, store, clock, InlineWorkers())
    return stack.enter_context(closing(parts))


def _steps(day: Day, reader: Reader, folder: Path) -> Iterator[tuple[str, Result]]:
    before: dict[str, bytes] = {}
    for number, (name, change) in enumerate(STEPS.items()):
        day.clock.now = MORNING + number * HOUR
        change(day)
        day.pass_on()
        after = published(folder)
        feeds = [each for each in FEEDS if each in after]
        differ = {each: differing(before.get(each, b""), after[each]) for each in feeds}
        rewritten = sum(after.get(each) != before.get(each) for each in {*after, *before})
        yield name, Result(differ, rewritten, *reader.ask(feeds))
        before = after


FEEDS = [f"{place}/{name}" for place in ("all", *PLACES.values()) for name in NAMES]


def differing(before: bytes, after: bytes) -> int:
    """Bytes of the pieces that went, and of those that came."""
    old, new = (re.findall(rb"[^>,]*[>,]?", each) for each in (before, after))
    spans = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return sum(
        sum(map(len, old[a:b])) + sum(map(len, new[c:d]))
        for tag, a, b, c, d in spans
        if tag != "equal"
    )


def table(day: Mapping[str, Result]) -> str:
    """Feed files down, steps across; then what was rewritten and what a reader got."""
    columns = {
        "": [f"`{name}`" for name in FEEDS]
        + ["files rewritten, pages among them", "bytes served", "304"],
    }
    for name, result in day.items():
        cells = [f"{result.feeds[feed]:,}" if result.feeds[feed] else "–" for feed in FEEDS]
        told = (f"{result.rewritten}", f"{result.served:,}", f"{result.unchanged} of {len(FEEDS)}")
        columns[name] = [*cells, *told]
    lines = [
        list(columns),
        ["---", *("---:" for _ in day)],
        *map(list, zip(*columns.values(), strict=True)),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def main() -> None:
    """Print the table; `--write` puts it into the documentation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    set_up_logs(logging.ERROR)
    found = table(the_day())
    print(found)
    if options.write:
        write_table("changes", found, PAGE)


if __name__ == "__main__":
    main()
