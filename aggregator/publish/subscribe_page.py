"""The page to subscribe to one feed, made on request: which feeds have one, and by which name.

Nothing that strangers wrote may stand on it, because it runs a script: a category that articles
brought along is called by its id, which is made of letters and digits, and not by its title. It
takes the configuration and the note of what is published, so it needs no database.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from aggregator.config.paths import site_url
from aggregator.formats.subscribe_page import render_subscribe
from aggregator.formats.subscribing import feeds_of
from aggregator.model.articles import CategoryTitle
from aggregator.model.published import PublishedCategory
from aggregator.model.settings import Configuration
from aggregator.publish.categories import catalogue
from aggregator.publish.convert import published_category
from aggregator.publish.health import HEALTH, health_feed
from aggregator.publish.site_pages import frame


def subscribe_page(
    configuration: Configuration, published: Collection[str], path: str
) -> bytes | None:
    """The page for the feed at a path; None where there is none that everybody may read.

    `published` are the paths that the folder of feeds notes as published.
    """
    feed = _feed(configuration, published, path)
    if feed is None or not any(feeds_of(feed.formats)):
        return None
    around = replace(frame(configuration.settings), language=feed.language)
    return render_subscribe(around, feed)


def _feed(
    configuration: Configuration, published: Collection[str], path: str
) -> PublishedCategory | None:
    if path == HEALTH:
        return _health(configuration)
    # Without a title, so that whatever the configuration does not name has its id.
    brought = [CategoryTitle(path, "")] if path in published else []
    known = catalogue(configuration, brought)
    return (
        published_category(known[path], site_url(configuration.settings)) if path in known else None
    )


def _health(configuration: Configuration) -> PublishedCategory:
    feed = health_feed((), configuration.settings)
    return PublishedCategory(
        feed.path, feed.title, feed.description, feed.language, feed.url, feed.formats
    )
