"""Pages are judged by what is in them: links, languages, times, landmarks, and no script."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import quote

import pytest
from lxml import etree
from lxml import html as lxml_html

from aggregator.formats import formats, html
from aggregator.formats.moments import moment
from aggregator.formats.static import style_sheet
from aggregator.formats.words import spoken
from aggregator.model.articles import CategoryTitle
from aggregator.model.entries import Enclosure, Origin, Related, Relation
from aggregator.model.published import (
    Feed,
    PublishedArticle,
    PublishedCategory,
    PublishedSite,
    Via,
)
from tests.support.publishing import NOON, SITE, article, feed

PAGE = formats()["html"]


def category(
    path: str, title: str, *children: PublishedCategory, language: str = "en"
) -> PublishedCategory:
    """A published category."""
    known = ("rss", "atom", "json", "html")
    return PublishedCategory(path, title, "", language, f"{SITE}{path}/", known, children)


def site(*articles: PublishedArticle, language: str = "en") -> PublishedSite:
    """A site with a small tree."""
    sina = category("金融/sina", "新浪财经", language="zh-CN")
    tree = (category("金融", "金融", sina, language="zh-CN"), category("tech", "Technology"))
    everything = category("all", "The Morning Wire")
    return PublishedSite(
        "The Morning Wire", SITE, language, "Asia/Shanghai", everything, tree, articles
    )


def category_page(given: Feed) -> lxml_html.HtmlElement:
    """Render a category and parse it."""
    return parse(PAGE.render(given).body)


def parse(body: bytes) -> lxml_html.HtmlElement:
    """Parse a page as UTF-8."""
    page = lxml_html.document_fromstring(body.decode())
    assert isinstance(page, lxml_html.HtmlElement)
    return page


def links(page: lxml_html.HtmlElement, within: str = "//") -> list[str]:
    """Every address that the page links to."""
    return [str(each) for each in page.xpath(f"{within}a/@href")]


def pages(given: PublishedArticle) -> list[bytes]:
    """The three kinds of page over one article."""
    return [
        PAGE.render(feed(given)).body,
        html.render_home(site(given)),
        html.render_article(given, site(), [CategoryTitle("金融", "金融")]),
    ]


def test_a_category_page_shows_its_articles() -> None:
    """Title, link, summary, origin and picture of each article, newest first, under their days."""
    given = feed(*(article(number * 600) for number in range(1, 4)), timezone="Asia/Shanghai")
    page = category_page(given)
    assert page.xpath("//h3/a/text()") == ["Article 600", "Article 1200", "Article 1800"]
    assert page.xpath("//h3/a/@href") == [each.url for each in given.articles]
    assert page.xpath("//h2[@class='day-title']/text()") == [
        "Saturday, 31 January 2026",
        "Friday, 30 January 2026",
    ]
    assert page.xpath("count(//img[@loading='lazy'][@referrerpolicy='no-referrer'])") == 3


def test_feeds_are_announced_and_their_addresses_shown() -> None:
    """Each written format is a `rel=alternate`, and its whole address stands there to be copied."""
    page = category_page(feed(article(), formats=("rss", "json", "html")))
    assert page.xpath("//link[@rel='alternate']/@href") == ["rss.xml", "feed.json"]
    assert [code.text_content() for code in page.xpath("//code")] == [
        f"{SITE}finance/sina/rss.xml",
        f"{SITE}finance/sina/feed.json",
    ]


def test_every_feed_leads_to_the_page_that_copies_its_address() -> None:
    """From the home page and from the feed's own, relative to the site; not where no feed is."""
    for path in ("finance/sina", "金融/国内"):
        found = links(category_page(feed(article(), path=path)))
        assert f"../../subscribe?feed={quote(path)}" in found
    home = [link for link in links(parse(html.render_home(site()))) if "subscribe?" in link]
    assert home == [
        f"subscribe?feed={quote(each)}" for each in ("all", "金融", "金融/sina", "tech")
    ]
    page = category_page(feed(article(), formats=("html",)))
    assert not [link for link in links(page) if "subscribe?" in link]


