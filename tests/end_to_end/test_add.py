"""`aggregator add`: from an address to a source in a configuration that people wrote."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.folders import configured
from tests.support.origin import Origin, redirect
from tests.support.running import aggregator, environment
from tests.support.sites import serve_site

FEEDS = """# What we read.
defaults: {every: 15m}   # for all

sources:
  - id: first            # the first
    url: https://first.example/feed
    # rules: []

# end of the file
"""


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as origin:
        serve_site(origin)
        yield origin


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    configured(tmp_path, [], [{"id": "news", "title": "新闻"}])
    (tmp_path / "config/sources/all.yaml").unlink()
    (tmp_path / "config/sources/feeds.yaml").write_text(FEEDS, encoding="utf-8")
    return tmp_path


def written(folder: Path) -> str:
    return (folder / "config/sources/feeds.yaml").read_text(encoding="utf-8")


def answered(folder: Path, answer: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run `add` with something on its standard input."""
    command = [sys.executable, "-m", "aggregator", "--config", str(folder / "config"), "add"]
    return subprocess.run(
        [*command, *words], input=answer, capture_output=True, text=True, timeout=60, check=False,
        env=environment(),
    )  # fmt: skip


def test_first_of_two_feeds_is_taken_with_yes(folder: Path, origin: Origin) -> None:
    """Both feeds of the page are shown; the first is written, and every other byte stays."""
    done = aggregator(folder, "add", origin.url("/"), "--yes", "--category", "news", "--id", "wire")
    assert done.returncode == 0, done.stderr
    assert "1. 财经新闻: RSS, 3 entries, newest of 2026-05-04" in done.stderr
    assert "2. The second: JSON Feed, 1 entry, newest of 2026-05-06" in done.stderr
    assert "added wire" in done.stderr
    before, after = FEEDS.split("\n# end")
    lines = (
        "- id: wire",
        f"  url: {origin.url('/all.rss')}",
        "  title: 财经新闻",
        "  category: news",
    )
    new = "".join(f"  {line}\n" for line in lines)
    assert written(folder) == f"{before}{new}\n# end{after}"
    assert aggregator(folder, "check").returncode == 0


def test_person_chooses(folder: Path, origin: Origin) -> None:
    """Without `--yes` the number that is typed decides."""
    done = answered(folder, "2\n", origin.url("/"), "--id", "second")
    assert done.returncode == 0, done.stderr
    assert f"url: {origin.url('/feed/second.json')}\n    title: The second\n" in written(folder)


@pytest.mark.parametrize(
    ("answer", "told"), [("0\n", "nothing was added"), ("", "\nnobody answered; --yes takes")]
)
def test_nothing_is_chosen(folder: Path, origin: Origin, answer: str, told: str) -> None:
    """Who wants none, or says nothing, changes nothing."""
    done = answered(folder, answer, origin.url("/"))
    assert done.returncode == 2
    assert told in done.stderr
    assert written(folder) == FEEDS


def test_feed_itself_is_added(folder: Path, origin: Origin) -> None:
    """The address of a feed is that feed; nothing else is asked, and a name is made of the host."""
    done = aggregator(folder, "add", origin.url("/all.rss"), "--yes", "--json")
    assert done.returncode == 0, done.stderr
    added = json.loads(done.stdout)["added"]
    assert (added["id"], added["url"]) == ("127-0-0-1", origin.url("/all.rss"))
    assert [seen.path for seen in origin.requests] == ["/all.rss"]


