"""Takes a picture of a category's page for every kind of source, from the example `every-kind/`.

`python docs/make_kind_pictures.py` needs Chromium. The site of the example is served on this
machine; nothing leaves it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

DOCS = Path(__file__).resolve().parent
EXAMPLE = DOCS / "every-kind"
SITE = "${SITE}"
"""Stands in the example's configuration for the address of its site."""
KINDS = ("feed", "json", "page", "sitemap", "posts", "opml")
WIDTH, HEIGHT = 800, 600


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing about it."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@contextmanager
def served() -> Iterator[str]:
    """The example's site, on a free port of this machine; gives its address."""
    handler = partial(Quiet, directory=str(EXAMPLE / "site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def configure(folder: Path, site: str) -> None:
    """Copy the example's configuration to `folder/config`, with the address of its site."""
    shutil.copytree(EXAMPLE / "config", folder / "config")
    for path in (folder / "config/sources").iterdir():
        path.write_text(path.read_text("utf-8").replace(SITE, site), encoding="utf-8")


def main() -> None:
    """Read the example's sources into a temporary folder and take each picture."""
    with tempfile.TemporaryDirectory() as name, served() as site:
        configure(Path(name), site)
        subprocess.run(
            [sys.executable, "-m", "aggregator", "--config", f"{name}/config", "ingest"],
            check=True,
        )
        take(Path(name) / "feeds")


def take(feeds: Path) -> None:
    """Open the page of each category."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or "chromium",
            args=["--no-sandbox", "--disable-background-networking"],
        )
        for kind in KINDS:
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            page.goto((feeds / kind / "index.html").as_uri())
            page.wait_for_load_state("networkidle")
            page.screenshot(path=DOCS / f"images/kind-{kind}.png")
        browser.close()


if __name__ == "__main__":
    main()
