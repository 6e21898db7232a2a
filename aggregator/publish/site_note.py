"""Remembers in the folder what the pages of the whole site were made from, over restarts.

They depend on the articles, whose changes the store knows, and on the configuration and the
program, whose changes this note shows: where it is as before, they need not be made to find out.
"""

from __future__ import annotations

from aggregator import __version__
from aggregator.formats import html
from aggregator.model.settings import Settings
from aggregator.publish.categories import Catalogue
from aggregator.publish.folder import FeedFolder
from aggregator.text.hashing import fingerprint

_NOTE = ".site"


class SiteNote:
    """The note of one folder for one state of configuration and categories."""

    def __init__(self, folder: FeedFolder, known: Catalogue, settings: Settings) -> None:
        self._folder = folder
        self._made_from = fingerprint(__version__, repr(known), repr(settings)).encode()

    def holds(self) -> bool:
        """Whether the pages were made from the same, and nobody took the first of them away."""
        return self._folder.noted(_NOTE) == self._made_from and self._folder.exists(html.HOME_FILE)

    def keep(self, *, made: bool) -> None:
        """Note that the pages were made just now, or that they could not be."""
        if not made:
            self._folder.forget(_NOTE)
        elif not self.holds():
            self._folder.note(_NOTE, self._made_from)
