"""The short fields of an entry: title, people, tags, language, files, and whom it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from html import unescape
from itertools import islice

from aggregator.model.entries import (
    Enclosure,
    Episode,
    Origin,
    RawText,
    Related,
    Relation,
    TextType,
)
from aggregator.text import urls
from aggregator.text.lines import one_line, shorten
from aggregator.text.markup import plain_text
from aggregator.text.summaries import summarize

MAX_TITLE = 500
MAX_AUTHOR = 100
MAX_AUTHORS = 300
MAX_TAG = 100
MAX_TAGS = 50
MAX_ENCLOSURES = 50
MAX_RELATED = 20
_LONGEST_RAW_TITLE = 10_000
_TITLE_FROM_TEXT = 80
MAX_RIGHTS = 500
_LARGEST_FILE = 2**50
_LONGEST_EPISODE = 7 * 86_400
_MOST_EPISODES = 100_000

_FORMATTING = re.compile(
    r"</?(?:a|abbr|b|bdi|big|br|cite|code|del|div|em|font|h[1-6]|i|img|ins|kbd|mark|nobr|p|q|rp|rt"
    r"|ruby|s|small|span|strike|strong|sub|sup|time|tt|u|var|wbr)(?:\s[^<>]*)?/?>"
    r"|<!--.*?-->|<!\[CDATA\[|\]\]>",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP = re.compile(r"[<&]|\]\]>")
"""What a title must hold for anything to be done about it."""
_CODE = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>", re.IGNORECASE | re.DOTALL)
_ADDRESS_THEN_NAME = re.compile(r"\S+@\S+\s*\(([^()]+)\)")
_NAME_THEN_ADDRESS = re.compile(r"([^<>]*[^<>\s])\s*<[^<>@\s]+@[^<>\s]+>")
_MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9][a-z0-9.+_-]{0,80}")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})((?:-[A-Za-z0-9]{1,8}){0,4})")
_SCRIPT, _REGION = 4, 2
_FEED_ID = re.compile(
    r"(?!(?:javascript|vbscript|data|blob|file):)[a-z][a-z0-9+.-]{1,20}:[^\s<>\"{}|\\^`]{1,1000}",
    re.IGNORECASE,
)
"""No id that a reader would run if it took it for an address."""
_TAG_ID = re.compile(
    r"tag:(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|[a-z0-9._-]+@[a-z0-9.-]+),\d{4}(?:-\d\d(?:-\d\d)?)?:\S*",
    re.IGNORECASE,
)
_EPISODE_KINDS = ("full", "trailer", "bonus")


def clean_title(title: RawText) -> str:
    """A title as plain text.

    Of HTML, only markup that titles are really written with is taken as such; what else stands in
    angle brackets (`the <script> tag`, `Vec<T>`) is what the title is about, and stays as text.
    """
    text = title.value[:_LONGEST_RAW_TITLE]
    if title.type is TextType.HTML and _MARKUP.search(text):
        text = unescape(_FORMATTING.sub("", _CODE.sub("", text)))
    return one_line(text, MAX_TITLE)


def title_from(text: str, addresses: Iterable[str]) -> str:
    """A title for an entry that has none: how its text begins, else a name out of an address."""
    line = one_line(text, MAX_TITLE)
    if line:
        return summarize(line, _TITLE_FROM_TEXT)
    names = (address.partition("?")[0].rstrip("/").rpartition("/")[2] for address in addresses)
    return next((one_line(name, MAX_TITLE) for name in names if name), "")


def clean_authors(authors: Iterable[str]) -> str:
    """Names, each once, joined by commas; mail addresses beside a name are left out."""
    names = dict.fromkeys(_person(author) for author in authors)
    return shorten(", ".join(name for name in names if name), MAX_AUTHORS)


def _person(author: str) -> str:
    text = one_line(unescape(author[: 10 * MAX_AUTHOR]), 2 * MAX_AUTHOR)
    if "@" not in text:
        return shorten(text, MAX_AUTHOR)
    found = _ADDRESS_THEN_NAME.fullmatch(text) or _NAME_THEN_ADDRESS.fullmatch(text)
    return shorten(found[1].strip(" \"'") if found else text, MAX_AUTHOR)


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Tags in their order, each once whatever its case."""
    found: dict[str, str] = {}
    for tag in tags:
        line = one_line(tag, MAX_TAG)
        if line:
            found.setdefault(line.casefold(), line)
        if len(found) == MAX_TAGS:
            break
    return tuple(found.values())


