"""The gate that a new file passes before it takes the place of the last good one.

Looks at the finished bytes, as a reader would, because a fault in rendering shows only there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from itertools import pairwise

from lxml import etree

from aggregator.errors import RefusedError
from aggregator.model.published import Feed, FeedDocument

LARGEST_FILE = 64 * 1000**2
"""Bytes; no feed reader takes more, and most give up far earlier."""


Explain = Callable[[Collection[str]], Collection[str]]
"""Which of these articles, by public id, are not in a feed any more for a reason that is known."""


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
    if not document.body or len(document.body) > LARGEST_FILE:
        raise _refused(
            document, f"it has {len(document.body)} bytes (1 to {LARGEST_FILE} are fine)"
        )
    read_ids = _READERS.get(document.format)
    if read_ids is None:
        return
    ids = _ids(document, read_ids)
    _check_ids(document, feed, ids)
    _check_order(document, feed)
    if before is not None:
        _check_loss(document, ids, _ids_before(before, read_ids), explain)


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
    except (etree.XMLSyntaxError, ValueError, LookupError, TypeError) as error:
        raise _refused(document, f"it is not well-formed: {error}") from error


def _check_ids(document: FeedDocument, feed: Feed, ids: Sequence[str]) -> None:
    if len(set(ids)) != len(ids):
        raise _refused(document, "two of its articles have the same id")
    left_out = {public_id for public_id, _ in document.left_out}
    expected = [each.public_id for each in feed.articles if each.public_id not in left_out]
    if list(ids) != expected:
        raise _refused(document, f"it has {len(ids)} articles where {len(expected)} were expected")


def _check_order(document: FeedDocument, feed: Feed) -> None:
    times = [article.published_at for article in feed.articles]
    if any(newer < older for newer, older in pairwise(times)):
        raise _refused(document, "its articles are not in the order of their dates")


def _ids_before(before: bytes, read_ids: Callable[[bytes], Sequence[str]]) -> Sequence[str]:
    try:
        return read_ids(before)
    except (etree.XMLSyntaxError, ValueError, LookupError, TypeError):
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
