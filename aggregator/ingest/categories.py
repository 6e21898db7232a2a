"""In which categories an entry stands: those of its source, or its own path of titles."""

from __future__ import annotations

from collections.abc import Sequence

from aggregator.config.tree import CategoryTree
from aggregator.model.articles import CategoryTitle
from aggregator.model.settings import FROM_POST


def categories_of(
    configured: Sequence[str], titles: Sequence[str], tree: CategoryTree
) -> tuple[tuple[str, ...], tuple[CategoryTitle, ...]]:
    """The category paths of an entry, sorted, and the categories that it brings along.

    `configured` are the source's categories, of which `from-post` stands for the entry's own path
    of `titles`.
    """
    paths = {path for path in configured if path != FROM_POST}
    if FROM_POST not in configured:
        return tuple(sorted(paths)), ()
    own, added = tree.place(titles)
    return tuple(sorted(paths | ({own} if own else set()))), added
