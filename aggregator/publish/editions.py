"""Digests: one entry for each day or week, closed at a stated local time and frozen then.

An article belongs to the period that it was published in. One that came when that edition was
closed already stands in the next, so that none is lost and none comes twice. What an edition says
is stored when it closes: neither an edit nor a lost source changes it afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise, takewhile
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from aggregator.config.paths import site_url
from aggregator.config.tree import Category
from aggregator.contracts import Clock, PublishStore
from aggregator.formats.editions import edition_body, edition_summary, edition_title
from aggregator.model.entries import Origin
from aggregator.model.feeds import DigestSpec
from aggregator.model.published import Edition, PublishedArticle
from aggregator.model.settings import Settings
from aggregator.publish.categories import Catalogue
from aggregator.publish.choosing import Chooser
from aggregator.publish.convert import published_article
from aggregator.publish.periods import closings_back, days_of, last_closing

EDITIONS_SHOWN = 30
"""How many of the newest editions the feed of a digest holds."""
FIRST_EDITIONS = 7
"""How many periods a new digest goes back."""
MOST_MISSED = 31
"""How many periods are made up for after a long pause; the first of them is as long as it takes."""


class Editions:
    """Closes the editions of digests when their time has come, and gives those that are closed.

    Without a clock nothing closes. Each edition is made once, whoever publishes.
    """

    def __init__(
        self, store: PublishStore, chooser: Chooser, settings: Settings, clock: Clock | None
    ) -> None:
        self._store = store
        self._chooser = chooser
        self._settings = settings
        self._clock = clock
        self._zone = ZoneInfo(settings.site.timezone)
        self._closed: dict[str, datetime] = {}

    def is_due(self, feed_id: str, spec: DigestSpec) -> bool:
        """Whether a period ended since the newest edition that is known here."""
        if self._clock is None:
            return False
        known = self._closed.get(feed_id)
        return known is None or last_closing(spec, self._zone, self._clock()) > known

    def entries(self, category: Category, known: Catalogue, url: str) -> list[PublishedArticle]:
        """The closed editions of a digest as entries of its feed at `url`, newest first.

        Raises:
            StoreError: the store cannot be asked, or does not take an edition.
        """
        spec = category.choice
        if spec is None or spec.digest is None:
            return []
        if self._clock is not None:
            self._close(category, spec.digest, known, self._clock())
        newest = self._store.editions(spec.id, EDITIONS_SHOWN)
        if newest:
            self._closed[spec.id] = newest[0].closed_at
        return [_entry(each, category, url) for each in newest if each.body]

    def _close(self, category: Category, spec: DigestSpec, known: Catalogue, now: datetime) -> None:
        """Make the editions of all periods that ended, oldest first."""
        feed_id = category.choice.id if category.choice else category.path
        before = next(iter(self._store.editions(feed_id, 1)), None)
        for opened, closed in self._periods(before, spec, now):
            edition = self._edition(category, feed_id, before, (opened, closed), known)
            self._store.keep_edition(edition)
            before = edition

    def _periods(
        self, before: Edition | None, spec: DigestSpec, now: datetime
    ) -> Iterator[tuple[datetime, datetime]]:
        """From the end of the last edition, or a few periods back, to the last closing."""
        ends = closings_back(spec, self._zone, now)
        if before is None:
            moments = [next(ends) for _ in range(FIRST_EDITIONS + 1)]
        else:
            missed = list(takewhile(lambda each: each > before.closed_at, ends))[:MOST_MISSED]
            moments = [*missed, before.closed_at]
        moments.reverse()
        yield from pairwise(moments)

    def _edition(
        self,
        category: Category,
        feed_id: str,
        before: Edition | None,
        period: tuple[datetime, datetime],
        known: Catalogue,
    ) -> Edition:
        opened, closed = period
        since = before.opened_at if before else opened
        had = frozenset(before.members) if before else frozenset[str]()
        members, stored = self._chooser.between(category, (since, closed), had)
        articles = [published_article(each, known, self._settings) for each in stored]
        first, last = days_of(opened, closed, self._zone)
        host = urlsplit(site_url(self._settings)).hostname or "localhost"
        return Edition(
            feed_id=feed_id,
            opened_at=opened,
            closed_at=closed,
            public_id=f"tag:{host},2026:digests/{feed_id}/{_name(closed)}",
            title=edition_title(category.title, first, last),
            summary=edition_summary(articles),
            body=edition_body(articles),
            members=tuple(members),
        )


def _name(closed: datetime) -> str:
    """The moment of closing, as part of an address."""
    return f"{closed:%Y%m%dT%H%MZ}"


def _entry(edition: Edition, category: Category, url: str) -> PublishedArticle:
    anchor = f"digest-{_name(edition.closed_at)}"
    return PublishedArticle(
        public_id=edition.public_id,
        token="",
        url=f"{url}#{anchor}",
        title=edition.title,
        summary=edition.summary,
        body=edition.body,
        author="",
        published_at=edition.closed_at,
        updated_at=edition.closed_at,
        image=None,
        enclosures=(),
        categories=(),
        tags=(),
        language=category.language,
        origin=Origin(),
        anchor=anchor,
    )
