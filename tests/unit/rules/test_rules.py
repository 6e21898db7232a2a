from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from aggregator.errors import AggregatorError
from aggregator.model.articles import Article, Dropped, DropReason, Stage
from aggregator.model.rules import RuleSpec
from aggregator.rules import judge
from tests.support.deciding import NOON, article

ARTICLE = article(
    "Chip maker wins a patent case",
    body="<p>The court in <b>Munich</b> ruled.</p>",
    author="Li Lei",
    link="https://a.example/news/1",
    tags=("law", "chips"),
    language="en",
    categories=("tech",),
)


def ruled(*rules: dict[str, Any], subject: Article = ARTICLE) -> Article | Dropped:
    """What rules, as they stand in a configuration, make of an article an hour after noon."""
    specs = [RuleSpec.model_validate(rule) for rule in rules]
    return judge(subject, specs, NOON + timedelta(hours=1))


def changed(*rules: dict[str, Any]) -> Article:
    """The same, where the article is expected to stay."""
    result = ruled(*rules)
    assert isinstance(result, Article)
    return result


@pytest.mark.parametrize(
    "condition",
    [
        {"title": "patent"},
        {"title": "(?i)PATENT|知识产权"},
        {"author": "^Li"},
        {"link": r"/news/\d"},
        {"tags": "^chips$"},
        {"body": "court in Munich ruled"},
        {"language": "^en"},
        {"older": "59m"},
        {"newer": "61m"},
        {"longer": 25},
        {"shorter": 27},
        {"title": "patent", "author": "Li"},
        {"all": [{"title": "patent"}, {"author": "Li"}]},
        {"any": [{"title": "nothing"}, {"author": "Li"}]},
        {"none": [{"title": "nothing"}, {"author": "nobody"}]},
        {"any": [{"none": [{"title": "nothing"}]}], "language": "en"},
    ],
)
def test_a_condition_that_holds(condition: dict[str, Any]) -> None:
    """Every field can be looked at, and conditions can be joined and turned round."""
    assert isinstance(ruled({"drop": condition}), Dropped)


@pytest.mark.parametrize(
    "condition",
    [
        {"title": "Patent"},
        {"tags": "^chip$"},
        {"body": "<b>"},
        {"older": "60m"},
        {"newer": "60m"},
        {"longer": 26},
        {"shorter": 26},
        {"title": "patent", "author": "Wang"},
        {"all": [{"title": "patent"}, {"author": "Wang"}]},
        {"any": [{"title": "nothing"}]},
        {"none": [{"title": "nothing"}, {"author": "Li"}]},
    ],
)
def test_a_condition_that_does_not_hold(condition: dict[str, Any]) -> None:
    """All that a condition names must be so; limits themselves are neither above nor below."""
    assert ruled({"drop": condition}) is ARTICLE


def test_a_dropped_article_names_the_rule() -> None:
    """What was dropped can be found with the rule that did it, in words."""
    assert ruled({"drop": {"any": [{"title": "patent"}, {"author": "Wang"}]}}) == Dropped(
        "a",
        ARTICLE.title,
        Stage.RULES,
        DropReason.RULE,
        "drop any: [title: patent; author: Wang]",
        ARTICLE.link,
        ARTICLE.entry.entry_key,
    )


def test_the_first_match_wins() -> None:
    """The order of keep and drop decides, not how many of them match."""
    keep, drop = {"keep": {"title": "patent"}}, {"drop": {"author": "Li"}}
    assert ruled(keep, drop) is ARTICLE
    assert isinstance(ruled(drop, keep), Dropped)


def test_a_list_with_a_keep_drops_the_rest() -> None:
    """Where a list holds a keep, what matched nothing is dropped; without rules nothing is."""
    result = ruled({"drop": {"author": "Wang"}}, {"keep": {"title": "football"}})
    assert isinstance(result, Dropped)
    assert result.detail == "no keep rule matches"
    assert ruled() is ARTICLE


def test_tags_and_categories_are_added_once() -> None:
    """`tag` and `category` add to what is there."""
    result = changed({"tag": ["law", "Munich"]}, {"category": "law/cases"})
    assert result.tags == ("law", "chips", "Munich")
    assert result.paths == ("law/cases", "tech")


def test_a_rule_with_when_is_for_some_articles() -> None:
    """What a `when` does not describe is left alone."""
    assert ruled({"tag": "x", "when": {"title": "football"}}) is ARTICLE
    assert changed({"tag": "x", "when": {"title": "patent"}}).tags[-1] == "x"


def test_fields_can_be_set() -> None:
    """`set` gives fields new values and leaves the others."""
    result = changed({"set": {"author": "Xinhua\x00", "language": "zh-CN"}})
    assert (result.author, result.language, result.title) == ("Xinhua", "zh-CN", ARTICLE.title)


def test_text_can_be_replaced() -> None:
    """`replace` rewrites every match in a field, groups included."""
    assert changed({"replace": {"find": "^Chip maker ", "by": ""}}).title == "wins a patent case"
    rule = {"replace": {"field": "link", "find": r"/news/(\d+)$", "by": r"/n/\1.html"}}
    assert changed(rule).link == "https://a.example/n/1.html"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "nonsense", ""])
def test_a_link_cannot_become_dangerous(link: str) -> None:
    """A rule that would make another kind of link leaves the link as it is."""
    assert changed({"set": {"link": link}}).link == ARTICLE.link
    assert changed({"replace": {"field": "link", "find": ".+", "by": link}}).link == ARTICLE.link


def test_rules_below_see_what_rules_above_changed() -> None:
    """Rules are read from top to bottom."""
    result = ruled({"set": {"author": "Wang"}}, {"drop": {"author": "Wang"}})
    assert isinstance(result, Dropped)


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"keep": {"title": "a"}, "drop": {"title": "b"}},
        {"keep": {"title": "a"}, "tag": "x"},
        {"tag": "x", "set": {"author": "y"}},
        {"drop": {"title": "a"}, "when": {"title": "b"}},
        {"when": {"title": "b"}},
        {"keep": {}},
        {"set": {"body": "x"}},
        {"replace": {"field": "tags", "find": "x"}},
    ],
)
def test_a_rule_does_one_thing(rule: dict[str, Any]) -> None:
    """Rules that do nothing, several things, or what no rule can do are faults."""
    with pytest.raises(ValidationError):
        RuleSpec.model_validate(rule)


def test_no_pattern_runs_long() -> None:
    """A pattern that would never end elsewhere ends at once, also over hostile text."""
    hostile = article("a" * 50_000 + "!", body="<p>x</p>")
    assert ruled({"drop": {"title": "(a+)+$"}}, subject=hostile) is hostile


def test_text_that_is_not_unicode_can_be_judged() -> None:
    """A lone surrogate in a title is no reason to fail."""
    assert isinstance(ruled({"drop": {"title": "x"}}, subject=article("\ud800 x")), Dropped)


def test_a_wrong_pattern_is_told() -> None:
    """A pattern that RE2 does not know is named in the error."""
    with pytest.raises(AggregatorError, match=r"\(\?=a\)"):
        ruled({"drop": {"title": "(?=a)"}})
