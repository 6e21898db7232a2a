"""What may never enter the policy, whoever edits it (FAULTS: mutation XSS and DOM clobbering)."""

from __future__ import annotations

from typing import get_args

import pytest

from aggregator.model.settings import Clean
from aggregator.text import policy
from aggregator.text.markup import Sanitizer, is_allowed_attribute, sanitize

FORBIDDEN_TAGS = sorted(
    policy.words(
        "svg math style noscript form script iframe template textarea title select option button"
        " input object embed applet frame frameset xmp plaintext noembed noframes base link meta"
        " annotation-xml foreignobject mglyph desc marquee portal slot"
    )
)
FORBIDDEN_ATTRIBUTES = sorted(
    policy.words(
        "id name class style srcdoc srcset formaction action background xlink:href is slot part"
        " onclick onerror onload autofocus target ping download"
    )
)


@pytest.mark.parametrize("tag", FORBIDDEN_TAGS)
def test_dangerous_elements_stay_out(tag: str) -> None:
    """The elements that every known way around a sanitizer needs are not in the policy."""
    assert tag not in policy.TAGS


def test_frames_are_for_embeds_only() -> None:
    """A frame is no element of the policy but by its own, separate rule."""
    assert policy.EMBED not in policy.TAGS | policy.ATTRIBUTES.keys()


@pytest.mark.parametrize("name", FORBIDDEN_ATTRIBUTES)
def test_dangerous_attributes_stay_out(name: str) -> None:
    """No element, and no embed, may carry an attribute that runs, styles or names anything."""
    for tag in policy.TAGS | {policy.EMBED}:
        assert not is_allowed_attribute(tag, name, "x", frozenset({"x"}))


def test_no_event_handlers() -> None:
    """No attribute of the policy begins with `on`."""
    names = frozenset().union(*policy.ATTRIBUTES.values(), policy.EMBED_ATTRIBUTES)
    assert not [name for name in names if name.startswith("on")]


def test_schemes_are_few() -> None:
    """Links lead to pages and mail, media come by http(s), and nothing else has an address."""
    assert {"http", "https", "mailto"} == policy.LINK_SCHEMES
    assert {"http", "https"} == policy.MEDIA_SCHEMES
    assert set(policy.URL_ATTRIBUTES) == {"href", "src", "poster"}


def test_the_configuration_names_the_same_sanitizers() -> None:
    """Every sanitizer of the configuration has a driver."""
    words = get_args(Clean.model_fields["sanitizer"].annotation)
    assert words == get_args(Sanitizer)


@pytest.mark.parametrize("sanitizer", get_args(Sanitizer))
@pytest.mark.parametrize(
    ("html", "left"),
    [
        ('<a href="javascript:123">x</a>', "<a>x</a>"),
        ('<a href="data:8080">x</a>', "<a>x</a>"),
        ('<a href="/relative">x</a>', "<a>x</a>"),
        ('<a href="//site.example/">x</a>', "<a>x</a>"),
        ('<img src="mailto:a@b.c">', "<img>"),
        ('<img src="data:image/png;base64,AA==">', "<img>"),
        ('<p onclick="x()" style="color:red" id="a" class="b">x</p>', "<p>x</p>"),
        (
            '<a rel="opener" href="https://site.example/">x</a>',
            '<a href="https://site.example/">x</a>',
        ),
        ('<p dir="ltr" lang="zh-CN">x</p>', '<p dir="ltr" lang="zh-CN">x</p>'),
        ('<td colspan="1e9">x</td>', "x"),
        ("<p>x<!-- y --></p>", "<p>x</p>"),
        ("&lt;script&gt;", "&lt;script&gt;"),
    ],
)
def test_the_last_door(sanitizer: Sanitizer, html: str, left: str) -> None:
    """The sanitizer itself holds the policy, also for what cleaning would have removed before."""
    assert sanitize(html, sanitizer) == left


@pytest.mark.parametrize("sanitizer", get_args(Sanitizer))
def test_embeds_need_their_host(sanitizer: Sanitizer) -> None:
    """A frame stays for a named host over https alone, and loses its address otherwise."""
    frame = '<iframe src="{}"></iframe>'
    good = frame.format("https://video.example/1")
    assert sanitize(good, sanitizer, ["video.example"]) == good
    assert sanitize(good, sanitizer) == ""
    for bad in ("http://video.example/1", "https://video.example.evil.example/", "javascript:1"):
        assert "src" not in sanitize(frame.format(bad), sanitizer, ["video.example"])
