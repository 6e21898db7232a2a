"""Addresses that categories had: what moved leads on for good, what was removed is told to be gone.

They are noted in the folder of everything published, so that the web side needs no database.
"""

from __future__ import annotations

import json

from aggregator.contracts import PublishStore
from aggregator.publish.archive import FOLDER
from aggregator.publish.categories import ALL, Catalogue
from aggregator.publish.folder import FeedFolder
from aggregator.publish.health import HEALTH

NOTE = ".addresses"


def bring_along(store: PublishStore, folder: FeedFolder, known: Catalogue) -> None:
    """Give the archives of categories that moved their new place, before anything is published."""
    for was, path in store.moved_categories().items():
        if path in known and was not in known:
            folder.move(f"{was}/{FOLDER}", f"{path}/{FOLDER}")


def note_former(store: PublishStore, folder: FeedFolder, known: Catalogue) -> None:
    """Note which categories moved, and which are gone; call it before their files are removed."""
    moved = {was: to for was, to in store.moved_categories().items() if was not in known}
    noted = folder.noted(NOTE)
    before = json.loads(noted) if noted else {"gone": []}
    ever = {*before["gone"], *folder.published(), *store.published_categories()}
    gone = ever - set(known) - moved.keys() - {ALL, HEALTH}
    body = json.dumps({"moved": moved, "gone": sorted(gone)}, indent=1).encode()
    if body != noted and (noted or moved or gone):
        folder.note(NOTE, body)
