from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.clean.fields import MAX_RELATED
from aggregator.model.articles import DropReason, Stage
from aggregator.model.entries import (
    Enclosure,
    Image,
    Origin,
    RawEntry,
    RawText,
    Related,
    Relation,
    TextType,
)
from tests.support.entries import NOW, REF, article, cleaning, dropped

TITLE = RawText("A title")
KNOWN = datetime(2026, 11, 20, 8, tzinfo=UTC)


def _titled(text: str, kind: TextType = TextType.HTML) -> str:
    return article(RawEntry(title=RawText(text, kind), link="https://site.example/")).title


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("AT&amp;T <b>wins</b>", "AT&T wins"),
        ("AT&T", "AT&T"),
        ("How the <script> tag works", "How the <script> tag works"),
        ("Vec<T> &lt;explained&gt;", "Vec<T> <explained>"),
        ("<script>alert(1)</script>Safe", "Safe"),
        ("two\n  lines<br>\u3000 here", "two lines here"),
        ("turned \u202eback", "turned back"),
        ("a\x00b&#11;c", "abc"),
    ],
)
def test_html_titles(raw: str, title: str) -> None:
    """A title is text: entities decoded once, its own markup gone, other brackets kept."""
    assert _titled(raw) == title


def test_text_titles() -> None:
    """A title that claims to be text is not decoded."""
    assert _titled("AT&amp;T <b>", TextType.TEXT) == "AT&amp;T <b>"


@pytest.mark.parametrize("length", [499, 500, 501])
def test_title_length(length: int) -> None:
    """A title has at most 500 characters."""
    assert len(_titled("x" * length)) == min(length, 500)


def test_title_from_text() -> None:
    """An entry without a title is called by how its text begins."""
    raw = RawEntry(content=RawText("<p>First sentence of it. " + "More of the text. " * 20))
    assert article(raw).title.startswith("First sentence of it.")
    assert len(article(raw).title) <= 81


def test_title_from_a_file() -> None:
    """An entry that is a file and nothing else is called by the file's name."""
    raw = RawEntry(enclosures=(Enclosure("https://site.example/show/episode-1.mp3?x=1"),))
    assert article(raw).title == "episode-1.mp3"


@pytest.mark.parametrize(
    "raw",
    [
        RawEntry(),
        RawEntry(link="https://site.example/"),
        RawEntry(title=RawText(" <b></b> "), content=RawText("<script>x</script><p>&nbsp;</p>")),
    ],
)
def test_nothing_to_show(raw: RawEntry) -> None:
    """An entry without title, text, picture and file is dropped, and says so."""
    result = dropped(raw)
    assert (result.stage, result.reason) == (Stage.CLEAN, DropReason.NOTHING_TO_SHOW)
    assert result.source_id == "source"


def test_a_failure_is_a_drop() -> None:
    """An entry that cannot be cleaned becomes a drop that tells why, never an exception."""
    how = replace(cleaning(), remove=("a[",))
    result = dropped(RawEntry(title=TITLE, content=RawText("x")), how)
    assert result.reason is DropReason.FAILED
    assert "a[" in result.detail


def test_the_reference_is_kept() -> None:
    """The article knows which entry it was made from; where it stands is for others to say."""
    result = article(RawEntry(title=TITLE))
    assert result.entry is REF
    assert (result.categories, result.added_categories) == ((), ())


def test_authors() -> None:
    """Authors are names, each once; addresses of mail beside a name go."""
    raw = RawEntry(
        title=TITLE, authors=("ann@site.example (Ann)", "Bob <bob@site.example>", "Ann", " ")
    )
    assert article(raw).author == "Ann, Bob"


def test_tags() -> None:
    """Tags are single, short, and at most fifty."""
    raw = RawEntry(title=TITLE, tags=("News", "news", " ", "x" * 101, *map(str, range(60))))
    tags = article(raw).tags
    assert tags[0] == "News"
    assert len(tags) == 50
    assert max(map(len, tags)) == 100


@pytest.mark.parametrize(
    ("language", "result"),
    [("zh_cn", "zh-CN"), ("EN-us", "en-US"), ("zh-hans-cn", "zh-Hans-CN"), ("de", "de"),
     ("english", ""), ("", ""), ("<b>", ""), ("zh_CN.UTF-8", "zh-CN")],
)  # fmt: skip
def test_language(language: str, result: str) -> None:
    """A language is written as BCP 47 writes it, or not at all."""
    assert article(RawEntry(title=TITLE, language=language)).language == result


