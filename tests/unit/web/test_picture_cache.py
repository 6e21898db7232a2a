"""Pictures on disk: up to a limit, by when they were asked for last, whole after a kill."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.web.picture_cache import KEPT_FOR, PictureCache, _key
from tests.support.pictures import picture

A, B, C = (f"https://p.example/{name}.png" for name in "abc")
START = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    """One second later each time it is looked at."""
    return Clock()


def body(cache: PictureCache, url: str) -> bytes | None:
    """What is kept of an address."""
    kept = cache.open(url)
    if kept is None:
        return None
    with kept.file as file:
        data = file.read()
    assert len(data) == kept.size
    return data


def kept(cache: PictureCache) -> set[str]:
    """Which of the three are there, without asking for them."""
    files = {path.name.partition("-")[0] for path in cache._folder.iterdir()}
    return {url for url in (A, B, C) if _key(url) in files}


@pytest.mark.parametrize(("size", "stays"), [(99, True), (100, True), (101, False)])
def test_a_picture_larger_than_the_limit_is_not_kept(
    tmp_path: Path, clock: Clock, size: int, stays: bool
) -> None:
    """One byte below and at the limit it is kept, one above it is not, and nothing goes for it."""
    cache = PictureCache(tmp_path / "images", 100, clock)
    cache.keep(B, b"x")
    cache.keep(A, picture(size))
    assert (body(cache, A) is not None) == stays
    assert cache.size <= 100


@pytest.mark.parametrize(("third", "left"), [(39, {A, B, C}), (40, {A, B, C}), (41, {A, C})])
def test_the_one_asked_for_longest_ago_goes_first(
    tmp_path: Path, clock: Clock, third: int, left: set[str]
) -> None:
    """Below and at the limit all stay; above it the least recently asked for goes, on disk too."""
    cache = PictureCache(tmp_path, 100, clock)
    cache.keep(A, picture(30))
    cache.keep(B, picture(30))
    assert body(cache, A) == picture(30)  # so that B is the one
    cache.keep(C, picture(third))
    assert kept(cache) == left
    assert cache.size == sum(path.stat().st_size for path in tmp_path.iterdir()) <= 100


def test_a_restart_knows_what_was_asked_for_last(tmp_path: Path, clock: Clock) -> None:
    """Another process goes on with the same pictures and the same order, under its own limit."""
    cache = PictureCache(tmp_path, 100, clock)
    for url in (A, B, C):
        cache.keep(url, picture(30))
    assert body(cache, A)
    after = PictureCache(tmp_path, 60, clock)
    assert after.size == 60
    assert kept(after) == {A, C}
    assert body(after, C) == picture(30)


def test_two_processes_share_the_limit(tmp_path: Path, clock: Clock) -> None:
    """What another process kept in the folder counts too, and the oldest of all goes first."""
    ours, theirs = (PictureCache(tmp_path, 100, clock) for _ in range(2))
    ours.keep(A, picture(40))
    theirs.keep(B, picture(40))
    ours.keep(C, picture(40))
    assert kept(ours) == {B, C}
    assert ours.size == theirs.size == 80
    assert body(ours, B) == picture(40)


def test_a_new_picture_takes_the_place_of_the_old_one(tmp_path: Path, clock: Clock) -> None:
    """The old bytes are gone and not counted; the tag is another one, and for the same the same."""
    cache = PictureCache(tmp_path, 100, clock)
    tags = []
    for data in (picture(30), picture(50), picture(50)):
        cache.keep(A, data)
        found = cache.open(A)
        assert found
        found.file.close()
        tags.append(found.tag)
    assert (cache.size, len(list(tmp_path.iterdir()))) == (50, 1)
    assert tags[0] != tags[1] == tags[2]


@pytest.mark.parametrize(("after", "is_kept"), [(-2, True), (2, False)])
def test_a_picture_is_fetched_again_after_a_month(
    tmp_path: Path, clock: Clock, after: int, is_kept: bool
) -> None:
    """However often it was asked for, it is not kept for longer, also over restarts."""
    cache = PictureCache(tmp_path, 100, clock)
    cache.keep(A, picture(30))
    clock.now += KEPT_FOR / 2
    assert body(cache, A)
    clock.now = START + KEPT_FOR + timedelta(seconds=after)
    assert (body(PictureCache(tmp_path, 100, clock), A) is not None) == is_kept
    assert (body(cache, A) is not None) == is_kept


def test_what_a_kill_left_behind_is_no_picture(tmp_path: Path, clock: Clock) -> None:
    """Unfinished files go at the next start; files of others are neither counted nor touched."""
    cache = PictureCache(tmp_path, 100, clock)
    cache.keep(A, picture(30))
    (whole,) = tmp_path.iterdir()
    (tmp_path / f".{whole.name}.17.new").write_bytes(picture(20))
    (tmp_path / "holiday.png").write_bytes(picture(2000))
    after = PictureCache(tmp_path, 100, clock)
    assert (after.size, body(after, A)) == (30, picture(30))
    assert {path.name for path in tmp_path.iterdir()} == {whole.name, "holiday.png"}


def test_a_picture_that_somebody_deleted_is_not_there(tmp_path: Path, clock: Clock) -> None:
    """It is missing and no longer counted; the next one is kept as usual."""
    cache = PictureCache(tmp_path, 100, clock)
    cache.keep(A, picture(30))
    next(tmp_path.iterdir()).unlink()
    assert (body(cache, A), cache.size) == (None, 0)
    cache.keep(A, picture(40))
    assert body(cache, A) == picture(40)


def test_a_folder_that_takes_nothing_says_so(tmp_path: Path, clock: Clock) -> None:
    """Whoever keeps is told, and nothing is counted; before that there is simply nothing."""
    (tmp_path / "images").write_text("in the way")
    cache = PictureCache(tmp_path / "images", 100, clock)
    assert body(cache, A) is None
    with pytest.raises(OSError, match=r"images"):
        cache.keep(A, picture(30))
    assert cache.size == 0


def test_many_threads_keep_and_ask_at_once(tmp_path: Path, clock: Clock) -> None:
    """Nothing is torn, lost from the count or over the limit, whoever comes first."""
    cache = PictureCache(tmp_path, 500, clock)

    def work(number: int) -> bool:
        url = f"https://p.example/{number % 7}"
        data = picture(100, bytes([number % 7]))
        cache.keep(url, data)
        return body(cache, url) in (data, None)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(work, range(200)))
    assert cache.size == sum(path.stat().st_size for path in tmp_path.iterdir()) <= 500
