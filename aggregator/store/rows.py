"""Between the types that travel and the columns of the tables; no statements.

Texts lose here what a database refuses: PostgreSQL takes no NUL, neither takes half a surrogate
pair, and one such character would make the whole transaction fail. Cleaning removed them long
ago; this is the fence behind it, as are the lengths.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from aggregator.model.articles import Article, DecidedBy, Unruled
from aggregator.model.entries import Enclosure, Episode, Image, Origin, Related, Relation
from aggregator.model.known import KnownEntry
from aggregator.model.pages import FetchState, IdentityRule, Validators
from aggregator.model.published import StoredArticle, StoredCopy, Via
from aggregator.model.results import SourceResult, SourceStatus, Tally
from aggregator.store.naming import token_of
from aggregator.store.rhythms import from_hints, from_rhythm, to_hints, to_rhythm
from aggregator.text.xml_chars import strip_illegal

Columns = dict[str, Any]
RuledPaths = Sequence[Sequence[str]]
"""The paths that rules added to a copy, and those that they took away."""

LONGEST_LINE = 2_000
"""Characters of a title, a name or a message."""
LONGEST_LINK = 8_000
"""Characters of an address; a longer one leads nowhere, so it is left out."""


def storable(text: str) -> str:
    """The text without what a database refuses."""
    if "\0" in text:
        return strip_illegal(text)
    try:
        text.encode()
    except UnicodeEncodeError:
        return strip_illegal(text)
    return text


def line(text: str) -> str:
    """A storable text of one line's length."""
    return storable(text[:LONGEST_LINE])


def address(link: str) -> str:
    """A storable address, "" for one that is too long."""
    return storable(link) if len(link) <= LONGEST_LINK else ""


def content_columns(article: Article) -> Columns:
    """What an article shows, without its identity and its times."""
    return {
        "source_id": article.entry.source_id,
        "title": line(article.title),
        "link": address(article.link),
        "summary": storable(article.summary),
        "body": storable(article.body),
        "author": line(article.author),
        "updated_at": article.updated_at,
        "image": _from_image(article.image),
        "enclosures": [_from_enclosure(each) for each in article.enclosures],
        "tags": [line(tag) for tag in article.tags],
        "language": line(article.language),
        "origin": from_origin(article.origin),
        "related": [_from_related(each) for each in article.related],
    }


def ruled_paths(article: Article) -> RuledPaths | None:
    """What rules said about where a copy stands; None where they said nothing."""
    said = [sorted(article.ruled_in), sorted(article.ruled_out)]
    return said if any(said) else None


def from_unruled(article: Article) -> list[Any] | None:
    """What an article was before rules, as it lies in a JSON column; nothing where they left it."""
    if article.unruled is None:
        return None
    if article.unruled == Unruled():
        return []
    return [_storable(each) for each in astuple(article.unruled)]


def _storable(value: str | tuple[str, ...] | None) -> str | list[str] | None:
    if isinstance(value, tuple):
        return [storable(each) for each in value]
    return value if value is None else storable(value)


def to_unruled(columns: list[Any] | None) -> Unruled | None:
    """The same out of the column."""
    if not columns:
        return None if columns is None else Unruled()
    words: list[Any] = [tuple(each) if isinstance(each, list) else each for each in columns]
    return Unruled(*words)


def _from_image(image: Image | None) -> list[Any] | None:
    return [address(image.url), image.width, image.height] if image else None


def _from_enclosure(each: Enclosure) -> list[Any]:
    said = [] if each.episode == Episode() else [list(astuple(each.episode))]
    return [address(each.url), line(each.media_type), each.length, *said]


def _to_enclosure(columns: list[Any]) -> Enclosure:
    url, media_type, length, *said = columns
    return Enclosure(url, media_type, length, *(Episode(*each) for each in said))


def _from_related(each: Related) -> list[str]:
    return [each.relation.value, address(each.url), line(each.media_type), address(each.id)]


def _to_related(columns: list[str]) -> Related:
    relation, *said = columns
    return Related(Relation(relation), *said)


def from_origin(origin: Origin) -> list[str]:
    """An origin as it lies in a JSON column."""
    own = [line(origin.title), address(origin.link), address(origin.feed_url)]
    more = [address(origin.id), line(origin.rights)]
    return own + more if any(more) else own


EMPTY_CONTENT: Mapping[str, Any] = {
    "title": "",
    "link": "",
    "summary": "",
    "body": "",
    "author": "",
    "image": None,
    "enclosures": [],
    "tags": [],
    "related": [],
}
"""What retention leaves of an article."""


