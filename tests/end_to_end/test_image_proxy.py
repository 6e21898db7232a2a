"""Our own image proxy in the real service: from a feed that is read to a picture that is shown."""

from __future__ import annotations

import re
import stat
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser

from tests.support.feeds import Item, rss
from tests.support.folders import configured, published
from tests.support.newsroom import until
from tests.support.origin import Canary, Origin
from tests.support.pictures import PNG
from tests.support.running import RunningService

SITE = "https://news.example.org"
IMAGE = re.compile(rf'{SITE}(/image/[\w-]+/[\w-]+)"')


def entries(service: RunningService) -> dict[str, Any]:
    """What a reader has, by title."""
    feed = feedparser.parse(BytesIO(service.get("/news/rss.xml").content))
    return {str(entry.title): entry for entry in feed.entries}


def test_pictures_come_by_way_of_us(tmp_path: Path) -> None:
    """Feeds and pages name our addresses when that is wanted; these outlive kill and origin."""
    with Origin() as origin, Canary() as canary:
        picture = origin.serve("/p.png", PNG, content_type="image/png")
        home = Item("A story with a picture of its own", origin.url("/1"))
        inside = f"http://127.0.0.1:{canary.port}/secret.png"
        away = Item("Another story by a stranger who looks around", "https://stranger.example/2")
        items = [
            Item(home.title, home.link, body=f'<p>Text.</p><img src="{picture}"><p>More.</p>'),
            Item(away.title, away.link, body=f'<p>Text.</p><img src="{inside}"><p>More.</p>'),
        ]
        origin.serve("/rss", rss(items))

        def configure(images: str) -> Path:
            source = {"id": "wire", "url": origin.url("/rss"), "category": "news"}
            settings: dict[str, Any] = {"publish": {"settle": "0s"}, "fetch": {"pause": "0s"}}
            tree = [{"id": "news"}]
            return configured(tmp_path, [source], tree, clean={"images": images}, **settings)

        folder = configure("keep")
        with RunningService(folder) as service:
            until(lambda: len(entries(service)) == 2, "both stories", service, 60)
            assert picture in service.get("/news/rss.xml").text
            configure("proxy")
            until(lambda: "/image/" in service.get("/news/rss.xml").text, "proxy", service, 60)
            bodies = {title: entry.content[0].value for title, entry in entries(service).items()}
            (path,) = IMAGE.findall(bodies[home.title])
            (stranger,) = IMAGE.findall(bodies[away.title])
            until(lambda: picture not in service.get("/news/").text, "page", service, 60)
            assert path in service.get("/news/").text + service.get("/news/feed.json").text
            reply = service.get(path)
            assert (reply.status_code, reply.content) == (200, PNG)
            assert reply.headers["content-type"] == "image/png"
            assert service.get(stranger).status_code == 502
            assert service.get(path.replace("/image/", "/image/x")).status_code == 404
            service.kill()
        assert canary.knocks == 0
        assert len(origin.asked("/p.png")) == 1
    key = tmp_path / "data/image.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert not any(key.read_bytes().strip() in body for body in published(folder).values())
    with RunningService(folder, "serve") as service:
        assert service.get(path).content == PNG
        assert service.get(stranger).status_code == 502
    assert len(list((tmp_path / "data/images").iterdir())) == 1
