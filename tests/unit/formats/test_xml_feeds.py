"""RSS and Atom are judged by what a reader gets out of them: feedparser, lxml and the grammar."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree

from aggregator.contracts import Format
from aggregator.formats import formats
from aggregator.model.entries import Enclosure, Episode, Image, Origin, Related, Relation
from aggregator.model.published import Feed, Via
from tests.support.publishing import NOON, SITE, article, feed
from tests.support.validator import judge

RSS, ATOM = formats()["rss"], formats()["atom"]
BOTH = pytest.mark.parametrize("form", [RSS, ATOM], ids=["rss", "atom"])
GRAMMAR = Path(__file__).parents[4] / "shared" / "schema" / "atom.rng"
ATOM_NS = "{http://www.w3.org/2005/Atom}"


def read(form: Format, given: Feed) -> Any:
    """Render and read back as a feed reader does."""
    parsed = feedparser.parse(
        io.BytesIO(form.render(given).body), sanitize_html=False, resolve_relative_uris=False
    )
    assert not parsed.bozo, parsed.bozo_exception
    return parsed


@BOTH
def test_every_field_arrives(form: Format) -> None:
    """Title, link, id, author, categories, enclosure, thumbnail, body and times come out equal."""
    given = article()
    entry = read(form, feed(given)).entries[0]
    assert entry.title == given.title
    assert entry.link == given.url
    assert entry.id == given.public_id
    assert entry.author == given.author
    assert [tag.term for tag in entry.tags] == ["金融", "新浪财经", "GDP"]
    assert entry.summary == given.summary
    assert entry.content[0].value == given.body
    assert entry.content[0].type == "text/html"
    assert entry.published_parsed[:6] == given.published_at.timetuple()[:6]
    assert entry.media_thumbnail == [
        {"url": "https://origin.example/1.png", "width": "400", "height": "300"}
    ]
    assert [(e.href, e.type, e.length) for e in entry.enclosures] == [
        ("https://origin.example/e.mp3", "audio/mpeg", "1234")
    ]
    assert entry.source.title == "Origin News"


@BOTH
def test_the_head(form: Format) -> None:
    """A feed names its title, site link, self link, language and description."""
    parsed = read(form, feed(article())).feed
    assert parsed.title == "新浪财经"
    assert parsed.subtitle == "Finance, all of it"
    assert parsed.link == f"{SITE}finance/sina/"
    assert parsed.language == "en"
    own = [link.href for link in parsed.links if link.rel == "self"]
    assert own == [f"{SITE}finance/sina/{form.file_name}"]


@BOTH
def test_hubs_are_told(form: Format) -> None:
    """WebSub hubs stand in both formats, and never take the place of the site's link."""
    parsed = read(
        form, feed(article(), hubs=("https://hub.example/", "https://hub2.example/"))
    ).feed
    assert [link.href for link in parsed.links if link.rel == "hub"] == [
        "https://hub.example/",
        "https://hub2.example/",
    ]
    assert parsed.link == f"{SITE}finance/sina/"


@BOTH
@pytest.mark.parametrize(
    "text",
    [
        "AT&T <b>bold",
        "a ]]> b",
        "&amp;lt;",
        "&lt;script&gt;",
        "中文，标点：【独家】",
        "👩‍👩‍👧‍👦 emoji",
        "مرحبا بالعالم \u202eמעלה",
        "e" + "\u0301" * 500,
        "x" * 5000,
        "'\"<>&",
    ],
)
def test_hostile_words_arrive_as_text(form: Format, text: str) -> None:
    """Markup, entities and every script come back as the characters that went in."""
    given = article(title=text, author=text, tags=(text,), summary=text, body=f"<p>{text}</p>")
    root = etree.fromstring(form.render(feed(given)).body)
    assert (
        root.xpath(
            "string(//*[local-name()='item' or local-name()='entry']/*[local-name()='title'])"
        )
        == text
    )
    entry = read(form, feed(given)).entries[0]
    assert entry.title == text
    assert entry.tags[-1].term == text
    assert entry.content[0].value == f"<p>{text}</p>"
    assert (unescape(entry.summary) if form is RSS else entry.summary) == text


