"""The output formats: one module, one format or a pair of twins. `formats()` finds them all.

A new format is one new module here that holds `FORMATS`, a tuple of objects as `contracts.Format`
describes. Nothing else has to be touched: the configuration, publishing and the web ask this list.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aggregator.contracts import FolderFormat, Format


@cache
def formats() -> Mapping[str, Format]:
    """Every format of a category's feed by the word that stands in `formats:`."""
    return {each.name: each for each in _listed("FORMATS")}


@cache
def folder_formats() -> Mapping[str, FolderFormat]:
    """Every format that is a file for each article, by the same word; in `FOLDER_FORMATS`."""
    return {each.name: each for each in _listed("FOLDER_FORMATS")}


def _listed(table: str) -> list[Any]:
    names = sorted(module.name for module in iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    return [each for module in modules for each in getattr(module, table, ())]
