import os
from pathlib import Path

import pytest

from aggregator.config.load import load
from aggregator.config.parsing import DEEPEST, MOST_ALIASES, MOST_VALUES
from aggregator.errors import ConfigurationError
from aggregator.model.full_text import FullText
from aggregator.model.quantities import parse_duration
from aggregator.model.settings import Configuration, Settings
from tests.support.shared import shared

ONE_SOURCE = "sources:\n- {id: a, url: 'https://a.example/feed'}"


def read(folder: Path, environment: dict[str, str] | None = None, **files: str) -> Configuration:
    """Load a folder of files; in their names `__` stands for / and the last _ for a dot."""
    for name, text in files.items():
        path = folder / ".".join(name.replace("__", "/").rsplit("_", 1))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load(folder, environment or {})


def test_the_example_is_taken_as_it_is() -> None:
    """Every key of the format in its three kinds of files means what it says."""
    configuration = load(shared("config-example"), {})
    defaults = Settings()
    assert configuration.settings.model_copy(update={"site": defaults.site}) == defaults
    assert configuration.settings.site.url == "https://news.example.org/"
    sources = {source.id: source for source in configuration.sources}
    assert [source.kind for source in sources.values()] == ["feed", "json", "page", "posts"]
    assert {source.every for source in sources.values()} == {parse_duration("15m")}
    assert sources["sina-china"].category == ("finance/sina/china",)
    assert isinstance(sources["sina-china"].full_text, FullText)
    assert sources["sina-china"].full_text.select == ("#artibody", "#article")
    assert sources["ministry-notices"].category == ("finance", "tech")
    assert sources["ministry-notices"].rules[0].keep is not None
    assert sources["old-posts"].category == ("from-post",)


def test_the_sample_is_taken_without_any_environment() -> None:
    """A newcomer starts the service on `config/` with nothing set."""
    configuration = load(Path(__file__).parents[3] / "config", {})
    assert {source.kind for source in configuration.sources} == {"feed", "posts"}


def test_every_file_is_optional(tmp_path: Path) -> None:
    """What is not said has its default."""
    configuration = read(tmp_path, sources__a_yml=ONE_SOURCE)
    assert configuration.settings == Settings()
    assert configuration.categories == ()
    assert [source.kind for source in configuration.sources] == ["feed"]
    assert (configuration.folder, configuration.root) == (str(tmp_path), str(tmp_path.parent))


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "---\n", "null\n", "site:\n", "site: {title: }"]
)
def test_what_is_left_empty_has_its_default(tmp_path: Path, text: str) -> None:
    """An empty file, and a key without a value, count as left out."""
    assert read(tmp_path, aggregator_yaml=text).settings == Settings()


def test_a_relative_folder_is_made_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever the command is called, paths start at the same place."""
    (tmp_path / "config").mkdir()
    monkeypatch.chdir(tmp_path)
    configuration = read(Path("config"), aggregator_yaml="site: {title: a}")
    assert configuration.root == str(tmp_path)


def test_own_keys_of_a_source_win_over_the_defaults(tmp_path: Path) -> None:
    """Defaults fill in what a source does not say; an empty key takes a default back."""
    text = """
defaults: {every: 15m, title: Default, headers: {A: b}}
sources:
- {id: a, url: 'https://a.example/', title: Own}
- {id: b, url: 'https://a.example/', every: }
"""
    first, second = read(tmp_path, sources__a_yaml=text).sources
    assert (first.title, first.every) == ("Own", parse_duration("15m"))
    assert (second.title, second.every) == ("Default", None)


def test_anchors_aliases_and_merges_are_understood(tmp_path: Path) -> None:
    """What YAML offers against repetition works, own keys before those taken over."""
    text = """
sources:
- &first {id: a, url: 'https://a.example/', title: One, remove: &r [.x]}
- {<<: *first, id: b, remove: *r}
- {<<: [{title: Two}, *first], id: c}
"""
    sources = read(tmp_path, sources__a_yaml=text).sources
    assert [(each.id, each.title) for each in sources] == [("a", "One"), ("b", "One"), ("c", "Two")]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("'${NAME}'", "Ann"),
        ("a ${NAME} b", "a Ann b"),
        ("'${NAME}${NAME}'", "AnnAnn"),
        ("'${MISSING:-nobody}'", "nobody"),
        ("'${EMPTY:-nobody}'", "nobody"),
        ("'a${EMPTY}'", "a"),
        ("'$${NAME}'", "${NAME}"),
        ("'$NAME and $5'", "$NAME and $5"),
        ("'${NUMBER}'", "8"),
        ("'${NESTED}'", "${NAME}"),
        ("'${YAML}'", "x: [y"),
    ],
)
def test_variables_are_replaced_in_texts(tmp_path: Path, text: str, title: str) -> None:
    """The value takes the place of the name, once, and is never read as YAML."""
    environment = {"NAME": "Ann", "EMPTY": "", "NUMBER": "8", "NESTED": "${NAME}", "YAML": "x: [y"}
    settings = read(tmp_path, environment, aggregator_yaml=f"site:\n  title: {text}").settings
    assert settings.site.title == title


def test_a_plain_variable_takes_the_type_of_its_value(tmp_path: Path) -> None:
    """Without quotes a number is a number, true is true, and an empty value leaves the key out."""
    text = """