def test_second_of_one_host_gets_an_id_of_its_own(folder: Path, origin: Origin) -> None:
    """An id that is taken is not suggested again."""
    aggregator(folder, "add", origin.url("/all.rss"), "--yes")
    done = aggregator(folder, "add", origin.url("/feed/second.json"), "--yes", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["added"]["id"].startswith("127-0-0-1-")


def test_address_that_leads_elsewhere_for_now_is_written_as_it_is(
    folder: Path, origin: Origin
) -> None:
    """A temporary redirect is followed, and the address that people know is the one written."""
    origin.behave("/feed", redirect("/all.rss", 302))
    assert aggregator(folder, "add", origin.url("/feed"), "--yes").returncode == 0
    assert f"url: {origin.url('/feed')}\n" in written(folder)


def test_usual_places_are_asked_when_the_page_names_none(folder: Path, origin: Origin) -> None:
    """Where a page names no feed, the usual places are asked until one answers."""
    feed = "<rss><channel><title>Blog</title><item><title>x</title></item></channel></rss>"
    origin.serve("/blog/rss.xml", feed)
    origin.serve("/blog/", "<html>no links</html>", content_type="text/html")
    done = aggregator(folder, "add", origin.url("/blog/"), "--yes", "--json")
    assert json.loads(done.stdout)["added"]["url"] == origin.url("/blog/rss.xml")
    asked = [seen.path for seen in origin.requests]
    assert asked == ["/blog/", "/blog/feed", "/blog/rss", "/blog/rss.xml"]


def test_no_usual_place_is_asked_when_the_page_names_a_feed(folder: Path, origin: Origin) -> None:
    """A page with links is believed; the site is not searched besides."""
    aggregator(folder, "add", origin.url("/"), "--yes")
    assert {seen.path for seen in origin.requests} == {"/", "/all.rss", "/feed/second.json"}


def test_nothing_found_is_a_failure(folder: Path, origin: Origin) -> None:
    """A page without a feed leaves with status 1 and the configuration as it was."""
    done = aggregator(folder, "add", origin.url("/nothing"), "--yes")
    assert done.returncode == 1
    assert "no feed was found" in done.stderr
    assert written(folder) == FEEDS


def test_broken_link_is_told(folder: Path, origin: Origin) -> None:
    """A feed that the page names and that is none is told with the reason."""
    link = '<html><link rel="alternate" type="application/rss+xml" href="/gone.xml"></html>'
    origin.serve("/", link, content_type="text/html")
    done = aggregator(folder, "add", origin.url("/"), "--yes")
    assert done.returncode == 1
    assert f"not a feed that can be read: {origin.url('/gone.xml')}: http_error" in done.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["https://FIRST.example/feed/"], "in the configuration already, as the source first"),
        (["http://127.0.0.1:9/x", "--category", "nws"], "did you mean 'news'?"),
        (["http://127.0.0.1:9/x", "--file", "../x.yaml"], "would not be read"),
        (["not an address"], "holds no spaces"),
        (["ftp://first.example/"], "begins with https://"),
    ],
)
def test_wrong_wish_is_refused_before_anybody_is_asked(
    folder: Path, words: list[str], told: str
) -> None:
    """A known address, an unknown category and a useless file are wrong commands."""
    done = aggregator(folder, "add", "--yes", *words)
    assert done.returncode == 2
    assert told in done.stderr
    assert written(folder) == FEEDS


def test_feed_that_is_there_already_is_refused(folder: Path, origin: Origin) -> None:
    """A page whose feed is a source already adds nothing, and says which source it is."""
    aggregator(folder, "add", origin.url("/all.rss"), "--yes")
    before = written(folder)
    done = aggregator(folder, "add", origin.url("/"), "--yes")
    assert done.returncode == 2
    assert "it is there already, as 127-0-0-1" in done.stderr
    assert written(folder) == before


@pytest.mark.parametrize("wrong", ["not a segment", "first", "FIRST"])
def test_wrong_configuration_is_never_written(folder: Path, origin: Origin, wrong: str) -> None:
    """An id that cannot be, or is taken, is told with its place, and the file stays."""
    done = aggregator(folder, "add", origin.url("/all.rss"), "--yes", "--id", wrong)
    assert done.returncode == 2
    assert "feeds.yaml:8:9: sources." in done.stderr
    assert written(folder) == FEEDS


def test_defaults_that_make_something_else_of_it_are_noticed(folder: Path, origin: Origin) -> None:
    """A file whose defaults turn a feed into another kind is not added to."""
    other = folder / "config/sources/maps.yaml"
    other.write_text("defaults: {kind: sitemap}\nsources: []\n")
    done = aggregator(folder, "add", origin.url("/all.rss"), "--yes", "--file", "sources/maps.yaml")
    assert done.returncode == 2
    assert "the defaults of" in done.stderr
    assert other.read_text() == "defaults: {kind: sitemap}\nsources: []\n"


def test_new_file_is_made(folder: Path, origin: Origin) -> None:
    """A file that is not there yet is made, in the folder that is read."""
    done = aggregator(folder, "add", origin.url("/all.rss"), "--yes", "--file", "new.yaml")
    assert done.returncode == 0, done.stderr
    assert (folder / "config/sources/new.yaml").read_text("utf-8").startswith("sources:\n  - id: ")


def test_folder_that_cannot_be_written_to_is_told(folder: Path, origin: Origin) -> None:
    """Without the right to write, it says where, with status 2."""
    if os.geteuid() == 0:
        pytest.skip("NOT TESTED: the superuser may write everywhere")
    (folder / "config/sources").chmod(0o500)
    done = aggregator(folder, "add", origin.url("/all.rss"), "--yes")
    (folder / "config/sources").chmod(0o700)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_one_plain_line_when_nobody_looks(folder: Path, origin: Origin) -> None:
    """Piped, the progress is one plain line; with `--quiet` there is none."""
    done = aggregator(folder, "add", origin.url("/all.rss"), "--yes")
    assert done.stderr.startswith(f"looking for feeds at {origin.url('/all.rss')}\n1. ")
    assert "\x1b" not in done.stderr
    done = aggregator(folder, "--quiet", "add", origin.url("/feed/second.json"), "--yes")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