def clean_language(*candidates: str) -> str:
    """The first language that can be read as BCP 47, in its usual spelling (`zh-Hans-CN`)."""
    for text in candidates:
        found = _LANGUAGE.fullmatch(text.strip().partition(".")[0].replace("_", "-"))
        if found:
            parts = [_subtag(part) for part in found[2].split("-")[1:]]
            return "-".join([found[1].lower(), *parts])
    return ""


def _subtag(part: str) -> str:
    if len(part) == _REGION:
        return part.upper()
    return part.title() if len(part) == _SCRIPT and part.isalpha() else part.lower()


def clean_enclosures(enclosures: Iterable[Enclosure], base: str) -> tuple[Enclosure, ...]:
    """Files with a usable address, each once."""
    found: dict[str, Enclosure] = {}
    for enclosure in enclosures:
        url = urls.media(enclosure.url, base)
        if url and url not in found:
            found[url] = Enclosure(
                url,
                _media_type(enclosure.media_type),
                _within(enclosure.length, _LARGEST_FILE),
                _episode(enclosure.episode),
            )
        if len(found) == MAX_ENCLOSURES:
            break
    return tuple(found.values())


def clean_related(related: Iterable[Related], link: str, base: str) -> tuple[Related, ...]:
    """Other resources with a usable address or id, each once; never the article's own page."""
    found = (_clean_related(each, link, base) for each in islice(related, 2 * MAX_RELATED))
    return tuple(dict.fromkeys(each for each in found if each.url or each.id))[:MAX_RELATED]


def _clean_related(each: Related, link: str, base: str) -> Related:
    url = urls.page_link(each.url, base)
    of_another = each.relation is Relation.IN_REPLY_TO and _is_feed_id(each.id)
    return Related(
        each.relation,
        "" if url == link else url,
        _media_type(each.media_type),
        each.id if of_another else "",
    )


def _media_type(text: str) -> str:
    media_type = text.partition(";")[0].strip().lower()
    return media_type if _MEDIA_TYPE.fullmatch(media_type) else ""


def _episode(said: Episode) -> Episode:
    return Episode(
        duration=_within(said.duration, _LONGEST_EPISODE),
        number=_within(said.number, _MOST_EPISODES),
        season=_within(said.season, _MOST_EPISODES),
        kind=said.kind if said.kind in _EPISODE_KINDS else "",
        explicit=said.explicit,
    )


def _within(number: int | None, most: int) -> int | None:
    """A number from 1 to `most`; None for any other."""
    return number if number is not None and 0 < number <= most else None


@lru_cache(maxsize=256)  # all entries of a feed have the same
def clean_origin(origin: Origin) -> Origin:
    """Whom an entry or a feed comes from, fit to be shown and linked to."""
    return Origin(
        title=clean_title(RawText(origin.title)),
        link=urls.page_link(origin.link),
        feed_url=urls.media(origin.feed_url),
        id=origin.id if _is_feed_id(origin.id) else "",
        rights=one_line(plain_text(origin.rights), MAX_RIGHTS),
    )


def _is_feed_id(text: str) -> bool:
    """Whether it is a URI, and a `tag:` URI as RFC 4151 has it, with a date."""
    is_tag = text.lower().startswith("tag:")
    return bool(_FEED_ID.fullmatch(text) and (not is_tag or _TAG_ID.fullmatch(text)))
