"""The page that copies a feed's addresses: the only one with a script.

So nothing that strangers wrote is handed in here; the web side lets this script run by its hash,
and no other.
"""

from __future__ import annotations

from aggregator.formats.common import writable
from aggregator.formats.pages import Frame, render_page
from aggregator.formats.static import copy_script
from aggregator.model.published import PublishedCategory


def render_subscribe(frame: Frame, feed: PublishedCategory) -> bytes:
    """Write the page; it lies beside the home page."""
    return render_page("subscribe.html", frame, feed=writable(feed), script=copy_script())
