"""Full text by the running service, killed while it waits for the page of an article."""

from __future__ import annotations

import threading
from io import BytesIO
from pathlib import Path

import feedparser

from tests.support.folders import configured
from tests.support.origin import Origin, Seen, Wire, hang
from tests.support.running import RunningService, aggregator

TEXT = "The whole text of the article, which says much more than its introduction did. " * 3
PAGE = f"<html><body><nav>menu</nav><article><p>{TEXT}</p></article></body></html>"


def test_kill_between_page_and_store_loses_nothing(tmp_path: Path) -> None:
    """A service that dies while it reads pages has stored nothing yet; the next one has it all."""
    with Origin() as origin:
        link = origin.url("/1")
        feed = (
            '<rss version="2.0"><channel><title>W</title><item><title>A title that is long</title>'
            f"<link>{link}</link><description>Intro.</description></item></channel></rss>"
        )
        origin.serve("/rss", feed, etag='"1"')
        is_asked = threading.Event()

        def never_answer(wire: Wire, seen: Seen) -> None:
            is_asked.set()
            hang(wire, seen)

        origin.behave("/1", never_answer)
        source = {"id": "wire", "url": origin.url("/rss"), "full_text": {"select": "article"}}
        folder = configured(tmp_path, [{**source, "category": "news"}], [{"id": "news"}])
        with RunningService(folder) as service:
            assert is_asked.wait(60)
            service.kill()
        origin.serve("/1", PAGE, content_type="text/html")
        done = aggregator(folder, "ingest")
        assert done.returncode == 0, done.stderr
    (entry,) = feedparser.parse(BytesIO((folder / "feeds/news/rss.xml").read_bytes())).entries
    assert TEXT.strip() in entry.content[0].value
