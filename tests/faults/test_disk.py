"""D1, D2, D3: no room, no right to write, no folder any more, and nobody who takes the log."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
import requests

from tests.support import disks
from tests.support.disks import SmallDisk, on_small_disk
from tests.support.invariants import check, nothing_moves, watching
from tests.support.newsroom import (
    Newsroom,
    wait_for_notice,
    wait_for_story,
    wait_until_well,
)
from tests.support.origin import Origin
from tests.support.running import ROOT, RunningService, environment
from tests.support.shared import require

HURRIED = "tests.support.hurried"
LONG = f"<p>{'A long body needs room. ' * 4000}</p>"


@contextmanager
def running_on_small_disk(
    folder: Path, name: str, body: str = ""
) -> Iterator[tuple[RunningService, Newsroom, SmallDisk]]:
    """A service whose folder `name` is a small disk; everything must be well in the end."""
    disk = folder / name
    disk.mkdir(parents=True)
    require("unshare", present=disks.are_possible(disk))
    with Origin() as origin:
        room = Newsroom(origin, body)
        room.configured(folder)
        with RunningService(folder, "run", HURRIED, on_small_disk(disk)) as service:
            wait_for_story(service, room.newest)
            small = SmallDisk(disk, service.process.pid)
            with watching(service.url("/news/rss.xml"), service.url("/all/atom.xml")):
                yield service, room, small
                wait_for_story(service, room.post())
                wait_until_well(service)
            seen = small.copy(folder, folder.parent / f"{folder.name}-seen")
        check(seen, service.log)


@pytest.mark.slow
def test_no_room_for_feeds(tmp_path: Path) -> None:
    """While the disk of the feeds is full the old ones are served whole; then it goes on."""
    with running_on_small_disk(tmp_path, "feeds") as (service, room, disk):
        old = service.get("/news/rss.xml").content
        disk.fill()
        room.post()
        wait_for_notice(service, "feeds")
        service.wait_for_log("No space left on device")
        assert service.get("/news/rss.xml").content == old
        disk.make_room()
        wait_for_story(service, room.newest)


@pytest.mark.slow
def test_no_room_for_the_database(tmp_path: Path) -> None:
    """While the disk of the database is full nothing is stored and the feeds are served."""
    with running_on_small_disk(tmp_path, "data", LONG) as (service, room, disk):
        disk.fill()
        room.post()
        wait_for_notice(service, "database")
        service.wait_for_log("the disk is full; nothing was stored: make room")
        disk.make_room()
        wait_for_story(service, room.newest)


@pytest.mark.slow
def test_feeds_on_a_disk_that_became_read_only(tmp_path: Path) -> None:
    """Without the right to write the old feeds are served; with it again it goes on."""
    with running_on_small_disk(tmp_path, "feeds") as (service, room, disk):
        disk.forbid(writing=True)
        room.post()
        wait_for_notice(service, "feeds")
        service.wait_for_log("Read-only file system")
        disk.forbid(writing=False)
        wait_for_story(service, room.newest)


@pytest.mark.slow
def test_feeds_that_belong_to_somebody_else(tmp_path: Path) -> None:
    """Feeds that another user owns are served, and told of, until they are given back."""
    possible = os.geteuid() == 0 and disks.are_possible(tmp_path)
    require("unshare", present=possible)
    with Origin() as origin:
        room = Newsroom(origin)
        folder = room.configured(tmp_path)
        with RunningService(folder, "run", HURRIED, disks.as_somebody_else()) as service:
            wait_for_story(service, room.newest)
            with watching(service.url("/news/rss.xml"), service.url("/all/atom.xml")):
                disks.give_away(folder / "feeds", owner=12_345)
                room.post()
                wait_for_notice(service, "feeds")
                service.wait_for_log("Permission denied")
                disks.give_away(folder / "feeds", owner=0)
                wait_for_story(service, room.newest)
            wait_until_well(service)
        check(folder, service.log)
        nothing_moves(folder, "wire")


@pytest.mark.slow
def test_feeds_that_somebody_deleted(tmp_path: Path) -> None:
    """The folder of the feeds is made again, with every file and the same bytes."""
    with Origin() as origin:
        room = Newsroom(origin)
        folder = room.configured(tmp_path)
        with RunningService(folder, "run", HURRIED) as service:
            wait_for_story(service, room.newest)
            before = service.get("/news/rss.xml").content
            (folder / "feeds").rename(folder / "away")
            shutil.rmtree(folder / "away")
            wait_for_story(service, room.newest)
            assert service.get("/news/rss.xml").content == before
            wait_until_well(service)
        check(folder, service.log)
        nothing_moves(folder, "wire")


def test_nobody_takes_the_log(tmp_path: Path) -> None:
    """With its log on a full disk the service reads, publishes, serves, and ends cleanly."""
    with Origin() as origin, socket.create_server(("127.0.0.1", 0)) as place:
        room = Newsroom(origin)
        port = place.getsockname()[1]
        folder = room.configured(tmp_path, server={"bind": f"127.0.0.1:{port}"})
        place.close()
        command = [
            sys.executable,
            "-m",
            "aggregator",
            "--verbose",
            "--config",
            f"{folder}/config",
            "run",
        ]
        with Path("/dev/full").open("w") as full:
            process = subprocess.Popen(
                command, stderr=full, stdout=full, cwd=ROOT, env=environment()
            )
        try:
            feed = _polled(f"http://127.0.0.1:{port}/news/rss.xml", room.newest)
            assert room.newest in feed
            ready = json.loads(_polled(f"http://127.0.0.1:{port}/readyz", "ready"))
            assert ready["ready"] is True
            process.terminate()
            assert process.wait(15) == 0
        finally:
            process.kill()
            process.wait()
    check(folder)


def _polled(url: str, wanted: str) -> str:
    pause = Event()
    for _ in range(300):
        try:
            text = requests.get(url, timeout=5, proxies={"http": ""}).text
        except requests.ConnectionError:
            text = ""
        if wanted in text:
            return text
        pause.wait(0.1)
    raise AssertionError(f"{url} never said {wanted!r}")