def test_configured_language_wins() -> None:
    """What the configuration says about the language stands over what the source says."""
    how = replace(cleaning(), language="zh-TW")
    assert article(RawEntry(title=TITLE, language="en"), how).language == "zh-TW"


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "data:text/html,x", "https://u:p@site.example/", "https://x" * 999],
)
def test_bad_links_go(link: str) -> None:
    """An entry with an unusable link stays, without the link."""
    assert article(RawEntry(title=TITLE, link=link)).link == ""


def test_link_is_absolute_and_direct() -> None:
    """A link starts from the document's address and does not track."""
    raw = RawEntry(title=TITLE, link="/a?utm_source=x", base_url="https://site.example/feed")
    assert article(raw).link == "https://site.example/a"


def test_enclosures() -> None:
    """Files keep a usable address, a sane type and a possible length, each once."""
    raw = RawEntry(
        title=TITLE,
        base_url="https://site.example/",
        enclosures=(
            Enclosure("/1.mp3", "Audio/MPEG; x=1", 5),
            Enclosure("/1.mp3"),
            Enclosure("/2.mp3", "not a type", -1),
            Enclosure("file:///etc/passwd"),
        ),
    )
    assert article(raw).enclosures == (
        Enclosure("https://site.example/1.mp3", "audio/mpeg", 5),
        Enclosure("https://site.example/2.mp3", "", None),
    )


def test_origin() -> None:
    """Whom an entry was taken from is cleaned like everything else."""
    origin = Origin("<b>Site</b>\x00", "javascript:1", "https://site.example/feed")
    assert article(RawEntry(title=TITLE, origin=origin)).origin == Origin(
        "Site", "", "https://site.example/feed"
    )


def test_what_an_entry_names_beside_itself() -> None:
    """Addresses are absolute, direct and of the web; what leads nowhere or back goes."""
    raw = RawEntry(
        link="https://a.example/1",
        title=RawText("t"),
        base_url="https://a.example/feed",
        related=(
            Related(Relation.VIA, "/2?utm_source=rss&a=1", "TEXT/html; charset=utf-8"),
            Related(Relation.VIA, "javascript:alert(1)"),
            Related(Relation.VIA, "https://a.example/1"),
            Related(Relation.REPLIES, "#comments", "not a type"),
            Related(Relation.REPLIES, "#comments"),
            Related(Relation.REPLIES, "", "", "urn:of-no-answer"),
            Related(Relation.IN_REPLY_TO, "javascript:alert(1)", "", "tag:a.example,2026:0"),
            Related(Relation.IN_REPLY_TO, "https://a.example/0", "", "<b>"),
            Related(Relation.IN_REPLY_TO, "", "", "JavaScript:alert(1)"),
        ),
    )
    assert article(raw).related == (
        Related(Relation.VIA, "https://a.example/2?a=1", "text/html"),
        Related(Relation.REPLIES, "https://a.example/feed#comments"),
        Related(Relation.IN_REPLY_TO, "", "", "tag:a.example,2026:0"),
        Related(Relation.IN_REPLY_TO, "https://a.example/0"),
    )


@pytest.mark.parametrize("count", [MAX_RELATED - 1, MAX_RELATED, MAX_RELATED + 1])
def test_so_many_resources_beside_an_entry(count: int) -> None:
    """An entry names a bounded number of others."""
    every = tuple(Related(Relation.VIA, f"https://a.example/{n}") for n in range(count))
    raw = RawEntry(title=RawText("t"), related=every)
    assert article(raw).related == every[:MAX_RELATED]


def test_text_bodies() -> None:
    """A body of text keeps its paragraphs and lines, and its brackets are no markup."""
    raw = RawEntry(title=TITLE, content=RawText("a <b> c\nd\n\ne", TextType.TEXT))
    assert article(raw).body == "<p>a &lt;b&gt; c<br>d</p><p>e</p>"


