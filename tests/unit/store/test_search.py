"""What can be found, on both databases, and that the index follows whatever happens to articles."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from alembic import command

from aggregator.errors import StoreError
from aggregator.model.results import Outcome
from aggregator.model.settings import Keep
from aggregator.store import searching
from aggregator.store.database import Database
from aggregator.store.opening import alembic_config
from aggregator.store.store import Store
from tests.support.outcomes import NOON, article, configuration, decide, due_at_once, outcome
from tests.support.stores import opened

CHINESE = article(
    "ip",
    title="知识产权质押融资入园惠企行动",
    body="<p>国家知识产权局会同<b>有关部门</b>开展专项行动，iPhone15手机除外。</p>",
)
ENGLISH = article(
    "rates",
    title="The Café raises its rates",
    body='<p title="hidden">Interest rates <em>government</em> &amp; R&eacute;sum&eacute;</p>',
    published_at=NOON - timedelta(hours=1),
)


def found(store: Store, query: str, path: str = "all") -> list[str]:
    """Titles that a search finds, in its order."""
    return [each.title for each in store.search(query, path).articles]


def record(store: Store, *outcomes: Outcome) -> None:
    """Store some outcomes at noon."""
    store.record(outcomes, decide(), NOON)


@pytest.fixture
def filled(ready: Store) -> Store:
    """A store with one article in Chinese and an older one in English."""
    record(ready, outcome(CHINESE, ENGLISH))
    return ready


def test_chinese_is_found_by_any_part_of_it(filled: Store) -> None:
    """One letter, a word of two, a longer one, from title or body, beside Latin letters or not."""
    queries = [
        "知识产权", "知识", "产权", "权", "国", "局会", "部门", "有关部门", "iphone15手机", "手机",
        "iPhone", "iPhone15手", "手", "除外", "ＩＰＨＯＮＥ", "会同有关", "知识 部门",
        '"知识产权局"', "质押融资",
    ]  # fmt: skip
    assert [query for query in queries if found(filled, query) != [CHINESE.title]] == []


def test_words_that_came_along_are_not_cut_again(ready: Store) -> None:
    """A new article is found by what the worker sent, until it shows something else."""
    record(ready, outcome(replace(ENGLISH, words="sent along ¶ beforehand")))
    assert found(ready, '"sent along"') == found(ready, "beforehand") == [ENGLISH.title]
    assert found(ready, "rates") == found(ready, '"along beforehand"') == []
    record(ready, outcome(replace(ENGLISH, body="<p>Nothing but silence</p>", words="old")))
    assert found(ready, "silence") == [ENGLISH.title]
    assert found(ready, "sent") == found(ready, "old") == []


def test_a_better_copy_of_the_same_batch_is_found_by_its_own_words(ready: Store) -> None:
    """Where the new article shows another copy at once, the words of the first are gone."""
    first = article(
        "copy", source="echo", title=ENGLISH.title, published_at=ENGLISH.published_at,
        body="<p>Interest rates government Resume</p>", words="first ¶ words",
    )  # fmt: skip
    fuller = article(
        "rates", title=ENGLISH.title, published_at=ENGLISH.published_at,
        body="<p>Interest rates government Resume, told by others at far more length</p>",
        words="second",
    )  # fmt: skip
    record(ready, outcome(first, source="echo"), outcome(fuller))
    assert found(ready, "others") == [ENGLISH.title]
    assert found(ready, "first") == []


def test_english_is_found_by_words_and_their_beginnings(filled: Store) -> None:
    """Without regard to case and accents; three letters stand for all words that begin so."""
    queries = [
        "rates", "RATES", "cafe", "café", "resume", "gov", "interest RATES", '"interest rates"',
        "its", "rates its",
    ]  # fmt: skip
    assert [query for query in queries if found(filled, query) != [ENGLISH.title]] == []


def test_what_is_not_there_is_not_found(filled: Store) -> None:
    """Other orders, ends of words, two letters of one, markup, and words that do not meet."""
    queries = [
        "识知", "知产", "overnment", "go", '"rates interest"', "hidden", "em", "rates 知识", "nbsp",
        '"rat"', "¶", "iPhone15国", "15手机", "产手", '"部门 手机"',
    ]  # fmt: skip
    assert [query for query in queries if found(filled, query)] == []


def test_nothing_to_look_for_finds_nothing(filled: Store) -> None:
    """Signs are no words."""
    queries = [
        "",
        " ",
        '"',
        "''",
        '""',
        "*",
        "!!!",
        "-",
        "\x00",
        "<>",
        "()",
        "&|",
        "\\",
        ":*",
        "😀",
    ]
    assert [query for query in queries if filled.search(query).total] == []


def test_no_query_is_a_command(filled: Store) -> None:
    """What is a sign to one of the databases is only a sign; the index is as it was."""
    queries = [
        "rates'", 'rates" OR "x', "rates AND", "NOT rates", "rates*", "words:rates", "rates:*",
        "rates'); DROP TABLE search; --", "rates & | !", "{rates}", "rates\\", "rates NEAR(a b)",
        "rates\ud800", "x" * 10_000, " ".join(f"w{n}" for n in range(500)), "_", "a_b", "²", "ª",
    ]  # fmt: skip
    for query in queries:
        filled.search(query)
    assert found(filled, "rates") == [ENGLISH.title]


def test_the_newest_come_first_within_a_category(filled: Store) -> None:
    """Order and reach are those of a feed: what stands in the category or under it."""
    record(filled, outcome(article("echoes", source="echo", categories=()), source="echo"))
    record(filled, outcome(article("late", published_at=NOON + timedelta(hours=1))))
    late, echoes = "The whole long story of the late", "The whole long story of the echoes"
    assert found(filled, "story") == [late, echoes]
    assert found(filled, "story", "news") == [late]
    assert found(filled, "story", "sport") == [echoes]
    assert found(filled, "story", "nowhere") == []


def test_pages_of_a_search(ready: Store) -> None:
    """A page holds what is asked for, and the number of all is told."""
    record(ready, outcome(*(article(f"n{n}") for n in range(5))))
    first, last = ready.search("story", limit=2), ready.search("story", limit=2, offset=4)
    assert (len(first.articles), first.total, first.is_all) == (2, 5, True)
    assert (len(last.articles), last.total) == (1, 5)
    assert ready.search("story", limit=2, offset=6).articles == ()


@pytest.mark.parametrize(("most", "total", "is_all"), [(4, 4, False), (5, 5, False), (6, 5, True)])
def test_a_search_looks_at_so_many(
    ready: Store, monkeypatch: pytest.MonkeyPatch, most: int, total: int, is_all: bool
) -> None:
    """Just below, at and above the bound; where it was reached there may be more."""
    monkeypatch.setattr(searching, "MOST_FOUND", most)
    record(ready, outcome(*(article(f"n{n}") for n in range(5))))
    seen = ready.search("story", limit=9)
    assert (seen.total, len(seen.articles), seen.is_all) == (total, total, is_all)


def test_the_index_follows_an_edit(filled: Store) -> None:
    """New words are found, old ones no more; another source's copy adds nothing of its own."""
    edited = article(
        "rates", title=ENGLISH.title, body="<p>Nothing but silence</p>", link=ENGLISH.link
    )
    record(filled, outcome(edited))
    assert found(filled, "silence") == [ENGLISH.title]
    assert found(filled, "government") == []


