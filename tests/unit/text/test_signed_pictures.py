"""Addresses of pictures by way of us: only who has the key can make one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.signed_pictures import Picture, read_signed, signed_path

KEY = "a key of sixteen letters"
PICTURE = Picture("https://p.example/a.jpg?w=1&h=2", "https://site.example/")


def parts(path: str) -> tuple[str, str]:
    """Signature and what is signed."""
    _, signature, which = path.split("/")
    return signature, which


def test_an_address_is_known_again() -> None:
    """It has three segments of plain letters, and gives the picture and its site back."""
    path = signed_path(PICTURE, KEY)
    assert path.startswith("image/")
    assert set(path) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/")
    assert read_signed(*parts(path), KEY) == PICTURE


def test_the_same_picture_has_the_same_address() -> None:
    """What is published again is the same to the byte; another site or key makes another one."""
    assert signed_path(PICTURE, KEY) == signed_path(PICTURE, KEY)
    others = [signed_path(PICTURE, f"{KEY}!"), signed_path(Picture(PICTURE.url), KEY)]
    assert signed_path(PICTURE, KEY) not in others


@pytest.mark.parametrize("end", [0, 10, 42])
def test_one_letter_of_a_signature_is_enough_to_refuse_it(end: int) -> None:
    """Whichever letter of it is another one, there is nothing."""
    signature, which = parts(signed_path(PICTURE, KEY))
    other = "A" if signature[end] != "A" else "B"
    assert read_signed(signature[:end] + other + signature[end + 1 :], which, KEY) is None


def test_a_signature_is_for_one_picture() -> None:
    """With another picture, another key, a part of it, or none it is worth nothing."""
    signature, which = parts(signed_path(PICTURE, KEY))
    _, other = parts(signed_path(Picture("https://p.example/b.jpg"), KEY))
    assert read_signed(signature, other, KEY) is None
    assert read_signed(signature, which, "another key of that length") is None
    assert read_signed(signature[:-1], which, KEY) is None
    assert read_signed("", which, KEY) is None


def test_without_a_key_there_is_nothing() -> None:
    """No address is made, and none is right: not even what an empty key would sign."""
    with pytest.raises(ValueError, match="no key"):
        signed_path(PICTURE, "")
    assert read_signed("", "", "") is None
    assert read_signed(*parts(signed_path(PICTURE, "x")), "") is None


@given(st.text(), st.text())
def test_whatever_is_asked_is_refused(signature: str, which: str) -> None:
    """Any two texts that we did not make are refused, without an error."""
    assert read_signed(signature, which, KEY) is None
