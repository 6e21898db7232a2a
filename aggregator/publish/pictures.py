"""Pictures by way of a proxy (`clean.images: proxy`): put into articles as they are published.

The database keeps each picture's own address, so a proxy can be taken up, changed or given up at
any time. Fetching is not done here; for our own proxy that is `aggregator.web.pictures`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from html import escape, unescape
from urllib.parse import quote

from aggregator.config.paths import site_url
from aggregator.model.published import PublishedArticle
from aggregator.model.settings import Settings
from aggregator.publish.addresses import is_web_address
from aggregator.text.picture_types import TYPES
from aggregator.text.signed_pictures import PREFIX, Picture, signed_path

Address = Callable[[str], str]

# The sanitizer writes values in double quotes, with no such quote in them.
_TAG = re.compile(r'<(img|video)((?:\s+[a-z-]+(?:="[^"]*")?)*)(?=\s*/?>)')
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_NAMES = {"img": "src", "video": "poster"}
_DRAWING = re.compile(r"[^?#]*\.svgz?(?:[?#]|$)", re.IGNORECASE)
_SITE = re.compile(r"(https?://)(?:[^/?#@]*@)?([^/?#@]+)", re.IGNORECASE)


def with_proxied_pictures(article: PublishedArticle, settings: Settings) -> PublishedArticle:
    """The article with its pictures at the proxy's addresses, where one is wanted."""
    if settings.clean.images != "proxy":
        return article
    template = settings.clean.image_proxy
    address = _foreign(template) if template else _own(settings, article.url)
    image, enclosures = article.image, article.enclosures
    return replace(
        article,
        body=_in_body(article.body, address),
        image=image and replace(image, url=address(image.url)),
        enclosures=tuple(
            replace(each, url=address(each.url)) if each.media_type in TYPES else each
            for each in enclosures
        ),
    )


def _foreign(template: str) -> Address:
    """By way of a proxy that somebody else runs; what goes there already stays."""
    start = template.partition("{url}")[0]

    def address(url: str) -> str:
        is_there = url.startswith(start) or not is_web_address(url)
        return url if is_there else template.replace("{url}", quote(url, safe=""))

    return address


def _own(settings: Settings, page: str) -> Address:
    """By way of our own proxy. It passes on no drawings: what says so keeps its own address."""
    start = f"{site_url(settings)}{PREFIX}/"
    key = settings.images.secret.get_secret_value()
    found = _SITE.match(page)
    site = f"{found[1]}{found[2]}/" if found else ""

    def address(url: str) -> str:
        if not key or _DRAWING.match(url) or url.startswith(start) or not is_web_address(url):
            return url
        return site_url(settings) + signed_path(Picture(url, site), key)

    return address


def _in_body(body: str, address: Address) -> str:
    """The body with every picture's address changed, and not a letter else."""

    def element(found: re.Match[str]) -> str:
        tag, attributes = found[1], found[2]
        return f"<{tag}{_ATTRIBUTE.sub(lambda each: attribute(tag, each), attributes)}"

    def attribute(tag: str, found: re.Match[str]) -> str:
        if found[1] != _NAMES[tag]:
            return found[0]
        return f'{found[1]}="{escape(address(unescape(found[2])))}"'

    return _TAG.sub(element, body) if "<img" in body or "poster=" in body else body
