"""The gate that a new file passes before it takes the place of the last good one.

Looks at the finished bytes, as a reader would, because a fault in rendering shows only there. Of
documents that share entries each entry is read once, and of each document what is around them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lxml import etree

from aggregator.contracts import EntryFormat
from aggregator.errors import RefusedError
from aggregator.model.published import Entry, Feed, FeedDocument, PublishedArticle

LARGEST_FILE = 64 * 1000**2
"""Bytes; no feed reader takes more, and most give up far earlier."""


Explain = Callable[[Collection[str]], Collection[str]]
"""Which of these articles, by public id, are not in a feed any more for a reason that is known."""
_Articles = Sequence[Entry | PublishedArticle]
_UNREADABLE = (etree.XMLSyntaxError, ValueError, LookupError, TypeError)


def everything(missing: Collection[str]) -> Collection[str]:
    """Asks for no reason."""
    return missing


def check(
    document: FeedDocument, feed: Feed, before: bytes | None, explain: Explain = everything
) -> None:
    """See that a document may be published.

    `before` is what stands there now. More than half of its articles may only be missing if
    `explain` knows why: retention, a rule, a source that left. Else the database is more likely
    lost, or read wrongly, than the articles.

    Raises:
        RefusedError: it may not; `before`, what stands there now, is to stay.
    """
    _check_size(document)
    read_ids = _READERS.get(document.format)
    if read_ids is None:
        return
    ids = _ids(document, read_ids)
    _check_ids(document, ids, feed.articles)
    _check_order(document, feed.articles)
    if before is not None:
        _check_loss(document, ids, _ids_before(before, read_ids), explain)


def readable(entries: Sequence[Entry], form: EntryFormat) -> Sequence[Entry]:
    """The entries, after they were read back; one that cannot be is left out, and says so.

    They are read in one go, which takes a third of the time, and alone where one does harm.
    """
    whole = [each for each in entries if not each.left_out]
    if not _fault(whole, form):
        return entries
    return [each if each.left_out else _read(each, form) for each in entries]


def _read(entry: Entry, form: EntryFormat) -> Entry:
    fault = _fault([entry], form)
    return replace(entry, body=b"", left_out=fault) if fault else entry


def _fault(entries: Sequence[Entry], form: EntryFormat) -> str:
    """What a reader would stumble over in a document of these entries; "" if nothing."""
    try:
        ids = _READERS[form.name](form.bare(entries))
    except _UNREADABLE as error:
        return f"it is not well-formed: {error}"
    return "" if [*ids] == [each.public_id for each in entries] else "it reads as something else"


@dataclass(frozen=True)
class Joined:
    """A document joined of entries that are `readable`.

    `sample` is a small one with all that is around them, and of the entries only `sampled`: one
    for each of the namespaces that they need.
    """

    document: FeedDocument
    entries: Sequence[Entry]
    sample: FeedDocument
    sampled: Sequence[Entry]


def check_joined(joined: Joined, before: bytes | None, explain: Explain = everything) -> None:
    """As `check`, for a document of which the entries were read back before.

    Raises:
        RefusedError: it may not be published; `before` is to stay.
    """
    document, read_ids = joined.document, _READERS[joined.document.format]
    _check_size(document)
    _check_ids(joined.sample, _ids(joined.sample, read_ids), joined.sampled)
    ids = [each.public_id for each in joined.entries if not each.left_out]
    _check_ids(document, ids, joined.entries)
    _check_order(document, joined.entries)
    if before is not None:
        _check_loss(document, ids, _ids_before(before, read_ids), explain)


def _check_size(document: FeedDocument) -> None:
    if not document.body or len(document.body) > LARGEST_FILE:
        raise _refused(
            document, f"it has {len(document.body)} bytes (1 to {LARGEST_FILE} are fine)"
        )


def _check_loss(
    document: FeedDocument, ids: Sequence[str], had: Sequence[str], explain: Explain
) -> None:
    if 2 * len(ids) >= len(had):
        return
    missing = set(had) - set(ids)
    if 2 * len(missing - set(explain(missing))) > len(had):
        raise _refused(
            document,
            f"it would have {len(ids)} articles, and the file that is there has {len(had)}; why"
            " they are missing is not known; bring the old database back, or, if this is right,"
            " call `aggregator publish --force`",
        )


def _refused(document: FeedDocument, why: str) -> RefusedError:
    return RefusedError(f"{document.path}/{document.file_name} was not replaced: {why}")


def _ids(document: FeedDocument, read_ids: Callable[[bytes], Sequence[str]]) -> Sequence[str]:
    try:
        return read_ids(document.body)
    except _UNREADABLE as error:
        raise _refused(document, f"it is not well-formed: {error}") from error


def _check_ids(document: FeedDocument, ids: Sequence[str], articles: _Articles) -> None:
    if len(set(ids)) != len(ids):
        raise _refused(document, "two of its articles have the same id")
    left_out = {public_id for public_id, _ in document.left_out}
    expected = [each.public_id for each in articles if each.public_id not in left_out]
    if list(ids) != expected:
        raise _refused(document, f"it has {len(ids)} articles where {len(expected)} were expected")


def _check_order(document: FeedDocument, articles: _Articles) -> None:
    times = [each.published_at for each in articles]
    if any(newer < older for newer, older in pairwise(times)):
        raise _refused(document, "its articles are not in the order of their dates")


def _ids_before(before: bytes, read_ids: Callable[[bytes], Sequence[str]]) -> Sequence[str]:
    try:
        return read_ids(before)
    except _UNREADABLE:
        return ()  # what is there is damaged: anything is better


def _parse(body: bytes) -> etree._Element:
    return etree.fromstring(
        body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    )


def _rss_ids(body: bytes) -> list[str]:
    return [str(each.findtext("guid")) for each in _parse(body).iterfind("channel/item")]


def _atom_ids(body: bytes) -> list[str]:
    atom = "{http://www.w3.org/2005/Atom}"
    return [str(each.findtext(f"{atom}id")) for each in _parse(body).iterfind(f"{atom}entry")]


def _json_ids(body: bytes) -> list[str]:
    return [str(item["id"]) for item in json.loads(body)["items"]]


_READERS: dict[str, Callable[[bytes], Sequence[str]]] = {
    "rss": _rss_ids,
    "atom": _atom_ids,
    "json": _json_ids,
}
