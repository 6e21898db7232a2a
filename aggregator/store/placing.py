"""Where articles stand: placements follow from the ledger, and category counters from these.

Everything that changes what stands in a category ends here, so that no caller can forget to say
that the category must be published again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, Row, bindparam, case, delete, select

from aggregator.model.articles import CategoryTitle
from aggregator.model.categories import with_parents
from aggregator.model.settings import FROM_POST
from aggregator.store.bulk import insert_rows
from aggregator.store.database import chunks, insert
from aggregator.store.rows import Columns, RuledPaths, line
from aggregator.store.tables import (
    ARTICLE,
    CATEGORY,
    COPY,
    EVERYTHING,
    PLACEMENT,
    SOURCE,
    CategoryRow,
)


def placements(article: Columns, direct: Collection[str]) -> list[Columns]:
    """The rows of an article that stands in these paths: those, their parents, and `all`.

    `article` holds `id`, `published_at`, `public_id` and `source_id`.
    """
    return [
        {
            "article_id": article["id"],
            "path": path,
            "published_at": article["published_at"],
            "public_id": article["public_id"],
            "source_id": article["source_id"],
            "direct": path in direct,
        }
        for path in sorted({*with_parents(direct), EVERYTHING})
    ]


def paths_of_copy(
    own: Iterable[str], of_source: Iterable[str], ruled: RuledPaths | None
) -> set[str]:
    """The paths that a copy brings its article: the entry's own, its source's, and as rules say."""
    added, taken_away = ruled or ((), ())
    return {*own, *of_source, *added} - {FROM_POST, *taken_away}


def add_placements(connection: Connection, rows: list[Columns]) -> set[str]:
    """Put new articles in their places; returns the paths touched."""
    insert_rows(connection, PLACEMENT, rows)
    return {row["path"] for row in rows}


def place_again(connection: Connection, article_ids: Collection[int]) -> set[str]:
    """Bring the placements of some articles in line with their copies; returns the paths touched.

    The articles stay locked until the transaction ends, so that two processes that each add a copy
    do not both decide on half of the ledger.
    """
    touched = set[str]()
    for part in chunks(sorted(article_ids)):
        touched |= _place_part(connection, part)
    return touched


def _place_part(connection: Connection, article_ids: Collection[int]) -> set[str]:
    articles = connection.execute(
        select(
            ARTICLE.c.id,
            ARTICLE.c.published_at,
            ARTICLE.c.public_id,
            ARTICLE.c.source_id,
            ARTICLE.c.removed_at,
        )
        .where(ARTICLE.c.id.in_(article_ids))
        .order_by(ARTICLE.c.id)
        .with_for_update()
    ).all()
    direct = _direct_paths(connection, article_ids)
    wanted = {
        (row["article_id"], row["path"]): row
        for article in articles
        if article.removed_at is None and article.id in direct
        for row in placements(article._asdict(), direct[article.id])
    }
    present = _present(connection, article_ids)
    moved = {key[0] for key in {*wanted, *present} if wanted.get(key) != present.get(key)}
    gone = [key for key, row in present.items() if wanted.get(key) != row]
    if gone:
        connection.execute(_REMOVE, [{"number": number, "of_path": path} for number, path in gone])
    add_placements(connection, [row for key, row in wanted.items() if present.get(key) != row])
    # An article tells all its categories wherever it stands, so one that moved changes them all.
    return {path for number, path in {*wanted, *present} if number in moved}


_REMOVE = delete(PLACEMENT).where(
    PLACEMENT.c.article_id == bindparam("number"), PLACEMENT.c.path == bindparam("of_path")
)


def _direct_paths(connection: Connection, article_ids: Collection[int]) -> dict[int, set[str]]:
    """The paths that the copies which count bring to their articles."""
    direct = defaultdict[int, set[str]](set)
    counting = (
        select(COPY.c.article_id, COPY.c.own_paths, SOURCE.c.categories, COPY.c.ruled_paths)
        .join(SOURCE, SOURCE.c.id == COPY.c.source_id)
        .where(COPY.c.article_id.in_(article_ids), COPY.c.is_present, SOURCE.c.active)
        .where(COPY.c.dropped_by.is_(None))
    )
    for number, *paths in connection.execute(counting):
        direct[number] |= paths_of_copy(*paths)
    return direct


def _present(
    connection: Connection, article_ids: Collection[int]
) -> dict[tuple[int, str], Mapping[str, Any]]:
    """The placements as they are in the table."""
    rows: Iterable[Row[Any]] = connection.execute(
        select(PLACEMENT).where(PLACEMENT.c.article_id.in_(article_ids))
    )
    return {(row.article_id, row.path): row._asdict() for row in rows}


def standing_paths(connection: Connection, article_ids: Collection[int]) -> set[str]:
    """Every path in which some of these articles stand."""
    paths = set[str]()
    for part in chunks(article_ids):
        found = select(PLACEMENT.c.path).distinct().where(PLACEMENT.c.article_id.in_(part))
        paths.update(connection.execute(found).scalars())
    return paths


def mark_changed(
    connection: Connection, touched: Collection[str], titles: Iterable[CategoryTitle] = ()
) -> None:
    """Note that these categories must be published, and the titles that articles brought along.

    The first title that came for a path stays.
    """
    named = {added.path: line(added.title) for added in titles}
    rows = [
        {"path": path, "title": named.get(path, ""), "changed": int(path in touched)}
        for path in sorted({*touched, *named})
    ]
    if not rows:
        return
    statement = insert(connection, CategoryRow).values(configured=False, published=0)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["path"],
            set_={
                "changed": CATEGORY.c.changed + statement.excluded.changed,
                "title": case(
                    (CATEGORY.c.title == "", statement.excluded.title), else_=CATEGORY.c.title
                ),
            },
        ),
        rows,
    )
