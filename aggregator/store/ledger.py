"""Writes decisions that hold: lines of the ledger, contents of articles, and where these stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, Connection, Row, bindparam, case, update

from aggregator.model.articles import CategoryTitle, EntryRef, Verdict
from aggregator.model.known import KnownEntry
from aggregator.store import contents, searching
from aggregator.store.bulk import insert_rows
from aggregator.store.deciding import Deciding, Settled, entry_id
from aggregator.store.electing import elect
from aggregator.store.placing import (
    add_placements,
    mark_changed,
    paths_of_copy,
    place_again,
    placements,
    standing_paths,
)
from aggregator.store.rows import (
    Columns,
    address,
    content_columns,
    from_unruled,
    line,
    ruled_paths,
)
from aggregator.store.tables import ALIAS, ARTICLE, COPY


@dataclass
class Ledger:
    """The ledger within one transaction; `close` does what is left to be done at its end.

    `sources` are the rows of the sources concerned. `to_place` gathers articles whose copies
    changed, of which another one may be the best now, `joined` those that got another copy,
    `to_index` those that show something new, `touched` the paths in which something changed.
    """

    connection: Connection
    deciding: Deciding
    sources: Mapping[str, Row[Any]]
    to_place: set[int] = field(default_factory=set)
    joined: set[int] = field(default_factory=set)
    touched: set[str] = field(default_factory=set)
    titles: list[CategoryTitle] = field(default_factory=list)
    to_index: set[int] = field(default_factory=set)

    def write(self, settled: Sequence[Settled]) -> None:
        """Write what follows from each verdict."""
        by_verdict: dict[Verdict, list[Settled]] = {verdict: [] for verdict in Verdict}
        for each in settled:
            by_verdict[each.decision.verdict].append(each)
            self.titles += each.decision.article.added_categories
        new, duplicate = by_verdict[Verdict.NEW], by_verdict[Verdict.DUPLICATE]
        self._add([*new, *duplicate])
        self._place_new(new)
        self._let_be_found(new)
        self._change(by_verdict[Verdict.CHANGED])
        self._confirm(by_verdict[Verdict.UNCHANGED])
        self._show([*by_verdict[Verdict.CHANGED], *duplicate])
        self.joined |= {each.article_id for each in duplicate}

    def close(self) -> None:
        """Bring elections, placements, counters and words in line with what was written."""
        self.to_place |= self.joined
        self.touched |= elect(self.connection, self.to_place)
        self.touched |= place_again(self.connection, self.to_place)
        self.touched |= standing_paths(self.connection, self.joined)  # their feeds name all copies
        searching.index(self.connection, self.to_index)
        mark_changed(self.connection, self.touched, self.titles)

    def _add(self, settled: Sequence[Settled]) -> None:
        """A line for every entry that was not known."""
        now = self.deciding.now
        rows = [
            {
                **self._found_columns(each),
                **_edited_columns(each),
                "source_id": each.decision.article.entry.source_id,
                "entry_key": each.decision.article.entry.entry_key,
                "article_id": each.article_id,
                "published_at": each.decision.article.published_at,
                "date_is_known": each.decision.article.date_is_known,
                "first_seen_at": now,
                "decided_at": now,
                "decided_by": each.decision.decided_by.value,
                "standing": each.decision.verdict is Verdict.NEW,
            }
            for each in settled
        ]
        insert_rows(self.connection, COPY, rows)
        self._add_aliases(settled, anew=True)

    def _place_new(self, settled: Sequence[Settled]) -> None:
        """Give new articles their places: there is nothing of theirs to compare with."""
        rows = list[Columns]()
        for each in settled:
            article = each.decision.article
            source = self.sources[article.entry.source_id]
            if not source.active:
                continue  # it left the configuration while it was being read
            columns = {
                "id": each.article_id,
                "published_at": article.published_at,
                "public_id": self.deciding.public_id(each.decision),
                "source_id": source.id,
            }
            paths = paths_of_copy(article.categories, source.categories, ruled_paths(article))
            rows += placements(columns, paths)
        self.touched |= add_placements(self.connection, rows)

    def _let_be_found(self, settled: Sequence[Settled]) -> None:
        """Note the words of new articles, which workers have sent along with most of them."""
        sent = {each.article_id: each.decision.article.words for each in settled}
        searching.put(self.connection, {number: words for number, words in sent.items() if words})
        self.to_index |= {number for number, words in sent.items() if not words}

    def _change(self, settled: Sequence[Settled]) -> None:
        """Edits: the line follows, and the article where it shows this copy."""
        if not settled:
            return
        rows = [
            {**_entry(each), **self._found_columns(each), **_edited_columns(each), **_times(each)}
            for each in settled
        ]
        self.connection.execute(_update_copy(rows[0]), rows)
        self._add_aliases(settled, anew=False)
        self.to_place |= {each.article_id for each in settled}

    def _show(self, settled: Sequence[Settled]) -> None:
        """Let articles show the copies that are to stand from now on.

        Of several copies of one article in a batch the one that was decided last stands: known
        entries are decided first, then the oldest (docs/decisions/020-identity.md).
        """
        order = sorted((each for each in settled if each.decision.stands), key=_decided)
        winners = {each.article_id: each for each in order}
        contents.put_away_shown(
            self.connection, [n for n, each in winners.items() if _climbs(each)]
        )
        others = [each for each in settled if winners.get(each.article_id) is not each]
        contents.put_away(self.connection, [each.decision.article for each in others])
        if not winners:
            return
        rows = [{"number": number, **_content(winners[number])} for number in sorted(winners)]
        self.connection.execute(_update_article(rows[0]), rows)
        lines = [{"number": number, **_entry(each)} for number, each in winners.items()]
        self.connection.execute(contents.LET_STAND, lines)
        self.touched |= standing_paths(self.connection, winners.keys())
        self.to_place |= winners.keys()
        self.to_index |= winners.keys()

    def _add_aliases(self, settled: Sequence[Settled], *, anew: bool) -> None:
        """Weaker keys of entries; a new entry takes them over, an edited one does not."""
        rows = [
            {"source_id": entry.source_id, "alias": alias, "entry_key": entry.entry_key}
            for entry in (each.decision.article.entry for each in settled)
            for alias in entry.aliases
        ]
        if anew:  # the last of those that share one; PostgreSQL refuses a row that comes twice
            rows = list({(row["source_id"], row["alias"]): row for row in rows}.values())
        insert_rows(self.connection, ALIAS, rows, _TAKE_OVER if anew else _LEAVE)

    def _confirm(self, settled: Sequence[Settled]) -> None:
        """The same article out of an entry that looks different: remember the new looks."""
        moved = [
            each
            for each in settled
            if each.known and _looks(each.known) != _looks(each.decision.article.entry)
        ]
        if moved:
            rows = [{**_entry(each), **self._found_columns(each)} for each in moved]
            self.connection.execute(_update_copy(rows[0]), rows)
            self.to_place |= {each.article_id for each in moved}

    def _found_columns(self, each: Settled) -> Columns:
        """How and where an entry was found, and where it wants to stand by itself."""
        article = each.decision.article
        of_source = self.sources[article.entry.source_id].categories
        return {
            "entry_hash": article.entry.entry_hash,
            "document": line(article.entry.document),
            "is_present": True,
            "own_paths": sorted(set(article.categories) - set(of_source)),
            "ruled_paths": ruled_paths(article),
            "dropped_by": None,
            "unruled": from_unruled(article),
        }


_TAKE_OVER = "ON CONFLICT (source_id, alias) DO UPDATE SET entry_key = excluded.entry_key"
_LEAVE = "ON CONFLICT (source_id, alias) DO NOTHING"


def _edited_columns(each: Settled) -> Columns:
    """What follows every edit of an entry."""
    decision = each.decision
    return {
        "content_hash": decision.content_hash,
        "text_hash": decision.text_hash,
        "text_length": decision.text_length,
        "title_key": decision.title_key,
        "title": line(decision.article.title),
        "link": address(decision.article.link),
    }


def _times(each: Settled) -> Columns:
    """A published date stays once it is known; until then, the first-seen time stays."""
    article, known = each.decision.article, each.known
    published_at: datetime = article.published_at
    if known and (known.date_is_known or not article.date_is_known):
        published_at = known.published_at
    is_known = article.date_is_known or (known is not None and known.date_is_known)
    return {"published_at": published_at, "date_is_known": is_known}


def _content(each: Settled) -> Columns:
    """What an article shows of a copy; the date counts only where none is known yet."""
    decision = each.decision
    return {
        **content_columns(decision.article),
        "content_hash": decision.content_hash,
        "text_hash": decision.text_hash,
        "date": decision.article.published_at,
        "is_dated": decision.article.date_is_known,
    }


def _climbs(each: Settled) -> bool:
    """Whether a copy is to stand that did not stand before."""
    return each.known is None or not each.known.standing


def _looks(entry: EntryRef | KnownEntry) -> tuple[str, str]:
    """What tells that an entry is as it was, and where it was."""
    return entry.entry_hash, entry.document


def _decided(each: Settled) -> tuple[bool, datetime, tuple[str, str], str]:
    """Sorts decisions as they were taken."""
    article = each.decision.article
    return each.known is None, article.published_at, entry_id(article), each.decision.content_hash


def _entry(each: Settled) -> Columns:
    """Names the line of an entry, for `_update_copy`."""
    entry = each.decision.article.entry
    return {"of_source": entry.source_id, "of_entry": entry.entry_key}


def _binds(row: Columns, *names: str) -> dict[str, Any]:
    return {column: bindparam(column) for column in row if column not in names}


def _update_copy(row: Columns) -> Any:
    """An UPDATE of one ledger line, for many rows like this one."""
    return (
        update(COPY)
        .where(
            COPY.c.source_id == bindparam("of_source"), COPY.c.entry_key == bindparam("of_entry")
        )
        .values(_binds(row, "of_source", "of_entry"))
    )


def _update_article(row: Columns) -> Any:
    """An UPDATE of what an article shows, for many rows like this one.

    Public id, token and the time it was first seen stay, and a date once it is known.
    """
    stays = ARTICLE.c.date_is_known | ~bindparam("is_dated", type_=Boolean)
    date = bindparam("date", type_=ARTICLE.c.published_at.type)
    return (
        update(ARTICLE)
        .where(ARTICLE.c.id == bindparam("number"), ARTICLE.c.removed_at.is_(None))
        .values(
            **_binds(row, "number", "date", "is_dated"),
            published_at=case((stays, ARTICLE.c.published_at), else_=date),
            date_is_known=ARTICLE.c.date_is_known | bindparam("is_dated", type_=Boolean),
        )
    )
