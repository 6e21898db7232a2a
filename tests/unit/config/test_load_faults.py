"""Every kind of mistake, with the exact line that a person reads."""

from pathlib import Path

import pytest

from aggregator.config.load import load
from aggregator.errors import ConfigurationError


def faults(folder: Path, files: dict[str, str], environment: dict[str, str]) -> list[str]:
    """The faults of a configuration, the folder's name taken off."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    try:
        load(folder, environment)
    except ConfigurationError as error:
        return [str(fault).removeprefix(f"{folder}/") for fault in error.faults]
    return []


SETTINGS = [
    (
        "site: {title: no}",
        (
            "1:15: site.title: text is wanted, this is `no`, which reads as true or false; "
            "put it in quotes: 'no'"
        ),
    ),
    ("site: {title: on}", "put it in quotes: 'on'"),
    ("site: {title: 12}", "which reads as a number; put it in quotes: '12'"),
    (
        "site: {titel: x}",
        "1:8: site.titel: unknown key `titel`; did you mean 'title'?",
    ),
    ("sites: {}", "1:1: sites: unknown key `sites`; did you mean 'site'?"),
    ("site: [1]", "1:7: site: a mapping (keys and values) is wanted, this is a list"),
    ("- a", "1:1: a mapping (keys and values) is wanted here; write `key: value`"),
    (
        "site:\n  title: a\n  title: b",
        (
            "3:3: site.title: the key `title` stands here twice; "
            "keep one of the two; the first is in line 2"
        ),
    ),
    (
        "fetch: {per_domain: 010}",
        (
            "1:21: fetch.per_domain: `010` reads as a number to the base of 8; "
            "put it in quotes to keep it text, or leave out the leading 0"
        ),
    ),
    (
        "fetch: {every: 1:30}",
        (
            "1:16: fetch.every: `1:30` reads as a number to the base of 60; "
            "put it in quotes to keep it text, or write a duration such as 90m"
        ),
    ),
    (
        "site: {title: 2021-06-30}",
        "1:15: site.title: `2021-06-30` reads as a date; put it in quotes to keep it text",
    ),
    ("fetch: {every: 90}", "1:16: fetch.every: write a duration as a number and a unit"),
    ("fetch: {max_bytes: 15 apples}", "1:20: fetch.max_bytes: write a size as a number and a unit"),
    ("fetch: {threads: 0}", "1:18: fetch.threads: must be 1 or more"),
    ("fetch: {threads: 257}", "1:18: fetch.threads: must be 256 or less"),
    (
        "fetch: {threads: '8'}",
        (
            "1:18: fetch.threads: a whole number is wanted, this is `8`, which reads as text; "
            "write it without quotes"
        ),
    ),
    ("fetch: {threads: true}", "a whole number is wanted, this is `true`"),
    ("fetch: {allow_private: 1}", "true or false is wanted, this is `1`, which reads as a number"),
    (
        "fetch: {every_at_least: 2d}",
        "1:8: fetch: `every_at_least` is longer than `every_at_most`",
    ),
    (
        "clean: {sanitizer: bleech}",
        "1:20: clean.sanitizer: `bleech` is not one of: bleach, nh3; did you mean 'bleach'?",
    ),
    (
        "clean: {images: proxy, image_proxy: 'https://img.example.org/'}",
        "1:8: clean: with `images: proxy`, `image_proxy` must hold {url}, or be empty",
    ),
    (
        "images: {secret: hush-hush-hush!}",
        "1:18: images.secret: `secret` has 16 characters or more",
    ),
    ("images: {max_bytes: 0B}", "1:21: images.max_bytes: must be 1 or more"),
    (
        "site: {timezone: Asia/Shangai}",
        "1:18: site.timezone: this time zone is not known; did you mean 'Asia/Shanghai'?",
    ),
    ("site: {timezone: ../etc/passwd}", "1:18: site.timezone: this time zone is not known"),
    ("site: {language: Chinese!}", "1:18: site.language: `Chinese!` is not written as it must be"),
    ("site: {url: news.example.org}", "1:13: site.url: this is not a web address"),
    ("site: {url: 'https://a.example/?b'}", "1:13: site.url: a ? or # cannot stand here"),
    ("site: {url: 'https://['}", "1:13: site.url: this is not a web address"),
    ("server: {bind: '127.0.0.1:65536'}", "1:16: server.bind: this port is out of range"),
    ("server: {bind: '8080'}", "1:16: server.bind: `8080` is not written as it must be"),
    ("server: {bind: '[1::2::3]:80'}", "1:16: server.bind: this is not an IPv6 address"),
    ("database: data/a.db", "1:11: database: this is not the address of a database"),
    ("database: sqlit:///a.db", "this kind of database is not known; did you mean 'sqlite'?"),
    ("database: 'sqlite://'", "1:11: database: the file of the database is missing"),
    ("database: 'sqlite:///a.db?x=1'", "1:11: database: a ? cannot stand here; end the address"),
    (
        "publish: {formats: [rss, atm]}",
        "1:26: publish.formats.1: this format is not known; did you mean 'atom'?",
    ),
    ("publish: {hubs: [x]}", "1:18: publish.hubs.0: this is not a web address"),
    ('site: {title: "a\\0"}', "1:15: site.title: the text holds a control character"),
    ("site: {title: !!python/name:os.system x}", "1:15: site.title: the tag !!python/name:os.sys"),
    ("site: !!python/object:os.X {}", "1:7: site: the tag !!python/object:os.X is not used here"),
    ("site: {title: !!int x}", "1:15: site.title: `x` cannot be read"),
    ("1: a", "1:1: '1' as a key is not text; put the key in quotes"),
    ("[a]: b", "1:1: a list, a mapping or an alias as a key is not text"),
    ("<<: 1", "1:1: `<<` takes over mappings only"),
    ("site: *a", "1:7: the alias *a stands for nothing"),
    ("site: &a [*a]", "1:11: the alias *a stands for nothing"),
    ("site: {}\n---\nsite: {}", "2:1: a second document begins here"),
    ("site:\n\ttitle: a", "2:1: this is not YAML: "),
    ("site: {title: a", "2:1: this is not YAML: "),
    ("site: {title: '", "this is not YAML: "),
    ("site: {title: a\x07b}", "1:16: a control character (U+0007) stands here"),
    ("\ufeffsite: {}", "1:1: the file begins with a byte order mark; save it as plain UTF-8"),
    (
        "site: {title: '${NOBODY}'}",
        (
            "1:15: site.title: the environment variable NOBODY is not set; "
            "set it, or give a default: ${NOBODY:-default}"
        ),
    ),
    ("site: {title: 'a ${b c} d'}", "1:15: site.title: `${` without a name and a }"),
]


@pytest.mark.parametrize(("text", "told"), SETTINGS)
def test_a_fault_in_the_settings_is_told_with_its_place(
    tmp_path: Path, text: str, told: str
) -> None:
    """Each mistake gives one line: file, line, column, key, what is wrong and what is right."""
    found = faults(tmp_path, {"aggregator.yaml": text}, {})
    assert len(found) == 1, found
    assert told in found[0]
    assert found[0].startswith("aggregator.yaml:")


INTO = "feeds cannot be published into"
BESIDE = "name a folder beside it, such as `feeds`"
OWN = "name a folder of its own, such as `feeds`"


@pytest.mark.parametrize(
    ("folder", "told"),
    [
        ("config", f"{INTO} the configuration; {BESIDE}"),
        ("config/sources", f"{INTO} the configuration; {BESIDE}"),
        ("feeds/../config/feeds", f"{INTO} the configuration; {BESIDE}"),
        (".", f"{INTO} a folder that holds the configuration; {OWN}"),
        ("..", f"{INTO} a folder that holds the configuration; {OWN}"),
        ("/", f"{INTO} a folder that holds the configuration; {OWN}"),
        ("data", f"{INTO} the folder of the database; {BESIDE}"),
        ("data/deep", f"{INTO} the folder of the database; {BESIDE}"),
        ("data/feeds", ""),
        ("configuration", ""),
        ("feeds", ""),
        ("../feeds", ""),
    ],
)
def test_feeds_are_published_into_a_folder_of_their_own(
    tmp_path: Path, folder: str, told: str
) -> None:
    """Elsewhere, what is published would be read as sources, or lie among what is not for all."""
    text = f"publish: {{folder: {folder}}}\ndatabase: sqlite:///data/deep/a.db"
    found = faults(tmp_path / "config", {"aggregator.yaml": text}, {})
    assert found == ([f"aggregator.yaml:1:19: publish.folder: {told}"] if told else [])


CATEGORIES = [
    ("- {id: all}", "2:8: categories.all.id: this id is reserved for pages of our own"),
    ("- {id: Health}", "2:8: categories.Health.id: this id is reserved"),
    ("- {id: ../x}", "2:8: categories.../x.id: an id holds letters, digits, - and _ only, not '.'"),
    ("- {id: con}", "2:8: categories.con.id: con cannot be the name of a folder on Windows"),
    ("- {id: ''}", "2:8: categories.0.id: an id has 1 to 100 characters, this one has 0"),
    ("- {id: no}", "2:8: categories.0.id: text is wanted, this is `no`"),
    ("- {title: a}", "2:3: categories.0: the key `id` is missing"),
    ("- {id: a}\n- {id: A}", "3:8: categories.A.id: the id is taken by its sibling `a`"),
    ("- {id: a, formats: [x]}", "categories.a.formats.0: this format is not known"),
    ("- {id: a, artikles: 1}", "unknown key `artikles`; did you mean 'articles'?"),
    ("- {id: a, articles: 5001}", "2:21: categories.a.articles: must be 5000 or less"),
]


@pytest.mark.parametrize(("text", "told"), CATEGORIES)
def test_a_fault_in_the_categories_is_told_with_its_place(
    tmp_path: Path, text: str, told: str
) -> None:
    """Ids must be path segments, free among their siblings, and not one of ours."""
    found = faults(tmp_path, {"categories.yaml": f"categories:\n{text}"}, {})
    assert len(found) == 1, found
    assert told in found[0]


SOURCES = [
    (
        "{id: a, url: 'http://x/', fulltext: auto}",
        "unknown key `fulltext`; did you mean 'full_text'",
    ),
    ("{id: a}", "2:3: sources.a: the key `url` is missing; Address to read"),
    ("{url: 'http://x/'}", "2:3: sources.0: the key `id` is missing"),
    ("{id: a b, url: 'http://x/'}", "2:8: sources.a b.id: an id holds letters, digits"),
    ("{id: a, kind: fed}", "2:17: sources.a.kind: this kind of source is not known; did you mean"),
    ("{id: a, url: x}", "2:16: sources.a.url: write a whole address"),
    (
        "{id: a, url: 'http://x/', category: thec}",
        "the category `thec` is not in categories.yaml; did",
    ),
    ("{id: a, url: 'http://x/', category: china}", "did you mean 'tech/china'?"),
    ("{id: a, url: 'http://x/', category: [tech, x]}", "sources.a.category.1: the category `x` is"),
    ("{id: a, url: 'http://x/', category: from-post}", "`from-post` is for sources of kind posts"),
    ("{id: a, url: 'http://x/', timezone: CST9}", "this time zone is not known"),
    ("{id: a, url: 'http://x/', remove: '.a['}", "sources.a.remove: '.a[' is not a CSS selector"),
    ("{id: a, url: 'http://x/', remove: [ok, //a]}", "sources.a.remove.1: this is XPath"),
    ("{id: a, url: 'http://x/', full_text: {select: '['}}", "full_text.select: '[' is not a CSS"),
    ("{id: a, url: 'http://x/', full_text: auro}", "`auro` is not one of: auto"),
    (
        "{id: a, url: 'http://x/', full_text: {selct: a}}",
        "unknown key `selct`; did you mean 'select'",
    ),
    (
        "{id: a, url: 'http://x/', rules: [{keep: {title: '('}}]}",
        "this is not a regular expression",
    ),
    ("{id: a, url: 'http://x/', remov: }", "unknown key `remov`; did you mean 'remove'?"),
    ("{id: a, url: 'http://x/', rules: [{drop: {title: '(?=a)'}}]}", "RE2 has no backreferences"),
    ("{id: a, url: 'http://x/', rules: [{}]}", "a rule has either `keep` or `drop`"),
    ("{id: a, url: 'http://x/', rules: [{keep: {}}]}", "the condition is empty"),
    (
        "{id: a, url: 'http://x/', rules: [{drop: {any: [{all: [{body: '['}]}]}}]}",
        "drop.any.0.all.0.body",
    ),
    (
        "{id: a, url: 'http://x/', rules: [{tag: x, when: {none: [{tags: '*'}]}}]}",
        "when.none.0.tags",
    ),
    (
        "{id: a, url: 'http://x/', rules: [{replace: {find: '('}}]}",
        "rules.0.replace.find: this is not",
    ),
    ("{id: a, url: 'http://x/', rules: [{set: {link: 'x:y'}}]}", "rules.0.set.link: write a whole"),
    ("{id: a, url: 'http://x/', rules: [{set: {body: x}}]}", "rules.0.set.body: "),
    (
        "{id: a, url: 'http://x/', rules: [{category: tec}]}",
        "rules.0.category: the category `tec` is",
    ),
    (
        "{id: a, url: 'http://x/', rules: [{keep: {older: 1}}]}",
        "rules.0.keep.older: write a duration",
    ),
    ("{id: a, url: 'http://x/', every: fast}", "sources.a.every: write a duration"),
    ("{id: a, kind: posts, path: ../../etc/*}", "sources.a.path: the path may not lead out"),
    ("{id: a, kind: posts, path: /etc/*}", "sources.a.path: the path starts at the configuration"),
    (
        "{id: a, kind: json, url: 'http://x/', items: 'a[', fields: {title: t}}",
        "2:48: sources.a.items: ",
    ),
    ("text", "2:3: sources.0: a mapping (keys and values) is wanted, this is `text`"),
    (
        "{id: a, url: 'http://${PASSWORD} x/'}",
        "2:16: sources.a.url: what the environment gives here",
    ),
]


@pytest.mark.parametrize(("text", "told"), SOURCES)
def test_a_fault_in_a_source_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    """What a source's kind, the tree, and the languages of patterns demand is checked at once."""
    files = {
        "categories.yaml": "categories: [{id: tech, categories: [{id: china}]}]",
        "sources/a.yaml": f"sources:\n- {text}",
    }
    found = faults(tmp_path, files, {"PASSWORD": "hunter2"})
    assert len(found) == 1, found
    assert told in found[0]
    assert "hunter2" not in found[0]


