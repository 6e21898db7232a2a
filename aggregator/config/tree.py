"""The category tree as data: paths, inherited values, and finding a category by its titles.

Does not judge ids (see `categories`), and does not read files.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from aggregator.model.articles import CategoryTitle
from aggregator.model.categories import CategoryDedupe, CategorySpec
from aggregator.model.feeds import FeedSpec
from aggregator.model.rules import RuleSpec
from aggregator.model.settings import Configuration, Dedupe
from aggregator.text.hashing import fingerprint
from aggregator.text.slugs import slug

DEEPEST = 8
"""Most levels of categories."""
ARCHIVE = "archive"
"""An id that cannot stand anywhere in the tree: the archive of each feed has this name."""
RESERVED = frozenset(
    {
        "all", "archive", "articles", "health", "healthz", "image", "metrics", "private", "readyz",
        "search", "sources", "static", "status", "subscribe", "websub",
    }
)  # fmt: skip
"""Ids that cannot stand at the top of the tree: our own pages have these addresses."""


@dataclass(frozen=True, slots=True)
class Category:
    """A category with everything that it inherits; `titles` are those from the top down to it.

    `choice` says which articles it has, where it is one more feed and no part of the tree.
    """

    path: str
    titles: tuple[str, ...]
    description: str
    language: str
    formats: tuple[str, ...]
    articles: int
    per_source: int
    dedupe: Dedupe = field(default_factory=Dedupe)
    rules: tuple[RuleSpec, ...] = ()
    choice: FeedSpec | None = None

    @property
    def title(self) -> str:
        """The name shown to people."""
        return self.titles[-1]


def all_categories(configuration: Configuration) -> tuple[Category, ...]:
    """Every category of the tree, parents before children, in the order of the file.

    `language`, `formats`, `articles`, `per_source` and each key of `dedupe` are inherited from the
    parent where the file does not state them, and in the end from the settings; `description` and
    `rules` are not.
    """
    settings = configuration.settings
    top = Category(
        "",
        (),
        "",
        settings.site.language,
        settings.publish.formats,
        settings.publish.articles,
        settings.publish.per_source,
        settings.dedupe,
    )
    return tuple(_below(top, configuration.categories))


def all_feeds(configuration: Configuration) -> tuple[Category, ...]:
    """Every feed beside the tree, in the order of the file, with what it takes from the settings.

    Its rules are no rules of a category: they choose what it shows, and change nothing elsewhere.
    """
    settings = configuration.settings
    publish = settings.publish
    return tuple(
        Category(
            path=spec.id,
            titles=(spec.title or spec.id,),
            description=spec.description,
            language=spec.language or settings.site.language,
            formats=publish.formats if spec.formats is None else spec.formats,
            articles=publish.articles if spec.articles is None else spec.articles,
            per_source=publish.per_source if spec.per_source is None else spec.per_source,
            choice=spec,
        )
        for spec in configuration.feeds
    )


def is_private(category: Category) -> bool:
    """Whether it is a feed that only some may read."""
    return category.choice is not None and category.choice.private is not None


def language_at(configuration: Configuration, path: str) -> str:
    """The language of the innermost category that a path leads through; else that of the site."""
    language, level = configuration.settings.site.language, configuration.categories
    for segment in path.strip("/").split("/"):
        spec = next((each for each in level if each.id == segment), None)
        if spec is None:
            break
        language, level = spec.language or language, spec.categories
    return language


def _below(parent: Category, specs: Sequence[CategorySpec]) -> Iterator[Category]:
    """The categories under a parent, with what they take over from it."""
    for spec in specs:
        category = Category(
            path=join(parent.path, spec.id),
            titles=(*parent.titles, spec.title or spec.id),
            description=spec.description,
            language=spec.language or parent.language,
            formats=parent.formats if spec.formats is None else spec.formats,
            articles=parent.articles if spec.articles is None else spec.articles,
            per_source=parent.per_source if spec.per_source is None else spec.per_source,
            dedupe=parent.dedupe.model_copy(update=_stated(spec.dedupe)),
            rules=spec.rules,
        )
        yield category
        yield from _below(category, spec.categories)


def _stated(own: CategoryDedupe) -> dict[str, object]:
    """The keys that a category states; `model_dump` would make texts of durations."""
    return {name: value for name, value in own if value is not None}


def join(parent: str, segment: str) -> str:
    """The path of a child; the parent of the top is ""."""
    return f"{parent}/{segment}" if parent else segment


def folded(title: str) -> str:
    """Titles that differ in width, case or spaces name the same category."""
    return " ".join(unicodedata.normalize("NFKC", title).casefold().split())


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """Finds a category by the titles of its parents and itself.

    `paths` maps (path of the parent or "", folded title or id) to the path of the child; `taken`
    holds every path of the tree, case-folded.
    """

    paths: Mapping[tuple[str, str], str] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()

    @classmethod
    def of(cls, categories: Sequence[CategorySpec], feeds: Sequence[FeedSpec] = ()) -> CategoryTree:
        """The tree as the configuration states it; a title goes before an id.

        What articles bring along keeps clear of the paths of more feeds, too.
        """
        found = list(_walk("", categories))
        paths = {
            (parent, folded(spec.id)): join(parent, spec.id) for parent, spec in reversed(found)
        }
        paths |= {
            (parent, folded(spec.title)): join(parent, spec.id)
            for parent, spec in reversed(found)
            if spec.title
        }
        taken = {join(parent, spec.id).casefold() for parent, spec in found}
        return cls(paths, frozenset(taken | {feed.id.casefold() for feed in feeds}))

    def place(self, titles: Sequence[str]) -> tuple[str, tuple[CategoryTitle, ...]]:
        """Path of the category with these titles, and those on the way that had to be added.

        The answer depends on the tree and the titles alone. Levels too deep are left out.
        """
        path, added = "", list[CategoryTitle]()
        for title in [each for each in titles if each.strip()][:DEEPEST]:
            known = self.paths.get((path, folded(title)))
            if known is None:
                known = self._new(path, title)
                added.append(CategoryTitle(known, " ".join(title.split())))
            path = known
        return path, tuple(added)

    def _new(self, parent: str, title: str) -> str:
        """A path for a title that the tree does not know, beside the ids that it does."""
        path = join(parent, slug(title))
        last = path.rpartition("/")[2]
        is_ours = last == ARCHIVE or (not parent and path in RESERVED)
        if path.casefold() in self.taken or is_ours:
            return f"{path}-{fingerprint(folded(title))[:8]}"
        return path


def _walk(parent: str, categories: Sequence[CategorySpec]) -> Iterator[tuple[str, CategorySpec]]:
    """Every category of a tree with the path of its parent, parents first."""
    for category in categories:
        yield parent, category
        yield from _walk(join(parent, category.id), category.categories)
