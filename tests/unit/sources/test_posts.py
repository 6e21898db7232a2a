from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.errors import ParseError, ParseReason
from aggregator.model.entries import RawEntry, RawText, TextType
from aggregator.model.pages import Folder, Page
from aggregator.sources.posts import KIND
from tests.support.shared import shared

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SPEC = KIND.spec(id="posts", kind="posts", path="posts/**/*.md")


def parse(body: bytes | str, name: str = "posts/a.md") -> tuple[RawEntry, ...]:
    data = body.encode() if isinstance(body, str) else body
    return KIND.parse(Page("file:///a", 200, {}, data, NOW, name=name), SPEC).entries


def post(head: str, body: str = "text", name: str = "posts/a.md") -> RawEntry:
    return parse(f"---\n{head}\n---\n{body}", name)[0]


def test_the_seed_is_read() -> None:
    """The article this project began from: a blank line first, a path of three categories."""
    body = next(iter(shared("seed").glob("*.txt"))).read_bytes()
    for data in (body, b"\xef\xbb\xbf" + body, body.replace(b"\n", b"\r\n")):
        (entry,) = parse(data)
        assert entry.title.value == "三部门联合开展知识产权质押融资入园惠企行动"
        assert entry.category_path == ("金融", "新浪财经", "新浪财经－国內")
        assert entry.published_text == "Wed, 30 Jun 2021 09:37:28 GMT"
        assert entry.authors == ("新浪财经",)
        assert [image.url[-14:] for image in entry.images] == ["/343233024.png"]
        assert (entry.guid, entry.document, entry.link) == ("posts/a.md", "posts/a.md", "")
        assert entry.content.type is TextType.HTML
        assert entry.content.value.startswith("<div>")
        assert "&#123;" in entry.content.value


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("title: 'it''s / here'", "it's / here"),
        ("title: 2021-06-30", "2021-06-30"),
        ("title: no", "no"),
        ("title: 012", "012"),
        ("title: 1:30", "1:30"),
        ("title: 【要闻】 A | B", "【要闻】 A | B"),
    ],
)
def test_a_title_stays_as_written(line: str, title: str) -> None:
    """YAML makes no date, number or truth value of what a person wrote."""
    assert post(line).title.value == title


@pytest.mark.parametrize(
    "date",
    ["Wed, 30 Jun 2021 09:37:28 GMT", "2022-09-08 05:14:39", "2022-09-08", "Invalid Date"],
)
def test_a_date_stays_as_written(date: str) -> None:
    """The words of a date travel on; nobody guesses a zone for them here."""
    assert post(f"date: {date}").published_text == date


@pytest.mark.parametrize("indent", [" ", "   ", "    ", ""])
def test_categories_are_a_path(indent: str) -> None:
    """A list of categories is a path, however it is indented; a slash may stand in a name."""
    entry = post(f"categories: \n{indent}- 新媒体\n{indent}- 今日推荐 / 精选")
    assert entry.category_path == ("新媒体", "今日推荐 / 精选")


def test_of_several_paths_the_first_counts() -> None:
    """Hexo's list of lists names several paths: the others are tags."""
    entry = post("categories:\n- [A, B]\n- [C]\ntags: [t, C]")
    assert (entry.category_path, entry.tags) == (("A", "B"), ("t", "C"))


def test_jekyll_and_hugo_posts_are_read() -> None:
    """A date in a Jekyll file name counts; Hugo writes TOML, or YAML and a folder a post."""
    jekyll = post("author: {name: Ann}", name="_posts/2021-06-30-a-good-day.md")
    assert (jekyll.published_text, jekyll.title.value) == ("2021-06-30", "a good day")
    assert jekyll.authors == ("Ann",)
    hugo = '+++\ntitle = "Hugo"\ndate = 2021-06-30T09:37:28+08:00\ntags = ["x"]\n+++\n# Hi'
    (entry,) = parse(hugo, "post/hugo/index.md")
    assert (entry.title.value, entry.published_text, entry.tags) == (
        "Hugo", "2021-06-30T09:37:28+08:00", ("x",),
    )  # fmt: skip
    (bundle,) = parse("no front matter", "post/my-trip/index.md")
    assert bundle.title.value == "my trip"


