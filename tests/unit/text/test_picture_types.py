"""What is a picture: its first bytes say so, and they alone."""

from __future__ import annotations

import pytest

from aggregator.text.picture_types import is_named_picture, picture_type
from tests.support.pictures import PICTURES

AVIF = PICTURES["image/avif"]


@pytest.mark.parametrize("media_type", PICTURES)
def test_each_kind_is_known_by_its_first_bytes(media_type: str) -> None:
    """PNG, JPEG, GIF, WebP and AVIF are told apart; cut short of their sign they are nothing."""
    assert picture_type(PICTURES[media_type]) == media_type
    assert picture_type(PICTURES[media_type][:2]) == ""


def test_a_brand_of_avif_may_come_second() -> None:
    """A file of another major brand that names AVIF among the compatible ones is one."""
    mif1 = b"\0\0\0\x20ftypmif1\0\0\0\0heicavif" + b"\0" * 20
    heic = mif1.replace(b"avif", b"heix")
    in_version = b"\0\0\0\x14ftypmif1avifheic" + b"\0" * 20
    beyond = b"\0\0\0\x14ftypmif1\0\0\0\0heicavif"
    assert [picture_type(each) for each in (mif1, heic, in_version, beyond)] == [
        "image/avif",
        "",
        "",
        "",
    ]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!doctype html><title>x</title>",
        b"%PDF-1.7",
        b" " + PICTURES["image/png"],
        b"RIFF\0\0\0\0WAVE",
        b"GIF90a",
        AVIF.replace(b"avif", b"isom"),
    ],
)
def test_everything_else_is_no_picture(data: bytes) -> None:
    """Drawings, pages, sounds and films are none, nor is a picture with something before it."""
    assert picture_type(data) == ""


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("image/png", True),
        (" IMAGE/JPEG ; q=1", True),
        ("image/jpg", True),
        ("image/svg+xml", False),
        ("text/html", False),
        ("application/octet-stream", False),
        ("", False),
    ],
)
def test_what_a_server_calls_it(name: str, is_one: bool) -> None:
    """Names of the kinds that are taken count, also those that servers use by mistake."""
    assert is_named_picture(name) == is_one
