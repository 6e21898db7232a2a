"""Stored articles as rules see them, and what rules say about them from now on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from aggregator.model.articles import Article, Dropped, DropReason, EntryRef, Stage
from aggregator.model.ledger import RuledArticle, RuledCopy, Ruling
from aggregator.store import contents, dropping
from aggregator.store.electing import elect
from aggregator.store.placing import mark_changed, place_again
from aggregator.store.rows import ruled_paths, to_content, to_unruled
from aggregator.store.side_tables import CONTENT
from aggregator.store.tables import ARTICLE, COPY, PLACEMENT
from aggregator.text.titles import is_of_title


def page(connection: Connection, after: int, source_id: str, limit: int) -> list[RuledArticle]:
    """The articles behind a row number, so many; those that retention emptied are left out.

    `source_id` asks for those alone of which this source has a copy; "" for all.
    """
    wanted = select(ARTICLE).where(ARTICLE.c.id > after, ARTICLE.c.removed_at.is_(None))
    if source_id:
        of_source = select(COPY.c.article_id).where(COPY.c.source_id == source_id)
        wanted = wanted.where(ARTICLE.c.id.in_(of_source))
    in_order = wanted.order_by(ARTICLE.c.id).limit(limit)
    articles = {row.id: row for row in connection.execute(in_order)}
    paths, copies = defaultdict[int, list[str]](list), defaultdict[int, list[RuledCopy]](list)
    placed = select(PLACEMENT.c.article_id, PLACEMENT.c.path).order_by(PLACEMENT.c.path)
    for number, path in connection.execute(placed.where(PLACEMENT.c.article_id.in_(articles))):
        paths[number].append(path)
    put_away = _put_away(connection, list(articles))
    lines = select(COPY).where(COPY.c.article_id.in_(articles))
    for line in connection.execute(lines.order_by(COPY.c.source_id, COPY.c.entry_key)):
        key = line.source_id, line.entry_key
        shown = articles[line.article_id] if line.standing else put_away.get(key)
        if shown is not None:
            copies[line.article_id].append(_copy(line, shown))
    return [
        RuledArticle(number, row.token, row.title, tuple(paths[number]), tuple(copies[number]))
        for number, row in articles.items()
    ]


def _put_away(connection: Connection, numbers: Sequence[int]) -> dict[contents.EntryId, Row[Any]]:
    """What the copies of some articles would show."""
    of_articles = (
        select(CONTENT)
        .join(
            COPY,
            (COPY.c.source_id == CONTENT.c.source_id) & (COPY.c.entry_key == CONTENT.c.entry_key),
        )
        .where(COPY.c.article_id.in_(numbers))
    )
    return {(row.source_id, row.entry_key): row for row in connection.execute(of_articles)}


def _copy(line: Row[Any], shown: Row[Any]) -> RuledCopy:
    added, taken_away = line.ruled_paths or ((), ())
    article = Article(
        entry=EntryRef(line.source_id, line.entry_key, line.entry_hash, line.document),
        published_at=line.published_at,
        date_is_known=line.date_is_known,
        categories=tuple(line.own_paths),
        ruled_in=tuple(added),
        ruled_out=tuple(taken_away),
        has_title=is_of_title(line.title_key),
        unruled=to_unruled(line.unruled),
        **to_content(shown),
    )
    return RuledCopy(article, line.dropped_by or "", line.is_present)


def apply(connection: Connection, rulings: Sequence[Ruling], now: datetime) -> None:
    """Let copies stand, or not, as the rules say; feeds concerned are published again."""
    rows = [
        {
            "of_source": each.article.entry.source_id,
            "of_entry": each.article.entry.entry_key,
            "ruled_paths": ruled_paths(each.article),
            "dropped_by": each.dropped_by or None,
        }
        for each in rulings
    ]
    if not rows:
        return
    connection.execute(_RULE, rows)
    dropping.came_through(connection, [each.article.entry for each in rulings])
    dropping.note(connection, [_dropped(each) for each in rulings if each.dropped_by], now)
    numbers = {each.number for each in rulings}
    touched = elect(connection, numbers)
    mark_changed(connection, touched | place_again(connection, numbers))


_RULE = (
    update(COPY)
    .where(COPY.c.source_id == bindparam("of_source"), COPY.c.entry_key == bindparam("of_entry"))
    .values(ruled_paths=bindparam("ruled_paths"), dropped_by=bindparam("dropped_by"))
)


def _dropped(ruling: Ruling) -> Dropped:
    article = ruling.article
    return Dropped(
        source_id=article.entry.source_id,
        title=article.title,
        stage=Stage.RULES,
        reason=DropReason.RULE,
        detail=ruling.dropped_by,
        link=article.link,
        entry_key=article.entry.entry_key,
    )
