"""Which entry of its source an entry is: by guid, else link, else title and date.

A source whose ids repeat for different entries, or change at every fetch, is noticed here, and its
identity falls to the next weaker rule. Pure: what the ledger knows is handed in. Does not compare
articles of different sources (see `decide`). The reasons are in docs/decisions/020-identity.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

from aggregator.model.entries import RawEntry
from aggregator.model.known import EntryMark
from aggregator.model.pages import IdentityRule
from aggregator.text.hashing import fingerprint

_RULES = tuple(IdentityRule)
_IN_WORDS = {
    IdentityRule.GUID: "id",
    IdentityRule.LINK: "link",
    IdentityRule.TITLE_AND_DATE: "title and date",
}


@dataclass(frozen=True, slots=True)
class IdentifiedEntry:
    """An entry with the key that the ledger has, or will have, for it."""

    raw: RawEntry
    entry_key: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identified:
    """The entries of a document, each once, in document order.

    `rule` is in force from now on; `warning` says in words why it fell, "" when it did not.
    """

    rule: IdentityRule
    entries: tuple[IdentifiedEntry, ...]
    repeated: tuple[RawEntry, ...]
    warning: str = ""


@dataclass(frozen=True, slots=True)
class _Keyed:
    """An entry with every key that it has, which are hashes that nobody wants to make twice."""

    raw: RawEntry
    keys: Mapping[IdentityRule, str]

    def under(self, rule: IdentityRule) -> tuple[str, ...]:
        """The entry key under a rule, then the weaker keys, each once."""
        in_force = _RULES[_RULES.index(rule) :]
        return tuple(dict.fromkeys(self.keys[each] for each in in_force if each in self.keys))


def entry_keys(raw: RawEntry) -> Mapping[IdentityRule, str]:
    """Every key that an entry has, the strongest first."""
    title, date = raw.title.value.strip(), raw.published_text.strip()
    text = "" if title else fingerprint(raw.summary.value, raw.content.value)
    ids = {IdentityRule.GUID: raw.guid.strip(), IdentityRule.LINK: raw.link.strip()}
    keys = {rule: fingerprint("id", value) for rule, value in ids.items() if value}
    return {**keys, IdentityRule.TITLE_AND_DATE: fingerprint("title", title, date, text)}


def entry_key(raw: RawEntry, rule: IdentityRule) -> str:
    """The key of an entry that the ledger does not know yet, under the rule in force."""
    return _Keyed(raw, entry_keys(raw)).under(rule)[0]


def entry_hash(raw: RawEntry, cleaning_fingerprint: str) -> str:
    """Changes when anything does that an article is made of; ids and positions are not."""
    content = replace(raw, guid="", position=0, document="")
    return fingerprint("entry", cleaning_fingerprint, repr(content), *map(repr, raw.related))


def lookup_keys(entries: Sequence[RawEntry]) -> frozenset[str]:
    """The keys under which the ledger may have these entries."""
    return frozenset(chain.from_iterable(entry_keys(raw).values() for raw in entries))


def identify(
    entries: Sequence[RawEntry], rule: IdentityRule, known: Mapping[str, EntryMark]
) -> Identified:
    """Recognise the entries of one document.

    `known` holds what `KnownEntries.known_entries` found under `lookup_keys(entries)`.
    """
    keyed = [_Keyed(raw, entry_keys(raw)) for raw in entries]
    in_force, reasons = rule, []
    if _clashes(keyed, in_force):
        reasons.append("repeats for different entries of one document")
        in_force = _first_without_clash(keyed, in_force)
    if ids := _rotating(keyed, in_force, known):
        reasons.append("changes at every fetch")
        in_force = _first_without_clash(keyed, ids)
    return _each_once(keyed, in_force, known, _warning(rule, in_force, reasons))


def _warning(before: IdentityRule, after: IdentityRule, reasons: Sequence[str]) -> str:
    if before == after:
        return ""
    return (
        f"the {_IN_WORDS[before]} of its entries {' and '.join(reasons)}; "
        f"they are now recognised by {_IN_WORDS[after]}"
    )


def _clashes(entries: Sequence[_Keyed], rule: IdentityRule) -> bool:
    """Whether different entries share a key."""
    sharing = defaultdict(list)
    for each in entries:
        sharing[each.under(rule)[0]].append(each.raw)
    return any(not _same_entry(a, b) for group in sharing.values() for a, b in pairwise(group))


def _same_entry(a: RawEntry, b: RawEntry) -> bool:
    """Whether two entries of one document and one id can be versions of one entry."""
    same_title = a.title.value.strip() == b.title.value.strip()
    same_date = a.published_text.strip() == b.published_text.strip() != ""
    links_agree = "" in (a.link, b.link) or a.link.strip() == b.link.strip()
    return (same_title and same_date) or (links_agree and (same_title or same_date))


def _first_without_clash(entries: Sequence[_Keyed], rule: IdentityRule) -> IdentityRule:
    weaker = _RULES[_RULES.index(rule) :]
    return next((r for r in weaker if not _clashes(entries, r)), _RULES[-1])


def _rotating(
    entries: Sequence[_Keyed], rule: IdentityRule, known: Mapping[str, EntryMark]
) -> IdentityRule | None:
    """The rule to fall to where most ids under this rule are new for entries that are not."""
    owners = _owners(entries)
    having = [each for each in entries if rule in each.keys]
    moved = [each for each in having if _came_back(each, rule, known, owners)]
    if rule == _RULES[-1] or 2 * len(moved) <= len(having):
        return None
    by_link = sum(each.keys.get(IdentityRule.LINK) in known for each in moved)
    return IdentityRule.LINK if 2 * by_link > len(moved) else IdentityRule.TITLE_AND_DATE


def _came_back(
    entry: _Keyed,
    rule: IdentityRule,
    known: Mapping[str, EntryMark],
    owners: Mapping[str, RawEntry],
) -> bool:
    """Whether the ledger has this entry under an id that the document no longer holds."""
    keys = entry.keys
    stored = known.get(keys[IdentityRule.TITLE_AND_DATE])
    if stored is None or keys[rule] in known or stored.entry_key in owners:
        return False
    by_link = known.get(keys.get(IdentityRule.LINK, ""))
    same_link = by_link is not None and by_link.entry_key == stored.entry_key
    return same_link or entry.raw.published_text.strip() != ""


def _owners(entries: Sequence[_Keyed]) -> Mapping[str, RawEntry]:
    """The entries by their own strongest keys."""
    return {each.under(IdentityRule.GUID)[0]: each.raw for each in entries}


def _each_once(
    entries: Sequence[_Keyed],
    rule: IdentityRule,
    known: Mapping[str, EntryMark],
    warning: str,
) -> Identified:
    """Give every entry the key of the ledger; of those that share one, the first stands."""
    owners = _owners(entries)
    found: dict[str, IdentifiedEntry] = {}
    repeated = []
    for each in entries:
        own, *weaker = each.under(rule)
        key = _ledger_key(each, own, known, owners)
        if key in found:
            repeated.append(each.raw)
        else:
            found[key] = IdentifiedEntry(each.raw, key, tuple(weaker))
    return Identified(rule, tuple(found.values()), tuple(repeated), warning)


def _ledger_key(
    entry: _Keyed, own: str, known: Mapping[str, EntryMark], owners: Mapping[str, RawEntry]
) -> str:
    """The key under which the ledger has an entry, or its own where it is new.

    An id that is only an alias of another entry (a thread's address that its posts link to) is
    believed when title and date are that entry's as well.
    """
    stored = known.get(own)
    if stored is None or stored.entry_key == own:
        return own
    keys = entry.keys
    by_title = known.get(keys[IdentityRule.TITLE_AND_DATE])
    is_guid = own == keys.get(IdentityRule.GUID)
    same_title = by_title is not None and by_title.entry_key == stored.entry_key
    taken = owners.get(stored.entry_key, entry.raw) is not entry.raw
    return own if taken or (is_guid and not same_title) else stored.entry_key
