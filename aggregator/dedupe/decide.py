"""Which article an article is: the rules of "Same article", in their order.

Pure: takes what is known, gives decisions, writes nothing. Which entry of its source an article was
made from is decided before (see `identity`). docs/decisions/020-identity.md gives the reasons.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from aggregator.contracts import Decide
from aggregator.dedupe.batch import Batch, Candidate, Simplify
from aggregator.dedupe.bodies import agree, measured
from aggregator.model.articles import Article, DecidedBy, Decision, Verdict
from aggregator.model.known import Known, KnownCopy, Wanted
from aggregator.model.settings import Dedupe
from aggregator.text.hashing import fingerprint
from aggregator.text.titles import (
    is_distinctive,
    is_of_title,
    names_site_first,
    title_key,
    untitled_key,
)

MOST_COMPARED = 50
"""Articles of one title that a new one is compared with, nearest in time first."""

SiteNames = Callable[[str], Sequence[str]]
Priority = Callable[[str], int]
Similar = Callable[[str, Sequence[str]], Sequence[str]]


@dataclass(frozen=True)
class Options:
    """The `dedupe` options that hold for the articles of a source, made ready."""

    window: timedelta
    simplify: Simplify | None
    similar: Similar | None


def decider(
    settings: Dedupe,
    site_names: SiteNames,
    priority: Priority = lambda _source_id: 0,
    of_sources: Mapping[str, Dedupe] | None = None,
) -> Decide:
    """Make the function that decides.

    `site_names` gives the names by which a source may call itself at the end of its titles, besides
    that of its document, by source id; `priority` which source's copy is to be preferred, the
    highest first; `of_sources` the options of sources for which not `settings` hold, but those of
    their category.

    Raises:
        AggregatorError: an option needs a library that is not installed.
    """
    ready = {each: _options(each) for each in {settings, *(of_sources or {}).values()}}
    options = {source_id: ready[each] for source_id, each in (of_sources or {}).items()}
    return _Decider(ready[settings], options, site_names, priority)


def _options(settings: Dedupe) -> Options:
    """Options with the tools that they need.

    Raises:
        AggregatorError: one of these is not installed.
    """
    simplify, similar = None, None
    if settings.chinese_variants:
        from aggregator.text.chinese import simplifier

        simplify = simplifier()
    if settings.near:
        from aggregator.dedupe.near import similar_titles

        similar = similar_titles()
    return Options(settings.window, simplify, similar)


def content_hash(article: Article) -> str:
    """Changes when subscribers would see something else; times are not content."""
    return fingerprint(
        "content",
        article.title,
        article.link,
        article.summary,
        article.body,
        article.author,
        article.language,
        repr((article.image, article.enclosures, article.tags, article.origin)),
        repr((article.paths, article.added_categories)),
        *map(repr, article.related),
    )


class _Decider:
    """Decides batches under one configuration."""

    def __init__(
        self,
        options: Options,
        of_sources: Mapping[str, Options],
        site_names: SiteNames,
        priority: Priority,
    ) -> None:
        self._options = options
        self._of_sources = of_sources
        self._site_names = site_names
        self._priority = priority
        self._key_of = lru_cache(maxsize=4096)(title_key)

    def wanted(self, articles: Sequence[Article]) -> Wanted:
        """What must be known to decide on these articles."""
        return Wanted(
            frozenset((a.entry.source_id, a.entry.entry_key) for a in articles),
            frozenset(map(self._title_key, articles)) - {""},
            self._between(articles),
        )

    def _between(self, articles: Sequence[Article]) -> tuple[datetime, datetime] | None:
        """The times between which copies of any title count, where similar titles are wanted."""
        near = [(a.published_at, self._of(a)) for a in articles if self._of(a).similar]
        if not near:
            return None
        first = min(published_at - options.window for published_at, options in near)
        return first, max(published_at + options.window for published_at, options in near)

    def _of(self, article: Article) -> Options:
        """The options of the category that an article's source is in."""
        return self._of_sources.get(article.entry.source_id, self._options)

    def __call__(self, articles: Sequence[Article], known: Known) -> Sequence[Decision]:
        """Known entries first, then new ones, oldest first; decisions in the order given."""
        batch = Batch(known, self._priority)
        candidates = [self._candidate(article) for article in articles]
        order = sorted(
            range(len(articles)),
            key=lambda n: (
                candidates[n].entry_id not in known.entries,
                articles[n].published_at,
                candidates[n].entry_id,
                candidates[n].content_hash,
            ),
        )
        decisions = {n: self._decide(candidates[n], batch) for n in order}
        return tuple(decisions[n] for n in range(len(articles)))

    def _title_key(self, article: Article) -> str:
        key = ""
        if article.has_title:
            key = self._key_of(article.title, self._names(article), self._of(article).simplify)
        if key:
            return key
        told = _measured(article)
        return untitled_key(article.link, told.text_hash) if told.text_length else ""

    def _names(self, article: Article) -> tuple[str, ...]:
        """What a source calls itself; few people configure what its feed says anyway."""
        return (*self._site_names(article.entry.source_id), article.origin.title)

    def _names_site_first(self, article: Article) -> bool:
        """Whether a title begins with the source's name: it may be what the title is about."""
        return names_site_first(article.title, self._names(article), self._of(article).simplify)

    def _candidate(self, article: Article) -> Candidate:
        measures = _measured(article)
        return Candidate(
            article,
            self._title_key(article),
            content_hash(article),
            measures.text_hash,
            measures.text_length,
            self._of(article).simplify,
        )

    def _decide(self, candidate: Candidate, batch: Batch) -> Decision:
        """The rules of "Same article", in their order."""
        if known := batch.entry(candidate):
            same = known.content_hash == candidate.content_hash
            verdict = Verdict.UNCHANGED if same else Verdict.CHANGED
            return batch.keep(candidate, verdict, known)
        if not candidate.title_key:
            return batch.found(candidate, DecidedBy.EMPTY_TITLE)
        for copies in self._same_title(candidate, batch):
            if decided_by := self._same_article(candidate, copies, batch):
                return batch.join(candidate, decided_by, copies[0].story_key)
        for copies in self._similar_titles(candidate, batch):
            if self._in_window(candidate, copies) and self._same_body(candidate, copies, batch):
                return batch.join(candidate, DecidedBy.SIMILAR_TITLE_AND_BODY, copies[0].story_key)
        return batch.found(candidate, self._why_new(candidate, batch))

    def _same_title(self, candidate: Candidate, batch: Batch) -> Sequence[Sequence[KnownCopy]]:
        """The articles under this very title, by their copies, the likeliest first."""
        return _nearest(candidate, batch, [candidate.title_key])

    def _similar_titles(self, candidate: Candidate, batch: Batch) -> Sequence[Sequence[KnownCopy]]:
        """The articles under titles that differ by an edit, the likeliest first."""
        similar = self._of(candidate.article).similar
        key = candidate.title_key
        if similar is None or not (candidate.text and is_of_title(key) and is_distinctive(key)):
            return ()
        return _nearest(candidate, batch, similar(key, batch.title_keys()))

    def _same_article(
        self, candidate: Candidate, copies: Sequence[KnownCopy], batch: Batch
    ) -> DecidedBy | None:
        """Whether an article with the same title is the same, and by which rule."""
        in_window = self._in_window(candidate, copies)
        if not in_window:
            return None
        if not is_of_title(candidate.title_key):
            return DecidedBy.SAME_LINK_AND_TEXT
        body_decides = (
            batch.living(candidate.title_key) > 1
            or len(in_window) < len(copies)
            or _own(candidate, copies)
            or not is_distinctive(candidate.title_key)
            or self._names_site_first(candidate.article)
        )
        if not body_decides:
            return DecidedBy.SAME_TITLE_AND_DATE
        same = self._same_body(candidate, copies, batch)
        return DecidedBy.SAME_TITLE_AND_BODY if same else None

    def _in_window(self, candidate: Candidate, copies: Sequence[KnownCopy]) -> list[KnownCopy]:
        published, window = candidate.article.published_at, self._of(candidate.article).window
        return [c for c in copies if abs(c.published_at - published) <= window]

    def _same_body(self, candidate: Candidate, copies: Sequence[KnownCopy], batch: Batch) -> bool:
        """Whether the bodies say that this is the same article.

        A source that posts a title again, under another id, must say exactly the same.
        """
        own = _own(candidate, copies)
        if own and not candidate.text:
            return any(_nothing_differs(candidate, copy) for copy in own)
        if any(copy.text_hash == candidate.text_hash for copy in own or copies):
            return candidate.text != ""
        told = batch.text(copies[0].story_key, candidate.simplify)
        return not own and agree(candidate.text, told)

    def _why_new(self, candidate: Candidate, batch: Batch) -> DecidedBy:
        stories = batch.stories(candidate.title_key)
        if not stories:
            titled = is_of_title(candidate.title_key)
            return DecidedBy.FIRST_SEEN if titled else DecidedBy.EMPTY_TITLE
        reached = any(self._in_window(candidate, copies) for copies in stories)
        return DecidedBy.BODIES_DIFFER if reached else DecidedBy.OUTSIDE_WINDOW


