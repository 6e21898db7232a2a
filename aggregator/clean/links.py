"""Links and players of a body: absolute and direct, or plain text."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

from aggregator.text import urls
from aggregator.text.markup import is_embed
from aggregator.text.policy import EMBED, LINK_REL, SANDBOX
from aggregator.text.tree import Element, descendants, drop, sweep, text_of, unwrap

_BACK_ARROW = re.compile(r"[\s\[\]^↩⤴↑⬆⏎\ufe0e\ufe0f]*")
_PLAYER_SIZE = re.compile(r"[0-9]{1,5}")


def resolve(root: Element, base: str) -> None:
    """Make links absolute and direct.

    A link inside the page that `footnotes` left becomes its own text: what it leads to is not here,
    and in a feed reader, where many articles share a page, it could lead into another article.
    """
    for element in list(root.iter("a")):
        href = element.get("href", "").strip()
        address = "" if href.startswith("#") else urls.link(href, base)
        if address:
            element.set("href", address)
            element.set("rel", LINK_REL)
        elif href.startswith("#") and _BACK_ARROW.fullmatch(text_of(element)):
            drop(element)
        else:
            unwrap(element)
    sweep(root)


def resolve_embeds(root: Element, base: str, hosts: AbstractSet[str]) -> None:
    """Keep players of these hosts, boxed in; turn every other frame into a link to its page."""
    for frame in descendants(root, {EMBED}):
        address = _player_address(frame, base)
        title = frame.get("title", "").strip()
        size = {name: frame.get(name, "") for name in ("width", "height")}
        tail = frame.tail
        frame.clear()
        frame.tail = tail
        if is_embed(address, frozenset(hosts)):
            _make_player(frame, address, title, size)
        else:
            _make_link(frame, address, title)
    sweep(root)


def _player_address(frame: Element, base: str) -> str:
    address = urls.media(frame.get("src") or frame.get("data-src") or "", base)
    return re.sub(r"^http://", "https://", address)


def _make_player(frame: Element, address: str, title: str, size: dict[str, str]) -> None:
    frame.set("src", address)
    if title:
        frame.set("title", title)
    for name, value in size.items():
        if _PLAYER_SIZE.fullmatch(value):
            frame.set(name, value)
    frame.set("sandbox", SANDBOX)
    frame.set("allowfullscreen", "")
    frame.set("loading", "lazy")
    # Players refuse to play for nobody; the origin alone tells them no more than our host.
    frame.set("referrerpolicy", "strict-origin-when-cross-origin")


def _make_link(frame: Element, address: str, title: str) -> None:
    if not address:
        drop(frame)
        return
    frame.tag = "a"
    frame.set("href", address)
    frame.set("rel", LINK_REL)
    frame.text = title or urls.host(address)
