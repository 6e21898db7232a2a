"""The source kinds: one module, one kind. `kinds()` finds them all.

A new kind is one new module here that holds `KIND`, an object as `contracts.SourceKind` describes.
Nothing else has to be touched: the configuration, its schema and the documentation ask this list.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aggregator.contracts import SourceKind


@cache
def kinds() -> Mapping[str, SourceKind]:
    """Every source kind by the word that stands after `kind:` in the configuration."""
    names = sorted(module.name for module in iter_modules(__path__))
    modules = [import_module(f"{__name__}.{name}") for name in names]
    found = [module.KIND for module in modules if hasattr(module, "KIND")]
    return {kind.name: kind for kind in found}
