"""The pages: a category (a format like the others), the home page, and the page of an article.

Pages load nothing but the one style sheet beside them and pictures, and run no script. Every link
among them is relative and names its file, so they work from any static host and from a disk too;
only `articles/…` needs the web side. Bodies come in sanitized; nothing is cleaned here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import groupby
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from aggregator.formats.common import display_title, newest_at, writable
from aggregator.formats.moments import moment
from aggregator.formats.static import ICON_FILE, STYLE_FILE
from aggregator.formats.words import spoken, translations
from aggregator.model.published import FeedDocument

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from aggregator.model.articles import CategoryTitle
    from aggregator.model.published import Feed, PublishedArticle, PublishedSite

HOME_FILE = "index.html"
MEDIA_TYPE = "text/html; charset=utf-8"

FEED_FILES: Mapping[str, tuple[str, str]] = {
    "rss": ("rss.xml", "application/rss+xml"),
    "atom": ("atom.xml", "application/atom+xml"),
    "json": ("feed.json", "application/feed+json"),
}
"""What a page offers to subscribe to: file name and type by the format's name."""

FEED_NAMES: Mapping[str, str] = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}


@dataclass(frozen=True, slots=True)
class CategoryPage:
    """The format `html`: one page with the articles of a category."""

    name: str = "html"
    file_name: str = "index.html"
    media_type: str = MEDIA_TYPE
    has_archive: bool = False

    def render(self, feed: Feed) -> FeedDocument:
        """Write the page; the same feed always gives the same bytes."""
        shown = writable(feed)
        root = "../" * (feed.path.count("/") + 1)
        body = render_page(
            "category.html",
            Frame(shown.site_title, shown.language, shown.timezone, root),
            feed=shown,
            days=_by_day(shown.articles, shown.timezone, shown.language),
        )
        return FeedDocument(
            feed.path, self.name, self.file_name, self.media_type, body, newest_at(feed)
        )


FORMATS = (CategoryPage(),)


def render_home(site: PublishedSite) -> bytes:
    """The home page: the tree of categories with their feeds, and the newest articles of all."""
    shown = writable(site)
    return render_page(
        "home.html",
        Frame(shown.title, shown.language, shown.timezone, ""),
        site=shown,
        days=_by_day(shown.newest, shown.timezone, shown.language),
    )


def render_article(
    article: PublishedArticle,
    site: PublishedSite,
    categories: Sequence[CategoryTitle],
) -> bytes:
    """Our own page of an article, one folder below the home page.

    `categories` are those it stands in.
    """
    shown, site = writable(article), writable(replace(site, newest=()))
    return render_page(
        "article.html",
        Frame(site.title, shown.language or site.language, site.timezone, "../"),
        article=shown,
        categories=writable(tuple(categories)),
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds every page; `root` leads from its folder to the home page's."""

    site_title: str
    language: str
    timezone: str
    root: str


def render_page(template: str, frame: Frame, **values: Any) -> bytes:
    """Fill a template; every page has the frame, the words of its language and `when` for times."""
    speech = spoken(frame.language)
    page = _environment(speech).get_template(template)
    text = page.render(
        frame=frame,
        spoken=speech,
        when=partial(moment, timezone=frame.timezone, language=speech),
        feed_files=FEED_FILES,
        feed_names=FEED_NAMES,
        style_file=STYLE_FILE,
        icon_file=ICON_FILE,
        **values,
    )
    return text.encode()


@cache
def _environment(speech: str) -> Environment:
    """Where templates come from, with the words of a language as `_`."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader(__package__, "templates"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.install_gettext_translations(translations(speech), newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
    environment.filters["display_title"] = display_title
    environment.filters["as_path"] = partial(quote, safe="/")
    environment.filters["host"] = _host
    environment.filters["breakable"] = _breakable
    return environment


def _by_day(
    articles: Sequence[PublishedArticle], timezone: str, language: str
) -> list[tuple[str, list[PublishedArticle]]]:
    """Articles under the day that people of the zone call it, as they come."""
    speech = spoken(language)
    grouped = groupby(articles, key=lambda each: moment(each.published_at, timezone, speech).day)
    return [(day, list(group)) for day, group in grouped]


def _host(address: str) -> str:
    """The host of an address, as people call a site."""
    try:
        return (urlsplit(address).hostname or address).removeprefix("www.")
    except ValueError:
        return address


def _breakable(address: str) -> Markup:
    """An address that a line may break after its slashes; copied, it is the address again."""
    from markupsafe import Markup, escape

    return Markup("/<wbr>").join(escape(part) for part in address.split("/"))
