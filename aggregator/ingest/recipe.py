"""All that the configuration says about reading one source, made once and handed to workers.

A recipe is plain data that can be pickled: a worker process gets it with every document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from aggregator.clean import Cleaning
from aggregator.config.tree import CategoryTree, all_categories
from aggregator.fetch.due import DuePlan
from aggregator.model.settings import FROM_POST, Configuration, Settings, SourceSpec
from aggregator.rules import RuleBook
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
    rules: RuleBook
    tree: CategoryTree
    folder: str
    plan: DuePlan
    fingerprint: str


def recipes(configuration: Configuration) -> Mapping[str, Recipe]:
    """The recipe of every source, by its id."""
    tree = CategoryTree.of(configuration.categories, configuration.feeds)
    rules = RuleBook(
        categories={each.path: each.rules for each in all_categories(configuration) if each.rules},
        everywhere=configuration.settings.rules,
    )
    return _Recipes(configuration, tree, rules)


class _Recipes(Mapping[str, Recipe]):
    """Makes each recipe when it is asked for: of thousands of sources few are read at a time."""

    def __init__(self, configuration: Configuration, tree: CategoryTree, rules: RuleBook) -> None:
        self._specs = {spec.id: spec for spec in configuration.sources}
        self._configuration = configuration
        self._tree = tree
        self._rules = rules

    def __getitem__(self, source_id: str) -> Recipe:
        return _recipe(self._specs[source_id], self._configuration, self._tree, self._rules)

    def __contains__(self, source_id: object) -> bool:
        return source_id in self._specs

    def __iter__(self) -> Iterator[str]:
        return iter(self._specs)

    def __len__(self) -> int:
        return len(self._specs)


def plan_of(spec: SourceSpec, settings: Settings) -> DuePlan:
    """How often a source is read."""
    fetch = settings.fetch
    every = fetch.every if spec.every is None else spec.every
    return DuePlan(every, fetch.every_at_least, fetch.every_at_most, fixed=spec.every is not None)


def _recipe(
    spec: SourceSpec, configuration: Configuration, tree: CategoryTree, rules: RuleBook
) -> Recipe:
    settings = configuration.settings
    rules = replace(rules, source=spec.rules)
    cleaning = Cleaning(
        source_id=spec.id,
        clean=settings.clean,
        remove=spec.remove,
        timezone=spec.timezone or settings.site.timezone,
        language=spec.language,
    )
    own_tree = tree if FROM_POST in spec.category else CategoryTree()
    made_from = (
        cleaning.fingerprint,
        repr((rules, spec.title, spec.site_link, spec.category, spec.full_text)),
        repr(own_tree),
    )
    return Recipe(
        spec=spec,
        cleaning=cleaning,
        rules=rules,
        tree=own_tree,
        folder=configuration.folder,
        plan=plan_of(spec, settings),
        fingerprint=fingerprint(*made_from),
    )