def test_every_fault_of_every_file_comes_at_once(tmp_path: Path) -> None:
    """A person puts everything right in one round, whatever files are wrong."""
    found = faults(
        tmp_path,
        {
            "aggregator.yaml": "site: {titel: a, timezone: X}\nfetch: {threads: 0}",
            "categories.yaml": "categories: [{id: all}, {id: ok, articles: 0}]",
            "sources/a.yaml": "sources:\n- {id: a, url: x, category: no-such}\n- {id: b}",
            "sources/b.yml": "sources: [",
            "sources/c.opml": "<opml",
        },
        {},
    )
    assert [line.split(":")[0] for line in found] == [
        *["aggregator.yaml"] * 3,
        *["categories.yaml"] * 2,
        *["sources/a.yaml"] * 3,
        "sources/b.yml",
        "sources/c.opml",
    ]


def test_an_id_is_unique_over_all_files(tmp_path: Path) -> None:
    """The second source says where the first one stands."""
    source = "sources:\n- {id: %s, url: 'http://x/'}"
    files = {"sources/a.yaml": source % "news", "sources/b.yml": source % "NEWS"}
    (line,) = faults(tmp_path, files, {})
    assert line.startswith("sources/b.yml:2:8: sources.NEWS.id: the id `NEWS` is taken")
    assert line.endswith("a.yaml:2")