@BOTH
@pytest.mark.parametrize("bad", ["\x00", "\x08", "\x0b", "\x1f", "\ud800", "\ufffe", "\uffff"])
def test_characters_that_xml_forbids_are_dropped_everywhere(form: Format, bad: str) -> None:
    """A forbidden character in any field costs that character, not the article and not the feed."""
    given = article(
        title=f"a{bad}b",
        author=f"a{bad}b",
        summary=f"a{bad}b",
        body=f"<p>a{bad}b</p>",
        url=f"https://origin.example/{bad}1",
        tags=(f"a{bad}b",),
        image=Image(f"https://origin.example/{bad}1.png"),
        enclosures=(Enclosure(f"https://origin.example/{bad}e", f"audio/{bad}mpeg"),),
        origin=Origin(f"a{bad}b", f"https://o.example/{bad}", f"https://o.example/{bad}feed"),
    )
    document = form.render(feed(given, article(2), title=f"新浪{bad}财经"))
    assert document.left_out == ()
    assert [e.title for e in feedparser.parse(io.BytesIO(document.body)).entries] == [
        "ab",
        "Article 2",
    ]


@BOTH
def test_a_bad_article_is_left_out_and_reported(form: Format) -> None:
    """An article that cannot be written is named with its reason; the others are published."""
    broken: Any = article(2, title=None)
    naive = article(3, published_at=datetime(2026, 1, 1, tzinfo=UTC), updated_at=NOON)
    nameless = article(4, public_id="")
    document = form.render(feed(article(1), broken, naive, nameless))
    assert [entry.title for entry in feedparser.parse(io.BytesIO(document.body)).entries] == [
        "Article 1",
        "Article 3",
    ]
    assert [name for name, _ in document.left_out] == [broken.public_id, ""]
    assert all(reason for _, reason in document.left_out)


@BOTH
def test_the_same_feed_gives_the_same_bytes(form: Format) -> None:
    """Nothing but the content goes into the bytes: no clock, no version, no counter."""
    given = feed(*(article(number) for number in range(5)))
    assert form.render(given) == form.render(given)
    assert b"feedgen" not in form.render(given).body


@BOTH
def test_order_is_kept(form: Format) -> None:
    """Articles come out in the order in which they went in."""
    parsed = read(form, feed(*(article(number) for number in range(20))))
    assert [entry.title for entry in parsed.entries] == [f"Article {n}" for n in range(20)]


@BOTH
def test_a_feed_without_articles_is_valid_and_never_changes(form: Format) -> None:
    """An empty feed parses, has the time 1970-01-01, and is the same at every rendering."""
    document = form.render(feed(description=""))
    parsed = read(form, feed(description=""))
    assert parsed.version
    assert parsed.feed.updated_parsed[:3] == (1970, 1, 1)
    assert document.newest_at is None


@BOTH
def test_the_feeds_time_is_that_of_its_newest_article(form: Format) -> None:
    """The newest publication or edit dates the feed."""
    edited = article(2, updated_at=NOON)
    document = form.render(feed(article(1), edited))
    assert document.newest_at == NOON
    assert read(form, feed(article(1), edited)).feed.updated_parsed[:6] == NOON.timetuple()[:6]


@BOTH
@pytest.mark.parametrize(
    "changes",
    [
        {"summary": ""},
        {"body": ""},
        {"summary": "", "body": ""},
        {"title": ""},
        {"title": " ", "summary": "", "origin": Origin()},
        {"author": "", "origin": Origin()},
        {"image": None, "enclosures": (), "categories": (), "tags": ()},
        {"origin": Origin(title="Only a name")},
        {"origin": Origin(feed_url="https://origin.example/feed.xml")},
        {
            "enclosures": (
                Enclosure("https://origin.example/a"),
                Enclosure("https://origin.example/b"),
            )
        },
    ],
    ids=str,
)
def test_sparse_articles_are_published(form: Format, changes: dict[str, Any]) -> None:
    """Whatever an article lacks, it is in the feed with a title and its link."""
    document = form.render(feed(article(**changes)))
    assert document.left_out == ()
    entry = read(form, feed(article(**changes))).entries[0]
    assert entry.title.strip()
    assert entry.link
    assert len(entry.enclosures) == len(article(**changes).enclosures)


