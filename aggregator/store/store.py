"""The store as everybody sees it: each method is one transaction, told elsewhere in this folder."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from aggregator.contracts import Decide
from aggregator.model.health import GateVerdict, Overview, SourceDay, SourceEvent
from aggregator.model.known import KnownEntry
from aggregator.model.ledger import (
    DropCount,
    RuledArticle,
    Ruling,
    StoredDrop,
    TakenIn,
    WhichDrops,
    Withheld,
)
from aggregator.model.pages import ArticlePage, FetchState
from aggregator.model.published import Edition
from aggregator.model.results import Outcome, SourceHealth, Tally
from aggregator.model.schedule import DomainPace
from aggregator.model.settings import Configuration, Keep
from aggregator.model.websub import Subscription
from aggregator.store import (
    article_pages,
    database,
    documents,
    dropping,
    editions,
    events,
    fetches,
    knowing,
    reading,
    recording,
    ruling,
    schedule,
    subscriptions,
    syncing,
    verdict_events,
    watching,
    withheld,
)
from aggregator.store.carried import writing
from aggregator.store.carried.reading import read as carried_in
from aggregator.store.carried.writing import Told
from aggregator.store.corrected import CorrectedArticles
from aggregator.store.housekeeping import housekeeping
from aggregator.store.locking import InstanceLock, instance_lock
from aggregator.store.opening import open_database
from aggregator.store.withheld import EntryId


class Store(CorrectedArticles):
    """The database of the service; may be shared by threads.

    Every method raises `StoreError` where the database refuses or cannot be reached; nothing of
    what the method was to write is stored then. `authority` is the host in new public ids.
    """

    def close(self) -> None:
        """Give every connection back."""
        self._database.close()

    def ping(self) -> None:
        """Reach the database, or raise."""
        self._database.read(database.ping)

    def lock_instance(self) -> AbstractContextManager[InstanceLock]:
        """Be the only instance of the service on this database, as long as the context lasts.

        A service that runs for long renews the lock now and then (see `InstanceLock.renew`).

        Raises:
            DatabaseBusyError: another instance holds it.
        """
        return instance_lock(self._database)

    def sync_configuration(
        self,
        configuration: Configuration,
        now: datetime,
        first_due: syncing.FirstDue,
        domain_of: syncing.DomainOf = syncing.on_its_own,
    ) -> None:
        """Bring sources and categories in line with the configuration (see `syncing`)."""
        self._database.write(
            lambda connection: syncing.sync_configuration(
                connection, configuration, now, first_due, domain_of
            )
        )

    def due_sources(
        self, now: datetime, limit: int, per_domain: int, under_way: Collection[str] = ()
    ) -> list[str]:
        """Ids of active sources whose time has come, fairly by domain (see `schedule`)."""
        return self._database.read(
            lambda each: schedule.due_sources(each, now, limit, per_domain, under_way)
        )

    def spread_overdue(self, now: datetime, pace: timedelta, longest: timedelta) -> int:
        """Put the sources that are overdue in a row, `pace` apart; returns how many there were."""
        return self._database.write(lambda each: schedule.spread_overdue(each, now, pace, longest))

    def shift_schedule(self, by: timedelta) -> None:
        """Move every moment to come, because the clock was set."""
        self._database.write(lambda each: schedule.shift(each, by))

    def paces(self) -> list[DomainPace]:
        """The domains that have to be asked slowly, by name."""
        return self._database.read(schedule.paces)

    def keep_pace(self, pace: DomainPace) -> None:
        """Remember how slowly a domain has to be asked."""
        self._database.write(lambda each: schedule.keep_pace(each, pace))

    def forget_pace(self, domain: str) -> None:
        """A domain may be asked like any other again."""
        self._database.write(lambda each: schedule.forget_pace(each, domain))

    def fetch_state(self, source_id: str) -> FetchState:
        """What is remembered about a source of the configuration."""
        return self._database.read(lambda each: fetches.fetch_state(each, source_id))

    def fetch_states(self, source_ids: Iterable[str]) -> Mapping[str, FetchState]:
        """The same for many at once, by source; those of no configuration are left out."""
        wanted = list(source_ids)
        return self._database.read(lambda each: fetches.fetch_states(each, wanted))

    def stamps(self, source_id: str) -> Mapping[str, str]:
        """The change stamps of a folder source's documents, by document name."""
        return self._database.read(lambda each: documents.stamps(each, source_id))

    def pages_due(self, source_id: str, now: datetime) -> frozenset[str]:
        """Keys of the entries whose own page is to be tried (again) now."""
        return self._database.read(lambda each: article_pages.due(each, source_id, now))

    def article_pages(self, source_id: str, entry_keys: Iterable[str]) -> Mapping[str, ArticlePage]:
        """What is remembered of these entries' own pages, by entry key."""
        keys = set(entry_keys)
        return self._database.read(lambda each: article_pages.known(each, source_id, keys))

    def known_entries(self, source_id: str, entry_keys: Iterable[str]) -> Mapping[str, KnownEntry]:
        """Those of the given entry keys that are known, by key."""
        keys = list(entry_keys)
        return self._database.read(lambda each: knowing.known_entries(each, source_id, keys))

    def entry_reader(self) -> knowing.EntryReader:
        """The same to be sent to another process."""
        return knowing.EntryReader(self._database)

    def record(
        self, outcomes: Sequence[Outcome], decide: Decide, now: datetime
    ) -> tuple[Tally, ...]:
        """Decide on and store some outcomes in one transaction; all of them or none.

        Returns what became of each outcome's articles, in order. The tally in an outcome's result
        says what came before in the same fetch; the record of the fetch holds the sum.
        """
        return self._database.write(
            lambda each: recording.record(each, outcomes, decide, now, self._authority)
        )

    def subscriptions(self) -> list[Subscription]:
        """The hubs that were asked to tell of sources, by source."""
        return self._database.read(subscriptions.every)

    def keep_subscription(self, subscription: Subscription) -> None:
        """Remember how a subscription stands, in place of what was known of its source's."""
        self._database.write(lambda each: subscriptions.keep(each, subscription))

    def drop_subscription(self, source_id: str) -> None:
        """Forget a subscription; what its hub says is refused from now on."""
        self._database.write(lambda each: subscriptions.drop(each, source_id))

    def rest(self, source_id: str, until: datetime, why: str) -> None:
        """Have a source read at that moment, unless it is due later anyway."""
        self._database.write(lambda each: subscriptions.rest(each, source_id, until, why))

    def changed_categories(self) -> Mapping[str, int]:
        """Paths whose articles changed since they were last published, with their state."""
        return self._database.read(reading.changed_categories)

    def mark_published(self, states: Mapping[str, int]) -> None:
        """Note that these states of these categories are on disk."""
        self._database.write(lambda each: reading.mark_published(each, states))

    def published_categories(self) -> frozenset[str]:
        """Paths of which some state was ever marked as published."""
        return self._database.read(reading.published_categories)

    def editions(self, feed_id: str, limit: int) -> Sequence[Edition]:
        """The newest closed editions of a digest, the latest first."""
        return self._database.read(lambda each: editions.newest(each, feed_id, limit))

    def keep_edition(self, edition: Edition) -> None:
        """Store an edition that has closed; one that is there already stays."""
        self._database.write(lambda each: editions.keep(each, edition))

    def dropped(self, which: WhichDrops, limit: int) -> list[StoredDrop]:
        """Entries that were read and became no article, the latest first."""
        return self._database.read(lambda each: dropping.newest(each, which, limit))

    def count_dropped(self, which: WhichDrops) -> list[DropCount]:
        """How much was dropped by each rule and for each other reason, the most first."""
        return self._database.read(lambda each: dropping.counts(each, which))

    def withheld(self, after: EntryId, source_id: str, limit: int) -> list[Withheld]:
        """Some of what rules dropped before it was stored (see `withheld`)."""
        return self._database.read(lambda each: withheld.page(each, after, source_id, limit))

    def ruled_articles(self, after: int, source_id: str, limit: int) -> list[RuledArticle]:
        """Some articles as rules see them: those behind a row number, in order.

        With a source's id only those that it has a copy of.
        """
        return self._database.read(lambda each: ruling.page(each, after, source_id, limit))

    def apply_rulings(self, rulings: Sequence[Ruling], now: datetime) -> None:
        """Let copies stand, or not, as the rules say from now on."""
        self._database.write(lambda each: ruling.apply(each, rulings, now))

    def health(self, now: datetime, worst: int | None = None) -> list[SourceHealth]:
        """How the sources are doing, by id: all, or so many of those most in trouble."""
        return self._database.read(lambda each: fetches.health(each, now, worst))

    def overview(self, now: datetime) -> Overview:
        """The stock in numbers: articles, sources by condition, how many are due since when."""
        return self._database.read(lambda each: watching.overview(each, now))

    def days(
        self, source_ids: Collection[str], since: datetime
    ) -> Mapping[str, tuple[SourceDay, ...]]:
        """How these sources did on each day since then that they were read on."""
        return self._database.read(lambda each: watching.days(each, source_ids, since))

    def events(self, limit: int) -> Sequence[SourceEvent]:
        """What happened to sources, newest first."""
        return self._database.read(lambda each: events.newest(each, limit))

    def note_verdicts(self, verdicts: Sequence[GateVerdict], now: datetime) -> bool:
        """Keep as events which feeds the gate holds back from now on, or no more; whether any."""
        news = self._database.read(lambda each: verdict_events.news(each, verdicts))
        if news:
            self._database.write(lambda each: verdict_events.note(each, news, now, self._authority))
        return bool(news)

    def counts(self) -> Mapping[str, int]:
        """How many articles, copies, sources and records of fetches there are."""
        return self._database.read(reading.counts)

    def export_ledger(self, take: Callable[[str], object], told: Told) -> Mapping[str, int]:
        """Hand over the ledger a line of text at a time; returns how many of each kind."""
        return self._database.read(lambda each: writing.write(each, take, told))

    def import_ledger(
        self, lines: Callable[[], Iterable[bytes]], name: str, now: datetime, told: Told
    ) -> TakenIn:
        """Take a ledger in that was exported, all of it or nothing; `name` is that of the file.

        `lines` gives the lines from the first one each time it is called: what PostgreSQL ended
        because of a deadlock is done again.

        Raises:
            LedgerError: it is not what `export_ledger` writes, or not whole.
        """
        return self._database.write(lambda each: carried_in(each, lines(), name, now, told))

    def housekeeping(self, now: datetime, keep: Keep) -> Mapping[str, int]:
        """Let go what is older than wanted; returns how much of what went."""
        return housekeeping(self._database, now, keep)


def open_store(url: str, authority: str) -> Store:
    """Open the database at an address; make it, or bring its tables up to date, where needed.

    Raises:
        DatabaseNewerError: a newer version of this program wrote it; it is left untouched.
        StoreError: it cannot be reached, is damaged, or belongs to another program.
    """
    return Store(open_database(url), authority)
