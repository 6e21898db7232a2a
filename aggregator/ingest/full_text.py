"""The articles' own pages, for sources with `full_text`: which are asked for, and what came of it.

Only entries that are new have their page read, and those whose page failed before or was read by
other selectors. The thread that carries the source asks one page after another, so that a source
never has more than one request under way; a visit has bounds, and the rest waits for the next one.
A page that fails leaves the entry as the source gave it and is tried again later. Which text is
the better one is for `fuller`; what a page says is found in a worker, by `sources.article_page`.
"""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal

from aggregator.errors import FetchError, FetchReason, ParseError, ParseReason
from aggregator.ingest.digest import Todo
from aggregator.ingest.further import (
    DOMAIN_IS_TO_REST,
    Asker,
    domain_of,
    fetch_whole,
    further,
    same_page,
)
from aggregator.ingest.stages import Stages, Visit
from aggregator.model.full_text import FullText
from aggregator.model.pages import ArticlePage, Request
from aggregator.sources.article_page import LONGEST_TEXT, ArticleText, read_article_page
from aggregator.text.counts import counted
from aggregator.text.hashing import fingerprint
from aggregator.text.urls import page_link

PAGES_A_VISIT = 30
"""Requests after which a visit begins no further article."""
SECONDS_A_VISIT = 120.0
"""Time after which a visit begins no further article."""
PAGES_AN_ARTICLE = 10
MOST_TRIES = 5
FIRST_WAIT = timedelta(minutes=30)
LONGEST_WAIT = timedelta(hours=24)

_HOPELESS = {FetchReason.GONE, FetchReason.BAD_URL, FetchReason.BLOCKED_ADDRESS}


@dataclass(frozen=True)
class ArticlePages:
    """The pages of a visit's entries by entry key; `tried` are those to be remembered anew."""

    by_entry: Mapping[str, ArticlePage] = field(default_factory=dict)
    tried: tuple[ArticlePage, ...] = ()
    warnings: tuple[str, ...] = ()


def read_article_pages(
    how: FullText | Literal["auto"],
    source: Request,
    todo: Sequence[Todo],
    known: Mapping[str, ArticlePage],
    asker: Asker,
) -> ArticlePages:
    """Read the pages of the entries that want it.

    Args:
        how: the source's `full_text`.
        source: the request for the source itself.
        todo: the entries that are new or changed.
        known: what is remembered of their pages, by entry key.
        asker: what the pages are asked for and read with.
    """
    links = {each.ref.entry_key: page_link(each.raw.link, each.raw.base_url) for each in todo}
    shared = Counter(same_page(link) for link in links.values())
    reader = _Reader(how, source, asker)
    tried = dict[str, ArticlePage]()
    for each in todo:
        key = each.ref.entry_key
        # What several entries link to (the front page, mostly) is the page of none of them.
        if links[key] and shared[same_page(links[key])] == 1 and _is_wanted(each, known, reader):
            before = known.get(key, ArticlePage(key, reader.read_by, asker.now))
            tried[key] = reader.try_page(before, links[key])
    return ArticlePages({**known, **tried}, tuple(tried.values()), tuple(reader.warnings()))


def let_go(
    visit: Visit, waiting: Collection[str], todo: Sequence[Todo], stages: Stages
) -> tuple[ArticlePage, ...]:
    """Give up the pages of entries that the source lists no more: nobody would ask for them."""
    left = set(waiting) - {each.ref.entry_key for each in todo}
    pages = stages.store.article_pages(visit.recipe.spec.id, left)
    return tuple(replace(page, next_try_at=None) for page in pages.values())


def _is_wanted(each: Todo, known: Mapping[str, ArticlePage], reader: _Reader) -> bool:
    page = known.get(each.ref.entry_key)
    if page is None:
        return each.is_new
    is_due = page.next_try_at is not None and page.next_try_at <= reader.now
    return is_due or page.read_by != reader.read_by