def test_a_body_without_summary_stays_a_body_in_rss() -> None:
    """The body is `content:encoded` also where no summary stands before it."""
    entry = read(RSS, feed(article(summary=""))).entries[0]
    assert entry.content[0].value == "<p>The body of 1</p>"


def test_rss_demands_an_enclosure_length_and_type() -> None:
    """Unknown length is "0", unknown type the general one; the guid is no address."""
    given = article(enclosures=(Enclosure("https://origin.example/a"),))
    root = etree.fromstring(RSS.render(feed(given)).body)
    enclosure = root.find(".//enclosure")
    assert enclosure is not None
    assert enclosure.get("length") == "0"
    assert enclosure.get("type") == "application/octet-stream"
    assert root.xpath("string(//guid/@isPermaLink)") == "false"


def test_rss_source_always_has_an_address() -> None:
    """An origin without any address is attributed with our own site's, as `url` is mandatory."""
    given = article(origin=Origin(title="Only a name"))
    source = etree.fromstring(RSS.render(feed(given)).body).find(".//source")
    assert source is not None
    assert (source.get("url"), source.text) == (SITE, "Only a name")


def test_atom_authors_fall_back_to_the_origin_then_the_site() -> None:
    """Atom wants an author for every entry: the writer's name, the origin's, else the site's."""
    parsed = read(ATOM, feed(article(author=""), article(2, author="", origin=Origin())))
    assert parsed.entries[0].author == "Origin News"
    assert "author" not in parsed.entries[1]
    assert parsed.feed.author == "The Morning Wire"


def test_atom_source_is_whole() -> None:
    """The source of an entry keeps its id, title, site and feed address."""
    source = etree.fromstring(ATOM.render(feed(article())).body).find(f".//{ATOM_NS}source")
    assert source is not None
    assert source.findtext(f"{ATOM_NS}id") == "https://origin.example/feed.xml"
    links = [(link.get("rel"), link.get("href")) for link in source.iter(f"{ATOM_NS}link")]
    assert links == [
        ("alternate", "https://origin.example/"),
        ("self", "https://origin.example/feed.xml"),
    ]


def test_an_entry_in_another_language_says_so() -> None:
    """`xml:lang` of an entry is set where it differs from the feed's."""
    root = etree.fromstring(ATOM.render(feed(article(1), article(2, language="zh-CN"))).body)
    languages = [
        entry.get("{http://www.w3.org/XML/1998/namespace}lang")
        for entry in root.iter(f"{ATOM_NS}entry")
    ]
    assert languages == [None, "zh-CN"]


def test_atom_follows_the_grammar() -> None:
    """Whole, sparse and empty Atom feeds are valid against the RELAX NG grammar of RFC 4287."""
    if not GRAMMAR.exists():
        pytest.skip(f"NOT CHECKED: the Atom grammar {GRAMMAR} is missing")
    grammar = etree.RelaxNG(etree.parse(str(GRAMMAR)))
    sparse = article(2, summary="", author="", image=None, enclosures=(), tags=(), origin=Origin())
    for given in (
        feed(),
        feed(article(), sparse, hubs=("https://hub.example/",)),
        feed(article(3, body="", language="zh-CN"), language=""),
    ):
        grammar.assertValid(etree.fromstring(ATOM.render(given).body))


def test_two_thousand_articles() -> None:
    """A long feed comes back whole."""
    given = feed(*(article(number) for number in range(2000)))
    for form in (RSS, ATOM):
        root = etree.fromstring(form.render(given).body)
        ids = root.xpath("//guid/text() | //*[local-name()='entry']/*[local-name()='id']/text()")
        assert ids == [each.public_id for each in given.articles]


def test_the_feeds_id_survives_changes_of_its_articles() -> None:
    """The id comes from site and path alone."""
    one = read(ATOM, feed(article(1))).feed.id
    assert (
        one
        == read(ATOM, replace(feed(), title="Other")).feed.id
        == "tag:news.example.org,2026:feeds/finance/sina"
    )


def test_other_copies_are_named() -> None:
    """Every other place where an article was found is a link `via`, in both formats."""
    given = article(via=(Via("https://echo.example/1?a=1&b=2", "Echo"), Via("https://x.example/")))
    for form in (RSS, ATOM):
        root = etree.fromstring(form.render(feed(given)).body)
        links = [
            (x.get("href"), x.get("title"))
            for x in root.iter(f"{ATOM_NS}link")
            if x.get("rel") == "via"
        ]
        assert links == [("https://echo.example/1?a=1&b=2", "Echo"), ("https://x.example/", None)]


