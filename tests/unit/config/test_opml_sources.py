from pathlib import Path

import pytest

from aggregator.config.load import load
from aggregator.config.opml import source_id
from aggregator.config.tree import all_categories
from aggregator.errors import ConfigurationError, Fault
from tests.support.shared import shared

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Mine</title></head><body>
  <outline text="Loose" type="rss" xmlUrl="https://loose.example/feed"/>
  <outline text="科技">
    <outline text="Python &amp; friends">
      <outline title="Planet" xmlurl=" https://www.planet.example/atom " htmlUrl="https://planet.example/"/>
    </outline>
    <outline text="Shared" xmlUrl="https://shared.example/feed"/>
  </outline>
  <outline text="ALL"><outline text="Shared again" xmlUrl="https://shared.example/feed"/></outline>
</body></opml>
"""


def write(folder: Path, opml: str, categories: str = "categories: []") -> Path:
    """A configuration of one OPML file."""
    (folder / "sources").mkdir()
    (folder / "sources" / "mine.opml").write_text(opml, encoding="utf-8")
    (folder / "categories.yaml").write_text(categories, encoding="utf-8")
    return folder


def test_outlines_become_sources_and_categories(tmp_path: Path) -> None:
    """Folders are found in the tree by title, others are added; a feed listed twice is one."""
    tree = "categories: [{id: tech, title: 科技}]"
    configuration = load(write(tmp_path, OPML, tree), {})
    assert [(each.title, each.category) for each in configuration.sources] == [
        ("Loose", ()),
        ("Planet", ("tech/python-friends",)),
        ("Shared", ("tech", configuration.categories[1].id)),
    ]
    assert configuration.sources[1].site_link == "https://planet.example/"
    assert [each.titles for each in all_categories(configuration)] == [
        ("科技",),
        ("科技", "Python & friends"),
        ("ALL",),
    ]


def test_ids_depend_on_the_address_alone(tmp_path: Path) -> None:
    """Renaming a feed or moving it in the file makes no new source of it."""
    sources = load(write(tmp_path, OPML), {}).sources
    assert sources[1].id == source_id("https://www.planet.example/atom")
    assert sources[1].id.startswith("planet-example-")


@pytest.mark.parametrize(
    ("opml", "told"),
    [
        ("", "1:1: this is not XML"),
        ("<opml>\n<body>", "2:7: this is not XML: "),
        ("<html/>", "1:1: this is not OPML: its root is <html>"),
        (
            "<opml><body>\n<outline text='a' xmlUrl='ftp://x/'/></body></opml>",
            "2:1: outline.a.url: write a whole address",
        ),
    ],
)
def test_what_is_wrong_in_a_list_is_told_with_its_line(
    tmp_path: Path, opml: str, told: str
) -> None:
    """A broken list, and a feed with an address that is none, are faults of the configuration."""
    with pytest.raises(ConfigurationError) as caught:
        load(write(tmp_path, opml), {})
    assert f"mine.opml:{told}" in str(caught.value)


def test_no_entity_is_expanded(tmp_path: Path) -> None:
    """A list cannot read other files or grow in memory."""
    bomb = (
        '<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b SYSTEM "file:///etc/hostname">]>'
        "<opml><body><outline text='&a;' xmlUrl='https://x.example/'>&b;</outline></body></opml>"
    )
    sources = load(write(tmp_path, bomb), {}).sources
    assert len(sources) == 1


def test_lists_of_other_programs_are_taken(tmp_path: Path) -> None:
    """Every list of the corpus is read, or told with its line."""
    lists = [path for path in shared("corpus/opml").rglob("*") if path.is_file()]
    assert lists
    for number, path in enumerate(lists):
        folder = tmp_path / str(number)
        folder.mkdir()
        write(folder, "")
        (folder / "sources" / "mine.opml").write_bytes(path.read_bytes())
        lines = [fault.line for fault in faults_of(folder)]
        assert all(lines), path


def faults_of(folder: Path) -> tuple[Fault, ...]:
    """What is wrong with a folder."""
    try:
        load(folder, {})
    except ConfigurationError as error:
        return error.faults
    return ()
