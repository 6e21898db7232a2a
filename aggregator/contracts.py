"""Floor 0: what the floors promise one another, as protocols.

`ingest` and `publish` know the fetcher, the store and the decision only by these, so that tests
hand in small real fakes, and so that the stages do not know one another.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from aggregator.model.articles import Article, CategoryTitle, Decision
from aggregator.model.entries import ParsedDocument
from aggregator.model.health import GateVerdict, SourceEvent
from aggregator.model.known import EntryMark, Known, Wanted
from aggregator.model.pages import (
    ArticlePage,
    FetchState,
    Folder,
    NotModified,
    Page,
    Request,
    Validators,
)
from aggregator.model.published import (
    Candidate,
    Edition,
    Entry,
    Feed,
    FeedDocument,
    PublishedArticle,
    StoredArticle,
    Withdrawal,
)
from aggregator.model.results import Outcome, Tally
from aggregator.model.schedule import DomainPace
from aggregator.model.settings import SourceSpec


class SourceKind(Protocol):
    """One way to read a source; each module of `aggregator.sources` has one as `KIND`."""

    @property
    def name(self) -> str:
        """The word after `kind:` in the configuration."""

    @property
    def spec(self) -> type[SourceSpec]:
        """The model of this kind's keys."""

    @property
    def obeys_robots(self) -> bool:
        """Whether robots.txt is asked first: for all but feeds, which are there for programs."""

    def locate(self, spec: Any, folder: str) -> Request | Folder:
        """Where the source's documents are; `folder` is the configuration folder, absolute."""

    def parse(self, page: Page, spec: Any) -> ParsedDocument:
        """Read the entries out of one document.

        Raises:
            ParseError: the document is not what this kind reads.
        """


class Format(Protocol):
    """One way to write a feed; each module of `aggregator.formats` lists its own as `FORMATS`."""

    @property
    def name(self) -> str:
        """The word in `formats:` of the configuration."""

    @property
    def file_name(self) -> str:
        """Name of the file in the category's folder."""

    @property
    def media_type(self) -> str:
        """Media type with charset, for HTTP."""

    def render(self, feed: Feed) -> FeedDocument:
        """Turn a feed into bytes; the same feed always gives the same bytes."""


@runtime_checkable
class EntryFormat(Format, Protocol):
    """A format that writes an article on its own, once for all documents that it stands in.

    Its documents can lead to older ones of the same feed (`Feed.place`).
    """

    def entry(self, article: PublishedArticle, feed: Feed) -> Entry:
        """Write an article, whose words are `writable`; of the feed only what it has in common.

        That is the language and the address of the site. Never raises: see `Entry.left_out`.
        """

    def bare(self, entries: Sequence[Entry]) -> bytes:
        """The smallest document that entries can be read back from."""

    def joined(self, feed: Feed, entries: Sequence[Entry]) -> FeedDocument:
        """The document of a feed that has these entries; the feed's own articles do not count.

        Raises:
            PublishError: what is around the entries cannot be written.
        """

    def without(self, body: bytes, public_ids: Collection[str]) -> bytes:
        """A finished document without these articles, and otherwise as it is."""


class FolderFormat(Protocol):
    """A way to write a feed as a file for each article; listed as `FOLDER_FORMATS`."""

    @property
    def name(self) -> str:
        """The word in `formats:` of the configuration."""

    def owns(self, file_name: str) -> bool:
        """Whether a file of this name in a feed's folder is one of this format."""

    def render(self, feed: Feed) -> Mapping[str, bytes]:
        """The files by name; the same feed always gives the same bytes."""


class Fetcher(Protocol):
    """Makes one exchange with an origin."""

    def fetch(self, request: Request, validators: Validators, now: datetime) -> Page | NotModified:
        """Ask for a document, conditionally where validators are given.

        Raises:
            FetchError: no usable answer came.
        """


class KnownEntries(Protocol):
    """Looks up entries of one source that the store already has."""

    def known_entries(self, source_id: str, entry_keys: Iterable[str]) -> Mapping[str, EntryMark]:
        """Those of the given keys that are known, by the key asked for.

        A key is an entry key or, where no entry has it, an alias; then the newest entry counts.
        """


class Decide(Protocol):
    """Decides a batch of articles against what is known; pure."""

    def wanted(self, articles: Sequence[Article]) -> Wanted:
        """What must be known to decide on these articles."""

    def __call__(self, articles: Sequence[Article], known: Known) -> Sequence[Decision]:
        """One decision for each article, in the same order."""


