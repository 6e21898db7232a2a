import tempfile
from pathlib import Path

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.config.load import load
from aggregator.errors import ConfigurationError, Fault
from aggregator.model.settings import Configuration

KEYS = st.sampled_from(
    ["site", "title", "fetch", "every", "threads", "database", "publish", "formats", "categories",
     "id", "sources", "defaults", "url", "kind", "category", "rules", "keep", "drop", "remove",
     "full_text", "select", "fields", "items", "path", "headers", "timezone", "bind", "server"]
)  # fmt: skip
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.dates(),
    st.sampled_from(
        ["feed", "json", "page", "posts", "sitemap", "a", "tech", "${X}", "${", "[", "("]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=4), inner),
    max_leaves=12,
)
WORDS = (
    "a|: |- |\n|  |\t|[|]|{|}|,|'|\"|&a |*a|!|!!int |!!set |<<: |? |>|#|%|---\n|...\n|${A}|0o7|010|"
    "0x_|1:30|no|=|~|2021-01-01|\\x00|é|\x85|\ufeff|.inf|sources|id"
)
PIECES = st.lists(st.sampled_from(["|", *WORDS.split("|")]), max_size=30).map("".join)


def outcome(files: dict[str, bytes]) -> None:
    """Load a folder; only a configuration or its faults may come out."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sources").mkdir()
        for path, data in files.items():
            (folder / path).write_bytes(data)
        loaded = None
        faults: tuple[Fault, ...] = ()
        try:
            loaded = load(folder, {"A": "1", "X": "x\x00["})
        except ConfigurationError as error:
            faults = error.faults
    assert isinstance(loaded, Configuration) or faults
    assert not any("\x00" in str(fault) for fault in faults)


FILES = ("aggregator.yaml", "categories.yaml", "sources/a.yaml", "sources/b.opml")


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FILES), st.binary(max_size=60))
def test_bytes_give_a_configuration_or_faults(name: str, data: bytes) -> None:
    """No bytes in any file raise anything else."""
    outcome({name: data})


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FILES[:3]), PIECES)
def test_pieces_of_yaml_give_a_configuration_or_faults(name: str, text: str) -> None:
    """No mixture of what YAML is made of raises anything else."""
    outcome({name: text.encode()})


@settings(max_examples=300, deadline=None)
@given(VALUES, VALUES, st.lists(VALUES, max_size=3), VALUES)
def test_values_of_any_type_give_a_configuration_or_faults(
    settings_value: object, tree: object, sources: list[object], defaults: object
) -> None:
    """Whatever stands in the place of a value, it is taken or told."""
    outcome(
        {
            "aggregator.yaml": yaml.safe_dump({"site": settings_value, "fetch": tree}).encode(),
            "categories.yaml": yaml.safe_dump({"categories": tree}).encode(),
            "sources/a.yaml": yaml.safe_dump({"sources": sources, "defaults": defaults}).encode(),
        }
    )
