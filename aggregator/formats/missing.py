"""The page that stands where nothing is. Nothing of the request is repeated in it."""

from __future__ import annotations

from aggregator.formats.pages import Frame, render_page


def render_missing(frame: Frame) -> bytes:
    """Write the page; `root` in the frame has to be absolute, for any address may be missing."""
    return render_page("missing.html", frame)
