"""Every real feed of the shared corpus at once, from a server on loopback to published files."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import pytest

from tests.support.folders import configured, published
from tests.support.origin import Origin
from tests.support.running import aggregator, environment
from tests.support.shared import shared
from tests.support.validator import judge

KINDS = 5
"""So many categories are made, so that feeds mix articles of many sources."""


@pytest.fixture(scope="module")
def origin() -> Iterator[Origin]:
    documents = sorted(path for path in shared("corpus/real").rglob("*") if path.is_file())
    with Origin() as origin:
        for number, path in enumerate(documents):
            kind = "application/json" if path.suffix == ".json" else "application/xml"
            origin.serve(f"/{number}", path.read_bytes(), content_type=kind)
        origin.documents = len(documents)  # type: ignore[attr-defined] # only this module asks
        yield origin


def sources(origin: Origin) -> list[Mapping[str, Any]]:
    number: int = origin.documents  # type: ignore[attr-defined] # set in the fixture above
    return [
        {"id": f"s{n}", "url": origin.url(f"/{n}"), "category": f"c{n % KINDS}"}
        for n in range(number)
    ]


def folder_for(path: Path, origin: Origin) -> Path:
    categories = [{"id": f"c{n}"} for n in range(KINDS)]
    return configured(path, sources(origin), categories, clean={"sanitizer": "nh3"})


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, origin: Origin) -> Path:
    """A folder after one run that nothing disturbed."""
    folder = folder_for(tmp_path_factory.mktemp("whole"), origin)
    done = aggregator(folder, "ingest")
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    return folder


def ids(folder: Path) -> set[str]:
    """The tokens of all articles, whatever day an undated one was first seen on."""
    listed = aggregator(folder, "articles", "--limit", "100000", "--json")
    return set(re.findall(r'"token": "(\w+)"', listed.stdout))


@pytest.mark.timeout(600)
def test_every_published_file_can_be_read(whole: Path) -> None:
    """Whatever the sources say, each feed is well-formed and its ids are unique."""
    feeds = {
        n: b
        for n, b in published(whole).items()
        if n.endswith((".xml", "feed.json"))
        and not n.startswith("health/")
        and "/archive/" not in n
    }
    assert len(feeds) == 3 * (KINDS + 1)
    for name, body in feeds.items():
        if name.endswith("xml"):
            feed = feedparser.parse(BytesIO(body))
            assert not feed.bozo, (name, feed.get("bozo_exception"))
            entries = [entry.id for entry in feed.entries]
            assert len(entries) == len(set(entries)) == 100


@pytest.mark.timeout(600)
def test_every_published_file_is_valid(whole: Path) -> None:
    """Nothing that the sources say makes a feed break a rule of its format, or of the validator."""
    feeds = {n: b for n, b in published(whole).items() if n.endswith((".xml", ".json", ".opml"))}
    findings = {name: found for name, body in feeds.items() if (found := judge(name, body))}
    assert findings == {}


@pytest.mark.timeout(600)
def test_second_run_changes_nothing(whole: Path) -> None:
    """Reading the same documents again adds no article and changes no byte."""
    before, articles = published(whole), ids(whole)
    done = aggregator(whole, "ingest", "--json")
    assert '"new": 0' in done.stdout
    assert '"updated": 0' in done.stdout
    assert (published(whole), ids(whole)) == (before, articles)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("after", [1, 60, 150])
def test_kill_in_the_middle_loses_and_doubles_nothing(
    tmp_path: Path, origin: Origin, whole: Path, after: int
) -> None:
    """Killed after so many sources and run again, the articles are those of an undisturbed run."""
    folder = folder_for(tmp_path, origin)
    process = subprocess.Popen(
        [sys.executable, "-m", "aggregator", "--config", folder / "config", "--verbose", "ingest"],
        stderr=subprocess.PIPE, text=True, env=environment(), start_new_session=True,
    )  # fmt: skip
    assert process.stderr
    read = 0
    for line in process.stderr:
        read += "source read" in line
        if read == after:
            os.killpg(process.pid, signal.SIGKILL)
            break
    process.stderr.close()
    assert process.wait(30) == -signal.SIGKILL
    aggregator(folder, "ingest")
    assert ids(folder) == ids(whole)
