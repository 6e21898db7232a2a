"""Addresses out of strangers' markup: made absolute, freed of what only tracks, or refused.

Every address that leaves cleaning has been through `link` or `media`: an absolute address of an
allowed scheme, in ASCII, without credentials, no longer than `MAX_URL`. Nothing here looks a name
up or connects to anything; whether an address may be fetched is the fetcher's question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urljoin, urlsplit, urlunsplit

from aggregator.text.policy import LINK_SCHEMES, MEDIA_SCHEMES, words

MAX_URL = 2_048

_UNSEEN = re.compile("[\x00-\x20\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
                     "\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\u3164\ufe00-\ufe0f\ufeff"
                     "\uffa0\ufff0-\ufffb]")  # fmt: skip
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SAFE = "%/:@!$&'()*+,;=~-._"
_MAIL = re.compile(r"[\w.!#$%&'*+/=^`{|}~-]+@[\w.-]+")
_NAME = r"(?:[A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])"
_HOST = re.compile(_NAME)
_PLAIN = re.compile(
    r"https?://([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)/[A-Za-z0-9%/:@!$&'()*+,;=~._-]*"
    r"(?:\?[A-Za-z0-9%/:@!$&'()*+,;=~._?-]+)?(?:#[A-Za-z0-9%/:@!$&'()*+,;=~._?-]+)?"
)
"""Addresses that come out as they went in, which are most."""
_SITE = re.compile(r"https?://[^/?#\s\\]+")
_AUTHORITY = re.compile(rf"//{_NAME}(?::[0-9]{{1,5}})?(?:[/?#]|$)")

_TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "hsa_", "stm_")
_TRACKING = words(
    "__hsfp __hssc __hstc _ga _gl _hsenc _hsmi dclid fb_action_ids fb_action_types fb_ref fb_source"
    " fbclid gbraid gclid gclsrc igsh igshid li_fat_id mc_cid mc_eid mkt_tok msclkid"
    " oly_anon_id oly_enc_id srsltid ttclid twclid vero_conv vero_id wbraid wickedid yclid"
)
_TRACKING_AT: Mapping[str, frozenset[str]] = {
    "aliyun.com": frozenset({"spm", "scm"}),
    "bilibili.com": frozenset({"spm_id_from", "vd_source", "share_source", "from_spmid"}),
    "csdn.net": frozenset({"spm", "utm_source"}),
    "taobao.com": frozenset({"spm", "scm"}),
    "tmall.com": frozenset({"spm", "scm"}),
    "youtube.com": frozenset({"si", "feature"}),
    "youtu.be": frozenset({"si", "feature"}),
}
"""Parameters that only track, but only on these hosts; elsewhere they may name the page."""

_JUMP_PAGES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("c.pc.qq.com", "/middlem.html"): ("pfurl",),
    ("l.facebook.com", "/l.php"): ("u",),
    ("link.csdn.net", "/"): ("target",),
    ("link.jianshu.com", "/"): ("t",),
    ("link.juejin.cn", "/"): ("target",),
    ("link.zhihu.com", "/"): ("target",),
    ("out.reddit.com", "/"): ("url",),
    ("slack-redir.net", "/link"): ("url",),
    ("steamcommunity.com", "/linkfilter"): ("url", "u"),
    ("t.umblr.com", "/redirect"): ("z",),
    ("vk.com", "/away.php"): ("to",),
    ("www.douban.com", "/link2"): ("url",),
    ("www.google.com", "/url"): ("q", "url"),
    ("www.youtube.com", "/redirect"): ("q",),
}
_JUMP_NAMES = frozenset({"gotolink", "go", "goto", "jump", "link", "out", "outlink", "redirect"})
_JUMP_PARAMETERS = ("url", "to", "target")
_MOST_JUMPS = 3


def link(url: str, base: str = "") -> str:
    """A link's address, absolute and without tracking or jump pages; "" where it is unusable.

    `mailto:` addresses come out as they are, without headers such as `subject`.
    """
    absolute = _absolute(url, base, LINK_SCHEMES)
    return absolute if absolute.startswith("mailto:") else _direct(absolute)


def page_link(url: str, base: str = "") -> str:
    """As `link`, but a page's address only: http or https."""
    return _direct(_absolute(url, base, MEDIA_SCHEMES))


def media(url: str, base: str = "") -> str:
    """The absolute http(s) address of a picture, film or file; "" where it is unusable."""
    return _absolute(url, base, MEDIA_SCHEMES)


def picture(url: str, base: str = "") -> str:
    """As `media`, and no longer through a proxy such as `https://proxy/?http://…`."""
    address = media(url, base)
    if "/?" not in address:
        return address
    parts = urlsplit(address)
    inner = _decoded_once(parts.query)
    return media(inner) or address if parts.path == "/" and _is_http(inner) else address


def joined(base: str, url: str) -> str:
    """As `urljoin`, which is slow, without it where there is nothing to join.

    Raises:
        ValueError: no address can be made of it.
    """
    return url if _is_plain(url) and ";" not in url else urljoin(base, url)


