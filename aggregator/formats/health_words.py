"""What is said about sources and their health, in English and Simplified Chinese.

Keys that end in a reason, a state or a kind of event are asked for by its word; a test sees that
none is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from aggregator.formats.words import words_for

_TEN = 10

ENGLISH: Mapping[str, str] = MappingProxyType(
    {
        "title": "Sources",
        "lead": "How every source is doing; those in trouble come first.",
        "faults": "The configuration has faults; the one before it is in force",
        "problems": "The service has a problem",
        "summary": "{ok} well, {trouble} in trouble, {waiting} not read yet.",
        "more": "{count} more sources are not shown; `aggregator sources` lists them all.",
        "empty": "There are no sources.",
        "feed": "What happens to sources, as a feed",
        "feed_title": "How the sources are doing",
        "feed_description": "When a source breaks, changes, moves, goes silent or recovers.",
        "last_good": "Last good",
        "never": "never",
        "next": "Next",
        "every": "Every",
        "new_per_day": "New a day",
        "articles": "Articles",
        "streak": "Failures in a row",
        "moved_to": "Read from",
        "charts": "The last {days} days",
        "chart_new": "New articles a day",
        "chart_seconds": "Response time",
        "chart_failures": "Failures",
        "chart_none": "no record yet",
        "chart_new_text": "{total} in all, at most {most} on one day",
        "chart_seconds_text": "{most} s on average on the slowest day",
        "chart_failures_text": "{total} of {fetches} fetches",
        "state_ok": "well",
        "state_failing": "failing",
        "state_gone": "gone",
        "state_silent": "silent",
        "state_waiting": "not read yet",
        "reason_timeout": "It did not answer in time.",
        "reason_dns": "Its name cannot be found.",
        "reason_connect": "No connection can be made to it.",
        "reason_tls": "Its certificate cannot be trusted.",
        "reason_blocked_address": "It leads to an address that is not allowed.",
        "reason_bad_url": "Its address cannot be used.",
        "reason_too_many_redirects": "It redirects without end.",
        "reason_too_large": "Its answer is too large.",
        "reason_bad_response": "Its answer is not proper HTTP.",
        "reason_incomplete": "Its answer broke off.",
        "reason_http_error": "It answers with an error.",
        "reason_rate_limited": "It wants to be asked less often.",
        "reason_gone": "It says that it is gone for good.",
        "reason_robots": "It does not want programs to read it (robots.txt).",
        "reason_unreadable": "Its files cannot be read.",
        "reason_empty": "Its answer is empty.",
        "reason_not_a_feed": "Its answer is not what was promised: a page, it may be, instead "
        "of a feed.",
        "reason_malformed": "Its answer is damaged.",
        "reason_no_items": "Nothing on its page is recognised as an article.",
        "reason_layout_changed": "Its page is laid out in another way than before.",
        "reason_too_expensive": "Reading its answer takes too much time or memory.",
        "reason_failed": "Reading its answer failed.",
        "event_broken": "{title} cannot be read any more",
        "event_layout_changed": "{title} has changed its layout",
        "event_gone": "{title} is gone",
        "event_moved": "{title} has moved",
        "event_silent": "{title} has gone silent",
        "event_recovered": "{title} can be read again",
        "event_resumed": "{title} posts again",
        "about_broken": "It failed several times in a row. It is tried again, less and less often.",
        "about_layout_changed": "What the configuration says about its page no longer fits: "
        "look at the page, and mend the source.",
        "about_gone": "It rests, and is asked once a day. Take it out of the configuration, "
        "or give it a new address.",
        "about_moved": "It is read from its new address from now on; write that into the "
        "configuration.",
        "about_silent": "It answers, but has posted nothing for much longer than usual.",
        "about_recovered": "Whatever it was, it is over.",
        "about_resumed": "The silence is over.",
        "ago": "{span} ago",
        "ahead": "in {span}",
        "now": "now",
        "unit_d": "{number} d",
        "unit_h": "{number} h",
        "unit_min": "{number} min",
        "unit_s": "{number} s",
        "said": "In its own words",
        "source": "Source",
    }
)

CHINESE: Mapping[str, str] = MappingProxyType(
    {
        "title": "信源状况",
        "lead": "每个信源的近况，有问题的排在前面。",
        "faults": "配置文件有误，仍在使用之前的配置",
        "problems": "服务出现问题",
        "summary": "{ok} 个正常，{trouble} 个有问题，{waiting} 个尚未读取。",
        "more": "另有 {count} 个信源未显示，可用 `aggregator sources` 查看全部。",
        "empty": "还没有信源。",
        "feed": "以订阅源形式关注信源动态",
        "feed_title": "信源状况",
        "feed_description": "信源出错、改版、迁移、沉寂或恢复时的通知。",
        "last_good": "上次成功",
        "never": "从未",
        "next": "下次读取",
        "every": "间隔",
        "new_per_day": "日均新文章",
        "articles": "文章数",
        "streak": "连续失败",
        "moved_to": "实际地址",
        "charts": "最近 {days} 天",
        "chart_new": "每日新文章",
        "chart_seconds": "响应时间",
        "chart_failures": "失败次数",
        "chart_none": "尚无记录",
        "chart_new_text": "共 {total} 篇，单日最多 {most} 篇",
        "chart_seconds_text": "最慢一天平均 {most} 秒",
        "chart_failures_text": "{fetches} 次读取中失败 {total} 次",
        "state_ok": "正常",
        "state_failing": "失败",
        "state_gone": "已关闭",
        "state_silent": "沉寂",
        "state_waiting": "尚未读取",
        "reason_timeout": "未能及时响应。",
        "reason_dns": "找不到它的域名。",
        "reason_connect": "无法建立连接。",
        "reason_tls": "证书不可信。",
        "reason_blocked_address": "它指向不允许访问的地址。",
        "reason_bad_url": "地址无法使用。",
        "reason_too_many_redirects": "重定向没有尽头。",
        "reason_too_large": "响应过大。",
        "reason_bad_response": "响应不符合 HTTP 规范。",
        "reason_incomplete": "响应中途断开。",
        "reason_http_error": "返回了错误。",
        "reason_rate_limited": "要求降低访问频率。",
        "reason_gone": "声明已永久关闭。",
        "reason_robots": "它不允许程序读取（robots.txt）。",
        "reason_unreadable": "文件无法读取。",
        "reason_empty": "响应为空。",
        "reason_not_a_feed": "响应并非约定的内容，例如返回了网页而不是订阅源。",
        "reason_malformed": "响应已损坏。",
        "reason_no_items": "页面上识别不出任何文章。",
        "reason_layout_changed": "页面结构已与之前不同。",
        "reason_too_expensive": "解析响应耗费的时间或内存过多。",
        "reason_failed": "解析响应失败。",
        "event_broken": "{title}：无法读取",
        "event_layout_changed": "{title}：页面已改版",
        "event_gone": "{title}：已关闭",
        "event_moved": "{title}：已迁移",
        "event_silent": "{title}：已沉寂",
        "event_recovered": "{title}：已恢复",
        "event_resumed": "{title}：重新发文",
        "about_broken": "连续多次读取失败。仍会继续尝试，但间隔会逐渐拉长。",
        "about_layout_changed": "配置中的规则与页面不再相符，请查看页面并修改该信源的配置。",
        "about_gone": "已暂停，每天只询问一次。请从配置中删除，或换用新地址。",
        "about_moved": "从现在起改从新地址读取，请把新地址写入配置。",
        "about_silent": "它有响应，但远超平常的时间没有新文章。",
        "about_recovered": "问题已经过去。",
        "about_resumed": "沉寂已经结束。",
        "ago": "{span}前",
        "ahead": "{span}后",
        "now": "现在",
        "unit_d": "{number} 天",
        "unit_h": "{number} 小时",
        "unit_min": "{number} 分钟",
        "unit_s": "{number} 秒",
        "said": "原始信息",
        "source": "信源",
    }
)


def health_words(language: str) -> Mapping[str, str]:
    """The words about sources for a language (BCP 47): Chinese for every `zh`, else English."""
    return CHINESE if words_for(language)["lang"].startswith("zh") else ENGLISH


def span(length: timedelta, words: Mapping[str, str]) -> str:
    """A length of time in its largest unit, below ten of it with a half: `1.5 h`."""
    seconds = max(0.0, length.total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("min", 60)):
        if seconds >= size:
            number = seconds / size
            rounded = round(number * 2) / 2 if number < _TEN else round(number)
            return words[f"unit_{unit}"].format(number=f"{rounded:g}")
    return words["unit_s"].format(number=int(seconds))


def ago(moment: datetime | None, now: datetime, words: Mapping[str, str]) -> str:
    """How long ago something happened; `never` for None."""
    return words["ago"].format(span=span(now - moment, words)) if moment else words["never"]


def ahead(moment: datetime, now: datetime, words: Mapping[str, str]) -> str:
    """In how much time something will happen."""
    if moment <= now:
        return words["now"]
    return words["ahead"].format(span=span(moment - now, words))


def error_in_words(error: str, words: Mapping[str, str]) -> str:
    """What `reason: detail` means, for people; "" for no error, itself for an unknown reason."""
    return words.get(f"reason_{error.partition(':')[0]}", error)
