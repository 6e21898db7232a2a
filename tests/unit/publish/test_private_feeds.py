"""Private feeds: where their files lie, what they say, and what never speaks of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import feedparser
import pytest

from aggregator.publish.publisher import Publisher
from tests.support.publishing import SITE, ShelfStore, configuration, stored

TOKEN = "abcdefgh-0123456"
BY_TOKEN = {"id": "desk", "title": "For the desk", "private": {"token": TOKEN}}
BY_PASSWORD = {"id": "desk", "private": {"user": "marguerite", "password": "correct horse"}}


def hidden(root: Path) -> dict[str, Path]:
    """The files of private feeds, by name."""
    files = (root / "feeds/.private").rglob("*.*")
    return {path.name: path for path in files if path.is_file() and path.name[0] != "."}


def publish(root: Path, store: ShelfStore, *feeds: Any) -> None:
    """Publish everything, without a failure."""
    wanted = configuration(root, {"hubs": ["https://hub.example/"]}, *feeds)
    assert not Publisher(store, wanted).publish_all().failed


@pytest.mark.parametrize("feed", [BY_TOKEN, BY_PASSWORD])
def test_nothing_public_speaks_of_a_private_feed(tmp_path: Path, feed: Any) -> None:
    """No file outside the hidden folder names the feed; it has no page."""
    publish(tmp_path, ShelfStore(stored(1)), feed)
    assert sorted(hidden(tmp_path)) == ["atom.xml", "feed.json", "rss.xml"]
    for path in (tmp_path / "feeds").rglob("*"):
        if path.is_file() and ".private" not in path.parts:
            assert b"desk" not in path.read_bytes()
            assert "desk" not in str(path.relative_to(tmp_path))


def test_a_private_feed_says_where_it_is_read(tmp_path: Path) -> None:
    """Its self link is the address with the token; no hub is told, and no id holds the secret."""
    publish(tmp_path, ShelfStore(stored(1)), BY_TOKEN)
    parsed = feedparser.parse(hidden(tmp_path)["atom.xml"].read_bytes())
    links = {link.rel: link.href for link in parsed.feed.links}
    assert links["self"] == f"{SITE}private/desk/{TOKEN}/atom.xml"
    assert "hub" not in links
    assert parsed.feed.id == "tag:news.example.org,2026:feeds/private/desk"
    assert [entry.title for entry in parsed.entries] == ["Article 1"]
    assert b'href="../../../static/feed' in hidden(tmp_path)["atom.xml"].read_bytes()


def test_with_a_password_the_address_holds_no_secret(tmp_path: Path) -> None:
    """A feed behind basic auth does not tell user or password."""
    publish(tmp_path, ShelfStore(stored(1)), BY_PASSWORD)
    for path in hidden(tmp_path).values():
        assert b"horse" not in path.read_bytes()
        assert b"marguerite" not in path.read_bytes()
    assert f"{SITE}private/desk/rss.xml".encode() in hidden(tmp_path)["rss.xml"].read_bytes()


def test_file_names_do_not_tell_the_secret(tmp_path: Path) -> None:
    """The folder's name follows from the secret, and not the other way round."""
    publish(tmp_path, ShelfStore(), BY_TOKEN)
    (folder,) = {path.parent.name for path in hidden(tmp_path).values()}
    assert folder.startswith("desk-")
    assert TOKEN not in folder
    assert len(folder) == len("desk-") + 32


def test_another_secret_leaves_nothing_at_the_old_place(tmp_path: Path) -> None:
    """The files move with the secret, and go with the feed."""
    store = ShelfStore(stored(1))
    publish(tmp_path, store, BY_TOKEN)
    before = hidden(tmp_path)["rss.xml"].parent
    publish(tmp_path, store, {**BY_TOKEN, "private": {"token": TOKEN[::-1]}})
    assert not before.exists()
    assert len(hidden(tmp_path)) == 3
    publish(tmp_path, store)
    assert hidden(tmp_path) == {}


def test_a_private_feed_follows_its_articles(tmp_path: Path) -> None:
    """It is written again when a category that it chooses from changed, or a file is missing."""
    store = ShelfStore(stored(1))
    publisher = Publisher(store, configuration(tmp_path, {}, BY_TOKEN))
    publisher.publish_changed()
    name = hidden(tmp_path)["rss.xml"].relative_to(tmp_path / "feeds").as_posix()
    assert publisher.publish_changed().written == ()
    store.put(stored(2))
    assert name in publisher.publish_changed().written
    hidden(tmp_path)["rss.xml"].unlink()
    assert publisher.publish_changed().written == (name,)


def test_secrets_do_not_show_in_the_configuration(tmp_path: Path) -> None:
    """Printing a configuration shows no secret."""
    for feed, secret in ((BY_TOKEN, TOKEN), (BY_PASSWORD, "correct horse")):
        assert secret not in repr(configuration(tmp_path, {}, feed))
        assert secret not in str(configuration(tmp_path, {}, feed).model_dump(mode="json"))
