"""Takes the sheets of docs/pages.md: each page wide and narrow, light and dark, in both languages.

`python docs/make_sheets.py` needs Chromium. The pictures themselves are taken by `make_pictures`.
"""

from __future__ import annotations

import itertools
import tempfile
from pathlib import Path

from make_pictures import IMAGES, NARROW, SITES, WIDE, Picture, browser, sample_site, take
from playwright.sync_api import Browser

PAGES = {
    "home": ("home", "home"),
    "category": ("category", "category"),
    "article": ("article", "article-zh"),
    "search": ("search", "search-zh"),
    "subscribe": ("subscribe", "subscribe-zh"),
    "sources": ("sources", "sources"),
    "status": ("status", "status"),
}
"""What is shown of each page, in English and in Chinese."""
WIDTH = 1600
STYLE = """
body { margin: 0; padding: 16px; background: #8a8f94; }
main { display: grid; grid-template-columns: 574fr 186fr 574fr 186fr; gap: 16px; }
img { width: 100%; height: 407px; object-fit: cover; object-position: top; display: block; }
"""


def pictures(page: str) -> list[Picture]:
    """The eight pictures of a page, in the order of its sheet."""
    return [
        Picture(f"{page}-{language}-{theme}-{size[0]}", language, name, size, theme)
        for (language, name), theme, size in itertools.product(
            zip(SITES, PAGES[page], strict=True), ("light", "dark"), (WIDE, NARROW)
        )
    ]


def put_together(opened: Browser, page: str, folder: Path) -> None:
    """Lay a page's pictures out on one sheet."""
    images = "".join(f'<img src="{each.file}.png">' for each in pictures(page))
    sheet = folder / f"{page}.html"
    sheet.write_text(f"<style>{STYLE}</style><main>{images}</main>", encoding="utf-8")
    shown = opened.new_page(viewport={"width": WIDTH, "height": 862})
    shown.goto(sheet.as_uri(), wait_until="networkidle")
    shown.screenshot(path=IMAGES / f"sheet-{page}.jpg", type="jpeg", quality=80)
    shown.close()


def main() -> None:
    """Take everything, and make a sheet of each page."""
    with tempfile.TemporaryDirectory() as name, browser() as opened:
        for language in SITES:
            with sample_site(language) as address:
                for each in itertools.chain.from_iterable(map(pictures, PAGES)):
                    if each.language == language:
                        take(opened, address, each, Path(name))
        for page in PAGES:
            put_together(opened, page, Path(name))


if __name__ == "__main__":
    main()
