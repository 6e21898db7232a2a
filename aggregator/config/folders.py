"""Where feeds may be published: in a folder of their own, not among what else the service keeps.

There, the list of feeds that we publish would be read back as a list of sources, and a category
that is called like a folder of the project would be written into it. Nothing here touches the disk.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from aggregator.config.nodes import Finding
from aggregator.model.settings import Settings

_KEY = ("publish", "folder")
_HINT = "name a folder beside it, such as `feeds`"


def check_feeds_folder(settings: Settings, configuration: Path) -> Iterator[Finding]:
    """See that the folder for feeds lies beside the configuration folder and the database."""
    folder = _absolute(configuration)
    feeds = _absolute(folder.parent / settings.publish.folder)
    if feeds.is_relative_to(folder):
        yield Finding(_KEY, "feeds cannot be published into the configuration", _HINT)
    elif folder.is_relative_to(feeds):
        what = "feeds cannot be published into a folder that holds the configuration"
        yield Finding(_KEY, what, "name a folder of its own, such as `feeds`")
    elif _is_sqlite(settings) and feeds in _database(settings, folder.parent).parents:
        what = "feeds cannot be published into the folder of the database"
        yield Finding(_KEY, what, _HINT)


def _is_sqlite(settings: Settings) -> bool:
    return settings.database.startswith("sqlite://")


def _database(settings: Settings, root: Path) -> Path:
    return _absolute(root / settings.database.removeprefix("sqlite://").removeprefix("/"))


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow a mounted link
