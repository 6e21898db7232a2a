"""Takes the pictures of the pages: the sample configuration, published, served and opened.

`python docs/make_pictures.py` needs Chromium; with a folder as argument it takes every page at
every size, in both themes and languages, to be looked at. Pictures that posts name lie on the web,
so they are drawn here instead; nothing leaves this machine.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, Route, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs/images"
PLACEHOLDER = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9">'
    '<rect width="16" height="9" fill="#9db4ab"/><path d="M0 9 5 4l4 3 3-2 4 4z" fill="#5f7a70"/>'
    "</svg>"
)
SITES = {"en": "The Morning Wire", "zh-CN": "晨间新闻"}
PAGES = {
    "home": "/",
    "category": "/finance/",
    "article": "/tech/ article",
    "article-zh": "/finance/ article",
    "search": "/search?q=post",
    "search-zh": "/search?q=%E6%8B%8D%E5%8D%96",
    "sources": "/sources",
    "status": "/status",
    "subscribe": "/subscribe?feed=tech",
    "subscribe-zh": "/subscribe?feed=finance",
    "missing": "/nothing",
    "feed": "/finance/atom.xml",
}
"""Addresses; ` article` stands for the first article of a page."""
WIDE, NARROW, WIDEST = (1200, 850), (320, 780), (1600, 900)


class Picture(NamedTuple):
    """One picture: which page, in which language of the site, and how it is looked at."""

    file: str
    language: str
    page: str
    size: tuple[int, int] = WIDE
    theme: str = "light"


COMMITTED = (
    Picture("home", "en", "home"),
    Picture("home-narrow", "zh-CN", "home", NARROW, "dark"),
    Picture("category", "zh-CN", "category", WIDE, "dark"),
    Picture("article-narrow", "en", "article", NARROW),
    Picture("article-zh", "zh-CN", "article-zh"),
    Picture("search", "zh-CN", "search-zh"),
    Picture("sources", "en", "sources", WIDE, "dark"),
    Picture("status-narrow", "zh-CN", "status", NARROW),
    Picture("subscribe-narrow", "en", "subscribe", NARROW),
    Picture("feed-narrow", "zh-CN", "feed", NARROW),
)


def main(folder: Path | None) -> None:
    """Take what the documentation shows; or everything, into a folder."""
    wanted = list(everything()) if folder else COMMITTED
    for language in SITES:
        with sample_site(language) as address, browser() as opened:
            for each in wanted:
                if each.language == language:
                    take(opened, address, each, folder or IMAGES)


def everything() -> Iterator[Picture]:
    """Every page at every size, in both themes and languages."""
    sizes = {"wide": WIDE, "narrow": NARROW, "widest": WIDEST}
    for page, (size, measures), theme, language in itertools.product(
        PAGES, sizes.items(), ("light", "dark"), SITES
    ):
        yield Picture(f"{page}-{size}-{theme}-{language}", language, page, measures, theme)


@contextmanager
def sample_site(language: str) -> Iterator[str]:
    """The address of the sample posts, served in a language."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "config", folder / "config")
        (folder / "config/sources/feeds.yaml").unlink()
        main_file = folder / "config/aggregator.yaml"
        text = main_file.read_text().replace(SITES["en"], SITES[language])
        text = text.replace("# url:", "url:", 1)
        main_file.write_text(text.replace("language: en", f"language: {language}", 1))
        command = [sys.executable, "-m", "aggregator", "--config", str(folder / "config")]
        subprocess.run([*command, "ingest"], check=True)
        environment = {**os.environ, "AGGREGATOR_BIND": "127.0.0.1:0"}
        serving = subprocess.Popen(
            [*command, "serve"], env=environment, stderr=subprocess.PIPE, text=True
        )
        try:
            assert serving.stderr is not None
            found = re.search(r"http://127\.0\.0\.1:\d+", serving.stderr.readline())
            assert found
            yield found[0]
        finally:
            serving.terminate()
            serving.wait()


@contextmanager
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or "chromium",
            args=["--no-sandbox", "--disable-background-networking"],
        )
        yield opened
        opened.close()


def take(opened: Browser, address: str, picture: Picture, folder: Path) -> None:
    """Open a page as the picture wants it, and keep it."""
    width, height = picture.size
    page = opened.new_page(
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.theme == "dark" else "light",
    )
    page.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), draw)
    path, _, article = PAGES[picture.page].partition(" ")
    page.goto(address + path)
    if article:
        page.goto(address + "/" + page.get_attribute("a[href*='articles/']", "href").lstrip("./"))
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / f"{picture.file}.png")
    page.close()


def draw(route: Route) -> None:
    """Stand in for a picture from the web."""
    route.fulfill(content_type="image/svg+xml", body=PLACEHOLDER)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
