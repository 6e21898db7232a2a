"""A store in memory that keeps the promises of the real one (`tests/contract/store/`).

For tests of what lies above the store. Nothing is indexed, nothing is durable: what stands in which
category is worked out anew each time, and a category changed when that came out differently.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from aggregator.contracts import Decide
from aggregator.errors import StoreError
from aggregator.model.articles import CategoryTitle, Decision, Verdict
from aggregator.model.health import GateVerdict, SourceEvent
from aggregator.model.known import Known, KnownCopy, KnownEntry, Wanted
from aggregator.model.pages import ArticlePage, FetchState, Validators
from aggregator.model.published import (
    Candidate,
    Edition,
    StoredArticle,
    StoredCopy,
    Via,
    Withdrawal,
)
from aggregator.model.results import Digest, Outcome, SourceResult, Tally
from aggregator.model.schedule import Hints
from aggregator.model.settings import FROM_POST, Configuration, SourceSpec
from tests.support.memory_ledger import (
    EntryId,
    Line,
    Source,
    Story,
    category_paths,
    known_copy,
    known_entry,
    stored_article,
    stored_copy,
    without_repeats,
)

EVERYTHING = "all"


class MemoryStore:
    """`IngestStore`, `PublishStore` and `ArticleReader` over plain dictionaries."""

    def __init__(self, authority: str = "feeds.example") -> None:
        self.results: list[SourceResult] = []
        self._authority = authority
        self._sources: dict[str, Source] = {}
        self._domains: dict[str, str] = {}
        self._lines: dict[EntryId, Line] = {}
        self._stories: dict[str, Story] = {}
        self._aliases: dict[EntryId, str] = {}
        self._pages: dict[EntryId, ArticlePage] = {}
        self._configured: set[str] = set()
        self._titles: dict[str, str] = {}
        self._changed: Counter[str] = Counter()
        self._published: dict[str, int] = {}
        self.kept: dict[tuple[str, datetime], Edition] = {}

    def close(self) -> None:
        """Nothing to give back."""

    # What ingest needs.

    def sync_configuration(
        self,
        configuration: Configuration,
        now: datetime,
        first_due: Callable[[SourceSpec, datetime], datetime],
        domain_of: Callable[[SourceSpec], str] = lambda spec: spec.id,
    ) -> None:
        """Bring sources and categories in line with the configuration."""
        self._domains |= {spec.id: domain_of(spec) for spec in configuration.sources}
        with self._watching():
            named = {spec.id: spec for spec in configuration.sources}
            for source_id, source in self._sources.items():
                source.active = source.active and source_id in named
            for spec in named.values():
                every = spec.every or configuration.settings.fetch.every
                self._follow(spec, now, FetchState(first_due(spec, now), every))
            self._configured = {EVERYTHING, *category_paths(configuration.categories)}
            self._changed.update(self._configured - self._changed.keys())

    def _follow(self, spec: SourceSpec, now: datetime, fresh: FetchState) -> None:
        source = self._sources.get(spec.id)
        if source is None:
            self._sources[spec.id] = Source(spec, fresh)
            return
        if source.spec != spec:
            self._reset(source, spec)
            fresh = replace(source.state, interval=fresh.interval, next_due_at=now, failures=0)
            source.state = replace(
                fresh,
                validators=Validators(),
                moved_to="",
                moving_to="",
                moves=0,
                hints=Hints(),
                gone=False,
                was_read=False,
            )
        elif not source.active:
            source.state = replace(source.state, next_due_at=fresh.next_due_at)
        source.active = True

    def _reset(self, source: Source, spec: SourceSpec) -> None:
        before, after = FROM_POST in source.spec.category, FROM_POST in spec.category
        source.spec, source.stamps = spec, dict.fromkeys(source.stamps, "")
        for line in self._lines.values():
            if line.article.entry.source_id == spec.id and before != after:
                line.own_paths = set() if before else line.own_paths
                entry_hash = line.article.entry.entry_hash if before else ""
                entry = replace(line.article.entry, entry_hash=entry_hash)
                line.decision = replace(line.decision, article=replace(line.article, entry=entry))

    def due_sources(
        self, now: datetime, limit: int, per_domain: int, under_way: Collection[str] = ()
    ) -> list[str]:
        """Ids of active sources whose time has come, the longest due first."""
        due = [
            (source.state.next_due_at, source_id)
            for source_id, source in self._sources.items()
            if source.active and source.state.next_due_at <= now and source_id not in under_way
        ]
        places = Counter(self._domains[source_id] for source_id in under_way)
        busy = {domain for domain, count in places.items() if count >= per_domain}
        places = Counter(dict.fromkeys(busy, per_domain))
        found = []
        for _, source_id in sorted(due):
            places[self._domains[source_id]] += 1
            if places[self._domains[source_id]] <= per_domain:
                found.append(source_id)
        return found[:limit]

    def fetch_state(self, source_id: str) -> FetchState:
        """What is remembered about a source."""
        return self._source(source_id).state

    def fetch_states(self, source_ids: Iterable[str]) -> Mapping[str, FetchState]:
        """The same for many at once."""
        return {each: self._sources[each].state for each in source_ids if each in self._sources}

    def stamps(self, source_id: str) -> Mapping[str, str]:
        """The change stamps of a folder source's documents, by document name."""
        return dict(self._sources[source_id].stamps) if source_id in self._sources else {}

    def known_entries(self, source_id: str, entry_keys: Iterable[str]) -> Mapping[str, KnownEntry]:
        """Those of the given keys that are known, by the key asked for."""
        found = {}
        for key in entry_keys:
            named = key if (source_id, key) in self._lines else self._aliases.get((source_id, key))
            if named is not None:
                found[key] = known_entry(self._lines[source_id, named])
        return found

    def pages_due(self, source_id: str, now: datetime) -> frozenset[str]:
        """Keys of the entries whose own page is to be tried (again) now."""
        return frozenset(
            key
            for (source, key), page in self._pages.items()
            if source == source_id and page.next_try_at and page.next_try_at <= now
        )

    def article_pages(self, source_id: str, entry_keys: Iterable[str]) -> Mapping[str, ArticlePage]:
        """What is remembered of these entries' own pages, by entry key."""
        known = self._pages
        return {key: known[source_id, key] for key in entry_keys if (source_id, key) in known}

    def record(
        self, outcomes: Sequence[Outcome], decide: Decide, now: datetime
    ) -> tuple[Tally, ...]:
        """Decide on and store some outcomes; all of them or none."""
        for outcome in outcomes:
            for brought in (outcome.digest, outcome.result):
                if brought:
                    self._source(brought.source_id)
        with self._watching():
            return tuple(self._record(outcome, decide, now) for outcome in outcomes)

    def _record(self, outcome: Outcome, decide: Decide, now: datetime) -> Tally:
        digest, result = outcome.digest, outcome.result
        tally = self._digest(digest, decide, now) if digest else Tally()
        if result:
            self._sources[result.source_id].state = result.state
            self.results.append(replace(result, tally=result.tally + tally))
        return tally

    def _digest(self, digest: Digest, decide: Decide, now: datetime) -> Tally:
        verdicts = Counter[Verdict]()
        for part in without_repeats(digest.articles):
            decisions = decide(part, self._known(decide.wanted(part)))
            verdicts.update(decision.verdict for decision in decisions)
            for decision in sorted(decisions, key=self._decided):
                self._note(decision, now)
        self._pages |= {(digest.source_id, page.entry_key): page for page in digest.pages}
        self._turn(digest.source_id, digest.stamps, is_present=True)
        self._turn(digest.source_id, digest.vanished, is_present=False)
        stamps = self._sources[digest.source_id].stamps
        stamps.update(digest.stamps)
        for name in digest.vanished:
            stamps.pop(name, None)
        return Tally(
            verdicts[Verdict.NEW],
            verdicts[Verdict.CHANGED],
            verdicts[Verdict.UNCHANGED] + digest.unchanged,
            verdicts[Verdict.DUPLICATE],
            dict(sorted(Counter(each.reason.value for each in digest.dropped).items())),
        )

    def _decided(self, decision: Decision) -> tuple[bool, bool, datetime, EntryId]:
        """In the order of `decide`; those that found an article before those that join it."""
        article = decision.article
        entry_id = (article.entry.source_id, article.entry.entry_key)
        is_new = decision.verdict is not Verdict.NEW
        return is_new, entry_id not in self._lines, article.published_at, entry_id

    def _known(self, wanted: Wanted) -> Known:
        copies = defaultdict[str, list[KnownCopy]](list)
        for line in self._lines.values():
            key, (first, last) = line.decision.title_key, wanted.between or (None, None)
            between = first and last and key and first <= line.published_at <= last
            if key in wanted.title_keys or between:
                story = self._stories[line.decision.story_key]
                copies[key].append(known_copy(line, story))
        founded = Counter(story.title_key for story in self._stories.values())
        return Known(
            {each: known_entry(self._lines[each]) for each in wanted.entries & self._lines.keys()},
            {key: tuple(each) for key, each in copies.items()},
            {key: founded[key] for key in wanted.title_keys if founded[key]},
        )

    def _note(self, decision: Decision, now: datetime) -> None:
        article, entry = decision.article, decision.article.entry
        for title in article.added_categories:
            self._titles.setdefault(title.path, title.title)
        own = set(article.categories) - set(self._sources[entry.source_id].spec.category)
        line = self._lines.get((entry.source_id, entry.entry_key))
        if decision.verdict is Verdict.NEW:
            self._found(decision, now)
        if line is None:
            date, is_known = article.published_at, article.date_is_known
            line = Line(decision, now, date, is_known, standing=False, own_paths=own)
            self._lines[entry.source_id, entry.entry_key] = line
            self._aliases |= {(entry.source_id, each): entry.entry_key for each in entry.aliases}
        elif decision.verdict is Verdict.CHANGED:
            self._edit(line, decision)
        else:
            kept = replace(line.article, entry=entry)
            line.decision = replace(line.decision, article=kept)
        line.own_paths, line.is_present = own, True
        if decision.stands and decision.verdict is not Verdict.UNCHANGED:
            self._show(line)

    def _found(self, decision: Decision, now: datetime) -> None:
        article, token = decision.article, decision.story_key[:20]
        public_id = f"tag:{self._authority},{article.published_at:%Y-%m-%d}:{token}"
        date, is_known = article.published_at, article.date_is_known
        story = Story(decision.title_key, public_id, now, date, is_known, article)
        self._stories[decision.story_key] = story

    def _edit(self, line: Line, decision: Decision) -> None:
        article = decision.article
        line.decision = replace(decision, decided_by=line.decision.decided_by)
        if article.date_is_known and not line.date_is_known:
            line.published_at, line.date_is_known = article.published_at, True
        entry = article.entry
        for alias in entry.aliases:
            self._aliases.setdefault((entry.source_id, alias), entry.entry_key)

    def _show(self, line: Line) -> None:
        story = self._stories[line.decision.story_key]
        story.shown = line.article
        if line.date_is_known and not story.date_is_known:
            story.published_at, story.date_is_known = line.published_at, True
        for each in self._lines_of(line.decision.story_key):
            each.standing = each is line

    def _turn(self, source_id: str, names: Iterable[str], *, is_present: bool) -> None:
        for line in self._lines.values():
            entry = line.article.entry
            if entry.source_id == source_id and entry.document and entry.document in set(names):
                line.is_present = is_present

    def _source(self, source_id: str) -> Source:
        if source_id not in self._sources:
            raise StoreError(f"source {source_id}: the database does not know it")
        return self._sources[source_id]

    # What publishing and pages need.

    def changed_categories(self) -> Mapping[str, int]:
        """Paths whose articles changed since they were last published, with their state."""
        changed = sorted(self._changed.items())
        return {path: state for path, state in changed if state > self._published.get(path, 0)}

    def published_categories(self) -> frozenset[str]:
        """Paths of which some state was ever marked as published."""
        return frozenset(self._published)

    def mark_published(self, states: Mapping[str, int]) -> None:
        """Note that these states of these categories are on disk."""
        for path, state in states.items():
            self._published[path] = max(state, self._published.get(path, 0))

    def newest(self, path: str, limit: int, per_source: int) -> Sequence[StoredArticle]:
        """The newest articles of a category and those under it."""
        taken, found = Counter[str](), list[StoredArticle]()
        for article in self._standing().get(path, []):
            taken[article.source_id] += 1
            if not per_source or taken[article.source_id] <= per_source:
                found.append(article)
        return found[:limit]

    def candidates(
        self, paths: Sequence[str], sources: Sequence[str], limit: int
    ) -> Sequence[Candidate]:
        """The newest articles of some categories, of which one of the sources has a copy."""
        standing = self._standing()
        found = {each.token: each for path in paths for each in standing.get(path, [])}
        copies = {token: self._sources_of(token) for token in found}
        once = [each for each in found.values() if not sources or copies[each.token] & {*sources}]
        order = sorted(once, key=lambda each: (each.published_at, each.public_id), reverse=True)
        return [
            Candidate(each.token, each.source_id, each.published_at, each.version)
            for each in order[:limit]
        ]

    def _sources_of(self, token: str) -> set[str]:
        """The sources of an article's copies that count."""
        lines = [line for line in self._lines.values() if line.decision.story_key[:20] == token]
        return {line.entry_id[0] for line in lines if self._counts(line)}

    def articles_named(self, tokens: Sequence[str]) -> Sequence[StoredArticle]:
        """The articles with these tokens, in this order, as far as they are there."""
        return [each for each in map(self.article, tokens) if each is not None]

    def editions(self, feed_id: str, limit: int) -> list[Edition]:
        """The newest closed editions of a digest, the latest first."""
        kept = (each for (of_feed, _), each in sorted(self.kept.items()) if of_feed == feed_id)
        return [*kept][::-1][:limit]

    def keep_edition(self, edition: Edition) -> None:
        """Store an edition; one that is there stays."""
        self.kept.setdefault((edition.feed_id, edition.closed_at), edition)

    def withdrawals(self, path: str, limit: int) -> Sequence[Withdrawal]:
        """None: nothing is taken back here."""
        del path, limit
        return ()

    def moved_categories(self) -> Mapping[str, str]:
        """None: nobody moves categories here."""
        return {}

    def left(self, path: str, public_ids: Collection[str]) -> Collection[str]:
        """Those of these articles that are known and do not stand in a category."""
        here = {each.public_id for each in self._standing().get(path, [])}
        return {each.public_id for each in self._stories.values()} & set(public_ids) - here

    def withdrawn(self, token: str) -> Withdrawal | None:
        """None: nothing is taken back here."""
        del token
        return None

    def category_titles(self) -> Sequence[CategoryTitle]:
        """Categories that articles brought along and the configuration does not name, by path."""
        brought = sorted(self._standing().keys() - self._configured)
        return [
            CategoryTitle(path, self._titles.get(path, path.rpartition("/")[2])) for path in brought
        ]

    def note_verdicts(self, verdicts: Sequence[GateVerdict], now: datetime) -> bool:
        """Nothing: what the gate says is not watched here."""
        del verdicts, now
        return False

    def events(self, limit: int) -> Sequence[SourceEvent]:
        """None: what happens to sources is not watched here."""
        del limit
        return []

    def article(self, token: str) -> StoredArticle | None:
        """The article that a token names, None if there is none."""
        stories = {story_key[:20]: story_key for story_key in self._stories}
        return self._stored(stories[token]) if token in stories else None

    def copies(self, token: str) -> Sequence[StoredCopy]:
        """The article's lines of the ledger, first seen first."""
        lines = [line for line in self._lines.values() if line.decision.story_key[:20] == token]
        order = sorted(lines, key=lambda line: (line.first_seen_at, line.entry_id))
        return [stored_copy(line) for line in order]

    def _elect(self) -> None:
        """Let the best copy of each article stand that counts."""
        for story_key in self._stories:
            lines = sorted(self._lines_of(story_key), key=self._rank)
            if lines and not lines[0].standing and self._counts(lines[0]):
                self._show(lines[0])

    def _counts(self, line: Line) -> bool:
        return line.is_present and self._sources[line.entry_id[0]].active

    def _rank(self, line: Line) -> tuple[object, ...]:
        priority, length = self._sources[line.entry_id[0]].spec.priority, line.decision.text_length
        when = (line.published_at, not line.standing, line.first_seen_at)
        return not self._counts(line), -priority, -length, *when, line.entry_id

    def _lines_of(self, story_key: str) -> Iterator[Line]:
        return (each for each in self._lines.values() if each.decision.story_key == story_key)

    def _direct_paths(self, story_key: str) -> set[str] | None:
        """Where an article stands because of its copies, None where none of them counts."""
        paths = None
        for line in self._lines_of(story_key):
            source = self._sources[line.article.entry.source_id]
            if source.active and line.is_present:
                paths = (paths or set()) | {*line.own_paths, *source.spec.category} - {FROM_POST}
        return paths

    def _standing(self) -> dict[str, list[StoredArticle]]:
        """What stands where, newest first."""
        standing = defaultdict[str, list[StoredArticle]](list)
        for story_key in self._stories:
            direct = self._direct_paths(story_key)
            if direct is not None:
                parents = {p[:n] for p in direct for n in range(len(p)) if p[n] == "/"}
                for path in {EVERYTHING, *direct, *parents}:
                    standing[path].append(self._stored(story_key))
        for articles in standing.values():
            articles.sort(key=lambda each: (each.published_at, each.public_id), reverse=True)
        return standing

    def _stored(self, story_key: str) -> StoredArticle:
        paths = self._direct_paths(story_key) or ()
        story, via = self._stories[story_key], dict[str, Via]()
        for each in sorted(self._lines_of(story_key), key=lambda line: line.entry_id):
            source_id, link = each.entry_id[0], each.article.link
            if link and source_id != story.shown.entry.source_id:
                via.setdefault(source_id, Via(link, self._sources[source_id].spec.title))
        return stored_article(story, story_key, paths, via.values())

    @contextmanager
    def _watching(self) -> Iterator[None]:
        """Count every category that is not as it was before."""
        before = self._standing()
        yield
        self._elect()
        after = self._standing()
        for path in {*before, *after}:
            self._changed[path] += before.get(path) != after.get(path)
