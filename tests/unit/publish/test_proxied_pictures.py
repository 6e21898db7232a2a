"""Pictures by way of a proxy, as they are published; the articles in the store are left alone."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from aggregator.model.entries import Enclosure, Image
from aggregator.model.images import Images
from aggregator.model.settings import Clean, Settings, Site
from aggregator.publish.pictures import with_proxied_pictures
from aggregator.text.signed_pictures import Picture, read_signed
from tests.support.publishing import SITE, article

KEY = "sixteen letters."
FOREIGN = "https://proxy.example/?a=1&u={url}"


def settings(proxy: str = "", images: str = "proxy", key: str = KEY) -> Settings:
    """Settings that want a proxy."""
    clean = Clean.model_validate({"images": images, "image_proxy": proxy})
    own = Images.model_validate({"secret": key})
    return Settings(site=Site(url=SITE), clean=clean, images=own)


def body(text: str, how: Settings | None = None, **changes: Any) -> str:
    """What becomes of a body."""
    return with_proxied_pictures(article(body=text, **changes), how or settings()).body


def shown(address: str) -> Picture | None:
    """The picture that an address of our own proxy stands for."""
    start, _, rest = address.partition("image/")
    assert start == SITE
    signature, which = rest.split("/")
    return read_signed(signature, which, KEY)


def test_every_picture_of_an_article_goes_through_our_proxy() -> None:
    """Body, film posters, head image and enclosed pictures; sizes and everything else stay."""
    before = article(
        body='<p>x<img src="http://p.example/b.jpg?a=1&amp;b=2" alt="b" loading="lazy">y</p>'
        '<video src="https://p.example/f.mp4" poster="https://p.example/f.jpg" controls="">'
        "</video>",
        image=Image("https://p.example/h.png", 4, 3),
        enclosures=(
            Enclosure("https://p.example/e.mp3", "audio/mpeg", 1),
            Enclosure("https://p.example/e.png", "image/png", 2),
        ),
    )
    after = with_proxied_pictures(before, settings())
    start, rest = after.body.split(
        '" alt="b" loading="lazy">y</p><video src="https://p.example/f.mp4" poster="'
    )
    site = "https://origin.example/"
    assert shown(start.removeprefix('<p>x<img src="')) == Picture(
        "http://p.example/b.jpg?a=1&b=2", site
    )
    assert shown(rest.removesuffix('" controls=""></video>')) == Picture(
        "https://p.example/f.jpg", site
    )
    assert after.image
    assert (after.image.width, after.image.height) == (4, 3)
    assert shown(after.image.url) == Picture("https://p.example/h.png", site)
    sound, picture = after.enclosures
    assert sound == before.enclosures[0]
    assert shown(picture.url) == Picture("https://p.example/e.png", site)


def test_a_proxy_of_others_gets_the_address_in_its_place() -> None:
    """The template is filled in, and an address that goes there already stays as it is."""
    after = body('<img src="https://s.example/b.jpg?a=1&amp;b=2">', settings(FOREIGN))
    proxied = (
        f"https://proxy.example/?a=1&amp;u={quote('https://s.example/b.jpg?a=1&b=2', safe='')}"
    )
    assert after == f'<img src="{proxied}">'
    assert body(after, settings(FOREIGN)) == after


@pytest.mark.parametrize(
    "text",
    [
        "<p>no picture</p>",
        '<img src="https://p.example/a.svg">',
        '<img src="https://p.example/A.SVG?x#y">',
        f'<img src="{SITE}image/a/b">',
        '<img alt="no address">',
        '<a href="https://p.example/a.jpg">a link</a>',
        '&lt;img src="https://p.example/a.jpg"&gt;',
        '<p title="&lt;img src=">x</p>',
        '<img alt="a > b src=" title="https://p.example/a.jpg">',
    ],
)
def test_what_is_no_picture_of_others_stays(text: str) -> None:
    """Drawings, which no proxy of ours passes on, our own addresses, links and texts."""
    assert body(text) == text


def test_what_a_picture_says_about_itself_cannot_mislead() -> None:
    """An alternative text may look like an attribute, or hold `>`: the true address changes."""
    after = body('<img alt="1 > 0 src=" src="https://p.example/a.jpg" title="x">')
    start, _, rest = after.partition('src="https')
    assert start == '<img alt="1 > 0 src=" '
    assert shown("https" + rest.removesuffix('" title="x">')) == Picture(
        "https://p.example/a.jpg", "https://origin.example/"
    )


@pytest.mark.parametrize(
    ("page", "site"),
    [
        ("https://me:pass@s.example:8080/a/b?c#d", "https://s.example:8080/"),
        ("HTTP://S.example", "HTTP://S.example/"),
        ("mailto:me@s.example", ""),
        ("https://[", "https://[/"),
    ],
)
def test_the_site_is_told_without_page_and_password(page: str, site: str) -> None:
    """What another site may learn is where the article stands, not more."""
    after = with_proxied_pictures(article(url=page), settings())
    assert after.image
    assert shown(after.image.url) == Picture("https://origin.example/1.png", site)


@pytest.mark.parametrize("how", [settings(images="keep"), settings(key="")])
def test_without_proxy_or_key_nothing_changes(how: Settings) -> None:
    """Nobody is sent to an address that could not be answered."""
    before = article(body='<img src="https://p.example/a.jpg">')
    assert with_proxied_pictures(before, how) == before