def test_summary_of_its_own() -> None:
    """A source's summary is taken where it says something, without its cut-off mark."""
    raw = RawEntry(
        title=TITLE, content=RawText("<p>The whole text."), summary=RawText("In short [&#8230;]")
    )
    assert article(raw).summary == "In short"
    for empty in ("A title", "Read more", ""):
        again = replace(raw, summary=RawText(empty))
        assert article(again).summary == "The whole text."


@pytest.mark.parametrize(
    "mark",
    [
        '<sup><a href="#fn1">1</a></sup>',
        '<sup>[<a href="#fn1">1</a>]</sup>',
        '<a href="https://site.example/1#fn1">[1]</a>',
        '<a href="#fn1">¹</a>',
        '<span><sup id="r"><a href="#fn1"><b>*</b></a></sup></span>',
    ],
)
def test_summaries_have_no_marks_of_footnotes(mark: str) -> None:
    """A mark that leads to a note says nothing outside of the text, also of a source's summary."""
    html = f"<p>It rained{mark} at night.</p>"
    note = '<p id="fn1">1. Not in the north.</p>'
    raw = RawEntry(title=TITLE, link="https://site.example/1", content=RawText(html + note))
    assert article(raw).summary == "It rained at night. 1. Not in the north."
    own = RawText(html.replace("It", "In short, it"))
    assert article(replace(raw, summary=own)).summary == "In short, it rained at night."
    power = replace(raw, content=RawText('<p>x<sup>2</sup> and <a href="#top">the top</a></p>'))
    assert article(power).summary == "x2 and the top"


@pytest.mark.parametrize("beside", ["<table><tr><td>é<td>2</table>", "<pre>print(1)</pre>"])
def test_summaries_have_no_tables_and_programs(beside: str) -> None:
    """They say nothing without their form; but where there is nothing else, they are the text."""
    raw = RawEntry(title=TITLE, content=RawText(f"<p>Before.</p>{beside}<p>After.</p>"))
    assert article(raw).summary == "Before. After."
    own = RawText(f"<p>Own.</p>{beside}")
    assert article(replace(raw, summary=own)).summary == "Own."
    assert article(RawEntry(title=TITLE, content=RawText(beside))).summary in ("é 2", "print(1)")


def test_summary_begins_with_the_article() -> None:
    """The title, and what the article was called elsewhere, are not repeated in the summary."""
    for first in ("A title", "原标题：另一个标题"):
        raw = RawEntry(title=TITLE, content=RawText(f"<p>{first}</p><p>The text.</p>"))
        assert article(raw).summary == "The text."
    sentence = RawEntry(title=RawText("第二篇"), content=RawText("<p>第二篇的内容。</p>"))
    assert article(sentence).summary == "第二篇的内容。"


def test_summary_is_the_body_where_there_is_no_other() -> None:
    """An entry with a summary alone has it as its body."""
    result = article(RawEntry(title=TITLE, summary=RawText("<p>Only <i>this</i>.")))
    assert (result.body, result.summary) == ("<p>Only <i>this</i>.</p>", "Only this.")


def _dated(
    published: str = "", updated: str = "", position: int = 0
) -> tuple[datetime, bool, datetime]:
    raw = RawEntry(title=TITLE, published_text=published, updated_text=updated, position=position)
    result = article(raw)
    return result.published_at, result.date_is_known, result.updated_at


def test_known_dates() -> None:
    """A date that can be believed is the article's, and no update is earlier."""
    text, earlier, later = ((KNOWN + timedelta(days=days)).isoformat() for days in (0, -1, 1))
    assert _dated(text) == (KNOWN, True, KNOWN)
    assert _dated(text, earlier) == (KNOWN, True, KNOWN)
    assert _dated(text, later) == (KNOWN, True, KNOWN + timedelta(days=1))


def test_updated_alone() -> None:
    """An entry that only says when it was updated counts as published then."""
    assert _dated("", KNOWN.isoformat()) == (KNOWN, True, KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Invalid Date",
        "1989-12-31T23:59:59Z",
        "1970-01-01T00:00:00Z",
        (NOW + timedelta(days=1, seconds=1)).isoformat(),
    ],
)
def test_unknown_dates(text: str) -> None:
    """No date, or one that cannot be believed: first-seen time, in the document's order."""
    second = NOW.replace(microsecond=0)
    for position, microsecond in ((0, 999_999), (5, 999_994), (999_999, 0), (2_000_000, 0)):
        moment = second + timedelta(microseconds=microsecond)
        assert _dated(text, "", position) == (moment, False, moment)