def _measured(article: Article) -> Article:
    """The article with what workers measure of its text."""
    return article if article.text_hash else measured(article)


def _nearest(
    candidate: Candidate, batch: Batch, title_keys: Sequence[str]
) -> Sequence[Sequence[KnownCopy]]:
    """The articles under some titles, by their copies, that a candidate may be, likeliest first."""
    stories = [
        copies
        for key in title_keys
        for copies in batch.stories(key)
        if not batch.is_kept_apart(candidate, copies[0].story_key)
    ]
    return sorted(stories, key=lambda copies: _distance(candidate, copies))[:MOST_COMPARED]


def _own(candidate: Candidate, copies: Sequence[KnownCopy]) -> list[KnownCopy]:
    """The copies that come from the same source."""
    return [copy for copy in copies if copy.source_id == candidate.article.entry.source_id]


def _nothing_differs(candidate: Candidate, copy: KnownCopy) -> bool:
    """Whether two entries without any text are one: by a telling title, or to the second."""
    if copy.text_hash != candidate.text_hash:
        return False
    same_time = copy.published_at == candidate.article.published_at
    return is_distinctive(candidate.title_key) or (same_time and candidate.article.date_is_known)


def _distance(candidate: Candidate, copies: Sequence[KnownCopy]) -> tuple[bool, timedelta, str]:
    """Sorts the articles that a new one may be: equal text, then nearest in time."""
    published = candidate.article.published_at
    return (
        all(copy.text_hash != candidate.text_hash for copy in copies),
        min(abs(copy.published_at - published) for copy in copies),
        copies[0].story_key,
    )