def test_links_among_pages_are_relative_files() -> None:
    """Pages lead to each other's files without the site's address, from any depth."""
    given = feed(
        article(),
        parents=(CategoryTitle("finance", "金融"),),
        children=(CategoryTitle("finance/sina/国内", "国内"),),
    )
    found = links(category_page(given))
    assert "../../index.html" in found
    assert "../../finance/index.html" in found
    assert "../../finance/sina/%E5%9B%BD%E5%86%85/index.html" in found
    assert "../../articles/a1" in found
    assert not any(link.startswith(SITE) for link in found)
    home = links(parse(html.render_home(site(article()))))
    assert {"all/index.html", "%E9%87%91%E8%9E%8D/sina/index.html", "feeds.opml"} <= set(home)


def test_an_article_without_a_link_leads_to_our_page() -> None:
    """Where our own page stands for the link, it is linked once, as a file beside."""
    given = article(url=f"{SITE}articles/a1")
    page = category_page(feed(given))
    assert [link for link in links(page) if "articles" in link] == ["../../articles/a1"]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_words_are_never_markup(text: str) -> None:
    """Titles, summaries, names, tags and categories are escaped on every page."""
    given = article(
        title=text,
        summary=text,
        author=text,
        tags=(text,),
        origin=Origin(text, "https://origin.example/"),
        enclosures=(Enclosure("https://origin.example/a", text),),
        language='en" onload="x',
    )
    for body in pages(given):
        page = parse(body)
        assert not page.xpath("//script | //*[@onerror] | //*[@onload] | //img[@src='x']")
        assert text in page.text_content()


def test_pages_load_nothing_but_the_style_sheet_and_pictures() -> None:
    """No script, no inline style, no frame, no address of a third party but those of articles."""
    for body in pages(article(image=None)):
        page = parse(body)
        assert not page.xpath("//script | //style | //@style | //iframe")
        (sheet,) = page.xpath("//link[@rel='stylesheet']/@href")
        assert str(sheet).endswith("static/style.css")
        (icon,) = page.xpath("//link[@rel='icon']/@href")
        assert str(icon).endswith("static/icon.svg")


def test_the_style_sheet_asks_nobody() -> None:
    """The style sheet loads nothing, knows the dark, and stays small."""
    style = style_sheet().decode()
    assert "url(" not in style
    assert "@import" not in style
    assert "prefers-color-scheme: dark" in style
    assert len(style) < 12_500


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("text", ["ink", "soft", "accent"])
@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_colours_can_be_read(theme: str, text: str, ground: str) -> None:
    """Every text colour has a contrast of 4.5 or more on every ground (WCAG 2.2, 1.4.3)."""
    blocks = re.findall(r":root \{(.*?)\}", style_sheet().decode(), re.DOTALL)
    colours = dict(re.findall(r"--(\w+): #(\w{6});", blocks[theme == "dark"]))
    high, low = sorted((_luminance(colours[text]), _luminance(colours[ground])), reverse=True)
    assert (high + 0.05) / (low + 0.05) >= 4.5


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_pages_have_landmarks_and_one_heading() -> None:
    """Each page has a language, a header, a main part that the skip link leads to, and one h1."""
    for body in pages(article(body="<p>text</p>")):
        page = parse(body)
        assert page.get("lang") == "en"
        assert page.xpath("count(//h1)") == page.xpath("count(//main[@id='main'])") == 1
        assert page.xpath("//body/a[1]/@href") == ["#main"]
        assert page.xpath("//header")
        assert page.xpath("//footer")
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert set(page.xpath("//@aria-labelledby")) <= set(ids)
        assert not page.xpath("//img[not(@alt)] | //a[not(normalize-space(.))]")


@pytest.mark.parametrize(
    ("language", "word"),
    [("zh-CN", "订阅"), ("zh", "订阅"), ("en", "Subscribe"), ("fr", "Subscribe")],
)
def test_the_interface_speaks_the_pages_language(language: str, word: str) -> None:
    """Chinese for Chinese pages, else English; the articles keep their own language."""
    page = category_page(feed(article(language="de"), language=language))
    assert page.get("lang") == spoken(language)
    assert word in page.text_content()
    assert page.xpath("//article/@lang") == ["de"]
    assert page.xpath("//h1/@lang") == [language]


