from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from aggregator.dedupe.identity import (
    Identified,
    entry_hash,
    entry_key,
    entry_keys,
    identify,
    lookup_keys,
)
from aggregator.model.entries import RawEntry, RawText, Related, Relation
from aggregator.model.known import KnownEntry
from aggregator.model.pages import IdentityRule
from tests.support.deciding import NOON

GUID, LINK, TITLE_AND_DATE = IdentityRule


def raw(number: int = 1, **changes: Any) -> RawEntry:
    """An entry with its own id, link, title and date."""
    values: dict[str, Any] = {
        "guid": f"id-{number}",
        "link": f"https://a.example/{number}",
        "title": f"Title {number}",
        "published_text": f"2026-03-{number:02}",
        "content": f"Body {number}",
    }
    values |= changes
    values |= {name: RawText(values[name]) for name in ("title", "content")}
    return RawEntry(**values)


class Memory:
    """The ledger of one source: keys and aliases, newest last."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, tuple[str, ...]]] = []
        self.rule = GUID

    def fetch(self, *entries: RawEntry) -> Identified:
        """Read a document as `ingest` does; what is new is stored."""
        found = identify(entries, self.rule, self.known(entries))
        keys = {key for key, _ in self.rows}
        new = [each for each in found.entries if each.entry_key not in keys]
        self.rows += [(each.entry_key, each.aliases) for each in new]
        self.rule = found.rule
        return found

    def known(self, entries: Sequence[RawEntry]) -> dict[str, KnownEntry]:
        """What `KnownEntries.known_entries` promises."""
        wanted = lookup_keys(entries)
        by_alias = {alias: key for key, aliases in self.rows for alias in aliases}
        by_key = by_alias | {key: key for key, _ in self.rows}
        return {key: _entry(by_key[key]) for key in wanted if key in by_key}


def _entry(key: str) -> KnownEntry:
    return KnownEntry("a", key, "", "", "", "", "", NOON, date_is_known=True, standing=True)


def test_the_id_is_the_guid_else_the_link_else_title_and_date() -> None:
    """An entry is recognised by the strongest thing it has."""
    assert entry_key(raw(), GUID) == entry_key(raw(link="", title="x"), GUID)
    assert entry_key(raw(guid=""), GUID) == entry_key(raw(guid="", title="x"), GUID)
    bare = raw(guid="", link="")
    assert entry_key(bare, GUID) == entry_key(raw(guid="", link="", content="x"), GUID)
    assert entry_key(bare, GUID) != entry_key(raw(guid="", link="", published_text=""), GUID)
    assert all(len(key) == 64 for key in entry_keys(raw()).values())


def test_an_entry_of_text_alone_is_its_text() -> None:
    """Without id, link and title, two entries differ by what they say."""
    texts = [raw(guid="", link="", title="", content=text) for text in ("one", "two")]
    assert entry_key(texts[0], GUID) != entry_key(texts[1], GUID)


def test_a_source_that_stops_giving_ids_keeps_its_identity() -> None:
    """A guid that is the link and a link alone are the same key."""
    link = "https://a.example/1"
    assert entry_key(raw(guid=link, link=link), GUID) == entry_key(raw(guid="", link=link), GUID)


def test_the_hash_is_over_what_articles_are_made_of() -> None:
    """Positions and ids do not matter, content and cleaning do."""
    same = {entry_hash(each, "c") for each in (raw(), raw(position=5), raw(guid="other"))}
    assert len(same) == 1
    assert entry_hash(raw(content="edited"), "c") not in same
    assert entry_hash(raw(), "other cleaning") not in same


def test_entries_that_repeat_exactly_are_taken_once() -> None:
    """A repetition is dropped and proves nothing against the ids."""
    found = Memory().fetch(raw(1), raw(2), raw(1))
    assert (found.rule, found.warning) == (GUID, "")
    assert [each.raw for each in found.entries] == [raw(1), raw(2)]
    assert found.repeated == (raw(1),)


def test_versions_of_one_entry_are_taken_once() -> None:
    """Two versions with one id, link and date are one entry; the upper one stands."""
    found = Memory().fetch(raw(1, title="Corrected"), raw(1))
    assert (found.rule, len(found.entries), len(found.repeated)) == (GUID, 1, 1)


@pytest.mark.parametrize(
    ("same", "rule"),
    [
        ({"guid": "always"}, LINK),
        ({"guid": "always", "link": "https://a.example/"}, TITLE_AND_DATE),
        ({"guid": "always", "link": ""}, LINK),
    ],
)
def test_ids_that_repeat_for_different_entries_are_given_up(
    same: dict[str, str], rule: IdentityRule
) -> None:
    """The identity falls to the next rule that tells the entries apart, with a warning."""
    memory = Memory()
    found = memory.fetch(*(raw(n, **same) for n in (1, 2, 3)))
    assert (found.rule, len(found.entries), found.repeated) == (rule, 3, ())
    assert "repeats for different entries" in found.warning
    again = memory.fetch(*(raw(n, **same) for n in (1, 2, 3)))
    assert (again.rule, again.warning, len(memory.rows)) == (rule, "", 3)


def test_ids_that_change_at_every_fetch_are_given_up() -> None:
    """Entries that come back under new ids are those that we have; the ledger does not grow."""
    memory = Memory()
    first = memory.fetch(*(raw(n, guid=f"a{n}") for n in range(1, 6)))
    second = memory.fetch(*(raw(n, guid=f"b{n}") for n in range(1, 6)))
    assert (second.rule, "changes at every fetch" in second.warning) == (LINK, True)
    assert [e.entry_key for e in second.entries] == [e.entry_key for e in first.entries]
    third = memory.fetch(*(raw(n, guid=f"c{n}") for n in range(1, 7)))
    assert (third.rule, third.warning, len(memory.rows)) == (LINK, "", 6)


def test_ids_and_links_that_change_at_every_fetch_are_given_up() -> None:
    """Where the links change as well, title and date are left."""
    memory = Memory()
    for fetch in "abc":
        entries = [raw(n, guid=f"{fetch}{n}", link=f"https://a.example/{fetch}{n}") for n in (1, 2)]
        found = memory.fetch(*entries)
    assert (found.rule, len(memory.rows)) == (TITLE_AND_DATE, 2)


def test_links_that_begin_to_change_are_given_up_too() -> None:
    """A source that has fallen to its links can fall once more."""
    memory = Memory()
    for fetch in "ab":
        memory.fetch(*(raw(n, guid=f"{fetch}{n}") for n in (1, 2)))
    for fetch in "cd":
        entries = [raw(n, guid=f"{fetch}{n}", link=f"https://a.example/{fetch}{n}") for n in (1, 2)]
        found = memory.fetch(*entries)
    assert (found.rule, len(memory.rows)) == (TITLE_AND_DATE, 2)


@pytest.mark.parametrize(("new_ids", "falls"), [(2, False), (3, True)])
def test_most_ids_must_change(new_ids: int, *, falls: bool) -> None:
    """Up to a half of the entries may come back under new ids before a source is distrusted."""
    memory = Memory()
    memory.fetch(*(raw(n) for n in (1, 2, 3, 4)))
    found = memory.fetch(
        *(raw(n, guid=f"x{n}" if n <= new_ids else f"id-{n}") for n in (1, 2, 3, 4))
    )
    assert (found.rule is not GUID) == falls


def test_a_document_of_new_entries_proves_nothing() -> None:
    """A busy source whose document has moved on wholly keeps its identity."""
    memory = Memory()
    memory.fetch(raw(1), raw(2))
    assert memory.fetch(raw(3), raw(4)).rule is GUID


def test_a_thread_is_not_its_posts() -> None:
    """Posts that link to one thread are told apart by their ids, also from the thread itself."""
    thread = "https://a.example/thread"
    memory = Memory()
    memory.fetch(raw(1, link=thread))
    found = memory.fetch(raw(2, link=thread), raw(3, guid=thread, link=thread))
    assert (found.rule, len(found.entries), len(memory.rows)) == (GUID, 2, 3)


def test_an_undated_daily_title_proves_nothing() -> None:
    """A title that comes back without a date, under another link, is another entry."""
    memory = Memory()
    for day in range(1, 4):
        found = memory.fetch(raw(day, title="Daily thread", published_text=""))
    assert (found.rule, len(memory.rows)) == (GUID, 3)


def test_an_undated_title_with_its_link_is_the_entry_that_we_have() -> None:
    """Without dates a rotating id is noticed by title and link together."""
    memory = Memory()
    for fetch in "abc":
        found = memory.fetch(*(raw(n, guid=f"{fetch}{n}", published_text="") for n in (1, 2)))
    assert (found.rule, len(memory.rows)) == (LINK, 2)


def test_a_rule_does_not_climb_back() -> None:
    """A source whose identity fell stays under the weaker rule."""
    assert identify([raw()], TITLE_AND_DATE, {}).rule is TITLE_AND_DATE


def test_an_empty_document_is_nothing() -> None:
    """No entries, no verdict on the ids."""
    assert identify([], GUID, {}) == Identified(GUID, (), ())


def test_what_an_older_version_stored_is_not_changed() -> None:
    """The hash of an entry that names nothing else is the one that was stored before it could."""
    entry = RawEntry(guid="1", link="https://a.example/1", title=RawText("T"), tags=("x",))
    stored = "b8d71533c6e6c86681772c5322358142d0ee2229db3dff53cffe0694e0323946"
    assert entry_hash(entry, "f") == stored
    answered = replace(entry, related=(Related(Relation.IN_REPLY_TO, id="urn:1"),))
    assert entry_hash(answered, "f") != stored