def test_json_front_matter_is_read() -> None:
    """JSON between braces of their own is front matter."""
    (entry,) = parse('{\n"title": "J", "date": "2021-06-30"\n}\n\nbody')
    assert (entry.title.value, entry.published_text) == ("J", "2021-06-30")


@pytest.mark.parametrize("line", ["draft: true", "draft: yes", "published: false"])
def test_a_draft_is_no_entry(line: str) -> None:
    """What its author has not published, we do not."""
    assert parse(f"---\ntitle: a\n{line}\n---\nb") == ()


@pytest.mark.parametrize(
    ("name", "body", "html"),
    [
        ("a.md", "a **b**", "<p>a <strong>b</strong></p>\n"),
        ("a.md", "<div>\n\n    <p>x</p>\n\n</div>", "<div>\n\n    <p>x</p>\n\n</div>"),
        ("a.md", "<div>logo</div>\n\n*x*", "<div>logo</div>\n<p><em>x</em></p>\n"),
        ("a.md", "```\n{{ x }} <b>\n```", "<pre><code>{{ x }} &lt;b&gt;\n</code></pre>\n"),
        ("a.md", "{% raw %}{{ x }}{% endraw %}", "<p>{{ x }}</p>\n"),
        ("a.html", "a *b*", "a *b*"),
        ("a.txt", "<p>b</p>", "<p>b</p>"),
        ("a.txt", "a *b* < c", None),
    ],
)
def test_a_body_is_what_it_looks_like(name: str, body: str, html: str | None) -> None:
    """HTML stays, Markdown becomes HTML, template braces stay text, and so does all else."""
    (entry,) = parse(body, name)
    wanted = RawText(body, TextType.TEXT) if html is None else RawText(html)
    assert entry.content == wanted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\n---\ntitle: a: b\n---\nx", "(at line 3, column 9)"),
        ("---\ntitle: 'a\n---\nx", "line"),
        ("---\ntitle: a\n", "closing line is missing"),
        ("---\n- a\n---\nx", "no list of keys"),
        ("---\na: !!python/object/apply:os.getcwd []\n---\nx", "could not determine"),
        ("---\na: !!timestamp x\n---\nx", "could not determine"),
        ("+++\ntitle = \n+++\nx", "(at line 2, column 9)"),
        ('{\n"a": \n}\nx', "Expecting value"),
    ],
)
def test_broken_front_matter_is_told_with_its_place(text: str, words: str) -> None:
    """Front matter that cannot be read is an error, never a post without a title."""
    with pytest.raises(ParseError, match="the front matter cannot be read") as caught:
        parse(text)
    assert caught.value.reason is ParseReason.MALFORMED
    assert words in caught.value.detail


@pytest.mark.parametrize("body", [b"", b"\n \n", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_an_error(body: bytes) -> None:
    """A file without a character says so."""
    with pytest.raises(ParseError) as caught:
        parse(body)
    assert caught.value.reason is ParseReason.EMPTY


def test_merge_keys_do_not_expand() -> None:
    """YAML's merge keys, which a few lines can blow up without bound, stay a key."""
    levels = "\n".join(f"a{n}: &a{n}\n  <<: [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9))
    assert post(f"a0: &a0 {{k: v}}\n{levels}\ntitle: t").title.value == "t"


def test_links_are_taken_where_they_are_addresses() -> None:
    """A permalink pattern or a path of the site is no address of the article."""
    assert post("permalink: /a/b/\nlink: https://a.example/1").link == "https://a.example/1"
    assert post("url: javascript:alert(1)").link == ""


def test_the_files_are_below_the_configuration_folder() -> None:
    """A source of posts is a folder and a pattern, not an address."""
    assert KIND.locate(SPEC, "/srv/config") == Folder("/srv/config", "posts/**/*.md")
