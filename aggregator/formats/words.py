"""The interface's own words, in English and Simplified Chinese: data, and the choice of them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "lang": "en",
        "skip": "Skip to the articles",
        "home": "Home",
        "breadcrumbs": "You are here",
        "categories": "Categories",
        "subcategories": "Subcategories",
        "everything": "Everything",
        "newest": "Newest articles",
        "subscribe": "Subscribe",
        "subscribe_hint": "One click on an address selects it: paste it into your feed reader.",
        "all_feeds": "All feeds as OPML",
        "empty": "No articles yet. Subscribe, and the first one will come to you.",
        "own_page": "Read here",
        "original": "Read the original",
        "via": "via",
        "tags": "Tags",
        "attachments": "Attachments",
        "also_at": "Also published at",
        "rss": "RSS",
        "atom": "Atom",
        "json": "JSON Feed",
    }
)

CHINESE: Mapping[str, str] = MappingProxyType(
    {
        "lang": "zh-CN",
        "skip": "跳到文章列表",
        "home": "首页",
        "breadcrumbs": "当前位置",
        "categories": "分类",
        "subcategories": "下级分类",
        "everything": "全部文章",
        "newest": "最新文章",
        "subscribe": "订阅",
        "subscribe_hint": "点一下地址即可选中，复制后粘贴到阅读器。",
        "all_feeds": "全部订阅源（OPML）",
        "empty": "还没有文章。先订阅，第一篇到了就会送达。",
        "own_page": "本站阅读",
        "original": "阅读原文",
        "via": "来自",
        "tags": "标签",
        "attachments": "附件",
        "also_at": "亦见于",
        "rss": "RSS",
        "atom": "Atom",
        "json": "JSON Feed",
    }
)


def words_for(language: str) -> Mapping[str, str]:
    """The words for pages of a language (BCP 47): Chinese for every `zh`, else English."""
    return CHINESE if language.lower().split("-")[0] == "zh" else ENGLISH
