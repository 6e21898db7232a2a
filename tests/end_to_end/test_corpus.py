"""Every real feed of the shared corpus at once, from a server on loopback to published files."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import feedparser
import pytest

from tests.support.folders import published
from tests.support.real_feeds import KINDS, RealFeeds, real_feeds
from tests.support.running import aggregator, environment
from tests.support.validator import judge


@pytest.fixture(scope="module")
def feeds() -> Iterator[RealFeeds]:
    with real_feeds() as served:
        yield served


def folder_for(path: Path, feeds: RealFeeds) -> Path:
    return feeds.configured(path, clean={"sanitizer": "nh3"})


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, feeds: RealFeeds) -> Path:
    """A folder after one run that nothing disturbed."""
    folder = folder_for(tmp_path_factory.mktemp("whole"), feeds)
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
    files = {
        n: b
        for n, b in published(whole).items()
        if n.endswith((".xml", "feed.json"))
        and not n.startswith("health/")
        and "/archive/" not in n
    }
    assert len(files) == 3 * (KINDS + 1)
    for name, body in files.items():
        if name.endswith("xml"):
            feed = feedparser.parse(BytesIO(body))
            assert not feed.bozo, (name, feed.get("bozo_exception"))
            entries = [entry.id for entry in feed.entries]
            assert len(entries) == len(set(entries)) == 100


@pytest.mark.timeout(600)
def test_every_published_file_is_valid(whole: Path) -> None:
    """Nothing that the sources say makes a feed break a rule of its format, or of the validator."""
    files = {n: b for n, b in published(whole).items() if n.endswith((".xml", ".json", ".opml"))}
    findings = {name: found for name, body in files.items() if (found := judge(name, body))}
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
    tmp_path: Path, feeds: RealFeeds, whole: Path, after: int
) -> None:
    """Killed after so many sources and run again, the articles are those of an undisturbed run."""
    folder = folder_for(tmp_path, feeds)
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
