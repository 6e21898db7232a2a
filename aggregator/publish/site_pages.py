"""The pages of the whole site that are made on request: search, sources, and where nothing is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from aggregator.config.paths import site_url
from aggregator.config.tree import Category, language_at
from aggregator.formats.missing import render_gone, render_missing
from aggregator.formats.pages import Frame
from aggregator.formats.search_page import SearchPage, render_search
from aggregator.formats.sources_page import ShownSource, SourceGroup, SourcesPage, render_sources
from aggregator.model.articles import CategoryTitle
from aggregator.model.published import Withdrawal
from aggregator.model.search import Found
from aggregator.model.settings import Configuration, Settings, SourceSpec
from aggregator.model.sources import KnownSource
from aggregator.publish.addresses import is_web_address
from aggregator.publish.categories import ALL, catalogue
from aggregator.publish.convert import published_article, titled

RESULTS_A_PAGE = 20
MOST_SOURCES = 1_000
"""Lines on the page of sources; the rest is counted."""
MOST_CATEGORIES = 300
"""Categories to choose from; more are too many for a menu."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was asked for; `path` is "" for everything, `number` that of the page."""

    query: str
    path: str = ""
    number: int = 1

    @property
    def offset(self) -> int:
        """How many results come before this page."""
        return (self.number - 1) * RESULTS_A_PAGE


def frame(settings: Settings, here: str = "", root: str = "") -> Frame:
    """What surrounds a page of the site that lies beside the home page, or has another `root`."""
    site = settings.site
    return Frame(site.title, site.language, site.timezone, root, here, settings.publish.formats)


def search_page(
    asked: Asked, found: Found, added: Sequence[CategoryTitle], configuration: Configuration
) -> bytes:
    """The page with the results of a search; `added` as in `article_page`."""
    settings = configuration.settings
    known = catalogue(configuration, added)
    categories = [path for path in known if path != ALL and path not in known.more]
    return render_search(
        SearchPage(
            frame=frame(settings, "search"),
            query=asked.query,
            path=asked.path,
            categories=tuple(titled(known[path]) for path in categories[:MOST_CATEGORIES]),
            articles=tuple(published_article(each, known, settings) for each in found.articles),
            total=found.total,
            is_all=found.is_all,
            number=asked.number,
            pages=-(-found.total // RESULTS_A_PAGE),
        )
    )


def sources_page(
    stored: Iterable[KnownSource], added: Sequence[CategoryTitle], configuration: Configuration
) -> bytes:
    """The page of every source of the configuration, under each category that it is meant for."""
    settings = configuration.settings
    known = catalogue(configuration, added)
    names = {each.source_id: each for each in stored}
    shown = configuration.sources[:MOST_SOURCES]
    by_path: dict[str, list[ShownSource]] = {path: [] for path in known}
    for spec in shown:
        # What its posts decide themselves, or stands nowhere, is at least among everything.
        for path in [path for path in spec.category if path in known] or [ALL]:
            by_path[path].append(_shown(spec, names.get(spec.id)))
    groups = [_group(known[path], tuple(sources)) for path, sources in by_path.items() if sources]
    more = len(configuration.sources) - len(shown)
    return render_sources(SourcesPage(frame(settings, "sources"), tuple(groups), more))


def missing_page(configuration: Configuration, path: str = "") -> bytes:
    """The page for an address at which nothing is, in the language of what is around it."""
    return render_missing(_frame_anywhere(configuration, path))


def gone_page(configuration: Configuration, path: str) -> bytes:
    """The page for an address at which a category was, which was removed."""
    return render_gone(_frame_anywhere(configuration, path))


def withdrawn_page(configuration: Configuration, withdrawal: Withdrawal) -> bytes:
    """The page of an article that was taken back, in the language of where it stood."""
    path = max(
        withdrawal.paths, key=lambda each: each.count("/") if each != ALL else -1, default=""
    )
    return render_gone(_frame_anywhere(configuration, path), withdrawal)


def _frame_anywhere(configuration: Configuration, path: str) -> Frame:
    """What surrounds a page at any address below that of the site."""
    settings = configuration.settings
    around = frame(settings, root=urlsplit(site_url(settings)).path)
    return replace(around, language=language_at(configuration, path))


def _group(category: Category, sources: tuple[ShownSource, ...]) -> SourceGroup:
    has_page = "html" in category.formats
    return SourceGroup(category.path, category.titles, category.language, has_page, sources)


def _shown(spec: SourceSpec, known: KnownSource | None) -> ShownSource:
    """A source by the name that it is configured with, else by its own, else by its id."""
    title = spec.title or (known.title if known else "") or spec.id
    site = known.site if known and is_web_address(known.site) else ""
    return ShownSource(title, site)