fetch:
  threads: ${THREADS:-8}
  allow_private: ${PRIVATE}
  per_domain: ${EMPTY}
"""
    fetch = read(tmp_path, {"PRIVATE": "true", "EMPTY": ""}, aggregator_yaml=text).settings.fetch
    assert (fetch.threads, fetch.allow_private, fetch.per_domain) == (8, True, 2)


def test_posts_may_leave_their_category_to_themselves(tmp_path: Path) -> None:
    """`from-post` stands beside fixed categories as well."""
    text = "sources: [{id: p, kind: posts, path: 'p/*.md', category: [from-post, tech]}]"
    configuration = read(tmp_path, categories_yaml="categories: [{id: tech}]", sources__p_yaml=text)
    assert configuration.sources[0].category == ("from-post", "tech")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig", "utf-32", "latin-1"])
def test_other_encodings_are_refused(tmp_path: Path, encoding: str) -> None:
    """Only plain UTF-8 is read; anything else is named, not guessed."""
    (tmp_path / "aggregator.yaml").write_bytes("site: {title: é}".encode(encoding))
    with pytest.raises(ConfigurationError, match=r"aggregator.yaml:1:\d+: .*UTF-8"):
        load(tmp_path, {})


def test_the_largest_file_and_one_byte_more(tmp_path: Path) -> None:
    """Five megabytes are read, one byte more is refused."""
    path = tmp_path / "aggregator.yaml"
    path.write_bytes(b"#" * 4_999_999 + b"\n")
    assert load(tmp_path, {}).settings == Settings()
    path.write_bytes(b"#" * 5_000_000 + b"\n")
    with pytest.raises(ConfigurationError, match="1:1: the file has more than 5 MB"):
        load(tmp_path, {})


def test_the_deepest_nesting_and_one_more(tmp_path: Path) -> None:
    """At the limit the models judge; beyond it the file is refused before it is built."""
    for levels, told in (
        (DEEPEST, "unknown key"),
        (DEEPEST + 1, "nested more than"),
        (500_000, "nested"),
    ):
        text = "x: " + "[" * (levels - 1) + ("]" * (levels - 1) if levels < 100 else "")
        with pytest.raises(ConfigurationError, match=told):
            read(tmp_path, aggregator_yaml=text)


def test_block_nesting_cannot_crash_the_reader(tmp_path: Path) -> None:
    """Two million lists inside one another are refused at once."""
    with pytest.raises(ConfigurationError, match="nested more than"):
        read(tmp_path, aggregator_yaml="- " * 2_000_000)


def test_the_most_aliases_and_one_more(tmp_path: Path) -> None:
    """A thousand aliases are read, one more is refused."""
    for number, told in ((MOST_ALIASES, "unknown key"), (MOST_ALIASES + 1, "aliases")):
        text = "x: [&a 1" + ", *a" * number + "]"
        with pytest.raises(ConfigurationError, match=told):
            read(tmp_path, aggregator_yaml=text)


def test_an_alias_bomb_is_refused(tmp_path: Path) -> None:
    """What aliases stand for is counted before it is written out."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 20)]
    with pytest.raises(ConfigurationError, match=f"more than {MOST_VALUES:,} values"):
        read(tmp_path, aggregator_yaml="\n".join(lines))


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    """A folder in the place of a file is told like any other fault."""
    (tmp_path / "aggregator.yaml").mkdir()
    with pytest.raises(ConfigurationError, match="this cannot be read"):
        load(tmp_path, {})


def test_files_that_are_not_ours_are_left_alone(tmp_path: Path) -> None:
    """Copies of editors and other files beside the sources are not read."""
    read(tmp_path, sources__a_yaml=ONE_SOURCE)
    (tmp_path / "sources" / "a.yaml~").write_text("[")
    (tmp_path / "sources" / "notes.txt").write_text("[")
    (tmp_path / "sources" / "b.yaml").mkdir()
    os.mkfifo(tmp_path / "sources" / "c.yaml")
    assert len(load(tmp_path, {}).sources) == 1