def test_the_index_follows_an_election(filled: Store) -> None:
    """When a source leaves, the copy of another is shown, and found by its own words."""
    fuller = article(
        "copy", source="echo", title=ENGLISH.title, published_at=ENGLISH.published_at,
        body="<p>Interest rates government Resume, told by others at far more length</p>",
    )  # fmt: skip
    record(filled, outcome(fuller, source="echo"))
    assert found(filled, "others") == [ENGLISH.title]
    without = configuration().model_copy(update={"sources": configuration().sources[:1]})
    filled.sync_configuration(without, NOON, due_at_once)
    assert found(filled, "others") == []
    assert found(filled, "interest") == [ENGLISH.title]


def test_the_index_follows_corrections(filled: Store) -> None:
    """Of merged articles one is found; split again, both are."""
    one, other = (filled.search(query).articles[0].token for query in ("rates", "知识"))
    filled.merge(one, other, NOON)
    shown = filled.search("rates").total, filled.search("知识").total
    assert sorted(shown) == [0, 1]
    hidden = CHINESE if shown == (1, 0) else ENGLISH
    filled.split(hidden.link, NOON)
    assert (filled.search("rates").total, filled.search("知识").total) == (1, 1)


def test_the_index_follows_retention(filled: Store) -> None:
    """What was let go is not found any more."""
    filled.housekeeping(NOON + timedelta(days=900), Keep())
    assert filled.search("rates").total == 0
    with_words = "SELECT count(*) FROM search"
    with filled._database.engine.connect() as connection:
        assert connection.exec_driver_sql(with_words).scalar_one() == 0


def test_an_older_database_is_indexed_when_it_is_opened(filled: Store, database_url: str) -> None:
    """The migration reads what is stored, so that old articles are found as well."""
    database = Database(database_url)
    database.write(lambda connection: command.downgrade(alembic_config(connection), "0007"))
    database.close()
    with pytest.raises(StoreError):
        filled.search("rates")
    again = opened(database_url)
    assert found(again, "知识产权") == [CHINESE.title]
    again.close()


@pytest.mark.parametrize(("place", "on_postgres"), [(16_382, 1), (16_383, 1), (16_384, 0)])
def test_words_that_follow_one_another_far_down(ready: Store, place: int, on_postgres: int) -> None:
    """SQLite knows the place of every word, PostgreSQL that of the first 16,383."""
    before = len(["long", "¶", "needle", "here"])
    filler = "".join(chr(0x4E00 + n % 20_000) for n in range(place - before))
    record(ready, outcome(article("far", title="Long", body=f"<p>{filler} needle here</p>")))
    is_sqlite = ready._database.engine.dialect.name == "sqlite"
    assert ready.search('"needle here"').total == (1 if is_sqlite else on_postgres)
    assert ready.search("needle here").total == 1


def test_only_the_beginning_of_a_long_article_is_found(ready: Store) -> None:
    """Up to the bound, and no further; a text of nothing but different words fits as well."""
    many = "".join(chr(0x4E00 + n * 7 % 20_000) for n in range(29_900))
    body = f"<p>{many} {'x' * (30_000 - 29_900 - 12)} atlantis behindit</p>"
    record(ready, outcome(article("long", body=body)))
    assert ready.search("atlantis").total == 1
    assert ready.search("behindit").total == 0
