"""Notices changes in the configuration folder. Does not read it: that is `load`'s."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event

from aggregator.config.load import CATEGORIES_FILE, SETTINGS_FILE, SOURCES_FOLDER


def watch(folder: Path, stop: Event, *, settle_ms: int = 500) -> Iterator[None]:
    """Yield after each burst of changes that can alter the configuration, until `stop` is set.

    Whatever was renamed, replaced, added or removed counts, as long as its name is one of ours;
    files that editors leave beside it do not, and neither do the posts of a source. A folder that
    is mounted read-only works as well.
    """
    import watchfiles

    def matters(_: watchfiles.Change, path: str) -> bool:
        return _is_ours(Path(path))

    changes = watchfiles.watch(
        folder,
        watch_filter=matters,
        debounce=settle_ms * 4,
        step=settle_ms,
        stop_event=stop,
        rust_timeout=1000,
        yield_on_timeout=False,
        raise_interrupt=False,
    )
    for _ in changes:
        yield None


def _is_ours(path: Path) -> bool:
    """Whether a changed path can belong to the configuration.

    Configuration that a cluster mounts is replaced by turning a link named `..data`.
    """
    if path.name in {"..data", SOURCES_FOLDER, SETTINGS_FILE, CATEGORIES_FILE}:
        return True
    in_sources = path.parent.name == SOURCES_FOLDER
    return in_sources and path.suffix.lower() in {".yaml", ".yml", ".opml"}
