"""What all pages have in common: the frame around them, their words, times and filters.

Pages load nothing but the one style sheet, the icon and pictures, and only that of `subscribe_page`
runs a script. Links among them are relative, so that they work below any path; what a page shows is
handed in.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from aggregator.formats.common import display_title, writable
from aggregator.formats.headings import below
from aggregator.formats.moments import moment
from aggregator.formats.static import ICON_FILE, STYLE_FILE
from aggregator.formats.subscribing import feeds_of, program_link, reader_links
from aggregator.formats.words import spoken, translations
from aggregator.text.lines import close_up

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Frame:
    """What surrounds a page.

    `root` leads from its folder to that of the home page, `here` names the page among those that
    every page links to. `formats` are those of the feed of everything.
    """

    site_title: str
    language: str
    timezone: str
    root: str
    here: str = ""
    formats: tuple[str, ...] = ()


def render_page(template: str, frame: Frame, **values: Any) -> bytes:
    """Fill a template; every page has the frame, the words of its language and `when` for times."""
    speech = spoken(frame.language)
    text = _environment(speech).get_template(template)
    filled = text.render(
        frame=writable(frame),
        spoken=speech,
        when=partial(moment, timezone=frame.timezone, language=speech),
        **values,
    )
    return filled.encode()


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
    environment.globals |= {
        "style_file": STYLE_FILE,
        "icon_file": ICON_FILE,
        "feeds_of": feeds_of,
        "reader_links": reader_links,
        "program_link": program_link,
    }
    environment.filters |= {
        "display_title": display_title,
        "as_path": partial(quote, safe="/"),
        "below": below,
        "host": _host,
        "breakable": _breakable,
        "close_up": close_up,
    }
    return environment


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
