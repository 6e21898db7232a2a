"""Sina Finance as the example configures it, against an origin that answers as the real one does.

Of the example nothing is changed but the host of the address.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
import yaml

from tests.support.folders import write
from tests.support.origin import Origin
from tests.support.running import aggregator
from tests.support.shared import shared

PATHS = ["all", "finance", "finance/sina", "finance/sina/china"]
FINANCE = "三部门联合开展知识产权质押融资入园惠企行动"
NEWS = "国务院常务会议部署进一步稳外贸稳外资的举措"
VIDEO = "视频｜央行行长谈下半年货币政策的取向与空间"
TEXT = "知识产权质押融资是创新型企业特别是中小微企业运用知识产权获得信贷支持的有效途径。"

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>t</title></head><body>
<div class="nav"><a href="/">首页</a></div>
<span class="date">2021年06月30日 17:37</span>
<div class="article" id="{id}"><div id="left_hzh_ad">广告</div>
<p>　　{text}</p><p>　　第二段，<a href="/stock/1">相关的链接</a>。</p>
<div class="img_wrapper"><img src="//n.sinaimg.cn/finance/1.jpg"></div>
<div class="appendQr_wrap">海量资讯、精准解读，尽在新浪财经APP</div>
<p class="article-editor">责任编辑：张三</p></div>
<div class="footer">版权所有</div></body></html>"""
BARE = "<html><body><div class='player'>请升级播放器</div></body></html>"


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as running:
        page = PAGE.format(charset="utf-8", id="artibody", text=TEXT * 3)
        running.serve("/finance", page, content_type="text/html")
        page = PAGE.format(charset="gb2312", id="article", text=TEXT * 4)
        running.serve("/news", page.encode("gbk"), content_type="text/html")
        running.serve("/video", BARE, content_type="text/html")
        yield running


@pytest.fixture
def folder(tmp_path: Path, origin: Origin) -> Path:
    example = shared("config-example")
    sources = yaml.safe_load((example / "sources/news.yaml").read_text(encoding="utf-8"))
    (sina,) = [each for each in sources["sources"] if each["id"] == "sina-china"]
    sina["url"] = origin.url(urlsplit(sina["url"]).path + "?" + urlsplit(sina["url"]).query)
    (tmp_path / "config/sources").mkdir(parents=True)
    write(tmp_path / "config/sources/sina.yaml", {"sources": [sina]})
    categories = (example / "categories.yaml").read_bytes()
    (tmp_path / "config/categories.yaml").write_bytes(categories)
    write(
        tmp_path / "config/aggregator.yaml",
        {
            "site": {"title": "Wire", "url": "https://news.example.org/"},
            "fetch": {"allow_private": True},
        },
    )
    return tmp_path


def answer(origin: Origin, *, items: list[dict[str, Any]] | None = None) -> bytes:
    """The channel's answer: links by http, times as strings."""
    found = [
        {"docid": "1", "title": FINANCE, "url": origin.url("/finance"), "intime": "1625045848"},
        {"docid": "2", "title": NEWS, "url": origin.url("/news"), "intime": "1625045000"},
        {"docid": "3", "title": VIDEO, "url": origin.url("/video"), "intime": "1625044000"},
    ]  # fmt: skip
    common = {"intro": "这是导语。", "media_name": "新华社", "mtime": "1625045900", "images": []}
    data = [common | item for item in found] if items is None else items
    whole = {"result": {"status": {"code": 0}, "total": len(data), "data": data}}
    return json.dumps(whole, ensure_ascii=False).encode()


def serve(origin: Origin, body: bytes) -> None:
    origin.serve("/api/roll/get", body, content_type="application/json")


def entries(folder: Path, name: str) -> dict[str, Any]:
    found = feedparser.parse(BytesIO((folder / "feeds" / name).read_bytes())).entries
    return {entry.title: entry for entry in found}


@pytest.mark.parametrize("is_jsonp", [False, True])
def test_example_gives_whole_articles(folder: Path, origin: Origin, is_jsonp: bool) -> None:
    """Each level's feeds have the text of each page, or the intro where a page has none."""
    body = answer(origin)
    serve(origin, b"try{feedCallback(%s);}catch(e){};" % body if is_jsonp else body)
    done = aggregator(folder, "ingest")
    assert done.returncode == 0, done.stderr
    (asked,) = [seen for seen in origin.requests if seen.path.startswith("/api/")]
    assert asked.headers["referer"] == "https://news.sina.com.cn/"
    assert "full_text.select: #artibody, #article found nothing (1 page" in done.stderr
    for name in [f"{path}/{file}.xml" for path in PATHS for file in ("rss", "atom")]:
        found = entries(folder, name)
        assert set(found) == {FINANCE, NEWS, VIDEO}
        assert found[FINANCE].published_parsed[:6] == (2021, 6, 30, 9, 37, 28)
        assert found[FINANCE].author == "新华社"
        assert found[FINANCE].link == origin.url("/finance")
        texts = {title: entry.content[0].value for title, entry in found.items()}
        assert TEXT * 3 in texts[FINANCE]
        assert TEXT * 4 in texts[NEWS]
        assert "这是导语。" in texts[VIDEO]
        assert "请升级" not in texts[VIDEO]
        for text in (texts[FINANCE], texts[NEWS]):
            assert f'href="{origin.url("/stock/1")}"' in text
            assert 'src="http://n.sinaimg.cn/finance/1.jpg"' in text
            for leftover in ("广告", "海量资讯", "责任编辑", "首页", "版权所有", "\u3000"):
                assert leftover not in text


def test_pages_are_read_once(folder: Path, origin: Origin) -> None:
    """A later run, in a process of its own, asks for the page of a new article and for no other."""
    serve(origin, answer(origin))
    aggregator(folder, "ingest")
    later = json.loads(answer(origin))
    new = {"docid": "4", "title": "又一条新闻，标题也足够长", "url": origin.url("/news?4")}
    later["result"]["data"][0]["intro"] = "改过的导语。"
    later["result"]["data"].insert(0, new)
    serve(origin, json.dumps(later).encode())
    done = aggregator(folder, "ingest")
    assert done.returncode == 0, done.stderr
    asked = [seen.path for seen in origin.requests]
    assert [path for path in asked if not path.startswith(("/api/", "/robots.txt"))] == [
        "/finance",
        "/news",
        "/video",
        "/news?4",
    ]
    found = entries(folder, "all/rss.xml")
    assert TEXT * 3 in found[FINANCE].content[0].value
    assert TEXT * 4 in found["又一条新闻，标题也足够长"].content[0].value


def test_empty_list_is_an_error(folder: Path, origin: Origin) -> None:
    """An answer without articles fails the source, later as a changed layout; its articles stay."""
    serve(origin, answer(origin, items=[]))
    done = aggregator(folder, "ingest")
    assert done.returncode == 1
    assert "no_items: items: result.data found an empty list" in done.stderr
    serve(origin, answer(origin))
    assert aggregator(folder, "ingest").returncode == 0
    serve(origin, answer(origin, items=[]))
    done = aggregator(folder, "ingest")
    assert done.returncode == 1
    assert "layout_changed: items: result.data found an empty list" in done.stderr
    assert set(entries(folder, "all/rss.xml")) == {FINANCE, NEWS, VIDEO}
