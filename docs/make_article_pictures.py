"""Takes the pictures of an article's page with its copies: the same story from three sources.

`python docs/make_article_pictures.py` needs Chromium. The posts are written here; the real command
reads them, dedupe makes one article of them, and the page is rendered as the service does.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from aggregator.config.load import load
from aggregator.publish.articles import article_page
from aggregator.service.assembly import open_configured_store

IMAGES = Path(__file__).resolve().parent / "images"
SIZES = {"": (1000, 760), "-narrow": (390, 844)}
STORIES = Path(__file__).resolve().parent / "examples/copies.json"


def main() -> None:
    """Make each page in a folder of its own and take its pictures."""
    for name, story in json.loads(STORIES.read_text("utf-8")).items():
        with tempfile.TemporaryDirectory() as folder:
            configure(Path(folder) / "config", story)
            take(make_page(Path(folder)), name)


def configure(config: Path, story: dict[str, Any]) -> None:
    """Write a configuration of folder sources, with the posts that they read."""
    (config / "sources").mkdir(parents=True)
    sources = []
    for source_id, site, title, text in story["posts"]:
        (config / source_id).mkdir()
        link = f"https://{source_id}.example/2026/05/04/1"
        head = {"title": title, "date": "2026-05-04 08:00:00", "link": link}
        post = "\n\n".join(["---", json.dumps(head, ensure_ascii=False), "---", *text])
        (config / source_id / "one.md").write_text(post, "utf-8")
        source = {"id": source_id, "kind": "posts", "path": f"{source_id}/*.md", "title": site}
        sources.append({**source, "category": "news", "language": story["language"]})
    site = {"title": "The Wire", "url": "https://feeds.example/", "language": story["language"]}
    _write(config / "aggregator.yaml", {"site": site})
    _write(config / "categories.yaml", {"categories": [{"id": "news", "title": story["category"]}]})
    _write(config / "sources/all.yaml", {"sources": sources})


def make_page(folder: Path) -> Path:
    """Read the posts, and write the page of the one article that they make."""
    config = folder / "config"
    command = [sys.executable, "-m", "aggregator", "--config", str(config), "ingest"]
    subprocess.run(command, check=True)
    configuration = load(config, {})
    with contextlib.closing(open_configured_store(configuration)) as store:
        (article,) = store.articles()
        added = store.category_titles()
        page = article_page(article, added, configuration)
    file = folder / "feeds/articles" / f"{article.token}.html"
    file.parent.mkdir()
    file.write_bytes(page)
    return file


def _write(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")


def take(page_file: Path, name: str) -> None:
    """Open a page at every size."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or "chromium",
            args=["--no-sandbox", "--disable-background-networking"],
        )
        for suffix, (width, height) in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.goto(page_file.as_uri())
            page.screenshot(path=IMAGES / f"{name}{suffix}.png")
        browser.close()


if __name__ == "__main__":
    main()
