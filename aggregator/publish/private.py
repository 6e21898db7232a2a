"""Private feeds: where they are published, and at which address they are read.

Their files lie in a hidden folder beside the public ones, under names that only who knows the
secret could guess: a static host that serves hidden files, too, gives nothing away. Asking for the
secret is the business of `aggregator.web`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from aggregator.config.tree import Category, all_feeds, is_private
from aggregator.formats import formats
from aggregator.model.feeds import FeedSpec, Private
from aggregator.model.published import Feed
from aggregator.model.settings import Configuration
from aggregator.publish.categories import Catalogue
from aggregator.text.hashing import fingerprint

FORMATS = ("rss", "atom", "json")
"""What is for feed readers: a private feed has no page."""
PREFIX = "private"
"""Where private feeds begin, below the site's address."""
FOLDER = ".private"
"""Their folder among the published ones."""
_DIGITS = 32


def private_folder(public: Path) -> Path:
    """The folder of the private feeds, for the one that the public ones are in."""
    return public / FOLDER


def private_files() -> dict[str, str]:
    """Every file name that a private feed can have, with its media type."""
    return {each.file_name: each.media_type for name, each in formats().items() if name in FORMATS}


def hidden_name(feed_id: str, private: Private) -> str:
    """The name of a feed's folder: another one for another secret."""
    secrets = (private.token, private.password)
    secret = fingerprint(feed_id, private.user, *(each.get_secret_value() for each in secrets))
    return f"{feed_id}-{secret[:_DIGITS]}"


def private_catalogue(configuration: Configuration) -> Catalogue:
    """The private feeds, by the names of their folders."""
    feeds = (each for each in all_feeds(configuration) if is_private(each))
    hidden = [_hidden(each, each.choice) for each in feeds if each.choice]
    return Catalogue({each.path: each for each in hidden}, {})


def _hidden(category: Category, spec: FeedSpec) -> Category:
    path = hidden_name(spec.id, spec.private) if spec.private else spec.id
    wanted = tuple(each for each in category.formats if each in FORMATS)
    return replace(category, path=path, formats=wanted)


def as_private(feed: Feed, spec: FeedSpec) -> Feed:
    """The feed with its own address; no hub is told of it, and its id holds no secret."""
    if spec.private is None:
        return feed
    below = f"{PREFIX}/{quote(spec.id, safe='')}"
    token = spec.private.token.get_secret_value()
    url = f"{feed.site_url}{below}/{token}/" if token else f"{feed.site_url}{below}/"
    return replace(feed, url=url, hubs=(), id_path=below)
