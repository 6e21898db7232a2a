from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from aggregator.store.store import Store

_ROOT = Path(__file__).parents[3]
_COUNT = 80


def _store_at_once(url: str, *sources: str) -> list[int]:
    """Let one process for each source store the same stories; sums of new, duplicate, unchanged."""
    command = [sys.executable, "-m", "tests.support.two_writers", url]
    writers = [
        subprocess.Popen(
            [*command, source, str(_COUNT)],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for source in sources
    ]
    for writer in writers:
        assert writer.stdout
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        assert writer.stdin
        writer.stdin.write("go\n")
        writer.stdin.flush()
    lines = [line for writer in writers for line in writer.communicate()[0].splitlines()]
    assert [writer.returncode for writer in writers] == [0] * len(writers)
    return [sum(column) for column in zip(*(map(int, line.split()) for line in lines), strict=True)]


def test_two_processes_with_the_same_stories_leave_one_article_each(
    ready_url: str, ready: Store
) -> None:
    """Whoever is first founds the article, the other adds a line to the ledger."""
    assert _store_at_once(ready_url, "wire", "echo") == [_COUNT, _COUNT, 0]
    assert ready.counts()["articles"] == _COUNT
    assert ready.counts()["copies"] == 2 * _COUNT
    for stored in ready.newest("all", _COUNT, 0):
        lines = ready.copies(stored.token)
        assert sorted(line.source_id for line in lines) == ["echo", "wire"]
        assert sum(line.standing for line in lines) == 1
        assert stored.paths == ("news/world", "sport")


def test_two_processes_with_the_same_source_store_it_once(ready_url: str, ready: Store) -> None:
    """A source that is fetched twice at the same moment leaves one line for each entry."""
    assert _store_at_once(ready_url, "wire", "wire") == [_COUNT, 0, _COUNT]
    assert ready.counts()["articles"] == ready.counts()["copies"] == _COUNT
