"""What is the same for every site: style sheets and the icon, files beside the pages; a script."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from importlib.resources import files

from aggregator.formats.feed_style import STYLE_FILES, feed_style_sheet

STYLE_FILE = "static/style.css"
ICON_FILE = "static/icon.svg"
_CSS = "text/css; charset=utf-8"


@cache
def _file(name: str) -> bytes:
    return files(__package__).joinpath("templates", name).read_bytes()


def style_sheet() -> bytes:
    """The style sheet of every page."""
    return _file("style.css")


def copy_script() -> str:
    """The only script of ours; it stands in the page that it belongs to."""
    return _file("copy.js").decode()


STATIC_FILES: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    STYLE_FILE: (_CSS, style_sheet),
    ICON_FILE: ("image/svg+xml; charset=utf-8", partial(_file, "icon.svg")),
    **{name: (_CSS, partial(feed_style_sheet, speech)) for speech, name in STYLE_FILES.items()},
}
"""Media type and content by name, below the folder of everything published."""
