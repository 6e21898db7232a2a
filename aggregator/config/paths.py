"""Addresses and folders that the settings name, made absolute; nothing here touches the disk."""

from __future__ import annotations

from pathlib import Path

from aggregator.config.checks import DATABASES
from aggregator.model.settings import Configuration, Settings

_EVERY_INTERFACE = {"0.0.0.0", "[::]"}  # noqa: S104 - these are compared with, not listened on


def database_url(configuration: Configuration) -> str:
    """The database's address as SQLAlchemy wants it; a file of SQLite with its absolute path."""
    scheme, _, rest = configuration.settings.database.partition("://")
    if scheme != "sqlite":
        return f"{DATABASES[scheme]}://{rest}"
    name = rest.removeprefix("/")
    return f"sqlite:///{name if name == ':memory:' else Path(configuration.root, name)}"


def publish_folder(configuration: Configuration) -> Path:
    """The folder that receives the feeds, absolute."""
    return Path(configuration.root, configuration.settings.publish.folder)


def image_folder(configuration: Configuration) -> Path:
    """The folder that our image proxy keeps pictures in, absolute."""
    return Path(configuration.root, configuration.settings.images.folder)


def site_url(settings: Settings) -> str:
    """The public address of the site, ending in `/`."""
    if settings.site.url:
        return settings.site.url.rstrip("/") + "/"
    host, _, port = settings.server.bind.rpartition(":")
    return f"http://{'localhost' if host in _EVERY_INTERFACE else host}:{port}/"
