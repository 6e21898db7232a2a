"""A list of entries that goes on over several documents: the next pages, the sitemaps of an index.

They are read one after another, within the limits that the source's kind gives and those below.
Only the first is asked for conditionally: when it did not change, the list did not, unless the
document says of itself that it cannot tell.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace

from aggregator.errors import FetchError, ParseError, ParseReason
from aggregator.ingest.digest import MAX_ENTRIES, parse_page
from aggregator.ingest.further import (
    DOMAIN_IS_TO_REST,
    Asker,
    domain_of,
    fetch_whole,
    further,
    same_page,
)
from aggregator.ingest.recipe import Recipe
from aggregator.model.entries import ParsedDocument, RawEntry
from aggregator.model.pages import Page, Request

LARGEST_LIST = 32 * 1024 * 1024
"""Bytes after which no further document of a list is read."""


@dataclass(frozen=True)
class Listing:
    """The entries of a list, out of so many documents; `is_whole` says that none failed."""

    document: ParsedDocument
    documents: int
    is_whole: bool

    @property
    def is_settled(self) -> bool:
        """Whether nothing new can stand in the list until its first document changes."""
        return self.is_whole and not self.document.next_may_change


def read_listing(recipe: Recipe, request: Request, page: Page, asker: Asker) -> Listing:
    """Read a document, and those in which it goes on: each once, of the same site, within limits.

    Raises:
        ParseError: the first document is not what the source promised, or none has an entry.
        FetchError: all entries stand in further documents, and these cannot be fetched.
    """
    first = asker.workers.run(parse_page, recipe, page)
    reader = _Reader(recipe, request, page, asker, [first], len(page.body))
    waiting = deque(first.next_links)
    while waiting and reader.may_go_on():
        waiting.extend(reader.follow(waiting.popleft()))
    return reader.listing()


@dataclass
class _Reader:
    """Reads one document after another, and keeps count."""

    recipe: Recipe
    request: Request
    page: Page
    asker: Asker
    documents: list[ParsedDocument]
    size: int
    asked: int = 1
    seen: set[str] = field(default_factory=set)
    failed: list[tuple[str, FetchError | ParseError]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.seen |= {same_page(self.request.url), same_page(self.page.final_url)}

    def may_go_on(self) -> bool:
        """Whether there is room for another document, and the site is not to be left alone."""
        is_enough = sum(len(each.entries) for each in self.documents) >= MAX_ENTRIES
        is_to_rest = any(error.reason in DOMAIN_IS_TO_REST for _, error in self.failed)
        is_within = self.asked < self.recipe.spec.most_pages and self.size <= LARGEST_LIST
        return is_within and not is_enough and not is_to_rest

    def follow(self, link: str) -> tuple[str, ...]:
        """Read one document, if it is new and of this site; gives those in which it goes on."""
        leads_away = domain_of(link) != domain_of(self.page.final_url)
        if leads_away or same_page(link) in self.seen:
            return ()
        self.seen.add(same_page(link))
        self.asked += 1
        try:
            request = further(link, self.request)
            answer = fetch_whole(self.asker.pages, request, self.asker.now)
            document = self.asker.workers.run(parse_page, self.recipe, answer)
        except (FetchError, ParseError) as error:
            self.failed.append((link, error))
            return ()
        self.size += len(answer.body)
        self.documents.append(document)
        return document.next_links

    def listing(self) -> Listing:
        """All that was read, as one document."""
        first = self.documents[0]
        entries = _numbered(self.documents)
        if first.next_links and not entries:
            raise self.failed[0][1] if self.failed else _nothing(first)
        troubles = [
            f"the list goes on at {link}, which could not be read: {error}"
            for link, error in self.failed
            if error.reason is not ParseReason.NO_ITEMS  # an empty page ends many a list
        ]
        named = next((each for each in self.documents if each.origin.title), first)
        joined = replace(
            first,
            entries=entries,
            origin=named.origin,
            broken="; ".join(dict.fromkeys(filter(None, [first.broken, *troubles]))),
        )
        return Listing(joined, self.asked, not troubles)


def _nothing(first: ParsedDocument) -> ParseError:
    named = ", ".join(first.next_links)
    return ParseError(ParseReason.NO_ITEMS, f"nothing of this site is named: {named}")


def _numbered(documents: list[ParsedDocument]) -> tuple[RawEntry, ...]:
    """The entries of all documents with their positions in the whole list."""
    entries = (entry for document in documents for entry in document.entries)
    return tuple(replace(entry, position=position) for position, entry in enumerate(entries))
