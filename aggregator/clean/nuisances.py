"""What feeds carry that nobody came to read, as data: hosts, class names and closing phrases.

Kept short on purpose: each line was seen in real feeds. What belongs to one source alone belongs
into that source's `remove`.
"""

from __future__ import annotations

import re

from aggregator.text.policy import words

TRACKER_HOSTS = words(
    "ad.doubleclick.net analytics.feedpress.com b.scorecardresearch.com beacon.wikia-services.com"
    " counter.theconversation.com counter.theconversation.edu.au feeds.wordpress.com hm.baidu.com"
    " pi.feedsportal.com pixel.quantserve.com pixel.wp.com piwik.org res.feedsportal.com"
    " sb.scorecardresearch.com segment.prod.bidr.io stats.g.doubleclick.net stats.wordpress.com"
    " stats.wp.com tags.bluekai.com tracking.feedpress.com tracking.feedpress.it"
    " www.google-analytics.com"
)

TRACKER_PATHS = re.compile(
    r"^https?://(?:"
    r"(?:feeds|feedproxy|rss)\.[^/]+/~(?:r|ff|at|a)/"
    r"|medium\.com/_/stat"
    r"|blogger\.googleusercontent\.com/tracker/"
    r"|www\.facebook\.com/tr\b"
    r"|feedpress\.me/"
    r")"
)

PLACEHOLDER_HOSTS = re.compile(
    r"https?://(?:picsum\.photos|(?:via\.)?placeholder\.com|placehold\.(?:it|co)|placekitten\.com"
    r"|placeimg\.com|dummyimage\.com|loremflickr\.com|source\.unsplash\.com)/",
    re.IGNORECASE,
)
PLACEHOLDER_FILES = re.compile(
    r"/(?:[^/?]*[._-])?(?:1x1|blank|clear|pixel|placeholder|spacer|transparent|grey|gray|lazyload"
    r"|lazy|loading|dot)(?:[._-][^/?]*)?\.(?:gif|png|svg|jpe?g|webp)(?:\?|$)",
    re.IGNORECASE,
)
"""Pictures that stand for one that is not there."""

ICONS = re.compile(
    r"^https?://(?:[a-z0-9.]*\.)?gravatar\.com/|/favicon|\.ico(?:\?|$)|/emojis?/|/twemoji/|/smil(?:ies|eys)/"
    r"|/icons?/|/avatars?/|/badges?/|^https?://img\.shields\.io/",
    re.IGNORECASE,
)
"""Pictures too small, or too general, to stand for an article."""

EMOJI = re.compile(r"/(?:emojis?|twemoji|smil(?:ies|eys))/", re.IGNORECASE)

CLASSES = words(
    "a2a_kit addtoany_share_save_container feedflare jp-relatedposts mc4wp-form mf-viral"
    " sharedaddy sharethis-inline-share-buttons social-share subscription-widget-wrap"
    " subscription-widget-wrap-editor button-wrapper-share wp-block-jetpack-subscriptions"
    " yarpp-related"
)
"""Class names of share bars, subscription boxes and lists of other articles."""

_PHRASES = [
    r"the post\b.{1,300}\b(?:appeared first on|first appeared on)\b.{1,200}",
    # What WordPress puts under every article of a feed, in the languages that it speaks.
    r"文章 ?.{1,300}(?:最先|首先)(?:出现在|出現在) ?.{1,200}",
    r".{0,300}(?:這篇文章|这篇文章).{0,300}最早(?:出現|發佈|发布|出现)[於于在].{1,200}",
    r"投稿 .{1,300} は .{1,200} に最初に表示されました。?",
    r"Der Beitrag .{1,300} erschien zuerst auf .{1,200}",
    r"L[’']article .{1,300} est apparu en premier sur .{1,200}",
    r"La entrada .{1,300} (?:se publicó primero|aparece primero) en .{1,200}",
    r"O post .{1,300} apareceu primeiro em .{1,200}",
    r"L[’']articolo .{1,300} (?:proviene da|sembra essere il primo su) .{1,200}",
    r"Het bericht .{1,300} verscheen eerst op .{1,200}",
    r".{1,300} was originally published in .{1,200} on Medium, where people .{1,200}",
    r"to read this (?:article|story|post) in full,? (?:please )?click here\.?",
    r"(?:view|read|open)(?: this(?: e-?mail| post)?)? (?:in (?:your |a )?browser|online)\.?",
    r"reply to this post\.?",
    r"like this:?(?:\s*like)?\s*loading\s*(?:\.\.\.|…)",
    r"(?:未经.{1,20}|商业)?(?:转载|轉載)(?:请|請)(?:注明|註明).{0,100}",
    r"(?:长按|長按|微信)?扫(?:码|描|一扫).{0,30}(?:关注|下载|公众号).{0,30}",
    (
        r"(?:click (?:here )?to )?(?:read|continue reading|keep reading|see|view)"
        r"(?: the)?(?: full| whole| rest of(?: the| this)?)? (?:more|article|story|post|entry)"
        r"(?: (?:of|on|at) .{1,200})?[ .…:»›→>]*"
    ),
    r"(?:read more|continue reading)(?: .{1,200})?[ .…:»›→>]*",
    r"(?:\[(?:…|\.\.\.|read more|more)\]|…|\.\.\.)",
    (
        r"(?:点击|點擊)?(?:此处|這裡|这里)?(?:阅读|閱讀|查看|浏览|瀏覽)"
        r"(?:更多|全文|原文|余下全文)[ .…:»›→>]*"
    ),
    r"(?:原文|全文)(?:链接|連結|地址)[:：]?\s*(?:https?://\S{1,300})?",
    r"続きを読む[ .…»›→>]*",
    (
        r"(?:share this|tweet|分享到|分享至)[:：]?"
        r"(?:\s*(?:facebook|twitter|x|weibo|微博|微信|qq|\||,))*"
    ),
    r"责任编辑[:：]?",
]
CLOSING = re.compile("(?:" + "|".join(_PHRASES) + ")", re.IGNORECASE | re.DOTALL)
"""The whole text of a short last block that says nothing about the article."""

LINE_NUMBERS = words(
    "crayon-nums gutter hljs-ln-numbers line-numbers-rows lineno linenodiv linenos rouge-gutter"
)
"""Class names of what numbers the lines of a program, where it holds nothing but numbers."""

LONGEST_CLOSING = 400
OPENING = re.compile(r"原(?:标题|標題)[:：][^\n]{0,300}\n")
"""A first line that only says what the article was called elsewhere: no part of a summary."""
TRAILING = re.compile(
    r"\s*(?:\[(?:…|\.\.\.|&#8230;)\]|(?:read more|continue reading)\s*(?:…|\.\.\.|»|›|→)?)\s*$",
    re.IGNORECASE,
)
"""What excerpts end with where the text was cut by somebody else."""
