"""Bodies with the quirks of real sources, and what must come out of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.bodies import facts
from tests.support.entries import body, cleaning
from tests.support.shared import shared

CASES = Path(__file__).parents[2] / "cases" / "clean"


@pytest.mark.parametrize("case", sorted(CASES.glob("*.html")), ids=lambda path: path.stem)
def test_case(case: Path) -> None:
    """Each body of `tests/cases/clean` comes out as its `.expected` says, by both sanitizers."""
    expected = case.with_suffix(".expected").read_text("utf-8").removesuffix("\n")
    raw = case.read_text("utf-8")
    assert body(raw) == expected
    assert facts(body(raw, cleaning("nh3"))) == facts(expected)


@pytest.mark.parametrize("case", sorted(CASES.glob("*.expected")), ids=lambda path: path.stem)
def test_clean_is_clean(case: Path) -> None:
    """A clean body comes out of cleaning as it went in."""
    html = case.read_text("utf-8").removesuffix("\n")
    assert body(html) == html


def test_the_article_this_began_with() -> None:
    """Of the seed post only the news is left: no CSS, advertisement, comment or empty paragraph."""
    (post,) = shared("seed").glob("*.txt")
    how = replace(cleaning(), remove=(".appendQr_wrap", ".article-editor"))
    clean = body(post.read_text("utf-8").split("---", 2)[2], how)
    assert clean.count("<p>") == clean.count("</p>") == 6
    assert "知识产权质押融资是创新型企业获取发展资金的重要途径" in clean
    assert facts(clean).forbidden == []
    for gone in ("appendQr", "APP", "责任编辑", "cms-style", "<!--", "<p></p>", "\u3000", "<img"):
        assert gone not in clean
