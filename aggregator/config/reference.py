"""Writes the reference of every key, `docs/configuration.md`, from the schema and its descriptions.

Run as `python -m aggregator.config.reference > docs/configuration.md`; a test compares the two.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from aggregator.config.load import CategoriesFile
from aggregator.config.sources import SourcesFile
from aggregator.config.words import models_in
from aggregator.model.rules import RuleSpec
from aggregator.model.settings import Settings, SourceSpec
from aggregator.sources import kinds

_INTRODUCTION = """\
<!-- Made by `python -m aggregator.config.reference`; change the descriptions in the code. -->
# Configuration

One service is one folder with `aggregator.yaml`, `categories.yaml` and files in `sources/`.
`aggregator check` tells every fault at once, with file, line and column;
`aggregator check --schema` prints a JSON Schema for editors. While the service runs, a changed
configuration is picked up; one with a fault is reported, and the old one stays.

- Files are UTF-8. A key without a value counts as left out. Unknown and repeated keys are faults.
- `${NAME}` in a value is replaced by an environment variable, `${NAME:-default}` by the default
  where it is missing or empty, and `$${` stands for a plain `${`. In quotes the result stays text;
  without quotes a value that is one `${NAME}` takes the type of its content.
- Durations are written `45s`, `30m`, `24h`, `365d`, `2w` or together, `1h30m`; sizes `500KB`,
  `15MB` or `512KiB`.
- `no`, `yes`, `on`, `off`, `010`, `1:30` and dates need quotes where text is meant.
- Relative paths in `aggregator.yaml` start at the folder that holds the configuration folder; paths
  in `sources/` start at the configuration folder.
"""
_SOURCES = """\
Every `*.yaml` and `*.yml` file in `sources/` is read, and every `*.opml` file as it is: outlines
with a feed become sources, the outlines around them categories, found by their titles.
"""
_RULES = """\
A source, a category and all of them together (`aggregator.yaml`) can have `rules`; an article meets
the lists in this order, the inner category before the outer. What a category's rules drop leaves
that category and those under it; an article that is left without any is dropped.
`aggregator rules try` shows what the rules would do to the articles that are stored.
"""


def reference() -> str:
    """The whole page."""
    specs = [kind.spec for kind in kinds().values()]
    sections = [
        _INTRODUCTION,
        "## aggregator.yaml\n",
        *_tables([], Settings),
        "## categories.yaml\n",
        *_tables([], CategoriesFile),
        "## sources/*.yaml\n",
        _SOURCES,
        *_tables([], SourcesFile),
        "### Every source\n",
        *_tables([], SourceSpec),
    ]
    for spec in specs:
        sections += _kind(spec)
    sections += ["## Rules\n", _RULES, *_tables(["rules"], RuleSpec)]
    return "\n".join(section.rstrip("\n") + "\n" for section in sections)


def _kind(spec: type[SourceSpec]) -> Iterator[str]:
    """What a kind of source has beside the keys of every source."""
    own = [name for name in spec.model_fields if name not in SourceSpec.model_fields]
    yield f"### kind: {spec.model_json_schema()['properties']['kind']['const']}\n"
    yield spec.model_fields["kind"].description or ""
    yield _table(spec, own)
    for name in own:
        for model in models_in(spec.model_fields[name].annotation):
            yield from _tables([name], model)


def _tables(
    names: list[str], model: type[BaseModel], outer: tuple[type[BaseModel], ...] = ()
) -> list[str]:
    """The table of a model that stands under these keys, and those of the models in it."""
    heading = ", ".join(f"`{name}`" for name in names)
    about = [f"### {heading}\n", inspect.cleandoc(model.__doc__ or "") + "\n"] if names else []
    tables = [*about, _table(model, model.model_fields)]
    inner: dict[type[BaseModel], list[str]] = {}
    for key, field in model.model_fields.items():
        for part in dict.fromkeys(models_in(field.annotation)):
            inner.setdefault(part, []).append(f"{names[0]}.{key}" if names else key)
    for part, keys in inner.items():
        if part not in (*outer, model, RuleSpec):
            tables += _tables(keys, part, (*outer, model))
    return tables


def _table(model: type[BaseModel], names: Iterable[str]) -> str:
    """One line for each key."""
    document = model.model_json_schema()
    properties = document.get("properties") or _properties(document, model)
    required = [name for name, field in model.model_fields.items() if field.is_required()]
    defaults = model.model_construct().model_dump(mode="json")
    lines = ["| key | type | default | meaning |", "| --- | --- | --- | --- |"]
    for name in names:
        schema = properties[name]
        default = "**required**" if name in required else _default(defaults[name])
        meaning = _cell(model.model_fields[name].description or "")
        lines.append(f"| `{name}` | {_cell(_type(schema))} | {default} | {meaning} |")
    return "\n".join(lines) + "\n"


def _properties(document: dict[str, Any], model: type[BaseModel]) -> dict[str, Any]:
    """The keys of a model that contains itself, whose schema is a reference."""
    properties: dict[str, Any] = document["$defs"][model.__name__]["properties"]
    return properties


def _type(schema: dict[str, Any]) -> str:
    """A type in words."""
    if "anyOf" in schema:
        options = [_type(each) for each in schema["anyOf"] if each.get("type") != "null"]
        return " or ".join(dict.fromkeys(options))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    words = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    if words or "examples" in schema:
        shown = ", ".join(f"`{word}`" for word in words or schema["examples"])
        return shown if words else f"such as {shown}"
    return _WORDS.get(str(schema.get("type")), "mapping") + _range(schema)


def _range(schema: dict[str, Any]) -> str:
    """The limits of a number."""
    low, high = schema.get("minimum"), schema.get("maximum")
    if low is None:
        return ""
    return f", {low} to {high}" if high is not None else f", {low} or more"


_WORDS = {"string": "text", "integer": "number", "boolean": "true or false"}


def _default(value: object) -> str:
    """A default as a file would write it; nothing where the default is to be empty."""
    match value:
        case bool():
            return f"`{str(value).lower()}`"
        case [_, *_]:
            return ", ".join(f"`{each}`" for each in value)
        case int() | str() if value != "":
            return f"`{value}`"
        case _:
            return ""


def _cell(text: str) -> str:
    """Text that cannot break out of a table's cell."""
    return text.replace("|", "\\|")


def main() -> None:
    """Print the page."""
    sys.stdout.write(reference())


if __name__ == "__main__":
    main()
