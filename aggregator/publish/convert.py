"""Makes of stored articles and the categories what the formats write: `Feed`s and the site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aggregator.config.paths import site_url
from aggregator.config.tree import Category
from aggregator.formats.attribution import attributed
from aggregator.model.articles import CategoryTitle
from aggregator.model.entries import Origin, Related
from aggregator.model.published import (
    CategoryPath,
    Feed,
    PublishedArticle,
    PublishedCategory,
    PublishedSite,
    StoredArticle,
    Via,
)
from aggregator.model.settings import Settings
from aggregator.publish.addresses import article_url, category_url, is_web_address
from aggregator.publish.categories import ALL, Catalogue
from aggregator.publish.pictures import with_proxied_pictures
from aggregator.publish.private import as_private


def published_article(
    stored: StoredArticle, known: Catalogue, settings: Settings
) -> PublishedArticle:
    """An article as the formats need it, without any address that a reader should not follow."""
    article = PublishedArticle(
        public_id=stored.public_id,
        token=stored.token,
        url=_url(stored, site_url(settings)),
        title=stored.title,
        summary=stored.summary,
        body=stored.body,
        author=stored.author,
        published_at=stored.published_at,
        updated_at=stored.updated_at,
        image=stored.image if stored.image and is_web_address(stored.image.url) else None,
        enclosures=tuple(each for each in stored.enclosures if is_web_address(each.url)),
        categories=_category_titles(stored.paths, known),
        tags=stored.tags,
        language=stored.language or _language(stored.paths, known),
        origin=_origin(stored.origin),
        via=_via(stored),
        places=tuple(
            CategoryPath(path, known[path].titles) for path in stored.paths if path in known
        ),
        date_is_known=stored.date_is_known,
        related=_related(stored),
        version=stored.version,
    )
    return with_proxied_pictures(article, settings)


def _via(stored: StoredArticle) -> tuple[Via, ...]:
    """The other places where it was found, each once; not the one that it links to already."""
    others = {each.link: each for each in reversed(stored.via) if is_web_address(each.link)}
    others.pop(stored.link, None)
    return tuple(reversed(others.values()))


def _related(stored: StoredArticle) -> tuple[Related, ...]:
    """Other resources that can be followed, or be named by an id."""
    safe = (each if is_web_address(each.url) else replace(each, url="") for each in stored.related)
    return tuple(each for each in safe if each.url or each.id)


def _url(stored: StoredArticle, site: str) -> str:
    return stored.link if is_web_address(stored.link) else article_url(site, stored.token)


def _origin(origin: Origin) -> Origin:
    link = origin.link if is_web_address(origin.link) else ""
    feed_url = origin.feed_url if is_web_address(origin.feed_url) else ""
    return replace(origin, link=link, feed_url=feed_url)


def _category_titles(paths: Sequence[str], known: Catalogue) -> tuple[str, ...]:
    """Titles of every level of each path, outermost first, each once."""
    titles = [title for path in paths if path in known for title in known[path].titles]
    return tuple(dict.fromkeys(titles))


def _language(paths: Sequence[str], known: Catalogue) -> str:
    """What an article that says nothing is written in: the language of where it stands."""
    languages = {known[path].language for path in paths if path in known}
    return languages.pop() if len(languages) == 1 else ""


def category_feed(
    category: Category, stored: Sequence[StoredArticle], known: Catalogue, settings: Settings
) -> Feed:
    """The feed of one category; whole bodies only where the settings want them in feeds."""
    site = site_url(settings)
    articles = tuple(published_article(each, known, settings) for each in stored)
    if settings.publish.content == "summary":
        articles = tuple(replace(each, body="") for each in articles)
    elif settings.publish.attribution_line:
        articles = tuple(attributed(each, category.language) for each in articles)
    feed = Feed(
        path=category.path,
        title=category.title,
        description=category.description,
        language=category.language,
        url=category_url(site, category.path),
        site_title=settings.site.title,
        articles=articles,
        content=settings.publish.content,
        formats=category.formats,
        hubs=settings.publish.hubs,
        site_url=site,
        timezone=settings.site.timezone,
        parents=tuple(titled(each) for each in known.parents(category.path)),
        children=tuple(titled(each) for each in known.children(category.path)),
    )
    return as_private(feed, category.choice) if category.choice else feed


def titled(category: Category) -> CategoryTitle:
    """A category as a link to it needs it."""
    return CategoryTitle(category.path, category.title)


def published_site(
    stored: Sequence[StoredArticle], known: Catalogue, settings: Settings
) -> PublishedSite:
    """The whole tree with the newest articles of all."""
    site = site_url(settings)
    return PublishedSite(
        title=settings.site.title,
        url=site,
        language=settings.site.language,
        timezone=settings.site.timezone,
        everything=_with_those_below(known[ALL], known, site),
        categories=tuple(_with_those_below(each, known, site) for each in known.children("")),
        newest=tuple(published_article(each, known, settings) for each in stored),
        has_opml="opml" in settings.publish.formats,
        feeds=tuple(_with_those_below(each, known, site) for each in known.more.values()),
    )


def published_category(category: Category, site: str) -> PublishedCategory:
    """A category on its own, without those under it; `site` is the address of the site."""
    return PublishedCategory(
        path=category.path,
        title=category.title,
        description=category.description,
        language=category.language,
        url=category_url(site, category.path),
        formats=category.formats,
    )


def _with_those_below(category: Category, known: Catalogue, site: str) -> PublishedCategory:
    below = known.children(category.path)
    return replace(
        published_category(category, site),
        children=tuple(_with_those_below(each, known, site) for each in below),
    )
