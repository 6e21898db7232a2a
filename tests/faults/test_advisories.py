"""Attacks that feed software fell to (docs/advisories.md), on the whole way of a document here."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from aggregator.ingest.workers import ProcessWorkers
from tests.support.audited import STARTS
from tests.support.folders import configured, published
from tests.support.nonsense import NONSENSE, read_nonsense
from tests.support.origin import Canary, Origin, redirect
from tests.support.running import ROOT, environment, in_process

SECRET = "what-stands-in-the-secret-file"
RSS = "<rss version='2.0'><channel><title>T</title>{}</channel></rss>"
PAGE = "<html><head><link rel='alternate' type='application/rss+xml' href='{}'></head></html>"
INDEX = (
    "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
    "<sitemap><loc>{}</loc></sitemap></sitemapindex>"
)
XINCLUDE = (
    "<rss version='2.0' xmlns:xi='http://www.w3.org/2001/XInclude'><channel><item><title>a</title>"
    "<description><xi:include href='{}' parse='text'/></description></item></channel></rss>"
)


@dataclass(frozen=True)
class World:
    """A folder whose sources attack, a file that nobody may read, and an address inside."""

    folder: Path
    secret: Path
    inside: Canary
    origin: Origin

    def audited(self) -> Sequence[tuple[str, str]]:
        """What a process did that read all of it."""
        asked = [str(self.folder), self.origin.host, str(self.origin.port)]
        done = subprocess.run(
            [sys.executable, "-m", "tests.support.audited", *asked],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            env=environment({"PYTHONPATH": str(ROOT)}),
        )
        assert done.returncode == 0, done.stderr
        return [(event, what) for event, what in map(json.loads, done.stdout.splitlines())]


def item(number: int, *parts: str) -> str:
    """An entry with a title of its own."""
    return f"<item><title>Number {number}</title>{''.join(parts)}</item>"


def attacks(inside: str, secret: Path, mark: Path) -> dict[str, str]:
    """Documents that want something read, asked for or started; the key is the source's id."""
    command = f"touch {mark}"
    led = [
        item(
            1, f"<link>{inside}/1</link><description>&lt;img src='{inside}/a.png'&gt;</description>"
        ),
        item(2, f"<link>{inside}/2</link><enclosure url='{inside}/a.mp3' length='1' type='a/b'/>"),
        item(3, f"<link>file://{secret}</link>", f"<guid>{secret}</guid>"),
        item(4, f"<source url='{inside}/s'>s</source><comments>{inside}/c</comments>"),
    ]
    started = [
        f"exec:{command}",
        f"filter:{command}:http://a.example/",
        f"|{command}",
        f"`{command}`",
    ]
    shell = [
        item(n, f"<link>{each}</link><author>$({command})</author>")
        for n, each in enumerate(started)
    ]
    entity = "<!DOCTYPE rss [<!ENTITY x SYSTEM '{}'>]>" + RSS.format(
        item(1, "<author>&x;</author>")
    )
    remote = f"<!DOCTYPE rss SYSTEM '{inside}/a.dtd' [<!ENTITY % x SYSTEM '{inside}/b'> %x;]>"
    return {
        "body-is-an-address": f"{inside}/feed",
        "body-is-a-path": str(secret),
        "entity-of-a-file": entity.format(f"file://{secret}"),
        "entity-of-an-address": entity.format(f"{inside}/x"),
        "external-subset": remote + RSS.format(item(1)),
        "style-sheet": f"<?xml-stylesheet href='{inside}/a.xsl'?>" + RSS.format(item(1)),
        "xinclude": XINCLUDE.format(secret),
        "links": RSS.format(f"<image><url>{inside}/i.png</url></image>{''.join(led)}"),
        "shell": RSS.format("".join(shell)),
        "feed-behind-a-page": PAGE.format(f"{inside}/feed"),
        "sitemap": INDEX.format(f"{inside}/sitemap.xml"),
    }


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    secret, mark = tmp_path / "secret", tmp_path / "mark"
    secret.write_text(f"<rss><channel><item><title>{SECRET}</title></item></channel></rss>")
    with Canary() as inside, Origin() as origin:
        address = f"http://127.0.0.1:{inside.port}"
        sources = []
        for name, body in attacks(address, secret, mark).items():
            kind = {"kind": "sitemap"} if name == "sitemap" else {}
            sources.append({"id": name, "url": origin.serve(f"/{name}", body), **kind})
        origin.behave("/led", redirect(f"{address}/feed"))
        sources.append({"id": "redirected", "url": origin.url("/led")})
        shared = {"category": "attacks", "full_text": {"select": "article"}}
        folder = configured(
            tmp_path / "site",
            [{**shared, **each} for each in sources],
            [{"id": "attacks"}],
            fetch={"allow_private": False, "pause": "0s"},
        )
        yield World(folder, secret, inside, origin)
        assert not mark.exists()


def test_no_document_reaches_inside_reads_a_file_or_starts_a_program(world: World) -> None:
    """Whatever a document names is not asked for inside, not opened, and never run."""
    events = world.audited()
    connected = {what for event, what in events if event == "socket.connect"}
    assert connected == {str((world.origin.host, world.origin.port))}
    assert world.inside.knocks == 0
    assert not [each for each in events if each[0] in STARTS]
    assert not [each for each in events if str(world.secret) in each[1]]
    files = published(world.folder)
    assert b"Number 1" in files["all/rss.xml"]
    assert not [name for name, body in files.items() if SECRET.encode() in body]


@pytest.mark.parametrize(
    "address", ["exec:touch x", "filter:touch x:http://a.example/", "|touch x"]
)
def test_commands_in_a_list_of_feeds_are_no_addresses(tmp_path: Path, address: str) -> None:
    """Newsbeuter and Liferea ran what stood in an OPML file; here it is a fault in a line."""
    folder = configured(tmp_path, [])
    outline = f"<opml version='2.0'><body>\n<outline text='a' xmlUrl='{address}'/></body></opml>"
    (folder / "config/sources/list.opml").write_text(outline)
    done = in_process(folder, "check")
    assert done.returncode == 2
    assert "list.opml:2" in done.stderr
    assert list(tmp_path.rglob("x")) == []


@pytest.fixture(scope="module")
def workers() -> Iterator[ProcessWorkers]:
    with closing(ProcessWorkers(processes=1)) as pool:
        yield pool


@pytest.mark.parametrize("name", NONSENSE)
def test_long_nonsense_is_read_within_the_limits_of_a_task(
    workers: ProcessWorkers, name: str
) -> None:
    """100 KB in every field, made for slow patterns, cost less than the kernel lets a task have."""
    assert workers.run(read_nonsense, name) == name