def test_id_and_rights_of_the_origin_are_told() -> None:
    """Atom's source has the feed's own id and rights, RSS the rights of the item."""
    given = article(origin=Origin("O", "https://o.example/", "", "urn:o", "© O"))
    source = etree.fromstring(ATOM.render(feed(given)).body).find(f".//{ATOM_NS}source")
    assert source is not None
    assert [source.findtext(f"{ATOM_NS}{name}") for name in ("id", "rights")] == ["urn:o", "© O"]
    assert read(RSS, feed(given)).entries[0].rights == "© O"


def test_podcast_fields_pass_through() -> None:
    """Length, number, season, kind and explicitness of an episode arrive, in both formats."""
    episode = Episode(3723, 7, 2, "bonus", True)
    given = article(enclosures=(Enclosure("https://o.example/e.mp3", "audio/mpeg", 9, episode),))
    for form in (RSS, ATOM):
        entry = read(form, feed(given, article(2))).entries[0]
        assert (entry.itunes_duration, entry.itunes_episode) == ("3723", "7")
        assert (entry.itunes_season, entry.itunes_episodetype) == ("2", "bonus")
        assert b"<itunes:explicit>true<" in form.render(feed(given)).body  # feedparser: yes only
    assert b"itunes" not in RSS.render(feed(article())).body


def test_an_edited_item_says_when() -> None:
    """RSS has no word for an edit, so Atom's stands in the item; unedited ones have none."""
    given = feed(article(1, updated_at=NOON), article(2))
    moments = [
        item.findtext(f"{ATOM_NS}updated")
        for item in etree.fromstring(RSS.render(given).body).iter("item")
    ]
    assert moments == [NOON.isoformat(), None]


RELATED = (
    Related(Relation.VIA, "https://via.example/1?a=1&b=2"),
    Related(Relation.RELATED, "https://about.example/1", "application/pdf"),
    Related(Relation.REPLIES, "https://o.example/1#comments"),
    Related(Relation.REPLIES, "https://o.example/1/comments.xml", "application/rss+xml"),
    Related(Relation.REPLIES, "https://o.example/1/more"),
    Related(Relation.IN_REPLY_TO, "https://o.example/0", "", "tag:o.example,2026:0"),
)
_OF_EVERY_ARTICLE = ("alternate", "enclosure")


def test_what_an_article_names_beside_itself_is_told() -> None:
    """Atom has links and RFC 4685 for it; RSS its own words first; both validate."""
    given = feed(article(related=RELATED), article(2))
    (entry, plain) = read(ATOM, given).entries
    links = [(x.rel, x.href, x.type) for x in entry.links if x.rel not in _OF_EVERY_ARTICLE]
    assert links == [(str(x.relation), x.url, x.media_type or "text/html") for x in RELATED[:5]]
    answered = {"ref": "tag:o.example,2026:0", "href": "https://o.example/0"}
    assert entry["thr_in-reply-to"] == answered
    assert "thr_in-reply-to" not in plain
    item = read(RSS, given).entries[0]
    assert (item.comments, item.wfw_commentrss) == (RELATED[2].url, RELATED[3].url)
    assert item["thr_in-reply-to"] == answered
    others = [(x.rel, x.href) for x in item.links if x.rel not in _OF_EVERY_ARTICLE]
    assert others == [(str(x.relation), x.url) for x in (RELATED[0], RELATED[1], RELATED[4])]
    for form in (RSS, ATOM):
        assert judge(form.file_name, form.render(given).body) == []
        assert b"in-reply-to" not in form.render(feed(article())).body
        assert b"/thread/" not in form.render(feed(article())).body


def test_an_answer_is_told_by_its_address_where_its_id_is_not_known() -> None:
    """RFC 4685 demands an id; an article's address is a name for it as well."""
    given = feed(article(related=(Related(Relation.IN_REPLY_TO, "https://o.example/0"),)))
    answered = read(ATOM, given).entries[0]["thr_in-reply-to"]
    assert answered == {"ref": "https://o.example/0", "href": "https://o.example/0"}
