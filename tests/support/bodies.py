"""Reads published markup with a parser that no sanitizer uses, and finds what it is made of."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser

from aggregator.text.markup import is_allowed_attribute
from aggregator.text.policy import EMBED, TAGS, URL_ATTRIBUTES
from tests.support.shared import shared

EMBEDS = frozenset({"www.youtube.com", "player.vimeo.com", "player.bilibili.com"})


@dataclass
class Facts:
    """What a reader gets: the text, the addresses, and whatever the policy does not name."""

    text: str = ""
    addresses: list[str] = field(default_factory=list)
    forbidden: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.facts = Facts()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in TAGS | {EMBED}:
            self.facts.forbidden.append(tag)
        for name, value in attrs:
            if not is_allowed_attribute(tag, name, value or "", EMBEDS):
                self.facts.forbidden.append(f"{tag} {name}={value!r}")
            if name in URL_ATTRIBUTES:
                self.facts.addresses.append(value or "")

    def handle_data(self, data: str) -> None:
        self.facts.text += data

    def handle_comment(self, data: str) -> None:
        self.facts.forbidden.append(f"comment {data!r}")

    def handle_decl(self, decl: str) -> None:
        self.facts.forbidden.append(f"declaration {decl!r}")

    def handle_pi(self, data: str) -> None:
        self.facts.forbidden.append(f"instruction {data!r}")


def facts(html: str) -> Facts:
    """What this markup holds."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.facts


def xss_payloads() -> list[str]:
    """Every payload of the shared corpus, and every address of it as a link and as a picture."""
    folder = shared("corpus/xss")
    bodies = [entry["payload"] for entry in json.loads((folder / "payloads.json").read_text())]
    values = [entry["href"] for entry in json.loads((folder / "href-values.json").read_text())]
    bodies += [f'<a href="{value}">l</a><img src="{value}">' for value in values]
    return bodies + [f"<a href='{value}'>l</a><img src='{value}'>" for value in values]
