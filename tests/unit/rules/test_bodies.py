"""`replace` over bodies: text changes, markup does not, and nothing unsafe comes out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aggregator.clean.body import clean_body
from aggregator.model.articles import Article
from aggregator.model.entries import RawText
from aggregator.model.rules import RuleSpec
from aggregator.rules import judge
from aggregator.rules.bodies import MOST_TEXT
from aggregator.text.markup import sanitize
from aggregator.text.tree import MAX_ESCAPES
from tests.support.bodies import EMBEDS, facts, xss_payloads
from tests.support.deciding import NOON, article
from tests.support.entries import BASE, cleaning
from tests.support.judge import BATCH, page
from tests.support.judge import judge as judge_in_browser

__all__ = ["page"]

PLAYER = "https://www.youtube.com/embed/a"


def rewritten(body: str, find: str, by: str = "") -> str:
    """What one rule makes of a body."""
    rule = RuleSpec.model_validate({"replace": {"field": "body", "find": find, "by": by}})
    made = judge(replace(article("A title"), body=body), [rule], NOON)
    assert isinstance(made, Article)
    return made.body


@pytest.mark.parametrize(
    ("body", "find", "by", "after"),
    [
        ("<p>One <b>two</b> one</p>", "(?i)one", "1", "<p>1 <b>two</b> 1</p>"),
        ("<p>知识产权法院</p>", "知识(产权)", r"\1", "<p>产权法院</p>"),
        ("bare text", "^bare", "plain", "plain text"),
        ("<p>a &amp; b</p>", "&", "<", "<p>a &lt; b</p>"),
        ("<pre><code>x  =  1\n</code></pre>", "1", "2", "<pre><code>x  =  2\n</code></pre>"),
        ("<p>x\x01</p>", "x", "\x00y", "<p>y</p>"),
    ],
)
def test_text_is_replaced(body: str, find: str, by: str, after: str) -> None:
    """Every match in every piece of text changes, behind elements as well as in them."""
    assert rewritten(body, find, by) == after


@pytest.mark.parametrize("find", ["strong", "p>", "site", "picture", "two three", "no match"])
def test_markup_is_not_seen(find: str) -> None:
    """Names, attributes, addresses and what a tag cuts apart do not match; the body is the same."""
    body = (
        '<p>two <strong>three</strong></p><img src="https://site.example/a.png" alt="A picture">'
        '<a href="https://site.example/">link</a>'
    )
    assert rewritten(body, find, "x") == body


@pytest.mark.parametrize(
    ("body", "after"),
    [
        ("<p>Story.</p><p>Subscribe now</p>", "<p>Story.</p>"),
        ("<ul><li><em>Subscribe now</em></li></ul><p>Story.</p>", "<p>Story.</p>"),
        ("<p>Subscribe now<br>more</p>", "<p><br>more</p>"),
        ("<div><p>Subscribe now</p> tail</div>", "<div> tail</div>"),
        ("<p>Subscribe now</p>", ""),
    ],
)
def test_what_is_left_empty_goes(body: str, after: str) -> None:
    """No empty paragraph stays where a text was taken out; what stands behind it does."""
    assert rewritten(body, "^Subscribe.*") == after


def test_cells_and_pictures_stay() -> None:
    """A cell whose text goes keeps its column, and what shows something is not empty."""
    table = "<table><tbody><tr><td>x</td><td>y</td></tr></tbody></table>"
    assert rewritten(table, "x") == table.replace(">x<", "><")
    figure = '<figure><img src="https://site.example/a.png" alt=""></figure>'
    assert rewritten(f"{figure}<p>x</p>", "x") == figure


def test_players_stay_and_none_comes() -> None:
    """A player that the configuration let through stays; text cannot make another one."""
    body = sanitize(f'<p>x</p><iframe src="{PLAYER}"></iframe>', "bleach", EMBEDS)
    made = rewritten(body, "x", '<iframe src="https://player.vimeo.com/video/1"></iframe>')
    assert made.count("<iframe") == 1
    assert f'<iframe src="{PLAYER}"></iframe>' in made


@pytest.fixture(scope="module")
def attacks() -> list[str]:
    """Bodies into which a rule wrote each payload of the corpus: a plain one, and its own."""
    made = set[str]()
    for payload in xss_payloads():
        by = payload.replace("\\", "\\\\")
        own = clean_body(RawText(f"{payload} here"), BASE, (), cleaning(embeds=tuple(EMBEDS))).html
        made |= {rewritten("<p>here</p>", "here", by), rewritten(own, "here", by)}
    return sorted(made)


def test_no_payload_gets_in_through_a_rule(attacks: list[str]) -> None:
    """Payloads written by a rule stay text, and to both sanitizers the body is clean as it is."""
    for made in attacks:
        assert facts(made).forbidden == []
        assert sanitize(made, "nh3", EMBEDS) == made
        assert facts(sanitize(made, "bleach", EMBEDS)) == facts(made)


def test_nothing_that_a_rule_writes_runs(page: Any, attacks: list[str]) -> None:
    """In a real browser no rewritten body runs anything, or changes when it is read again."""
    assert len(attacks) > 400
    for start in range(0, len(attacks), BATCH):
        assert judge_in_browser(page, attacks[start : start + BATCH]) == []


def test_a_body_is_not_made_of_its_parts() -> None:
    """Taking text out of escaped markup leaves text, not the markup that it spelled."""
    assert rewritten("<p>&lt;scrXipt&gt;alert(1)&lt;/scrXipt&gt;</p>", "X") == (
        "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    )


@pytest.mark.parametrize(("sign", "most"), [("y", MOST_TEXT), ("&", MAX_ESCAPES)])
def test_a_body_does_not_grow_without_end(sign: str, most: int) -> None:
    """A pattern that makes more text, or more signs, than a body may have changes nothing."""
    tenth = most // 10
    body = f"<p>{'x' * 10}</p>"
    assert len(rewritten(body, "x", sign * tenth)) >= most
    assert rewritten(body, "x", sign * (tenth + 1)) == body
