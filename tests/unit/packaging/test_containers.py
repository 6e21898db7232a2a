"""No container engine is needed: the files are read as an engine would read them."""

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[3]
DOCKERFILE = ROOT / "Dockerfile"
COMPOSE = ROOT / "docker-compose.yml"


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions in order, continuation lines joined, comments left out."""
    text = re.sub(r"^#.*\n", "", DOCKERFILE.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line.strip()]
    return [(word, rest) for word, rest in lines]


def values(word: str) -> list[str]:
    """What follows each instruction of a kind."""
    return [rest for name, rest in instructions() if name == word]


def compose() -> dict[str, Any]:
    """The compose file as YAML."""
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE.read_text())
    return loaded


def test_what_is_copied_exists_and_is_let_through() -> None:
    """Each COPY from the project names a file that is there and that .dockerignore admits."""
    ignore = (ROOT / ".dockerignore").read_text().splitlines()
    assert "*" in ignore
    for rest in values("COPY"):
        if not rest.startswith("--from="):
            for name in rest.split()[:-1]:
                assert (ROOT / name).exists(), name
                assert f"!{name}" in ignore


def test_packages_are_installed_by_hash_only() -> None:
    """Every pip install checks hashes, except that of the project itself, without dependencies."""
    installs = [shlex.split(rest) for rest in values("RUN") if "pip install" in rest]
    assert len(installs) == 2
    assert "--require-hashes" in installs[0]
    assert {"--no-deps", "--no-build-isolation", "."} <= set(installs[1])


def test_the_build_group_is_taken_out_again() -> None:
    """What only builds the wheel is removed before the environment is copied over."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    build = {re.split(r"[<>=]", each)[0] for each in pyproject["dependency-groups"]["build"]}
    removed = {word for rest in values("RUN") if "uninstall" in rest for word in rest.split()}
    assert build <= removed
    assert "pip" in removed


def test_the_image_is_small_and_runs_as_nobody_special() -> None:
    """The last stage starts from the slim image, installs nothing, and gives root up."""
    words = [word for word, _ in instructions()]
    last = instructions()[len(words) - words[::-1].index("FROM") - 1 :]
    assert not any("pip" in rest or "apt" in rest for word, rest in last if word == "RUN")
    assert ("USER", "aggregator") in last
    assert last[-2:] == [
        ("ENTRYPOINT", '["aggregator", "--config", "/srv/aggregator/config"]'),
        ("CMD", '["run"]'),
    ]
    assert all("slim" in value for value in values("ARG"))


def test_the_health_check_asks_for_readiness() -> None:
    """The check is Python that exists in the image, and asks `/readyz`."""
    (check,) = values("HEALTHCHECK")
    _, _, command = check.partition("CMD ")
    words = yaml.safe_load(command)
    assert words[:2] == ["python", "-c"]
    compile(words[2], "healthcheck", "exec")
    assert "/readyz" in words[2]


def test_by_default_only_the_service_runs() -> None:
    """PostgreSQL stands behind a profile; the service does not wait for it without it."""
    services = compose()["services"]
    assert [name for name, each in services.items() if "profiles" not in each] == ["aggregator"]
    assert services["postgres"]["profiles"] == ["postgres"]
    assert services["aggregator"]["depends_on"]["postgres"]["required"] is False


def test_the_service_can_write_only_its_two_volumes() -> None:
    """The root file system and the configuration are read-only; data and feeds are volumes."""
    service = compose()["services"]["aggregator"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    mounts = [volume.split(":") for volume in service["volumes"]]
    assert [mount[1:] for mount in mounts] == [
        ["/srv/aggregator/config", "ro"],
        ["/srv/aggregator/data"],
        ["/srv/aggregator/feeds"],
    ]
    assert {"data", "feeds"} <= set(compose()["volumes"])


def test_the_port_is_published_on_loopback_only() -> None:
    """Nobody outside reaches the service before its owner decides so."""
    assert compose()["services"]["aggregator"]["ports"] == ["127.0.0.1:8080:8080"]


def test_the_compose_file_is_valid_by_the_specification() -> None:
    """A full reader of the compose specification accepts the file."""
    reader = pytest.importorskip("compose_spec", reason="compose-spec is not installed")
    parsed = reader.PyCompose.from_yaml(COMPOSE.read_text())
    assert set(parsed.service_names()) == {"aggregator", "postgres"}


def test_the_sample_configuration_reads_what_compose_sets() -> None:
    """Each variable that the compose file hands in is one that the configuration asks for."""
    configuration = (ROOT / "config" / "aggregator.yaml").read_text()
    for name in compose()["services"]["aggregator"]["environment"]:
        assert f"${{{name}:-" in configuration
