"""The origin of the simulated day: two thousand sources on one server of this machine, and its log.

It answers over real sockets, at simulated times: it knows when each source posts, how its server
behaves, and what it asked for; so it can tell who comes too early. The log has a line a request.
"""

from __future__ import annotations

import bisect
import random
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
HISTORY = timedelta(weeks=10)
ITEMS = 20
STRICT, STRICT_A_MINUTE, STRICT_REST = "bloghost.test", 20, 300
"""A host of many blogs that refuses more requests a minute than this, and for how many seconds."""
_KINDS = {"busy": 20, "agency": 200, "daily": 880, "weekly": 400, "dead": 200, "bursty": 100}
_BROKEN = {"http 500": 80, "http 404": 60, "gone": 20, "moved": 40}
_GAPS = {"busy": 0.2, "agency": 1.0, "daily": 24.0, "weekly": 168.0, "dead": 72.0, "moved": 24.0}
_STYLES = (*["etag"] * 13, *["date"] * 3, *["none"] * 2, "max-age", "ttl")


@dataclass(frozen=True)
class Site:
    """One source: where it lives, when it posts (hours since MONDAY), how its server answers."""

    host: str
    kind: str
    style: str
    posts: Sequence[float]

    @property
    def domain(self) -> str:
        """Whom it belongs to."""
        return ".".join(self.host.split(".")[-2:])


@dataclass(frozen=True)
class Line:
    """One line of the log; seconds since MONDAY."""

    at: float
    site: Site
    status: int
    conditional: bool
    early: bool


def sites(seed: random.Random) -> dict[str, Site]:
    """Two thousand sources by host: most alone, some five on a domain, 400 on one host of blogs."""
    kinds = [kind for kind, number in (_KINDS | _BROKEN).items() for _ in range(number)]
    seed.shuffle(kinds)
    made = {}
    for number, kind in enumerate(kinds):
        host = f"site{number}.test"
        if number < 400:
            host = f"u{number}.{STRICT}"
        elif number < 700:
            host = f"s{number % 5}.group{number // 5}.test"
        posts = list(_posts(kind, seed))
        made[host] = Site(host, kind, seed.choice(_STYLES), posts)
    return made


