import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]


def name(requirement: str) -> str:
    """The package of a requirement."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return found[0].lower()


def test_every_dependency_has_its_reason_and_none_is_left_over() -> None:
    """The page of dependencies and pyproject.toml name the same packages, each with a reason."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"]]
    wanted += [
        each for extra in project["project"]["optional-dependencies"].values() for each in extra
    ]
    groups = project["dependency-groups"].values()
    wanted += [each for group in groups for each in group if isinstance(each, str)]
    page = (ROOT / "docs" / "dependencies.md").read_text()
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    told = [row for row in rows if row[0] != "package"]
    assert sorted(row[0] for row in told) == sorted({name(each) for each in wanted})
    assert all(len(row[-1].split()) >= 2 for row in told)
