"""What is said of a configuration when it comes into force: what it risks, and what has to wait."""

from __future__ import annotations

import pyexpat
import re

from aggregator.config.addresses import address_key
from aggregator.config.paths import site_url
from aggregator.model.settings import Configuration

SAFE_EXPAT = (2, 7, 2)
"""The first version without known ways to make a small document cost much memory or time."""


def cautions(configuration: Configuration, expat: str = pyexpat.EXPAT_VERSION) -> list[str]:
    """Sentences for the log, most often none; `expat` is the version that Python was built with."""
    found = []
    numbers = tuple(int(number) for number in re.findall(r"\d+", expat))
    if numbers < SAFE_EXPAT:
        found.append(
            f"this Python reads XML with {expat}, which hostile feeds can make slow; the limits of"
            " the worker processes hold, but a Python with expat"
            f" {'.'.join(map(str, SAFE_EXPAT))} or later is better"
        )
    if configuration.settings.fetch.allow_private:
        found.append(
            "fetch.allow_private is set: sources may be read from private networks and from this"
            " machine"
        )
    if ours := _own_feeds(configuration):
        found.append(
            f"feeds of this very site are read as sources ({', '.join(ours)}): what they bring is"
            " here already; take them out"
        )
    return found


def _own_feeds(configuration: Configuration) -> list[str]:
    """The sources that read what we publish."""
    below = f"{address_key(site_url(configuration.settings))}/"
    addresses = {spec.id: address_key(getattr(spec, "url", "")) for spec in configuration.sources}
    return [source_id for source_id, address in addresses.items() if address.startswith(below)]


def needs_restart(old: Configuration, new: Configuration) -> list[str]:
    """Keys whose change comes into force only at the next start."""
    values = {
        "database": (old.settings.database, new.settings.database),
        "server.bind": (old.settings.server.bind, new.settings.server.bind),
        "fetch.threads": (old.settings.fetch.threads, new.settings.fetch.threads),
        "publish.folder": (old.settings.publish.folder, new.settings.publish.folder),
        "images.folder": (old.settings.images.folder, new.settings.images.folder),
        "images.keep": (old.settings.images.keep, new.settings.images.keep),
    }
    return [key for key, (before, after) in values.items() if before != after]
