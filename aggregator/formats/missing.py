"""The pages that stand where nothing is, or is no more. Nothing of the request is in them."""

from __future__ import annotations

from aggregator.formats.common import writable
from aggregator.formats.pages import Frame, render_page
from aggregator.model.published import Withdrawal


def render_missing(frame: Frame) -> bytes:
    """Write the page; `root` in the frame has to be absolute, for any address may be missing."""
    return render_page("missing.html", frame)


def render_gone(frame: Frame, withdrawal: Withdrawal | None = None) -> bytes:
    """Write the page of an article that was taken back, or of a category that was removed."""
    return render_page("gone.html", frame, withdrawal=withdrawal and writable(withdrawal))
