"""The key that signs the addresses of pictures for our own image proxy: configured, or made once.

Feeds and pages out there hold what was signed with it, so one that was made stays for good, in a
file that only its owner reads. Only what publishes asks for one to be made; no other command
writes anything.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from pydantic import SecretStr

from aggregator.errors import AggregatorError
from aggregator.model.settings import Configuration

FILE = "data/image.key"
_BYTES = 32


def image_key(configuration: Configuration) -> str:
    """The key in force; "" where there is none yet, so that no address can be right.

    Raises:
        AggregatorError: it is there, but cannot be read.
    """
    configured = configuration.settings.images.secret.get_secret_value()
    path = Path(configuration.root, FILE)
    try:
        return configured or _read(path)
    except FileNotFoundError:
        return ""
    except OSError as error:
        raise _refused(path, error) from error


def with_image_key(configuration: Configuration) -> Configuration:
    """The configuration with a key to sign with, made if need be, where our own proxy is wanted.

    Raises:
        AggregatorError: it can be neither read nor kept.
    """
    settings = configuration.settings
    if settings.clean.images != "proxy" or settings.clean.image_proxy:
        return configuration
    key = image_key(configuration) or _made(Path(configuration.root, FILE))
    images = settings.images.model_copy(update={"secret": SecretStr(key)})
    return configuration.model_copy(
        update={"settings": settings.model_copy(update={"images": images})}
    )


def _made(path: Path) -> str:
    try:
        _make(path)
        return _read(path)
    except OSError as error:
        raise _refused(path, error) from error


@lru_cache(maxsize=16)
def _read(path: Path) -> str:
    """The key in a file, read once; another one takes a restart."""
    key = path.read_text(encoding="ascii").strip()
    if not key:
        raise OSError(0, "it is empty")
    return key


def _make(path: Path) -> None:
    """Write a new key beside and link it into place; another process may have been faster."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{secrets.token_urlsafe(_BYTES)}\n")
            file.flush()
            os.fsync(descriptor)
        with suppress(FileExistsError):
            path.hardlink_to(beside)
    finally:
        beside.unlink()


def _refused(path: Path, error: OSError) -> AggregatorError:
    return AggregatorError(
        f"{path} cannot hold the key that signs the addresses of pictures: {error.strerror};"
        " let the user who runs the service read and write it, or set `images.secret`"
    )
