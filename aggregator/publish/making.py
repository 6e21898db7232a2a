"""Makes the feed of a category as it is now, and knows when there may be something new in it.

Categories show their articles, feeds beside the tree what they choose, digests their editions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aggregator.config.tree import Category
from aggregator.contracts import Clock, PublishStore
from aggregator.model.published import Feed
from aggregator.model.settings import Settings
from aggregator.publish.categories import Catalogue
from aggregator.publish.choosing import Chooser, depends_on
from aggregator.publish.convert import category_feed
from aggregator.publish.editions import Editions


class FeedMaker:
    """Makes feeds; keep one as long as the configuration stays, because it remembers verdicts."""

    def __init__(self, store: PublishStore, settings: Settings, clock: Clock | None) -> None:
        self._settings = settings
        self._chooser = Chooser(store)
        self._editions = Editions(store, self._chooser, settings, clock)

    def feed(self, category: Category, known: Catalogue) -> Feed:
        """The feed of a category, before it takes a format.

        Raises:
            StoreError: the store cannot be asked.
        """
        if category.choice is None or category.choice.digest is None:
            stored = self._chooser.articles(category)
            return category_feed(category, stored, known, self._settings)
        feed = category_feed(category, (), known, self._settings)
        entries = self._editions.entries(category, known, feed.url)
        return replace(feed, articles=tuple(entries), content="full")

    def is_due(self, category: Category, states: Mapping[str, int]) -> bool:
        """Whether its articles changed, `states` being the paths that did; for a digest: its time.

        Asks nobody about a category of the tree that is not among them.
        """
        spec = category.choice
        if spec is not None and spec.digest is not None:
            return self._editions.is_due(spec.id, spec.digest)
        return not states.keys().isdisjoint(depends_on(category))
