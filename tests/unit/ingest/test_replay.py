"""Rules over stored articles: what is judged, and where the article would stand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aggregator.dedupe.bodies import measured
from aggregator.ingest.recipe import Recipe, recipes
from aggregator.ingest.replay import Replayed, changed_words, replay_stored, replay_withheld
from aggregator.model.articles import Article, Dropped, Unruled
from aggregator.model.ledger import RuledArticle, RuledCopy, Withheld
from aggregator.model.rules import RuleSpec
from aggregator.model.settings import FROM_POST, SourceSpec
from aggregator.rules import judge_by_book
from aggregator.rules.originals import original
from tests.support.outcomes import NOON, article, configuration


def _recipes(*rules: dict[str, Any], wire: tuple[str, ...] = ("news/world",)) -> dict[str, Recipe]:
    """Recipes of `wire`, with rules of its own, and of `echo` in `sport`."""
    specs = (
        SourceSpec(id="wire", category=wire, rules=tuple(RuleSpec(**rule) for rule in rules)),
        SourceSpec(id="echo", category=("sport",)),
    )
    return dict(recipes(configuration(specs)))


def _copy(source: str = "wire", **changes: Any) -> RuledCopy:
    """A copy as the ledger has it: without its source's categories."""
    made = article(source=source, categories=changes.pop("own", ()))
    return RuledCopy(made, changes.get("dropped_by", ""), changes.get("is_present", True))


def _replayed(recipes: dict[str, Recipe], *copies: RuledCopy) -> Replayed:
    stored = RuledArticle(7, "t" * 20, "The storm", ("all", "news", "news/world"), copies)
    return replay_stored(stored, recipes, NOON)


def test_rules_that_say_nothing_new_change_nothing() -> None:
    """An article that stands where it should has no ruling, and comes and goes nowhere."""
    found = _replayed(_recipes(), _copy())
    assert found.before == found.after == {"all", "news", "news/world"}
    assert found.rulings == ()


def test_a_dropped_copy_leaves_the_places_of_the_others() -> None:
    """The article stands where the copies put it that no rule drops; without any, nowhere."""
    drop = {"drop": {"title": "storm"}}
    found = _replayed(_recipes(drop), _copy(), _copy("echo"))
    assert found.after == {"all", "sport"}
    (ruling,) = found.rulings
    assert (ruling.number, ruling.dropped_by) == (7, "drop title: storm")
    alone = _replayed(_recipes(drop), _copy())
    assert (alone.after, alone.dropped_by) == (frozenset(), "drop title: storm")


def test_what_was_dropped_is_let_in_again() -> None:
    """Without the rule that dropped it, a copy stands again."""
    found = _replayed(_recipes(), _copy(dropped_by="drop title: storm"))
    assert found.after == {"all", "news", "news/world"}
    assert [ruling.dropped_by for ruling in found.rulings] == [""]


def test_what_does_not_count_puts_nothing_anywhere() -> None:
    """Copies whose source left the configuration, or whose document vanished, do not count."""
    assert _replayed({}, _copy()).after == frozenset()
    assert _replayed(_recipes(), _copy(is_present=False)).after == frozenset()


def test_an_entrys_own_categories_count_where_they_are_wanted() -> None:
    """The paths that an entry brought hold with `from-post`, and not without."""
    own = _copy(own=("sport",))
    assert "sport" in _replayed(_recipes(wire=("news/world", FROM_POST)), own).after
    assert "sport" not in _replayed(_recipes(), own).after


def test_withheld_articles_are_judged_as_they_were_read() -> None:
    """What a rule dropped is judged whole, and keeps what it was before any rule if it is again."""
    read = article()
    tagged = {"tag": ["x"]}
    held = Withheld(read, "drop title: storm")
    come = replay_withheld(held, _recipes(tagged)["wire"], NOON)
    assert come.after == {"all", "news", "news/world"}
    assert isinstance(come.made, Article)
    assert come.made.tags == (*read.tags, "x")
    gone = replay_withheld(held, _recipes(tagged, {"drop": {"tags": "x"}})["wire"], NOON)
    assert isinstance(gone.made, Dropped)
    assert gone.made.article == read
    assert gone.dropped_by == "drop tags: x"


def test_a_text_that_rules_change_is_measured_again() -> None:
    """Copies are compared by what they say after the rules, not by what they said before."""
    rule = {"replace": {"field": "body", "find": "Everything", "by": "Nothing"}}
    held = Withheld(measured(article()), "drop title: storm")
    come = replay_withheld(held, _recipes(rule)["wire"], NOON)
    assert isinstance(come.made, Article)
    assert come.made.body.startswith("<p>Nothing that is known")
    assert come.made.text_hash == measured(come.made).text_hash != held.article.text_hash


RETOLD: list[dict[str, Any]] = [
    {"set": {"author": "The desk"}},
    {"tag": ["weather"]},
    {"replace": {"field": "title", "find": "^The whole", "by": "A"}},
    {"replace": {"field": "body", "find": "Everything", "by": "All"}},
]


def _stored(*rules: dict[str, Any], **changes: Any) -> RuledCopy:
    """A copy as it was stored under some rules."""
    read = article(categories=())
    made = judge_by_book(read, _recipes(*rules)["wire"].rules, NOON)
    assert isinstance(made, Article)
    return RuledCopy(replace(made, **changes), "", is_present=True)


def test_what_rules_write_is_written_anew() -> None:
    """Words that `set`, `tag` and `replace` would make are named, made and measured."""
    before = _stored()
    found = _replayed(_recipes(*RETOLD), before)
    assert found.changed == ("title", "body", "author", "tags")
    (ruling,) = found.rulings
    assert ruling.remade
    made = ruling.article
    assert (made.author, made.tags[-1]) == ("The desk", "weather")
    assert made.title == before.article.title.replace("The whole", "A")
    assert made.text_hash == measured(made).text_hash != before.article.text_hash
    assert changed_words(original(made), before.article) == ()


def test_other_rules_begin_at_what_the_source_said() -> None:
    """Rules are never put on top of older ones, and without any all is as it was read."""
    again = [{"replace": {"field": "title", "find": "^The", "by": "Once more the"}}]
    once = _stored(*again)
    assert _replayed(_recipes(*again), once).rulings == ()
    (ruling,) = _replayed(_recipes(), once).rulings
    assert ruling.article.title == article().title
    assert ruling.article.unruled == Unruled()
    (ruling,) = _replayed(_recipes(*RETOLD), once).rulings
    assert ruling.article.title == article().title.replace("The whole", "A")


@pytest.mark.parametrize("copy", [{"unruled": None}, {"is_present": False}])
def test_words_stay_where_nothing_better_is_known(copy: dict[str, Any]) -> None:
    """Those of an older version, which kept no originals, and of documents that are gone."""
    stored = replace(_stored(**{k: v for k, v in copy.items() if k == "unruled"}))
    stored = replace(stored, is_present=copy.get("is_present", True))
    found = _replayed(_recipes(*RETOLD, {"category": ["sport"]}), stored)
    assert found.changed == ()
    (ruling,) = found.rulings
    assert (ruling.remade, ruling.article.ruled_in) == (False, ("sport",))
    assert ruling.article.title == stored.article.title


def test_a_dropped_copy_keeps_its_words() -> None:
    """What leaves the feeds is not rewritten on its way out."""
    stored = _stored()
    (ruling,) = _replayed(_recipes(*RETOLD, {"drop": {"title": "^A"}}), stored).rulings
    assert (ruling.remade, ruling.article.title) == (False, stored.article.title)
