"""Writes docs/cleaning-examples.md: what cleaning makes of twenty bodies, before and after.

`python docs/make_cleaning_page.py`. The bodies in docs/examples/cleaning are written for this page,
built like those of real feeds; the first line of each says what to look at.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from aggregator.clean import Cleaning, clean_entry
from aggregator.model.articles import Article, EntryRef
from aggregator.model.entries import RawEntry, RawText
from aggregator.model.settings import Clean

DOCUMENTATION = Path(__file__).resolve().parent
EXAMPLES = DOCUMENTATION / "examples/cleaning"
PAGE = DOCUMENTATION / "cleaning-examples.md"
NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
HOW = Cleaning("example", Clean(), remove=(".ad",))
HEAD = """# Twenty bodies, before and after

Made by `python docs/make_cleaning_page.py` with the default sanitizer and one `remove: .ad`. The
texts were written for this page; they are built like bodies of real feeds. What is done, and why:
[cleaning](cleaning.md).
"""


def cleaned(html: str, name: str) -> Article:
    """The article that an entry with this body becomes."""
    link = f"https://site.example/2026/{name}"
    raw = RawEntry(guid=name, link=link, title=RawText(name), content=RawText(html))
    made = clean_entry(raw, EntryRef("example", "0" * 64, "0" * 64), HOW, NOW)
    if not isinstance(made, Article):
        raise TypeError(f"{name} became no article: {made}")
    return made


def render() -> str:
    """The page."""
    parts = [HEAD]
    for number, path in enumerate(sorted(EXAMPLES.glob("*.html")), 1):
        first, _, html = path.read_text("utf-8").partition("\n")
        what = first.removeprefix("<!--").removesuffix("-->").strip()
        title = path.stem.partition("-")[2].replace("-", " ")
        made = cleaned(html, path.stem)
        parts.append(f"## {number}. {title.capitalize()}\n\n{what}\n")
        parts.append(f"```html\n{html.strip()}\n```\n\nbecomes\n\n```html\n{made.body}\n```\n")
        picture = f"\nPicture: `{made.image.url}`." if made.image else ""
        parts.append(f"Summary: {made.summary}{picture}\n")
    return "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(render(), "utf-8")