@pytest.mark.parametrize(
    "moment",
    [datetime(1990, 1, 1, tzinfo=UTC), NOW + timedelta(days=1), NOW + timedelta(hours=23)],
)
def test_edges_of_belief(moment: datetime) -> None:
    """1990, and a day ahead, can still be believed."""
    assert _dated(moment.isoformat())[:2] == (moment, True)


def test_the_zone_of_the_source() -> None:
    """A date without a zone is read in the source's."""
    how = replace(cleaning(), timezone="Asia/Shanghai")
    result = article(RawEntry(title=TITLE, published_text="2026-11-20 16:00:00"), how)
    assert result.published_at == KNOWN


def test_fingerprint() -> None:
    """The fingerprint of a cleaning changes with what shapes articles, and nothing else."""
    how = cleaning()
    others = [
        replace(how, remove=()),
        replace(how, timezone="Asia/Shanghai"),
        replace(how, language="de"),
        cleaning("nh3"),
        cleaning(images="drop"),
        cleaning(embeds=()),
    ]
    assert len({other.fingerprint for other in (how, *others)}) == len(others) + 1
    assert replace(how, source_id="other").fingerprint == how.fingerprint


def test_head_image_of_the_source() -> None:
    """The picture that the source names stands for the article, and is not shown twice."""
    raw = RawEntry(
        title=TITLE,
        images=(
            Image("https://picsum.photos/400/300?random=1"),
            Image("//site.example/a.jpg", 640, 0),
        ),
        content=RawText('<figure><img src="http://site.example/a.jpg"></figure><p>Text</p>'),
        base_url="https://site.example/",
    )
    result = article(raw)
    assert result.image == Image("https://site.example/a.jpg", 640, None)
    assert result.body == "<p>Text</p>"


def test_captioned_picture_stays() -> None:
    """A picture at the top that has a caption stays in the body."""
    figure = '<figure><img src="https://s.example/a.jpg"><figcaption>Who</figcaption></figure>'
    raw = RawEntry(title=TITLE, images=(Image("https://s.example/a.jpg"),), content=RawText(figure))
    assert "<img" in article(raw).body


@pytest.mark.parametrize(
    "picture",
    [
        'src="https://picsum.photos/400/300?random=2"',
        'src="https://site.example/favicon.png"',
        'src="https://secure.gravatar.com/avatar/1"',
        'src="https://site.example/a.png" width="48"',
        'src="data:image/png;base64,AAAA"',
    ],
)
def test_pictures_that_stand_for_nothing(picture: str) -> None:
    """Placeholders, icons and faces are no head image; the first real picture is."""
    raw = RawEntry(
        title=TITLE, content=RawText(f'<img {picture}><p>x<img src="https://s.example/real.jpg">')
    )
    assert article(raw).image == Image("https://s.example/real.jpg")


def test_images_drop() -> None:
    """With `images: drop` there is no picture anywhere."""
    raw = RawEntry(
        title=TITLE,
        images=(Image("https://s.example/a.jpg"),),
        enclosures=(Enclosure("https://s.example/a.jpg", "image/jpeg"),),
        content=RawText('<p>x<img src="/b.jpg"></p><figure><img src="/c.jpg"></figure>'),
        base_url="https://s.example/",
    )
    result = article(raw, cleaning(images="drop"))
    assert (result.body, result.image, result.enclosures) == ("<p>x</p>", None, ())


def test_images_proxy() -> None:
    """With `images: proxy` pictures keep their own address: the proxy's comes with publishing."""
    raw = RawEntry(title=TITLE, content=RawText('<p>x<img src="https://s.example/b.jpg"></p>'))
    kept = article(raw, cleaning(images="keep"))
    assert article(raw, cleaning(images="proxy")) == kept
    assert kept.image == Image("https://s.example/b.jpg")


def test_embeds_are_configured() -> None:
    """A player stays only where its host is configured."""
    raw = RawEntry(title=TITLE, content=RawText('<iframe src="https://v.example/1"></iframe>'))
    assert "<iframe" in article(raw, cleaning(embeds=("v.example",))).body
    assert article(raw, cleaning(embeds=())).body == (
        '<a href="https://v.example/1" rel="noopener noreferrer">v.example</a>'
    )
