"""What is published and shown: articles by category, copies, categories, counts."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, select, tuple_, update

from aggregator.model.articles import CategoryTitle
from aggregator.model.entries import Origin
from aggregator.model.published import StoredArticle, StoredCopy, Via
from aggregator.model.sources import KnownSource
from aggregator.store.database import chunks
from aggregator.store.rows import to_article, to_copy
from aggregator.store.tables import ARTICLE, CATEGORY, COPY, EVERYTHING, FETCH, PLACEMENT, SOURCE

_PAGE = 500
NEWEST_FIRST = (PLACEMENT.c.published_at.desc(), PLACEMENT.c.public_id.desc())


def newest(connection: Connection, path: str, limit: int, per_source: int) -> list[StoredArticle]:
    """The newest articles of a category, at most `per_source` of one source where not 0."""
    if not per_source:
        wanted = select(PLACEMENT.c.article_id).where(PLACEMENT.c.path == path)
        newest_first = wanted.order_by(*NEWEST_FIRST).limit(limit)
        return load(connection, list(connection.execute(newest_first).scalars()))
    taken, numbers = Counter[str](), list[int]()
    for number, source_id in _scan(connection, path):
        if len(numbers) == limit:
            break
        if taken[source_id] < per_source:
            taken[source_id] += 1
            numbers.append(number)
    return load(connection, numbers)


def _scan(connection: Connection, path: str) -> Iterator[tuple[int, str]]:
    """Row number and source of a category's articles, newest first, a page at a time."""
    wanted = (
        select(
            PLACEMENT.c.article_id,
            PLACEMENT.c.source_id,
            PLACEMENT.c.published_at,
            PLACEMENT.c.public_id,
        )
        .where(PLACEMENT.c.path == path)
        .order_by(*NEWEST_FIRST)
        .limit(_PAGE)
    )
    page = connection.execute(wanted).all()
    while page:
        for row in page:
            yield row.article_id, row.source_id
        last = tuple_(page[-1].published_at, page[-1].public_id)
        place = tuple_(PLACEMENT.c.published_at, PLACEMENT.c.public_id)
        page = connection.execute(wanted.where(place < last)).all() if len(page) == _PAGE else []


def load(connection: Connection, numbers: Sequence[int]) -> list[StoredArticle]:
    """Some articles by row number, in this order."""
    found = dict[int, StoredArticle]()
    for part in chunks(numbers):
        paths = defaultdict[int, list[str]](list)
        direct = select(PLACEMENT.c.article_id, PLACEMENT.c.path).where(
            PLACEMENT.c.article_id.in_(part), PLACEMENT.c.direct.is_(True)
        )
        for number, path in connection.execute(direct):
            paths[number].append(path)
        others = _others(connection, part)
        for row in connection.execute(select(ARTICLE).where(ARTICLE.c.id.in_(part))):
            found[row.id] = to_article(row, paths[row.id], others.get(row.id, ()))
    return [found[number] for number in numbers]


def _others(connection: Connection, numbers: Collection[int]) -> Mapping[int, list[Via]]:
    """A copy of each other source that tells some articles too.

    One of a source is enough: one that changes its ids and links adds a copy at every fetch. By
    source and entry, not by time: who was read first must not show in any byte.
    """
    columns = COPY.c.article_id, COPY.c.source_id, COPY.c.entry_key, COPY.c.link, SOURCE.c.origin
    wanted = (
        select(*columns, SOURCE.c.title.label("whose"))
        .join(SOURCE, SOURCE.c.id == COPY.c.source_id)
        .join(ARTICLE, ARTICLE.c.id == COPY.c.article_id)
        .where(COPY.c.article_id.in_(numbers), COPY.c.source_id != ARTICLE.c.source_id)
        .where(COPY.c.link != "")
    )
    rows = connection.execute(wanted).all()
    others = defaultdict[int, dict[str, Via]](dict)
    for row in sorted(rows, key=lambda row: (row.source_id, row.entry_key)):
        via = Via(row.link, row.whose or Origin(*row.origin).title)
        others[row.article_id].setdefault(row.source_id, via)
    return {number: list(found.values()) for number, found in others.items()}


def page(connection: Connection, after: int, limit: int) -> tuple[int, list[StoredArticle]]:
    """Some articles behind a row number, in order, and the number of the last one."""
    is_here = ARTICLE.c.id > after, ARTICLE.c.removed_at.is_(None), ARTICLE.c.merged_into.is_(None)
    wanted = select(ARTICLE.c.id).where(*is_here).order_by(ARTICLE.c.id).limit(limit)
    numbers = list(connection.execute(wanted).scalars())
    return (numbers[-1] if numbers else after), load(connection, numbers)


def articles(
    connection: Connection, path: str | None, source_id: str | None, limit: int
) -> list[StoredArticle]:
    """The newest articles of a category (None: of all) that a source has a copy of (None: any)."""
    wanted = select(PLACEMENT.c.article_id).where(PLACEMENT.c.path == (path or EVERYTHING))
    if source_id is not None:
        of_source = exists().where(
            COPY.c.article_id == PLACEMENT.c.article_id, COPY.c.source_id == source_id
        )
        wanted = wanted.where(of_source)
    newest_first = wanted.order_by(*NEWEST_FIRST).limit(limit)
    return load(connection, list(connection.execute(newest_first).scalars()))