def _posts(kind: str, seed: random.Random) -> Iterator[float]:
    """When a source posts, in hours; in order."""
    hour, end = -HISTORY / timedelta(hours=1), 24.0
    if kind == "bursty":
        for day in range(int(hour // 24), 1):
            if day % 7 in (0, 3, 5):
                yield from (24 * day + 19 + each / 6 for each in range(12))
        return
    gap = _GAPS.get(kind, 24.0)
    moment = hour + seed.uniform(0, gap)
    while moment < (end if kind != "dead" else -2000 / 24):
        yield moment + seed.uniform(-0.1, 0.1) * min(gap, 4)
        moment += gap


@dataclass
class Log:
    """What the origin saw, and what it asked for."""

    now: Callable[[], float]
    promised: Callable[[str], float]
    lines: list[Line] = field(default_factory=list)
    most_at_once: Counter[str] = field(default_factory=Counter)
    _open: Counter[str] = field(default_factory=Counter)
    _not_before: dict[str, float] = field(default_factory=lambda: defaultdict(lambda: -1e9))
    _last: dict[str, float] = field(default_factory=dict)
    _minute: Counter[tuple[str, int]] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def enter(self, site: Site) -> tuple[float, bool, bool]:
        """A request begins: when, whether it is early, and whether it is one too many."""
        with self._lock:
            now, domain = self.now(), site.domain
            self._open[domain] += 1
            self.most_at_once[domain] = max(self.most_at_once[domain], self._open[domain])
            is_follow_up = self._last.get(site.host) == now  # behind a redirect
            waits = (self._not_before[site.host], self._not_before[domain])
            early = not is_follow_up and now < max(*waits, self.promised(site.host))
            self._last[site.host] = now
            self._minute[domain, int(now // 60)] += 1
            too_many = self._minute[domain, int(now // 60)] > STRICT_A_MINUTE
            return now, early, too_many and domain == STRICT

    def leave(self, line: Line, wait: float, *, whole_domain: bool) -> None:
        """A request ends; nobody of whom it holds should come back before `wait` seconds."""
        with self._lock:
            self._open[line.site.domain] -= 1
            self.lines.append(line)
            if wait:
                name = line.site.domain if whole_domain else line.site.host
                self._not_before[name] = max(self._not_before[name], line.at + wait)


def document(site: Site, hours: float) -> tuple[bytes, int]:
    """The feed as it is at that hour, and how many articles were posted until then."""
    number = bisect.bisect_right(site.posts, hours)
    shown = range(max(number - ITEMS, 0), number)
    items = (
        f"<item><title>Story {each} of {site.host}, told at length</title><guid>{each}</guid>"
        f"<link>http://{site.host}/{each}</link><pubDate>{_date(site.posts[each])}</pubDate></item>"
        for each in reversed(shown)
    )
    ttl = "<ttl>120</ttl>" if site.style == "ttl" else ""
    head = f"<title>{site.host}</title><link>http://{site.host}/</link>{ttl}"
    return f"<rss version='2.0'><channel>{head}{''.join(items)}</channel></rss>".encode(), number


def _date(hours: float) -> str:
    return format_datetime(MONDAY + timedelta(hours=hours), usegmt=True)


def server(known: Mapping[str, Site], log: Log) -> ThreadingHTTPServer:
    """The server of all sources; not started."""

    class Handler(_Handler):
        sites = known
        seen = log

    ThreadingHTTPServer.request_queue_size = 128
    return ThreadingHTTPServer(("127.0.0.1", 0), Handler)


_REFUSALS = {"http 500": 500, "http 404": 404, "gone": 410}


class _Handler(BaseHTTPRequestHandler):
    """Answers as the site would at that moment."""

    protocol_version = "HTTP/1.1"
    sites: Mapping[str, Site]
    seen: Log

    def do_GET(self) -> None:
        """One request, one line in the log."""
        site = self.sites[self.headers["Host"].partition(":")[0]]
        now, early, too_many = self.seen.enter(site)
        status, headers, body = self._said(site, now, too_many=too_many)
        headers["Date"] = _date(now / 3600)
        self.send_response_only(status)
        for name, value in (headers | {"Content-Length": str(len(body))}).items():
            self.send_header(name, value)
        is_conditional = "If-None-Match" in self.headers or "If-Modified-Since" in self.headers
        wait = STRICT_REST if too_many else {"max-age": 3600, "ttl": 7200}.get(site.style, 0)
        wait = wait if too_many or status in (200, 304) else 0
        self.seen.leave(Line(now, site, status, is_conditional, early), wait, whole_domain=too_many)
        self.end_headers()
        self.wfile.write(body)

    def _said(self, site: Site, now: float, *, too_many: bool) -> tuple[int, dict[str, str], bytes]:
        if too_many:
            return 429, {"Retry-After": str(STRICT_REST)}, b""
        if site.kind in _REFUSALS:
            return _REFUSALS[site.kind], {}, b""
        if site.kind == "moved" and self.path == "/feed":
            return 301, {"Location": "/new"}, b""
        body, number = document(site, now / 3600)
        headers = {"Content-Type": "application/rss+xml"}
        if site.style == "date":
            headers["Last-Modified"] = _date(site.posts[number - 1])
        elif site.style != "none":
            headers["ETag"] = f'"{number}"'
        if site.style == "max-age":
            headers["Cache-Control"] = "max-age=3600"
        asked = (self.headers["If-None-Match"], self.headers["If-Modified-Since"])
        is_known = asked[0] == headers.get("ETag", "") or asked[1] == headers.get(
            "Last-Modified", ""
        )
        return (304, headers, b"") if is_known else (200, headers, body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
        """The log is kept by `Log`."""