def test_a_fault_in_the_defaults_is_told_once_and_there(tmp_path: Path) -> None:
    """Two sources that inherit one mistake do not report it twice."""
    text = (
        "defaults: {every: x}\nsources:\n- {id: a, url: 'http://x/'}\n- {id: b, url: 'http://x/'}"
    )
    (line,) = faults(tmp_path, {"sources/a.yaml": text}, {})
    assert line.startswith("sources/a.yaml:1:19: defaults.every: write a duration")


def test_the_deepest_tree_and_one_level_more(tmp_path: Path) -> None:
    """Eight levels of categories are taken, nine are not."""
    tree = "{id: a}"
    for _ in range(7):
        tree = f"{{id: a, categories: [{tree}]}}"
    assert faults(tmp_path, {"categories.yaml": f"categories: [{tree}]"}, {}) == []
    deeper = f"categories: [{{id: a, categories: [{tree}]}}]"
    (line,) = faults(tmp_path, {"categories.yaml": deeper}, {})
    assert "categories stand 8 levels deep at most" in line


def test_a_misnamed_file_is_not_passed_over(tmp_path: Path) -> None:
    """Settings that nobody reads would look as if they counted."""
    found = faults(tmp_path, {"categories.yml": "", "sources.yaml": ""}, {})
    assert found == [
        "categories.yml:1:1: a file of this name is not read; rename it to categories.yaml",
        "sources.yaml:1:1: a file of this name is not read; rename it to sources/sources.yaml",
    ]


