"""Takes the pictures of the documentation: the sample configuration, published and opened.

`python docs/make_pictures.py` needs Chromium. The picture that a sample post names lies on the
web, so it is drawn here instead; nothing leaves this machine.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Route, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs/images"
SIZES = {"home.png": (1200, 900), "home-narrow.png": (390, 844)}
PLACEHOLDER = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 9">'
    '<rect width="16" height="9" fill="#9db4ab"/><path d="M0 9 5 4l4 3 3-2 4 4z" fill="#5f7a70"/>'
    "</svg>"
)


def main() -> None:
    """Publish the sample posts into a temporary folder and take each picture."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "config", folder / "config")
        (folder / "config/sources/feeds.yaml").unlink()
        subprocess.run(
            [sys.executable, "-m", "aggregator", "--config", folder / "config", "ingest"],
            check=True,
        )
        take(folder / "feeds/index.html")


def take(page_file: Path) -> None:
    """Open a published page at every size."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or "chromium",
            args=["--no-sandbox", "--disable-background-networking"],
        )
        for name, (width, height) in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            page.route(re.compile("^https?:"), draw)
            page.goto(page_file.as_uri())
            page.wait_for_load_state("networkidle")
            page.screenshot(path=IMAGES / name)
        browser.close()


def draw(route: Route) -> None:
    """Stand in for a picture from the web."""
    route.fulfill(content_type="image/svg+xml", body=PLACEHOLDER)


if __name__ == "__main__":
    main()
