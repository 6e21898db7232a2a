"""Changes of the configuration: all or nothing, and never to something wrong."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from aggregator.config.drafts import Drafts, categories_path, drafting, sources_path
from aggregator.config.load import load
from aggregator.errors import AggregatorError, ConfigurationError

CATEGORIES = "# the tree\ncategories:\n  - id: a   # first\n"
SOURCES = "# mine\nsources:\n  - id: one\n    url: https://one.example/\n"
NEW = {"id": "two", "url": "https://two.example/", "category": "b"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources").mkdir()
    (tmp_path / "categories.yaml").write_text(CATEGORIES)
    (tmp_path / "sources/mine.yaml").write_text(SOURCES)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def draft(drafts: Drafts) -> None:
    drafts.add(categories_path(drafts.folder), ("categories",), [{"id": "b", "title": "B"}])
    drafts.add(sources_path(drafts.folder, "mine.yaml"), ("sources",), [NEW])


def test_publishes_all_files_and_nothing_else(folder: Path) -> None:
    """Both files have what was added, comments stay, and nothing is left beside them."""
    with drafting(folder, {}) as drafts:
        draft(drafts)
        assert contents(folder)["mine.yaml"] == SOURCES.encode()
        drafts.publish()
    two = "  - id: two\n    url: https://two.example/\n    category: b\n"
    assert contents(folder) == {
        "categories.yaml": f"{CATEGORIES}  - id: b\n    title: B\n".encode(),
        "mine.yaml": f"{SOURCES}{two}".encode(),
    }


def test_wrong_configuration_is_not_written(folder: Path) -> None:
    """A draft that would make the configuration wrong says where, and every file stays."""
    before = contents(folder)
    with drafting(folder, {}) as drafts:
        drafts.add(sources_path(folder, "new.yaml"), ("sources",), [NEW], "# new\n")
        with pytest.raises(ConfigurationError, match=r"new\.yaml:5:15: .* the category `b`"):
            drafts.publish()
    assert contents(folder) == before


def test_file_changed_meanwhile_is_not_overwritten(folder: Path) -> None:
    """What an editor saved between reading and writing is not lost."""
    with drafting(folder, {}) as drafts:
        draft(drafts)
        (folder / "sources/mine.yaml").write_text("sources: []\n")
        with pytest.raises(AggregatorError, match="changed meanwhile"):
            drafts.publish()
    assert contents(folder)["mine.yaml"] == b"sources: []\n"
    assert contents(folder)["categories.yaml"] == CATEGORIES.encode()


def test_links_and_modes_of_files_stay(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A file that is a link elsewhere stays one, and who may read it does not change."""
    real = tmp_path_factory.mktemp("elsewhere") / "real.yaml"
    (folder / "sources/mine.yaml").rename(real)
    real.chmod(0o640)
    (folder / "sources/mine.yaml").symlink_to(real)
    with drafting(folder, {}) as drafts:
        draft(drafts)
        drafts.publish()
    assert (folder / "sources/mine.yaml").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert "two.example" in real.read_text()


def test_variables_in_foreign_texts_mean_themselves(folder: Path) -> None:
    """A title with `${HOME}` in it is that title, and never the environment's value."""
    with drafting(folder, {}) as drafts:
        item = {"id": "two", "url": "https://two.example/", "title": "a ${HOME} b"}
        drafts.add(sources_path(folder, "mine.yaml"), ("sources",), [item])
        drafts.publish()
    assert load(folder, {"HOME": "secret"}).sources[1].title == "a ${HOME} b"


def test_one_command_at_a_time(folder: Path) -> None:
    """A second command waits until the first is done, and sees what it wrote."""
    seen: list[str] = []

    def second() -> None:
        with drafting(folder, {}) as drafts:
            seen.append(drafts.text(categories_path(folder)))

    with drafting(folder, {}) as drafts:
        draft(drafts)
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.05)
        assert not seen
        drafts.publish()
    thread.join(10)
    assert "id: b" in seen[0]


KILLED = """
import os, sys
from pathlib import Path
from aggregator.config.drafts import categories_path, drafting, sources_path
folder, after = Path(sys.argv[1]), int(sys.argv[2])
steps = 0
def counted(step):
    def call(*args, **kwargs):
        global steps
        steps += 1
        if steps == after:
            os._exit(9)
        return step(*args, **kwargs)
    return call
os.fsync, os.replace, os.fchmod = map(counted, (os.fsync, os.replace, os.fchmod))
with drafting(folder, {}) as drafts:
    drafts.add(categories_path(folder), ("categories",), [{"id": "b", "title": "B"}])
    drafts.add(sources_path(folder, "mine.yaml"), ("sources",),
               [{"id": "two", "url": "https://two.example/", "category": "b"}])
    drafts.publish()
"""


@pytest.mark.parametrize("after", range(1, 9))
def test_killed_at_any_step_the_configuration_is_right(folder: Path, after: int) -> None:
    """Killed between any two steps, it is the old configuration, the new one, or one between."""
    command = [sys.executable, "-c", KILLED, str(folder), str(after)]
    done = subprocess.run(command, check=False, timeout=60, cwd=Path(__file__).parents[3])
    assert done.returncode == 9
    configuration = load(folder, {})
    ids = [spec.id for spec in configuration.sources]
    categories = [category.id for category in configuration.categories]
    assert (ids, categories) in [
        (["one"], ["a"]),
        (["one"], ["a", "b"]),
        (["one", "two"], ["a", "b"]),
    ]
    with drafting(folder, {}) as drafts:
        drafts.add(categories_path(folder), ("categories",), [{"id": "c", "title": "C"}])
        drafts.publish()
    assert load(folder, {}).categories[-1].id == "c"
    assert not (folder / ".categories.yaml.new").exists()


@pytest.mark.parametrize("name", ["x.txt", "../x.yaml", "sources/a/x.yaml", ".x.yaml", "/x.yaml"])
def test_file_that_nobody_would_read_is_refused(folder: Path, name: str) -> None:
    """Sources are only written where the configuration is read from."""
    with pytest.raises(AggregatorError, match="would not be read"):
        sources_path(folder, name)
