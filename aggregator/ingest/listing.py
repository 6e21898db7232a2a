"""A list of entries that goes on over several pages (`next`, `pages`): read one after another.

Only the first page is asked for conditionally: when it did not change, the list did not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from aggregator.errors import FetchError, ParseError, ParseReason
from aggregator.ingest.digest import MAX_ENTRIES, parse_page
from aggregator.ingest.further import domain_of, fetch_whole, further, same_page
from aggregator.ingest.stages import Stages, Visit
from aggregator.model.entries import ParsedDocument, RawEntry
from aggregator.model.pages import Page, Request

LARGEST_LIST = 32 * 1024 * 1024
"""Bytes after which no further page of a list is read."""


@dataclass(frozen=True)
class Listing:
    """The entries of a list; `is_whole` says that no page failed."""

    document: ParsedDocument
    is_whole: bool
    bytes_read: int


def read_listing(visit: Visit, request: Request, page: Page, stages: Stages) -> Listing:
    """Read a document, and the pages that follow it: each once, of the same site, within limits.

    Raises:
        ParseError: the first page is not what the source promised.
    """
    recipe = visit.recipe
    first = document = stages.workers.run(parse_page, recipe, page)
    entries, size, trouble = [*first.entries], len(page.body), ""
    seen = {same_page(request.url), same_page(page.final_url)}
    for number in range(2, recipe.spec.most_pages + 1):
        link = document.next_link
        leads_away = domain_of(link) != domain_of(page.final_url)
        is_enough = len(entries) >= MAX_ENTRIES or size > LARGEST_LIST
        if not link or same_page(link) in seen or leads_away or is_enough:
            break
        seen.add(same_page(link))
        try:
            answer = fetch_whole(stages.pages, further(link, request), visit.started_at)
            document = stages.workers.run(parse_page, recipe, answer)
        except (FetchError, ParseError) as error:
            if error.reason is not ParseReason.NO_ITEMS:  # an empty page ends many a list
                trouble = f"next: page {number} of the list could not be read: {error}"
            break
        size += len(answer.body)
        entries += document.entries
    broken = "; ".join(part for part in (first.broken, trouble) if part)
    joined = replace(first, entries=_numbered(entries), broken=broken)
    return Listing(joined, not trouble, size)


def _numbered(entries: list[RawEntry]) -> tuple[RawEntry, ...]:
    """The entries with their positions in the whole list."""
    return tuple(replace(entry, position=position) for position, entry in enumerate(entries))