@dataclass
class _Reader:
    """Reads one page after another, and keeps count."""

    how: FullText | Literal["auto"]
    source: Request
    asker: Asker
    requests: int = 0
    began: float = field(default_factory=time.monotonic)
    resting: set[str] = field(default_factory=set)
    troubles: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    @property
    def now(self) -> datetime:
        """The present time."""
        return self.asker.now

    @cached_property
    def read_by(self) -> str:
        """What changes when pages have to be read in another way."""
        return fingerprint(repr(self.how))

    def try_page(self, before: ArticlePage, link: str) -> ArticlePage:
        """Read the page that an entry links to, or leave it for a later visit."""
        is_spent = self.requests >= PAGES_A_VISIT or time.monotonic() - self.began > SECONDS_A_VISIT
        if is_spent or domain_of(link) in self.resting:
            return replace(before, next_try_at=self.now)
        texts, error = self._texts(link)
        fresh = _joined(ArticlePage(before.entry_key, self.read_by, self.now), texts)
        if error is None:
            return fresh
        self.troubles[_in_words(error)].append(link)
        if error.reason is ParseReason.NO_ITEMS:
            return fresh
        old = before if before.read_by == self.read_by else fresh
        return self._after_failure(
            replace(fresh, tries=old.tries, html=fresh.html or old.html), error
        )

    def _texts(self, link: str) -> tuple[list[ArticleText], FetchError | ParseError | None]:
        """What stands on a page and those that follow it, and what ended that before its time."""
        texts, home, url = list[ArticleText](), link, link
        seen = set[str]()
        while url and same_page(url) not in seen and len(texts) < PAGES_AN_ARTICLE:
            if texts and domain_of(url) != domain_of(home):
                break
            seen.add(same_page(url))
            try:
                home, text = self._text(url)
            except (FetchError, ParseError) as error:
                is_over = texts and error.reason is ParseReason.NO_ITEMS
                return texts, None if is_over else error
            seen.add(same_page(home))
            texts.append(text)
            url = text.next_link if sum(len(each.html) for each in texts) < LONGEST_TEXT else ""
        return texts, None

    def _text(self, url: str) -> tuple[str, ArticleText]:
        """Ask for one page; the address that it came from, and its text."""
        self.requests += 1
        try:
            page = fetch_whole(self.asker.pages, further(url, self.source), self.now)
        except FetchError as error:
            if error.reason in DOMAIN_IS_TO_REST:
                self.resting.add(domain_of(url))
            raise
        return page.final_url, self.asker.workers.run(read_article_page, page, self.how)

    def _after_failure(self, page: ArticlePage, error: FetchError | ParseError) -> ArticlePage:
        """When to try again: later each time, not for ever; to be told to wait is no failure."""
        is_told = error.reason in (FetchReason.RATE_LIMITED, FetchReason.OFFLINE)
        tries = page.tries if is_told else page.tries + 1
        wait = min(FIRST_WAIT * 2 ** max(0, tries - 1), LONGEST_WAIT)
        if isinstance(error, FetchError) and error.retry_after is not None:
            asked = timedelta(seconds=min(error.retry_after, LONGEST_WAIT.total_seconds()))
            wait = max(wait, asked)
        is_over = tries >= MOST_TRIES or error.reason in _HOPELESS
        return replace(page, tries=tries, next_try_at=None if is_over else self.now + wait)

    def warnings(self) -> Iterator[str]:
        """One sentence for each kind of trouble, with one of the addresses."""
        for words, links in self.troubles.items():
            count = counted(len(links), "page")
            yield f"{words} ({count}, such as {links[0]}); what the source gave stays"


def _joined(page: ArticlePage, texts: Sequence[ArticleText]) -> ArticlePage:
    """What the pages of an article say together; about itself the first one tells."""
    if not texts:
        return page
    first = texts[0]
    return replace(
        page,
        html="\n".join(text.html for text in texts),
        published_text=first.published_text,
        author=first.author,
        image=first.image,
        title=first.title,
    )


def _in_words(error: FetchError | ParseError) -> str:
    if error.reason is ParseReason.NO_ITEMS:
        return error.detail
    return f"full_text: {error}"