def test_times_are_those_of_the_zone() -> None:
    """People see the site's zone, machines the moment, and the full time shows on hover."""
    given = article(published_at=datetime(2026, 6, 30, 17, 5, 9, 123, tzinfo=UTC))
    page = category_page(feed(given, language="zh-CN", timezone="Asia/Shanghai"))
    (time,) = page.xpath("//time")
    assert time.text == "01:05"
    assert time.get("datetime") == "2026-07-01T01:05:09+08:00"
    assert time.get("title") == "2026年7月1日 星期三 01:05:09 (Asia/Shanghai, UTC+0800)"


@pytest.mark.parametrize(
    ("zone", "language", "day", "clock"),
    [
        ("UTC", "en", "Saturday, 31 January 2026", "12:00"),
        ("Pacific/Kiritimati", "en", "Sunday, 1 February 2026", "02:00"),
        ("America/New_York", "zh-Hant", "2026年1月31日 星期六", "07:00"),
    ],
)
def test_moments(zone: str, language: str, day: str, clock: str) -> None:
    """Days and hours by zone and language, whatever the machine's locale."""
    found = moment(NOON, zone, language)
    assert (found.day, found.clock) == (day, clock)


def test_an_article_page_is_whole() -> None:
    """Body as it is, origin, categories, original link, attachments, tags, and other places."""
    given = article(body="<p>Safe &amp; sound</p>", via=(Via("https://www.other.example/x"),))
    page = parse(html.render_article(given, site(), [CategoryTitle("金融", "金融")]))
    assert page.xpath("//div[@class='body']/p/text()") == ["Safe & sound"]
    found = links(page)
    assert "../%E9%87%91%E8%9E%8D/index.html" in found
    assert {"https://origin.example/", given.url, "https://www.other.example/x"} <= set(found)
    assert page.xpath("//audio/@src") == ["https://origin.example/e.mp3"]
    assert page.xpath("//ul[@class='tags']/li/text()") == ["GDP"]


def test_an_article_page_names_every_other_place() -> None:
    """Each copy's address is a link, named by its source's title, else by its host."""
    via = (Via("https://www.other.example/x", "The Other"), Via("https://third.example/y"))
    page = parse(html.render_article(article(via=via), site(), []))
    found = page.xpath("//footer//a[@title]")
    assert [(each.get("href"), each.text) for each in found] == [
        ("https://www.other.example/x", "The Other"),
        ("https://third.example/y", "third.example"),
    ]


def test_an_article_page_leads_to_what_the_article_names() -> None:
    """Where it was found, what it answers and is about, and its comments; ids lead nowhere."""
    related = (
        Related(Relation.REPLIES, "https://www.o.example/1/feed", "application/rss+xml"),
        Related(Relation.VIA, "https://a.example/x"),
        Related(Relation.VIA, "https://b.example/x"),
        Related(Relation.IN_REPLY_TO, "", "", "urn:1"),
    )
    given = article(related=related, language="zh-CN")
    page = parse(html.render_article(given, site(), []))
    lines = [" ".join(line.text_content().split()) for line in page.xpath("//footer/p")[1:]]
    assert lines == ["来自： a.example、 b.example", "评论： o.example（订阅源）"]


def test_an_article_page_without_a_body_shows_the_summary() -> None:
    """There is always something to read."""
    page = parse(html.render_article(article(body="", url=f"{SITE}articles/a1"), site(), []))
    assert "What article 1 is about" in page.xpath("string(//div[@class='body'])")
    assert "Read the original" not in page.text_content()


def test_an_empty_category_invites() -> None:
    """Without articles the page says so and still offers its feeds."""
    page = category_page(feed())
    assert "No articles yet." in page.text_content()
    assert page.xpath("//link[@rel='alternate']")


def test_pages_depend_on_content_alone() -> None:
    """The same articles give the same bytes."""
    assert pages(article()) == pages(article())
    one = site(article())
    assert html.render_home(one) == html.render_home(replace(one))


def test_the_home_page_is_light() -> None:
    """Fifty articles with long summaries, beside fifty categories, stay below 100 KB."""
    long = [article(n, title="标题" * 20, summary="摘要文字" * 40) for n in range(50)]
    many = tuple(category(f"category-{n}", f"Category {n}") for n in range(50))
    given = replace(site(*long), categories=many)
    assert len(html.render_home(given)) < 100_000


def test_characters_that_nothing_can_carry_are_dropped() -> None:
    """A lone surrogate costs itself, not the page."""
    for body in pages(article(title="a\ud800b", summary="\x00c")):
        assert b"ab" in body
        assert etree.HTML(body) is not None
