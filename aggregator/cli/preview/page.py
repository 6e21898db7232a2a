"""A preview as one HTML file that needs nothing else: no script, no style sheet, no server.

The bodies in it have been through the sanitizer as those of feeds have; what a source wrote is
shown as text. A content security policy forbids everything but pictures and sound besides.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING

from aggregator.cli.preview.looking import Look
from aggregator.cli.preview.story import hit_words, story
from aggregator.cli.preview.terminal import total
from aggregator.formats.static import style_sheet
from aggregator.text.xml_chars import strip_illegal

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_BEFORE = 20_000
"""Characters shown of a body as its source wrote it."""


def render(look: Look, embeds: Iterable[str] = ()) -> bytes:
    """The whole page; `embeds` are the hosts whose players may be shown."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader(__package__, "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = style_sheet().decode() + files(__package__).joinpath("preview.css").read_text("utf-8")
    text = environment.get_template("preview.html").render(
        look=look,
        seen=look.preview,
        stories=[story(number, trail) for number, trail in enumerate(look.preview.entries, 1)],
        total=total(look),
        hit_words=hit_words,
        style=style,
        policy=_policy(style, embeds),
        longest=LONGEST_BEFORE,
    )
    return strip_illegal(text).encode("utf-8", "replace")


def _policy(style: str, embeds: Iterable[str]) -> str:
    """The content security policy: nothing is loaded but media, and no style but ours."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    players = " ".join(f"https://{host}" for host in embeds) or "'none'"
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src http: https: data:; "
        f"media-src http: https:; frame-src {players}; base-uri 'none'; form-action 'none'"
    )