def test_a_missing_folder_and_an_empty_one(tmp_path: Path) -> None:
    """Nothing at all is a mistake, and the way out is named."""
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(ConfigurationError, match="aggregator init"):
            load(folder, {})


def test_a_secret_never_stands_in_a_fault(tmp_path: Path) -> None:
    """What the environment filled in is wrong in many ways here, and is shown in none."""
    text = """
site: {title: "${S}", url: "${S}", timezone: "${S}", language: "${S}"}
database: mysql://${S}
fetch: {threads: "${S}", every: "${S}", user_agent: "${S}\u00e9"}
clean: {sanitizer: "${S}", images: "${S}"}
publish: {formats: ["${S}"], hubs: ["${S}"], articles: "${S}"}
server: {bind: "${S}"}
"""
    source = """
defaults: {every: "${S}", category: "${S}"}
sources:
- {id: "${S}!", kind: "${S}"}
- {id: a, url: "${S}", headers: {X: "${S}\\n"}, remove: "${S}[", full_text: "${S}"}
- {id: b, kind: json, url: "${S}", items: "${S}[", fields: {title: "${S}[", x: "${S}"}}
- {id: c, url: "${S}", rules: [{keep: {title: "${S}("}}]}
- {id: d, kind: posts, path: "../${S}"}
"""
    files = {"aggregator.yaml": text, "sources/a.yaml": source}
    told = faults(tmp_path, files, {"S": "hunter2 (secret"})
    assert len(told) > 20
    assert "hunter2" not in "\n".join(told)


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("aggregator.yaml", ["aggregator.yaml", "categories.yaml", "sources/a.yaml"]),
        ("categories.yaml", ["categories.yaml"]),
        ("sources/b.yaml", ["sources/a.yaml", "sources/b.yaml"]),
        ("sources/c.opml", ["sources/a.yaml", "sources/c.opml"]),
    ],
)
def test_one_broken_file_is_one_fault(tmp_path: Path, broken: str, told: list[str]) -> None:
    """What stands in a file that cannot be read is not called missing everywhere else."""
    files = {
        "aggregator.yaml": "",
        "categories.yaml": "feeds: [{id: best, sources: [of-b]}]",
        "sources/a.yaml": "sources: [{id: a, url: 'https://a.example/', category: news}]",
    }
    found = faults(tmp_path, {**files, broken: "[<"}, {})
    assert [each.partition(":")[0] for each in found] == told


