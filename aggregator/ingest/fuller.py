"""The feed's text of an article or that of its page: the one with more to read stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from aggregator.clean import Cleaning, clean_entry
from aggregator.model.articles import Article, Dropped, EntryRef
from aggregator.model.entries import Image, RawEntry, RawText, TextType
from aggregator.model.pages import ArticlePage
from aggregator.text.dates import parse_date
from aggregator.text.tree import drop_selected, parse, text_of


def clean_fuller(
    raw: RawEntry, page: ArticlePage | None, ref: EntryRef, how: Cleaning, now: datetime
) -> Article | Dropped:
    """Clean an entry with the text that the source gave or with that of its page.

    Both are cleaned before they are compared, so that what is not content does not count. A title,
    a date and a name of the page are taken where the source gives none at all, whichever text
    stands; its picture only where neither the source nor a text has one.
    """
    if page is None:
        return clean_entry(raw, ref, how, now, parse_date)
    raw = filled(raw, page)
    given = clean_entry(raw, ref, how, now, parse_date)
    if page.html:
        whole = clean_entry(replace(raw, content=RawText(page.html)), ref, how, now, parse_date)
        given = max(given, whole, key=_fullness)  # of equals the first: what the source gave
    return given


def filled(raw: RawEntry, page: ArticlePage) -> RawEntry:
    """The entry with what the page says about itself where the source says nothing."""
    is_dated = raw.published_text.strip() or raw.updated_text.strip()
    texts = (page.html, raw.content.value, raw.summary.value)
    is_pictured = raw.images or any("<img" in text for text in texts)
    title = raw.title if raw.title.value.strip() else RawText(page.title, TextType.TEXT)
    return replace(
        raw,
        title=title,
        published_text=raw.published_text if is_dated else page.published_text,
        authors=raw.authors or ((page.author,) if page.author else ()),
        images=(Image(page.image),) if page.image and not is_pictured else raw.images,
    )


def _fullness(made: Article | Dropped) -> tuple[int, int]:
    """Letters and digits that are no link, and pictures; links are what menus are made of."""
    if isinstance(made, Dropped):
        return (-1, 0)
    root = parse(made.body)
    pictures = len(list(root.iter("img")))
    drop_selected(root, ("a",))
    return sum(map(str.isalnum, text_of(root))), pictures
