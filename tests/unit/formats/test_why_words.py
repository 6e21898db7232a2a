"""Why a source is read when it is, told in other languages than that of the code."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.errors import FetchError, FetchReason
from aggregator.fetch.due import DuePlan, after_failure, after_success
from aggregator.formats.health_words import ENGLISH, health_words
from aggregator.formats.why_words import why_in_words
from aggregator.model.pages import FetchState
from aggregator.model.schedule import Hints, QuietTimes, Rhythm

CHINESE = health_words("zh-CN")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
STATE = FetchState(NOW, HOUR)
PLAN = DuePlan(HOUR, HOUR / 4, 24 * HOUR)
QUIET = QuietTimes(frozenset({13}))


def read(plan: DuePlan = PLAN, **known: object) -> str:
    return after_success(replace(STATE, **known), plan, NOW).why  # type: ignore[arg-type] # any field


def failed(status: int, *, failures: int = 0, wait: float | None = None) -> str:
    reason = FetchReason.GONE if status == 410 else FetchReason.RATE_LIMITED
    error = FetchError(reason, "x", status=status, retry_after=wait)
    return after_failure(replace(STATE, failures=failures), error, PLAN, NOW).why


def offline() -> str:
    return after_failure(STATE, FetchError(FetchReason.OFFLINE, "x"), PLAN, NOW).why


@pytest.mark.parametrize(
    ("why", "told"),
    [
        (read(replace(PLAN, fixed=True)), "按配置"),
        (read(), "初始估计"),
        (read(rhythm=Rhythm((NOW,), 4 * HOUR)), "大约每 4 小时发布一次"),
        (read(rhythm=Rhythm((NOW - 20 * HOUR,))), "已有 20 小时没有新文章"),
        (read(hints=Hints(2 * HOUR, "ttl")), "ttl 要求间隔 2 小时"),
        (read(hints=Hints(2 * HOUR, "the HTTP cache")), "HTTP 缓存 要求间隔 2 小时"),
        (
            read(rhythm=Rhythm((NOW,), HOUR / 60)),
            "大约每 1 分钟发布一次；延长到 fetch.every_at_least",
        ),
        (read(hints=Hints(48 * HOUR, "ttl")), "ttl 要求间隔 2 天；缩短到 fetch.every_at_most"),
        (read(hints=Hints(quiet=QUIET)), "初始估计；等到安静时段结束"),
        (failed(0), "等待所属域名空闲"),
        (offline(), "本机当时没有网络"),
        (failed(410), "已关闭：每天查询一次，以防恢复"),
        (failed(429, wait=7200), "对方要求等待 2 小时"),
        (failed(429), "失败一次"),
        (failed(429, failures=3), "连续失败 4 次"),
        ("for some other reason", "for some other reason"),
        ("", ""),
    ],
)  # fmt: skip
def test_every_reason_is_told_in_chinese(why: str, told: str) -> None:
    """What the policy says has its Chinese words; what nobody foresaw stays as it is."""
    assert why_in_words(why, CHINESE) == told
    assert why_in_words(why, ENGLISH) == why
