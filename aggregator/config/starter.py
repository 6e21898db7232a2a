"""Writes a first configuration: the sample of the project, which wheels carry along."""

from __future__ import annotations

from pathlib import Path

from aggregator.errors import AggregatorError, ConfigurationError, Fault

_IN_WHEEL = Path(__file__).with_name("starter_files")
_IN_PROJECT = Path(__file__).parents[2] / "config"


def starter_files() -> dict[str, bytes]:
    """The files of the starting configuration by their path in the folder."""
    folder = _IN_WHEEL if _IN_WHEEL.is_dir() else _IN_PROJECT
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def write_starter(folder: Path) -> list[Path]:
    """Write a commented configuration that works as it is; returns the files written.

    Raises:
        ConfigurationError: one of the files is there already; nothing was written.
        AggregatorError: the folder does not take them.
    """
    files = {folder / name: data for name, data in starter_files().items()}
    hint = "choose another folder, or move this file away"
    there = [path for path in files if path.exists()]
    if there:
        raise ConfigurationError(
            tuple(Fault(str(path), 0, 0, "", "this file exists already", hint) for path in there)
        )
    for path, data in files.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as error:
            raise AggregatorError(
                f"{path} cannot be written: {error.strerror}; choose another folder"
            ) from error
    return list(files)