def to_article(row: Row[Any], paths: Iterable[str], via: Iterable[Via] = ()) -> StoredArticle:
    """An article out of its row, the paths it stands in, and who else tells it."""
    return StoredArticle(
        public_id=row.public_id,
        token=row.token,
        source_id=row.source_id,
        published_at=row.published_at,
        date_is_known=row.date_is_known,
        first_seen_at=row.first_seen_at,
        paths=tuple(sorted(paths)),
        via=tuple(via),
        version=row.content_hash,
        **to_content(row),
    )


def to_content(row: Row[Any]) -> dict[str, Any]:
    """What an article shows, by the names that `StoredArticle` and `Article` share."""
    return {
        "title": row.title,
        "link": row.link,
        "summary": row.summary,
        "body": row.body,
        "author": row.author,
        "updated_at": row.updated_at,
        "image": Image(*row.image) if row.image else None,
        "enclosures": tuple(_to_enclosure(each) for each in row.enclosures),
        "tags": tuple(row.tags),
        "language": row.language,
        "origin": Origin(*row.origin),
        "related": tuple(_to_related(each) for each in row.related),
    }


def to_copy(row: Row[Any]) -> StoredCopy:
    """A line of the ledger out of its row."""
    return StoredCopy(
        source_id=row.source_id,
        link=row.link,
        title=row.title,
        published_at=row.published_at,
        date_is_known=row.date_is_known,
        first_seen_at=row.first_seen_at,
        decided_by=DecidedBy(row.decided_by),
        standing=row.standing,
        entry_key=row.entry_key,
        decided_at=row.decided_at,
        dropped_by=row.dropped_by or "",
        split_from=token_of(row.split_from or ""),
    )


def to_known_entry(row: Row[*tuple[Any, ...]]) -> KnownEntry:
    """What dedupe needs of a copy; the row also holds its article's story key."""
    return KnownEntry(
        source_id=row.source_id,
        entry_key=row.entry_key,
        entry_hash=row.entry_hash,
        content_hash=row.content_hash,
        story_key=row.story_key,
        title_key=row.title_key,
        text_hash=row.text_hash,
        published_at=row.published_at,
        date_is_known=row.date_is_known,
        standing=row.standing,
        document=row.document,
    )


def state_columns(state: FetchState) -> Columns:
    """What is remembered of a source between two fetches."""
    return {
        "next_due_at": state.next_due_at,
        "interval_seconds": state.interval.total_seconds(),
        "etag": address(state.validators.etag),
        "last_modified": address(state.validators.last_modified),
        "body_hash": address(state.validators.body_hash),
        "failures": state.failures,
        "last_ok_at": state.last_ok_at,
        "last_error": line(state.last_error),
        "moved_to": address(state.moved_to),
        "gone": state.gone,
        "identity": state.identity.value,
        "why": line(state.why),
        "moving_to": address(state.moving_to),
        "moves": state.moves,
        "hints": from_hints(state.hints),
        "rhythm": from_rhythm(state.rhythm),
        "was_read": state.was_read,
    }


def to_state(row: Row[Any]) -> FetchState:
    """The same out of a row."""
    return FetchState(
        next_due_at=row.next_due_at,
        interval=timedelta(seconds=row.interval_seconds),
        validators=Validators(row.etag, row.last_modified, row.body_hash),
        failures=row.failures,
        last_ok_at=row.last_ok_at,
        last_error=row.last_error,
        moved_to=row.moved_to,
        gone=row.gone,
        identity=IdentityRule(row.identity),
        why=row.why,
        moving_to=row.moving_to,
        moves=row.moves,
        hints=to_hints(row.hints),
        rhythm=to_rhythm(row.rhythm),
        was_read=row.was_read,
    )


def fetch_columns(result: SourceResult, tally: Tally) -> Columns:
    """The record of one fetch."""
    return {
        "source_id": result.source_id,
        "started_at": result.started_at,
        "status": result.status.value,
        "seconds": result.duration.total_seconds(),
        "http_status": result.http_status,
        "bytes_read": result.bytes_read,
        "error": line(result.error),
        "warnings": [line(warning) for warning in result.warnings],
        "tally": [tally.new, tally.changed, tally.unchanged, tally.duplicate, dict(tally.dropped)],
    }


def to_result(row: Row[Any], state: FetchState) -> SourceResult:
    """The same out of a row, with the source's present state."""
    return SourceResult(
        source_id=row.source_id,
        status=SourceStatus(row.status),
        started_at=row.started_at,
        duration=timedelta(seconds=row.seconds),
        state=state,
        tally=Tally(*row.tally),
        error=row.error,
        http_status=row.http_status,
        bytes_read=row.bytes_read,
        warnings=tuple(row.warnings),
    )
