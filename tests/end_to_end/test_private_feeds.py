"""Private feeds in the real service: read with the secret, and told of by nothing else."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser

from tests.support.feeds import Item, rss
from tests.support.folders import configured, published, write
from tests.support.newsroom import until
from tests.support.origin import Origin
from tests.support.running import RunningService, aggregator

TOKEN, OTHER, PASSWORD = "qpalzmwoeiruty0123", "a-token-of-tomorrow-99", "correct horse battery"
STORY = Item("A tender that only the desk waits for", "https://wire.example/1", body="tender")
PUBLIC = (
    "/", "/all/", "/all/rss.xml", "/all/atom.xml", "/all/feed.json", "/news/", "/news/rss.xml",
    "/feeds.opml", "/search?q=tender", "/sources", "/status", "/health/rss.xml", "/nothing",
    "/metrics", "/readyz", "/subscribe?feed=news",
)  # fmt: skip
NOTHING = (
    "/private/", "/private/unseen/", "/private/unseen/rss.xml", f"/private/unseen/{OTHER}/rss.xml",
    "/unseen/rss.xml", "/unseen/", "/sitemap.xml", f"/private/unseen/{TOKEN}/index.html",
    "/.private/", "/subscribe?feed=unseen", "/subscribe?feed=private/unseen",
    "/subscribe?feed=closed", f"/subscribe?feed=private/unseen/{TOKEN}",
)  # fmt: skip


def feeds(token: str) -> list[dict[str, Any]]:
    """Two private feeds with names that stand nowhere else."""
    return [
        {"id": "unseen", "title": "Unheard", "categories": ["news"], "private": {"token": token}},
        {
            "id": "closed",
            "title": "Unheard",
            "categories": ["news"],
            "private": {"user": "margot", "password": PASSWORD},
        },
    ]


def titles(body: bytes) -> list[str]:
    """What a reader shows."""
    return [str(entry.title) for entry in feedparser.parse(BytesIO(body)).entries]


def test_private_feeds_are_for_those_who_know_the_secret(tmp_path: Path) -> None:
    """By token and by password they are read; every public page and file is silent about them."""
    with Origin() as origin:
        origin.serve("/rss", rss([STORY]))
        source = {"id": "wire", "url": origin.url("/rss"), "category": "news"}
        folder = configured(tmp_path, [source], [{"id": "news"}], publish={"settle": "0s"})
        tree = {"categories": [{"id": "news"}]}
        write(folder / "config/categories.yaml", {**tree, "feeds": feeds(TOKEN)})
        with RunningService(folder) as service:
            by_token, closed = f"/private/unseen/{TOKEN}/rss.xml", "/private/closed/atom.xml"

            def known(path: str, **how: Any) -> list[str]:
                reply = service.get(path, **how)
                return titles(reply.content) if reply.status_code == 200 else []

            until(lambda: known(by_token) == [STORY.title], "the private feed", service, 60)
            auth = ("margot", PASSWORD)
            assert known(closed, auth=auth) == [STORY.title]
            asked = service.get(closed)
            assert (asked.status_code, "Basic" in asked.headers["www-authenticate"]) == (401, True)
            assert service.get(closed, auth=("margot", "wrong")).status_code == 401
            assert [service.get(path).status_code for path in NOTHING] == [404] * len(NOTHING)
            for path in PUBLIC:
                text = service.get(path, headers={"Accept": "text/html,*/*"}).text
                assert not [
                    word for word in ("unseen", "Unheard", "closed/", TOKEN) if word in text
                ], path
            write(folder / "config/categories.yaml", {**tree, "feeds": feeds(OTHER)})
            moved = f"/private/unseen/{OTHER}/rss.xml"
            until(lambda: known(moved) == [STORY.title], "the new address", service, 60)
            assert service.get(by_token).status_code == 404
    everything = {name: body for name, body in published(folder).items() if ".private" not in name}
    assert not [
        name for name, body in everything.items() if b"unseen" in body or b"Unheard" in body
    ]
    log = "".join(service.log)
    assert not [secret for secret in (TOKEN, OTHER, PASSWORD) if secret in log]
    assert "unseen" not in aggregator(folder, "export", "opml").stdout
