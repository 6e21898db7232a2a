"""A small site at an origin: two feeds behind a page, and what else sources are read from."""

from __future__ import annotations

import json

from tests.support.feeds import Item, rss
from tests.support.origin import Origin

BODY = (
    "<style>p{}</style><script>alert(1)</script><p>据悉，国家知识产权局会同有关部门。</p>"
    '<p class="ad">广告</p><img data-src="/pictures/head.jpg" width="600">'
)
ITEMS = (
    Item(
        "三部门联合开展知识产权质押融资入园惠企行动",
        "https://wire.example/1?utm_source=feed",
        body=BODY,
    ),
    Item("No date, and a [tag] in its title", "https://wire.example/2", when=None),
    Item(""),
)
PAGE = """<!doctype html><html><head><title>The Wire</title>
<LINK REL="Alternate" TYPE="application/rss+xml" TITLE="All of it" HREF="/all.rss">
<link rel="alternate" type="application/feed+json" title="As JSON" href="feed/second.json">
<link rel="alternate stylesheet" type="text/css" href="/print.css">
<link rel="alternate" hreflang="de" href="/de/"></head><body>news</body></html>"""
BROKEN = """<html><head><title>Broken</title>
<link rel="alternate" type="application/rss+xml" title="Lost" href="/gone.rss"></head></html>"""
LIST = """<!doctype html><html><body><ul class="news">
<li><a href="/a1">第一条公告的标题</a><span class="date">2021年06月30日 17:37</span></li>
<li><a href="/a2">A second notice</a><span class="date">some day</span></li></ul></body></html>"""
ANSWER = {"result": {"data": [{"title": "国内新闻的标题", "url": "/3", "intime": "1625045848"}]}}
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://wire.example/p</loc><lastmod>2026-05-04</lastmod></url></urlset>"""
JSON_FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "The second",
    "items": [{"id": "1", "content_text": "words", "date_published": "2026-05-06T07:08:09Z"}],
}


def serve_site(origin: Origin) -> None:
    """Let an origin answer as the site does."""
    html = "text/html; charset=utf-8"
    origin.serve("/", PAGE, content_type=html)
    origin.serve("/all.rss", rss(ITEMS, "财经新闻"), content_type="application/rss+xml")
    origin.serve("/feed/second.json", json.dumps(JSON_FEED), content_type="application/feed+json")
    origin.serve("/broken", BROKEN, content_type=html)
    origin.serve("/list", LIST, content_type=html)
    origin.serve("/api", json.dumps(ANSWER), content_type="application/json")
    origin.serve("/sitemap.xml", SITEMAP)
    origin.serve("/nothing", "<html><title>No feed</title>nothing here</html>", content_type=html)
