"""All that the configuration says about reading one source, made once and handed to workers.

A recipe is plain data that can be pickled: a worker process gets it with every document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from aggregator.clean import Cleaning
from aggregator.ingest.categories import CategoryTree
from aggregator.model.settings import FROM_POST, Configuration, RuleSpec, SourceSpec
from aggregator.text.hashing import fingerprint


@dataclass(frozen=True)
class Recipe:
    """How one source is read.

    `folder` is the configuration folder, absolute. `tree` is empty for sources whose entries do
    not bring their own categories. `fingerprint` changes when entries that are known already have
    to be made anew, because they would come out differently.
    """

    spec: SourceSpec
    cleaning: Cleaning
    rules: tuple[RuleSpec, ...]
    tree: CategoryTree
    folder: str
    plan: DuePlan
    fingerprint: str


def recipes(configuration: Configuration) -> Mapping[str, Recipe]:
    """The recipe of every source, by its id."""
    tree = CategoryTree.of(configuration.categories)
    return {spec.id: _recipe(spec, configuration, tree) for spec in configuration.sources}