def host(url: str) -> str:
    """The host of an address in lower case, "" where it has none."""
    if plain := _PLAIN.fullmatch(url):
        return plain[1]
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def is_allowed(url: str, schemes: frozenset[str]) -> bool:
    """Whether an address is of one of these schemes, however it is spelled.

    The last fence: libraries that judge by a normalised copy let `javascript:123` pass (for a
    host with a port), so this one demands the plain form that `link` and `media` give.
    """
    if _PLAIN.fullmatch(url):
        return url.partition(":")[0] in schemes
    found = _SCHEME.match(url)
    if found is None or _UNSEEN.search(url):
        return False
    scheme = found[1].lower()
    return scheme in schemes and (scheme == "mailto" or bool(_AUTHORITY.match(url, found.end())))


def _absolute(url: str, base: str, schemes: frozenset[str]) -> str:
    """The absolute address in its usual form; "" where it is none of these schemes."""
    if _is_plain(url):
        return url
    of_site = _of_site(base, url)
    return of_site if _is_plain(of_site) else _made_absolute(url, base, schemes)


def _is_plain(url: str) -> bool:
    return len(url) <= MAX_URL and "/." not in url and _PLAIN.fullmatch(url) is not None


def _made_absolute(url: str, base: str, schemes: frozenset[str]) -> str:
    if len(url) > 2 * MAX_URL:
        return ""
    seen = _CONTROL.sub("", url).strip().strip("\u200b\ufeff\u3000\xa0")
    if not seen:
        return ""
    compact = _SCHEME.match(_UNSEEN.sub("", seen))
    written = _SCHEME.match(seen)
    if compact and (written is None or written[1] != compact[1]):
        return ""  # something unseen stands in the scheme: nobody does that in good faith
    if written and written[1].lower() == "mailto":
        return _mailto(seen[written.end() :]) if "mailto" in schemes else ""
    try:
        whole = _joined(base, seen.replace("\\", "/"))
        return whole if _is_plain(whole) else _canonical(urlsplit(whole), schemes)
    except (ValueError, UnicodeError):
        return ""


def _joined(base: str, url: str) -> str:
    """As `urljoin`, which is slow, where there is something to join."""
    if "/." not in url and _is_http(url):
        return url
    return _of_site(base, url) or urljoin(base, url)


def _of_site(base: str, url: str) -> str:
    """An address that starts at the top of the site of `base`, absolute; "" for any other."""
    is_path = url[:1] == "/" != url[1:2] and ";" not in url and "/." not in url
    site = _SITE.match(base) if is_path else None
    return site[0] + url if site else ""


def _mailto(rest: str) -> str:
    address = rest.partition("?")[0]
    plain = _MAIL.fullmatch(address) and len(address) <= MAX_URL
    return "mailto:" + quote(address, safe=_SAFE) if plain else ""


def _canonical(parts: SplitResult, schemes: frozenset[str]) -> str:
    """The address in ASCII.

    Raises:
        ValueError: host or port are none.
    """
    if parts.scheme not in schemes or "@" in parts.netloc:
        return ""
    name = _ascii_host(parts.hostname or "")
    if not _HOST.fullmatch(name):
        return ""
    port = "" if parts.port in {None, 80 if parts.scheme == "http" else 443} else f":{parts.port}"
    address = urlunsplit(
        (
            parts.scheme,
            name + port,
            quote(parts.path or "/", safe=_SAFE),
            quote(parts.query, safe=_SAFE + "?"),
            quote(parts.fragment, safe=_SAFE + "?"),
        )
    )
    return address if len(address) <= MAX_URL else ""


@lru_cache(maxsize=4096)
def _ascii_host(name: str) -> str:
    if name.isascii():
        return f"[{name}]" if ":" in name else name
    import idna

    return idna.encode(name, uts46=True).decode("ascii")


def _direct(url: str) -> str:
    """Past jump pages to where they lead, and without parameters that only track."""
    for _ in range(_MOST_JUMPS):
        target = _jump_target(url)
        if not target:
            break
        url = target
    return _untracked(url)


def _jump_target(url: str) -> str:
    """Where a jump page leads, if its address says so in full; "" for every other address."""
    if "http" not in url.partition("?")[2]:
        return ""
    parts = urlsplit(url)
    if "http" not in parts.query:
        return ""
    path = parts.path.rstrip("/") or "/"
    names = _JUMP_PAGES.get((parts.netloc.lower(), path), ())
    if not names and path.rpartition("/")[2].lower() in _JUMP_NAMES:
        names = _JUMP_PARAMETERS
    if not names:
        return ""
    values = dict(parse_qsl(parts.query, max_num_fields=20))
    found = (values[name] for name in names if _is_http(values.get(name, "")))
    return _absolute(next(found, ""), "", MEDIA_SCHEMES)


def _untracked(url: str) -> str:
    head, mark, rest = url.partition("?")
    if not mark:
        return url
    query, hash_mark, fragment = rest.partition("#")
    here = _tracking_at(host(head))
    kept = [part for part in query.split("&") if not _is_tracking(part, here)]
    return head + ("?" + "&".join(kept) if kept else "") + hash_mark + fragment


def _tracking_at(name: str) -> frozenset[str]:
    pieces = name.split(".")
    return _TRACKING_AT.get(".".join(pieces[-2:]), frozenset())


def _is_tracking(parameter: str, here: frozenset[str]) -> bool:
    name = parameter.partition("=")[0].lower()
    return name.startswith(_TRACKING_PREFIXES) or name in _TRACKING or name in here


def _is_http(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))


def _decoded_once(query: str) -> str:
    return unquote(query) if "%3a%2f%2f" in query[:20].lower() else query
