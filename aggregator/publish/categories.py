"""Every published category: what the configuration names, and what articles brought along.

More feeds beside the tree are among them: like `all`, they are a category of nobody.

Inheriting is `config.tree`'s business. Does not know which categories have articles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from aggregator.config.tree import Category, all_categories, all_feeds, is_private
from aggregator.model.articles import CategoryTitle
from aggregator.model.settings import Configuration, Settings

ALL = "all"
"""The path of the feed of everything; no category may have it."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every category by its path, `all` and other feeds first, parents before their children.

    `below` are the paths right under each path, in the same order; those at the top are under "".
    """

    categories: Mapping[str, Category]
    below: Mapping[str, Sequence[str]]

    def __contains__(self, path: str) -> bool:
        return path in self.categories

    def __getitem__(self, path: str) -> Category:
        return self.categories[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self.categories)

    @property
    def more(self) -> Mapping[str, Category]:
        """The feeds that stand beside the tree by path, in the order of the configuration."""
        return {path: each for path, each in self.categories.items() if each.choice}

    def parents(self, path: str) -> list[Category]:
        """The categories above one, outermost first."""
        return [self.categories[each] for each in _levels(path)[:-1]]

    def children(self, path: str) -> list[Category]:
        """The categories right under one; the parent of the top is ""."""
        return [self.categories[each] for each in self.below.get(path, ())]


def catalogue(configuration: Configuration, added: Sequence[CategoryTitle]) -> Catalogue:
    """Every category: first those of the configuration in its order, then the added ones by path.

    An added category is like the one above it, and a level that nobody gave a title has its id.
    """
    settings = configuration.settings
    top = _everything(settings)
    feeds = {each.path: each for each in all_feeds(configuration) if not is_private(each)}
    tree = {each.path: each for each in all_categories(configuration)}
    categories = {ALL: top, **feeds, **tree}
    titles = {each.path: each.title for each in added}
    for path in sorted(titles):
        parent = replace(top, titles=())
        for level in _levels(path):
            title = titles.get(level) or level.rpartition("/")[2]
            new = replace(parent, path=level, titles=(*parent.titles, title), description="")
            parent = categories.setdefault(level, new)
    below: dict[str, list[str]] = {}
    for path in categories:
        if path != ALL and path not in feeds:
            below.setdefault(path.rpartition("/")[0], []).append(path)
    return Catalogue(categories, below)


def _everything(settings: Settings) -> Category:
    publish = settings.publish
    return Category(
        path=ALL,
        titles=(settings.site.title,),
        description="",
        language=settings.site.language,
        formats=publish.formats,
        articles=publish.articles,
        per_source=publish.per_source,
    )


def _levels(path: str) -> list[str]:
    """The path and those above it, outermost first: a/b gives a, a/b."""
    segments = path.split("/")
    return ["/".join(segments[:count]) for count in range(1, len(segments) + 1)]
