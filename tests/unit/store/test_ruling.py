"""What rules say about stored articles, and what is remembered of those that they dropped."""

from __future__ import annotations

from dataclasses import replace

from aggregator.model.articles import Article, Dropped, DropReason, Stage, Unruled
from aggregator.model.ledger import DropCount, Ruling, WhichDrops, Withheld
from aggregator.store.store import Store
from tests.support.outcomes import HOUR, NOON, article, decide, outcome

ADS = "drop title: Ad"


def _dropped(name: str, rule: str = ADS, source: str = "wire", **changes: str) -> Dropped:
    made = article(name, source)
    return Dropped(
        source, made.title, Stage.RULES, DropReason.RULE, rule, made.link, made.entry.entry_key,
        **{"article": made, **changes},  # type: ignore[arg-type]  # one field of each kind
    )  # fmt: skip


def _record(store: Store, *articles: Article, dropped: tuple[Dropped, ...] = ()) -> None:
    store.record([outcome(*articles, dropped=dropped)], decide(), NOON)


def _rule(store: Store, *, dropped_by: str = "", added: tuple[str, ...] = ()) -> None:
    """Say the same about every stored copy."""
    rulings = [
        Ruling(each.number, replace(copy.article, ruled_in=added), dropped_by)
        for each in store.ruled_articles(0, "", 100)
        for copy in each.copies
    ]
    store.apply_rulings(rulings, NOON + HOUR)


def test_drops_are_counted_by_rule(ready: Store) -> None:
    """Every rule that dropped something is told with the number of entries, the most first."""
    broken = Dropped("wire", "x", Stage.CLEAN, DropReason.FAILED, "why", "", "0" * 64)
    many = (_dropped("one"), _dropped("two"), _dropped("three", "drop tags: x"), broken)
    _record(ready, dropped=many)
    assert ready.count_dropped(WhichDrops()) == [
        DropCount(Stage.RULES, DropReason.RULE, ADS, 2),
        DropCount(Stage.CLEAN, DropReason.FAILED, "", 1),
        DropCount(Stage.RULES, DropReason.RULE, "drop tags: x", 1),
    ]
    assert ready.count_dropped(WhichDrops(source_id="echo")) == []


def test_drops_are_found(ready: Store) -> None:
    """A dropped entry is found by its source, its link, or a part of the rule in any case."""
    _record(ready, dropped=(_dropped("one"), _dropped("two", "drop tags: 100%_x")))
    for which in (
        WhichDrops(link="https://wire.example/two"),
        WhichDrops("wire", "TAGS: 100%_"),
    ):
        (found,) = ready.dropped(which, 10)
        assert (found.title, found.detail) == (article("two").title, "drop tags: 100%_x")
        assert found.dropped_at == NOON
    assert ready.dropped(WhichDrops(rule="100__x"), 10) == []
    assert len(ready.dropped(WhichDrops(rule="RULE"), 10)) == 2
    assert len(ready.dropped(WhichDrops(), 1)) == 1


def test_what_came_through_is_no_drop_any_more(ready: Store) -> None:
    """An entry that becomes an article leaves the list; one dropped again has one row."""
    _record(ready, dropped=(_dropped("one"), _dropped("two")))
    _record(ready, article("one"), dropped=(_dropped("two", "another rule"),))
    (left,) = ready.dropped(WhichDrops(), 10)
    assert (left.title, left.detail) == (article("two").title, "another rule")


def test_what_a_rule_dropped_is_kept_whole(ready: Store) -> None:
    """The article that a rule dropped comes back field by field, page by page, by source."""
    hard = replace(article("two"), body="<p>\ud800 汉字 \x00</p>", date_is_known=False)
    one, two = _dropped("one"), replace(_dropped("two"), article=hard)
    _record(ready, dropped=(one, two))
    ready.record([outcome(source="echo", dropped=(_dropped("x", source="echo"),))], decide(), NOON)
    assert one.article
    expected = sorted((one.article, hard), key=lambda each: each.entry.entry_key)
    assert ready.withheld(("", ""), "wire", 9) == [Withheld(each, ADS) for each in expected]
    first = ready.withheld(("", ""), "", 1)[0].article
    assert first.entry.source_id == "echo"
    assert len(ready.withheld((first.entry.source_id, first.entry.entry_key), "", 9)) == 2


