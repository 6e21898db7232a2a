"""What `export posts` does: every article of the database as a file, a folder for each category."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from aggregator.errors import AggregatorError
from aggregator.formats.posts import render_post
from aggregator.model.published import CategoryPath, StoredArticle
from aggregator.model.settings import Configuration
from aggregator.publish.categories import catalogue
from aggregator.publish.convert import published_article
from aggregator.service.assembly import open_configured_store
from aggregator.store.store import Store

_AT_ONCE = 200
_NOWHERE = (CategoryPath("", ()),)


def export_posts(configuration: Configuration, folder: Path) -> int:
    """Write the posts; returns how many files there are. Some articles are in memory at a time.

    Raises:
        AggregatorError: the database cannot be read, or the folder not be written to.
    """
    count = 0
    with closing(open_configured_store(configuration)) as store:
        known = catalogue(configuration, store.category_titles())
        for stored in _all(store):
            article = published_article(stored, known, configuration.settings)
            for place in article.places or _NOWHERE:
                name = folder.joinpath(*place.path.split("/"), f"{article.token}.md")
                _write(name, render_post(article, place.titles))
                count += 1
    return count


def _all(store: Store) -> Iterator[StoredArticle]:
    last, articles = store.page(0, _AT_ONCE)
    while articles:
        yield from articles
        last, articles = store.page(last, _AT_ONCE)


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise AggregatorError(f"{path} cannot be written: {error.strerror}") from error