@pytest.mark.parametrize("name", ["aggregator.yaml", "categories.yaml", "sources/wire.yaml"])
def test_a_file_that_went_missing_behind_its_link_is_told(tmp_path: Path, name: str) -> None:
    """A link that leads nowhere is no empty file: sources must not end because of it."""
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources/other.yaml").write_text("sources: []")
    (tmp_path / "sources/.#wire.yaml").symlink_to("somebody@a-machine.12")  # as Emacs locks
    assert faults(tmp_path, {}, {}) == []
    (tmp_path / name).symlink_to("nowhere")
    assert faults(tmp_path, {}, {}) == [f"{name}: this cannot be read: No such file or directory"]


def test_a_folder_of_sources_that_cannot_be_listed_is_told(tmp_path: Path) -> None:
    """What cannot be said is not taken for no sources at all."""
    (tmp_path / "aggregator.yaml").write_text("")
    (tmp_path / "sources").write_text("")
    assert faults(tmp_path, {}, {}) == ["sources: this cannot be read: Not a directory"]


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    """What is missing can be made by the command that is shown; in a file's place none can."""
    (missing,) = faults(tmp_path / "a b", {}, {})
    assert missing.endswith(
        f"there is no such folder; make one with `aggregator init '{tmp_path}/a b'`"
    )
    (tmp_path / "file").write_text("")
    (there,) = faults(tmp_path / "file", {}, {})
    assert there.endswith("this is a file; name the folder that it lies in")