def article(connection: Connection, token: str) -> StoredArticle | None:
    """The article that a token names, unless retention removed it.

    Of one that was merged into another it is that one, with its own token.
    """
    named = select(ARTICLE.c.id, ARTICLE.c.merged_into).where(ARTICLE.c.token == token)
    row = connection.execute(named).one_or_none()
    if row is None:
        return None
    is_here = ARTICLE.c.id == (row.merged_into or row.id), ARTICLE.c.removed_at.is_(None)
    number = connection.execute(select(ARTICLE.c.id).where(*is_here)).scalar_one_or_none()
    return load(connection, [number])[0] if number is not None else None


def copies(connection: Connection, token: str) -> list[StoredCopy]:
    """The ledger of an article, in the order in which its copies came."""
    wanted = (
        select(COPY)
        .join(ARTICLE, ARTICLE.c.id == COPY.c.article_id)
        .where(ARTICLE.c.token == token)
        .order_by(COPY.c.first_seen_at, COPY.c.source_id, COPY.c.entry_key)
    )
    return [to_copy(row) for row in connection.execute(wanted)]


def changed_categories(connection: Connection) -> Mapping[str, int]:
    """Paths whose articles changed since they were last published, with their state."""
    wanted = select(CATEGORY.c.path, CATEGORY.c.changed)
    unpublished = wanted.where(CATEGORY.c.changed != CATEGORY.c.published).order_by(CATEGORY.c.path)
    return dict(connection.execute(unpublished).all())


def published_categories(connection: Connection) -> frozenset[str]:
    """Paths of which some state was ever marked as published."""
    wanted = select(CATEGORY.c.path).where(CATEGORY.c.published > 0)
    return frozenset(connection.execute(wanted).scalars())


def mark_published(connection: Connection, states: Mapping[str, int]) -> None:
    """Note that these states of these categories are on disk."""
    rows = [{"of_path": path, "state": state} for path, state in sorted(states.items())]
    if rows:
        connection.execute(_MARK_PUBLISHED, rows)


_MARK_PUBLISHED = (
    update(CATEGORY)
    .where(CATEGORY.c.path == bindparam("of_path"), CATEGORY.c.published < bindparam("state"))
    .values(published=bindparam("state"))
)


def moved_categories(connection: Connection) -> Mapping[str, str]:
    """Where categories have moved for good, by the path that they had."""
    moved = select(CATEGORY.c.path, CATEGORY.c.moved_to).where(CATEGORY.c.moved_to != "")
    return dict(connection.execute(moved.order_by(CATEGORY.c.path)).all())


def left(connection: Connection, path: str, public_ids: Collection[str]) -> frozenset[str]:
    """Those of these articles that are known here and do not stand in a category now."""
    found = set[str]()
    stands = exists().where(PLACEMENT.c.article_id == ARTICLE.c.id, PLACEMENT.c.path == path)
    for part in chunks([each.rpartition(":")[2] for each in sorted(public_ids)]):
        gone = select(ARTICLE.c.public_id).where(ARTICLE.c.token.in_(part), ~stands)
        found.update(connection.execute(gone).scalars())
    return frozenset(found & set(public_ids))


def category_titles(connection: Connection) -> list[CategoryTitle]:
    """Categories that hold articles and that no configuration names, by path."""
    holds_articles = exists().where(PLACEMENT.c.path == CATEGORY.c.path)
    wanted = (
        select(CATEGORY.c.path, CATEGORY.c.title)
        .where(CATEGORY.c.configured.is_(False), CATEGORY.c.path != EVERYTHING, holds_articles)
        .order_by(CATEGORY.c.path)
    )
    return [
        CategoryTitle(path, title or path.rpartition("/")[2])
        for path, title in connection.execute(wanted)
    ]


def sources(connection: Connection) -> list[KnownSource]:
    """What the sources of the configuration call themselves, by id."""
    wanted = select(SOURCE.c.id, SOURCE.c.title, SOURCE.c.origin).where(SOURCE.c.active)
    rows = connection.execute(wanted.order_by(SOURCE.c.id))
    origins = [(row.id, row.title, Origin(*row.origin)) for row in rows]
    return [KnownSource(each, title or own.title, own.link) for each, title, own in origins]


def counts(connection: Connection) -> Mapping[str, int]:
    """How much there is of what."""
    is_here = ARTICLE.c.removed_at.is_(None)
    wanted: dict[str, Any] = {
        "articles": select(func.count()).select_from(ARTICLE).where(is_here),
        "copies": select(func.count()).select_from(COPY),
        "sources": select(func.count()).select_from(SOURCE).where(SOURCE.c.active.is_(True)),
        "fetches": select(func.count()).select_from(FETCH),
    }
    return {what: connection.execute(count).scalar_one() for what, count in wanted.items()}