def test_a_stored_article_goes_and_comes_back(ready: Store) -> None:
    """A rule takes an article out of every feed and can be found; without it all is as before."""
    _record(ready, article())
    ready.mark_published(ready.changed_categories())
    (before,) = ready.newest("news", 9, 0)
    _rule(ready, dropped_by=ADS)
    assert ready.newest("all", 9, 0) == []
    assert set(ready.changed_categories()) == {"all", "news", "news/world"}
    (drop,) = ready.dropped(WhichDrops(rule="title: ad"), 9)
    assert (drop.link, drop.dropped_at) == (before.link, NOON + HOUR)
    (copy,) = ready.copies(before.token)
    assert copy.dropped_by == ADS
    _rule(ready)
    assert ready.newest("news", 9, 0) == [before]
    assert ready.dropped(WhichDrops(), 9) == []


def test_a_stored_article_moves(ready: Store) -> None:
    """A category that a rule adds holds the article and is published again."""
    _record(ready, article())
    ready.mark_published(ready.changed_categories())
    _rule(ready, added=("sport",))
    assert ready.newest("sport", 9, 0)[0].paths == ("news/world", "sport")
    (ruled,) = ready.ruled_articles(0, "", 9)
    assert ruled.paths == ("all", "news", "news/world", "sport")
    assert ruled.copies[0].article.ruled_in == ("sport",)


def test_when_the_winner_is_dropped_another_copy_stands(ready: Store) -> None:
    """An article of which a rule drops one copy stays with the others, under its public id."""
    _record(ready, article())
    shorter = article(source="echo", categories=("sport",), body="<p>Everything that is</p>")
    ready.record([outcome(shorter, source="echo")], decide(), NOON)
    (before,) = ready.newest("all", 9, 0)
    assert before.source_id == "wire"
    (ruled,) = ready.ruled_articles(0, "wire", 9)
    (wire,) = (each for each in ruled.copies if each.article.entry.source_id == "wire")
    ready.apply_rulings([Ruling(ruled.number, wire.article, ADS)], NOON)
    (after,) = ready.newest("all", 9, 0)
    assert (after.source_id, after.body, after.paths) == ("echo", shorter.body, ("sport",))
    assert after.public_id == before.public_id


def test_stored_articles_come_in_pages(ready: Store) -> None:
    """Each article comes once, a page at a time; of one source where that is asked."""
    _record(ready, *(article(f"wave {n}") for n in range(5)))
    other = article("tide", "echo", categories=("sport",))
    ready.record([outcome(other, source="echo")], decide(), NOON)
    seen, page = list[str](), ready.ruled_articles(0, "", 2)
    while page:
        seen += [each.token for each in page]
        page = ready.ruled_articles(page[-1].number, "", 2)
    assert len(seen) == len(set(seen)) == 6
    assert [each.title for each in ready.ruled_articles(0, "echo", 9)] == [other.title]


def test_what_copies_were_before_rules_is_kept(ready: Store) -> None:
    """Each field comes back, whether or not the copy stands; a null says that nobody knows."""
    shown = replace(article(), unruled=Unruled(title="汉字 \x00 \ud800", tags=()))
    hidden = article(source="echo", categories=("sport",), body="<p>Everything that is</p>")
    whole = Unruled("t", "https://a.example/", "s", "<p>b</p>", "a", "de", ("x", "y"))
    plain = article("tide")
    _record(ready, shown, plain)
    ready.record([outcome(replace(hidden, unruled=whole), source="echo")], decide(), NOON)
    copies = [copy.article for each in ready.ruled_articles(0, "", 9) for copy in each.copies]
    assert {(each.entry.source_id, each.title): each.unruled for each in copies} == {
        ("wire", shown.title): Unruled(title="汉字  ", tags=()),
        ("echo", hidden.title): whole,
        ("wire", plain.title): Unruled(),
    }
    _record(ready, replace(article(), unruled=None, summary="An edit"))
    (edited,) = (each for each in ready.ruled_articles(0, "wire", 9) if each.title == shown.title)
    assert [copy.article.unruled for copy in edited.copies] == [whole, None]


def test_a_copy_without_a_title_of_its_own_is_given_out_so(ready: Store) -> None:
    """Words that stood for a title are not taken for one when rules are applied again."""
    _record(ready, replace(article(), has_title=False), article("tide"))
    copies = [copy.article for each in ready.ruled_articles(0, "", 9) for copy in each.copies]
    assert {each.title: each.has_title for each in copies} == {
        article().title: False,
        article("tide").title: True,
    }
