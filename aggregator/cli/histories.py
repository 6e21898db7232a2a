"""What the ledger says of an article, and what became none: for people and for programs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from aggregator.cli.tables import minute, plain_table
from aggregator.errors import AggregatorError
from aggregator.model.articles import DecidedBy
from aggregator.model.ledger import DropCount, History, StoredDrop, WhichDrops
from aggregator.model.published import StoredCopy
from aggregator.store.store import Store
from aggregator.text.urls import page_link

DECIDED: Mapping[DecidedBy, str] = {
    DecidedBy.FIRST_SEEN: "new: no other article had this title",
    DecidedBy.SAME_ENTRY: "the same entry again",
    DecidedBy.SAME_TITLE_AND_DATE: "a copy: equal title, within the window",
    DecidedBy.SAME_TITLE_AND_BODY: "a copy: equal title, and the texts agree",
    DecidedBy.SIMILAR_TITLE_AND_BODY: "a copy: the title differs by an edit, and the texts agree",
    DecidedBy.SAME_LINK_AND_TEXT: "a copy: without a title, but with equal link and text",
    DecidedBy.BODIES_DIFFER: "new: another article has this title, but the texts differ",
    DecidedBy.OUTSIDE_WINDOW: "new: another article has this title, outside the window",
    DecidedBy.EMPTY_TITLE: "new: without a title, and no other has its link and text",
    DecidedBy.BY_HAND: "decided by a person",
}
"""What decided about a copy, in words."""


_OUR_PAGE = re.compile(r"https?://.*/articles/([0-9a-f]{20})(?:[?#].*)?")


def tokens_of(store: Store, named: str) -> list[str]:
    """The articles that a token, a public id, a page of ours or a link means."""
    ours = _OUR_PAGE.fullmatch(named)
    for name in dict.fromkeys((ours[1] if ours else named, page_link(named))):
        if name and (found := store.find(name)):
            return found
    return []


def the_token(store: Store, named: str) -> str:
    """The one article that is meant.

    Raises:
        AggregatorError: there is none, or there are several.
    """
    found = tokens_of(store, named)
    if not found:
        raise AggregatorError(f"{named}: no article is known by that; `aggregator articles` lists")
    if len(found) > 1:
        raise AggregatorError(f"{named}: several articles have this link: {', '.join(found)}")
    return found[0]


def drops_at(store: Store, named: str) -> list[StoredDrop]:
    """Entries with this link that became no article."""
    links = dict.fromkeys(link for link in (named, page_link(named)) if link)
    return [drop for link in links for drop in store.dropped(WhichDrops(link=link), 50)]


def history_view(history: History) -> RenderableType:
    """An article with its copies and what decided about each."""
    headings = ("", "copy", "published", "first seen", "why", "decided", "link")
    table = plain_table(headings, whole=("copy",))
    for copy in history.copies:
        table.add_row(
            "*" if copy.standing else "",
            copy.name,
            minute(copy.published_at) + ("" if copy.date_is_known else "?"),
            minute(copy.first_seen_at),
            Text(_why(copy)),
            minute(copy.decided_at),
            Text(copy.link),
        )
    return Group(*(Text(line) for line in _head(history)), table, Text(""))


def _head(history: History) -> Iterator[str]:
    yield history.title or "(without a title)"
    yield f"article {history.token}, {history.public_id}"
    dated = "" if history.date_is_known else " (no date was given: when it was first seen)"
    yield f"published {minute(history.published_at)} UTC{dated}"
    if history.withdrawn:
        yield f"withdrawn {minute(history.withdrawn.withdrawn_at)}: {history.withdrawn.why}"
    elif history.removed_at:
        yield f"removed {minute(history.removed_at)}, because it was too old to be kept"
    yield f"stands in {', '.join(history.paths) or 'no feed'}"
    if history.others:
        yield f"a person made part of it: {', '.join(history.others)}"
    if history.same_title:
        yield f"others with this title: {', '.join(history.same_title)}"
    yield "its copies; * is shown, times are in UTC:"


def _why(copy: StoredCopy) -> str:
    parts = [DECIDED[copy.decided_by]]
    if copy.split_from:
        parts.append(f"taken out of {copy.split_from}")
    if copy.dropped_by:
        parts.append(f"kept out by a rule: {copy.dropped_by}")
    return "; ".join(parts)


def history_data(history: History) -> dict[str, Any]:
    """The same for programs."""
    return {
        "token": history.token,
        "id": history.public_id,
        "title": history.title,
        "published_at": history.published_at,
        "date_is_known": history.date_is_known,
        "first_seen_at": history.first_seen_at,
        "removed_at": history.removed_at,
        "withdrawn": history.withdrawn.why if history.withdrawn else None,
        "categories": history.paths,
        "merged": history.others,
        "same_title": history.same_title,
        "copies": [_copy_data(copy) for copy in history.copies],
    }


def _copy_data(copy: StoredCopy) -> dict[str, Any]:
    return {
        "name": copy.name,
        "source": copy.source_id,
        "title": copy.title,
        "link": copy.link,
        "published_at": copy.published_at,
        "date_is_known": copy.date_is_known,
        "first_seen_at": copy.first_seen_at,
        "shown": copy.standing,
        "decided_by": copy.decided_by,
        "decided_at": copy.decided_at,
        "dropped_by": copy.dropped_by,
        "split_from": copy.split_from,
    }


def drops_view(drops: Sequence[StoredDrop], counts: Sequence[DropCount]) -> RenderableType:
    """How many entries each rule or reason dropped, and which they were."""
    totals = plain_table(("entries", "dropped by"), numbers=("entries",))
    for count in counts:
        totals.add_row(str(count.entries), Text(_reason(count)))
    return Group(totals, Text(""), drop_table(drops))


def drop_table(drops: Iterable[StoredDrop]) -> Table:
    """Entries that became no article, one a row."""
    table = plain_table(("dropped", "source", "title", "why", "link"))
    for drop in drops:
        why = Text(_reason(drop))
        moment = minute(drop.dropped_at)
        table.add_row(moment, drop.source_id, Text(drop.title), why, Text(drop.link))
    return table


def _reason(drop: StoredDrop | DropCount) -> str:
    return drop.detail or str(drop.reason).replace("_", " ")


def drop_data(drop: StoredDrop) -> dict[str, Any]:
    """One of them for programs."""
    return {
        "source": drop.source_id,
        "title": drop.title,
        "link": drop.link,
        "stage": drop.stage,
        "reason": drop.reason,
        "detail": drop.detail,
        "dropped_at": drop.dropped_at,
    }


def count_data(count: DropCount) -> dict[str, Any]:
    """How many of one kind, for programs."""
    return {
        "stage": count.stage,
        "reason": count.reason,
        "rule": count.detail,
        "entries": count.entries,
    }
