"""Takes a list of subscriptions over into the configuration: its feeds, and categories for them.

Plans and drafts; `drafts` checks and writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aggregator.config.addresses import address_key
from aggregator.config.drafts import Drafts, categories_path
from aggregator.config.editing import Item
from aggregator.config.editing import Path as Place
from aggregator.config.nodes import value_of
from aggregator.config.opml import Subscription, place_subscriptions, source_id
from aggregator.config.parsing import parse
from aggregator.config.tree import CategoryTree, all_categories, join
from aggregator.model.settings import Configuration
from aggregator.sources.addresses import check_url
from aggregator.text.slugs import check_segment

_LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import comes to.

    `there` are feeds that the configuration has already, with the ids of their sources; `unusable`
    are those that cannot be read, with the reason. `titles` are those of every category needed.
    """

    sources: tuple[Item, ...]
    titles: Mapping[str, str]
    there: tuple[tuple[str, str], ...]
    unusable: tuple[tuple[str, str], ...]


def plan_import(found: Iterable[Subscription], configuration: Configuration) -> ImportPlan:
    """Which feeds of a list are new, and where they will stand."""
    ids = {address_key(getattr(spec, "url", "")): spec.id for spec in configuration.sources}
    taken = {spec.id.casefold() for spec in configuration.sources}
    placed, added = place_subscriptions(
        found, CategoryTree.of(configuration.categories, configuration.feeds)
    )
    sources, there, unusable = list[Item](), list[tuple[str, str]](), list[tuple[str, str]]()
    for document in placed:
        values: Any = value_of(document.root)
        url = values["url"]
        if address_key(url) in ids:
            there.append((url, ids[address_key(url)]))
        elif why := _fault(url):
            unusable.append((url, why))
        else:
            item = _source(values, taken)
            sources.append(item)
            ids[address_key(url)] = item["id"]
            taken.add(item["id"].casefold())
    titles = {each.path: each.title for each in all_categories(configuration)}
    titles |= {each.path: each.title for each in added}
    return ImportPlan(tuple(sources), titles, tuple(there), tuple(unusable))


def draft_import(plan: ImportPlan, drafts: Drafts, file: Path, heading: str) -> list[str]:
    """Draft what was planned; gives the paths of the categories that are new."""
    if not plan.sources:
        return []
    wanted = dict.fromkeys(
        path for item in plan.sources for each in item.get("category", ()) for path in _ways(each)
    )
    new = _draft_categories({path: plan.titles[path] for path in wanted}, drafts)
    drafts.add(file, ("sources",), plan.sources, heading)
    return new


def _fault(url: str) -> str:
    try:
        check_url(url)
    except ValueError as error:
        return str(error)
    return ""


def _source(values: Mapping[str, Any], taken: set[str]) -> Item:
    """The keys of a source that say something; an id that cannot be used gives way."""
    identifier = values["id"]
    try:
        check_segment(identifier)
    except ValueError:
        identifier = source_id(values["url"])
    if identifier.casefold() in taken:
        identifier = source_id(values["url"])
    return {key: value for key, value in {**values, "id": identifier}.items() if value}


def _ways(path: str) -> list[str]:
    """A category path and those above it, outermost first."""
    parts = path.split("/")
    return ["/".join(parts[:length]) for length in range(1, len(parts) + 1)]


def _draft_categories(titles: Mapping[str, str], drafts: Drafts) -> list[str]:
    """Add the categories that the file does not have, each whole branch below its parent."""
    file = categories_path(drafts.folder)
    places = _places(drafts.text(file))
    missing = [path for path in titles if path not in places]
    tops = [path for path in missing if _parent(path) not in missing]
    for parent in dict.fromkeys(_parent(path) for path in tops):
        branch = [_branch(path, missing, titles) for path in tops if _parent(path) == parent]
        drafts.add(file, (*places[parent], "categories"), branch)
    return missing


def _places(text: str) -> dict[str, Place]:
    """Where each category of a file stands in it, by its path; "" is the whole."""
    places: dict[str, Place] = {"": ()}
    data: Any = value_of(parse(text, {})[0])

    def walk(node: Mapping[str, Any], path: str) -> None:
        for index, child in enumerate(node.get("categories") or ()):
            here = join(path, str(child["id"]))
            places[here] = (*places[path], "categories", index)
            walk(child, here)

    walk(data, "")
    return places


def _branch(path: str, missing: Sequence[str], titles: Mapping[str, str]) -> Item:
    """A new category with the new ones below it."""
    identifier = path.rpartition("/")[2]
    below = [_branch(each, missing, titles) for each in missing if _parent(each) == path]
    item: dict[str, Any] = {"id": identifier, "title": titles[path][:_LONGEST_TITLE]}
    return {**item, "categories": below} if below else item


def _parent(path: str) -> str:
    return path.rpartition("/")[0]
