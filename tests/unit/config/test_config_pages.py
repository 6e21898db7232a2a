"""The helpers around a configuration: paths, schema, reference page, starter, watch."""

import json
from pathlib import Path
from queue import Empty, Queue
from threading import Event, Thread

import pytest

from aggregator.config.load import load
from aggregator.config.paths import database_url, publish_folder, site_url
from aggregator.config.reference import reference
from aggregator.config.schema import schema
from aggregator.config.starter import starter_files, write_starter
from aggregator.config.watch import watch
from aggregator.errors import ConfigurationError
from aggregator.model.settings import Configuration, Publish, Server, Settings, Site
from aggregator.sources import kinds

PROJECT = Path(__file__).parents[3]


def with_settings(settings: Settings) -> Configuration:
    """A configuration that holds nothing but settings."""
    return Configuration(
        root="/srv/wire", folder="/srv/wire/config", settings=settings, categories=(), sources=()
    )


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("sqlite:///data/a.db", "sqlite:////srv/wire/data/a.db"),
        ("sqlite:////var/lib/a.db", "sqlite:////var/lib/a.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgresql+psycopg://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
        ("postgresql://u:p@h/n", "postgresql+psycopg://u:p@h/n"),
        ("postgres://u:p@h:1/n?a=b", "postgresql+psycopg://u:p@h:1/n?a=b"),
    ],
)
def test_a_database_file_starts_beside_the_configuration_folder(written: str, wanted: str) -> None:
    """Relative files become absolute; PostgreSQL gets the driver that we bring."""
    assert database_url(with_settings(Settings(database=written))) == wanted


def test_the_publish_folder_starts_there_too() -> None:
    """An absolute folder stays as it is."""
    assert publish_folder(with_settings(Settings())) == Path("/srv/wire/feeds")
    absolute = Settings(publish=Publish(folder="/var/www"))
    assert publish_folder(with_settings(absolute)) == Path("/var/www")


@pytest.mark.parametrize(
    ("url", "bind", "wanted"),
    [
        ("https://a.example", "1.2.3.4:80", "https://a.example/"),
        ("https://a.example/b//", "1.2.3.4:80", "https://a.example/b/"),
        ("", "127.0.0.1:8080", "http://127.0.0.1:8080/"),
        ("", "0.0.0.0:8080", "http://localhost:8080/"),
        ("", "[::]:8080", "http://localhost:8080/"),
        ("", "[::1]:8080", "http://[::1]:8080/"),
    ],
)
def test_the_public_address_ends_in_a_slash(url: str, bind: str, wanted: str) -> None:
    """Without one of its own, the site is where the service listens."""
    assert site_url(Settings(site=Site(url=url), server=Server(bind=bind))) == wanted


def test_the_schema_knows_every_file_and_kind() -> None:
    """Editors get one document with an entry for each file, and each kind with its own keys."""
    document = json.loads(json.dumps(schema()))
    names = [each["$ref"].rpartition("/")[2] for each in document["anyOf"]]
    assert names == ["Settings", "CategoriesFile", "SourcesFile"]
    assert set(names) <= set(document["$defs"])
    sources = document["$defs"]["SourcesFile"]["properties"]
    assert set(sources["sources"]["items"]["discriminator"]["mapping"]) == set(kinds())
    assert {"every", "url", "path", "items"} <= set(sources["defaults"]["properties"])
    assert document["$defs"]["Fetch"]["properties"]["every"]["default"] == "30m"


def test_the_reference_page_is_up_to_date() -> None:
    """Whoever changes a key or its description makes the page anew."""
    page = (PROJECT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert page == reference(), "run: python -m aggregator.config.reference > docs/configuration.md"


def test_a_starter_can_be_loaded(tmp_path: Path) -> None:
    """What `init` writes is a configuration without a fault, posts included."""
    written = write_starter(tmp_path / "new")
    assert sorted(path.relative_to(tmp_path / "new").as_posix() for path in written) == sorted(
        starter_files()
    )
    assert load(tmp_path / "new", {}).sources


def test_a_starter_overwrites_nothing(tmp_path: Path) -> None:
    """One file that is there already keeps everything from being written."""
    (tmp_path / "categories.yaml").write_text("mine")
    with pytest.raises(ConfigurationError, match=r"categories\.yaml: this file exists already"):
        write_starter(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["categories.yaml"]


def test_a_change_is_noticed_and_the_watch_ends(tmp_path: Path) -> None:
    """A replaced file wakes the watcher; its stop event ends it."""
    (tmp_path / "sources").mkdir()
    stop, changes = Event(), Queue[None]()

    def listen() -> None:
        for change in watch(tmp_path, stop, settle_ms=10):
            changes.put(change)

    thread = Thread(target=listen)
    thread.start()
    try:
        _change_until_noticed(tmp_path, changes)
    finally:
        stop.set()
        thread.join(timeout=10)
    assert not thread.is_alive()


def _change_until_noticed(folder: Path, changes: Queue[None]) -> None:
    """Replace a file again and again: the watcher may still be starting."""
    for number in range(100):
        (folder / "new").write_text(str(number))
        (folder / "new").replace(folder / "sources" / "a.yaml")
        try:
            return changes.get(timeout=0.2)
        except Empty:
            continue
    pytest.fail("no change was noticed")
