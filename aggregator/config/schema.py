"""The JSON Schema of the configuration files, for editors."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from aggregator.config.load import CategoriesFile
from aggregator.config.sources import SourcesFile
from aggregator.model.quantities import format_duration
from aggregator.model.settings import Settings
from aggregator.sources import kinds


class _Generator(GenerateJsonSchema):
    """Writes a default as a configuration file would."""

    def encode_default(self, dft: Any) -> Any:
        if isinstance(dft, timedelta):
            return format_duration(dft)
        if isinstance(dft, BaseModel):
            return {}
        return super().encode_default(dft)


def schema() -> dict[str, Any]:
    """One JSON Schema that each of the three kinds of files satisfies.

    `$defs` has an entry for each: `Settings` (`aggregator.yaml`), `CategoriesFile` and
    `SourcesFile`; a source is one of the kinds, told apart by `kind`.
    """
    files: tuple[type[BaseModel], ...] = (Settings, CategoriesFile, SourcesFile)
    models = [*files, *(kind.spec for kind in kinds().values())]
    references, document = models_json_schema(
        [(model, "validation") for model in models],
        title="Configuration of the feed aggregator",
        schema_generator=_Generator,
    )
    entries = [references[model, "validation"] for model in files]
    by_kind = {kind.name: references[kind.spec, "validation"] for kind in kinds().values()}
    definitions = document["$defs"]
    sources = definitions["SourcesFile"]["properties"]
    sources["sources"]["items"] = _one_of(by_kind)
    sources["defaults"] = _defaults([definitions[_name(each)] for each in by_kind.values()])
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "anyOf": entries,
        **document,
    }


def _one_of(by_kind: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A source: one of the kinds."""
    mapping = {kind: reference["$ref"] for kind, reference in by_kind.items()}
    return {
        "oneOf": list(by_kind.values()),
        "discriminator": {"propertyName": "kind", "mapping": mapping},
    }


def _defaults(specs: list[dict[str, Any]]) -> dict[str, Any]:
    """The keys of every kind, none of them required."""
    keys = {key for spec in specs for key in spec["properties"]}
    options: dict[str, list[dict[str, Any]]] = {
        key: [spec["properties"][key] for spec in specs if key in spec["properties"]]
        for key in sorted(keys)
    }
    return {
        "type": "object",
        "description": SourcesFile.model_fields["defaults"].description,
        "additionalProperties": False,
        "properties": {key: _any_of(different) for key, different in options.items()},
    }


def _any_of(options: list[dict[str, Any]]) -> dict[str, Any]:
    """One of several schemas, those that say the same counted once."""
    different = [each for i, each in enumerate(options) if each not in options[:i]]
    return different[0] if len(different) == 1 else {"anyOf": different}


def _name(reference: dict[str, Any]) -> str:
    """The name of the definition that a reference leads to."""
    return str(reference["$ref"]).rpartition("/")[2]
