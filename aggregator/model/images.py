"""What the configuration says about our own image proxy (docs/cleaning.md tells what it does)."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from aggregator.model.base import Frozen
from aggregator.model.quantities import Size, parse_size

SHORTEST_SECRET = 16


def _check_secret(secret: SecretStr) -> SecretStr:
    if 0 < len(secret.get_secret_value()) < SHORTEST_SECRET:
        raise ValueError(f"`secret` has {SHORTEST_SECRET} characters or more")
    return secret


class Images(Frozen):
    """The image proxy of our own: `clean.images: proxy` without an `image_proxy`."""

    secret: Annotated[SecretStr, AfterValidator(_check_secret)] = Field(
        SecretStr(""),
        max_length=200,
        description="Signs the addresses of pictures, never to change; write it as ${NAME}. Empty:"
        " made once, and kept in `data/image.key`.",
    )
    folder: str = Field(
        "data/images", min_length=1, description="Folder that pictures are kept in, and no more."
    )
    keep: Size = Field(
        parse_size("500MB"),
        description="Most bytes of pictures kept; the one asked for longest ago goes first.",
    )
    max_bytes: Size = Field(
        parse_size("10MB"), ge=1, description="Largest picture taken, counted after decompression."
    )