class IngestStore(KnownEntries, Protocol):
    """What `ingest` needs of the store."""

    def fetch_state(self, source_id: str) -> FetchState:
        """What is remembered about a source of the configuration."""

    def fetch_states(self, source_ids: Iterable[str]) -> Mapping[str, FetchState]:
        """The same for many at once, by source; those of no configuration are left out."""

    def stamps(self, source_id: str) -> Mapping[str, str]:
        """The change stamps of a folder source's documents, by document name."""

    def pages_due(self, source_id: str, now: datetime) -> frozenset[str]:
        """Keys of the entries whose own page is to be tried (again) now."""

    def article_pages(self, source_id: str, entry_keys: Iterable[str]) -> Mapping[str, ArticlePage]:
        """What is remembered of these entries' own pages, by entry key."""

    def record(
        self, outcomes: Sequence[Outcome], decide: Decide, now: datetime
    ) -> tuple[Tally, ...]:
        """Decide on and store some outcomes in one transaction; all of them or none.

        Articles, ledger, placements, stamps, pages, fetch states and the record of the fetches go
        together. Returns what became of each outcome's articles, in order.

        Raises:
            StoreError: nothing was stored.
        """


class PaceStore(Protocol):
    """Where the fetcher keeps what it learned about domains; called from several threads."""

    def paces(self) -> Sequence[DomainPace]:
        """The domains that have to be asked slowly, by name."""

    def keep_pace(self, pace: DomainPace) -> None:
        """Remember how slowly a domain has to be asked, in place of what was known before."""

    def forget_pace(self, domain: str) -> None:
        """A domain may be asked like any other again."""


class PublishStore(Protocol):
    """What `publish` needs of the store."""

    def changed_categories(self) -> Mapping[str, int]:
        """Paths (with `all`) whose articles changed since they were last published.

        `health` is among them when something happened to sources.

        The number names the state of the category; hand it back to `mark_published`.
        """

    def mark_published(self, states: Mapping[str, int]) -> None:
        """Note that these states of these categories are on disk."""

    def published_categories(self) -> Collection[str]:
        """Paths of which some state was ever marked as published."""

    def newest(self, path: str, limit: int, per_source: int) -> Sequence[StoredArticle]:
        """The newest articles of a category and those under it (`all`: of everything).

        By published time, then public id, newest first; at most `per_source` of one source
        where that is not 0.
        """

    def candidates(
        self, paths: Sequence[str], sources: Sequence[str], limit: int
    ) -> Sequence[Candidate]:
        """The newest articles of any of these categories, in the order of `newest`.

        Where `sources` are given, only those of which one of them has a copy that counts.
        """

    def articles_named(self, tokens: Sequence[str]) -> Sequence[StoredArticle]:
        """The articles with these tokens, in this order; those that are not there are left out."""

    def editions(self, feed_id: str, limit: int) -> Sequence[Edition]:
        """The newest closed editions of a digest, the latest first."""

    def keep_edition(self, edition: Edition) -> None:
        """Store an edition that has closed; one that is there already stays as it is."""

    def withdrawals(self, path: str, limit: int) -> Sequence[Withdrawal]:
        """The articles that were taken back out of a category, the latest first."""

    def moved_categories(self) -> Mapping[str, str]:
        """Where categories have moved for good, by the path that they had."""

    def left(self, path: str, public_ids: Collection[str]) -> Collection[str]:
        """Those of these articles that are known here and do not stand in a category now."""

    def category_titles(self) -> Sequence[CategoryTitle]:
        """Categories that articles brought along and the configuration does not name, by path."""

    def note_verdicts(self, verdicts: Sequence[GateVerdict], now: datetime) -> bool:
        """Keep as events which feeds the gate holds back from now on, or no more; whether any."""

    def events(self, limit: int) -> Sequence[SourceEvent]:
        """What happened to sources, newest first; by time, then public id."""


class ArticleReader(Protocol):
    """What the page of an article needs of the store; called from several threads."""

    def article(self, token: str) -> StoredArticle | None:
        """The article that a token of 20 hexadecimal digits names, None if there is none.

        Raises:
            StoreError: the database cannot be asked.
        """

    def withdrawn(self, token: str) -> Withdrawal | None:
        """What is told of an article that was taken back, None of any other.

        Raises:
            StoreError: the database cannot be asked.
        """


class HealthReader(Protocol):
    """Tells whether the service does its work; called from several threads."""

    def problems(self) -> Mapping[str, str]:
        """What is wrong, a sentence by part (`database`, `scheduler`, `cycle`); empty when ready.

        The sentences are public: no address, name or secret of the database.
        """

    def notices(self) -> Mapping[str, str]:
        """What a person should look at although the service does its work; public, too."""


Clock = Callable[[], datetime]
"""Gives the present moment, aware and in UTC."""
