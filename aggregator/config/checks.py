"""What single values must be beyond their type: zones, addresses, formats, patterns, selectors.

Each check takes a text and raises a ValueError that says what is wrong; the tables tell where in a
file each one looks. They see the values of the file, so that they work beside other faults.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from aggregator.config.nodes import Finding, Node, Path, Scalar, values_at
from aggregator.config.words import FROM_ENVIRONMENT, nearest
from aggregator.formats import folder_formats, formats

Check = Callable[[str], object]
DATABASES = {
    "sqlite": "sqlite",
    "postgresql+psycopg": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgres": "postgresql+psycopg",
}
"""Schemes of a database's address as people write them, and as SQLAlchemy wants them."""
OVER_ALL = "opml"
"""The format that lists every feed; it stands beside the formats of a single feed."""
_HIGHEST_PORT = 65535


class SuggestionError(ValueError):
    """A value that is wrong, with what would be right."""

    def __init__(self, what: str, hint: str) -> None:
        self.hint = hint
        super().__init__(what)


def check_zone(name: str) -> None:
    """A zone must be in the IANA database."""
    if not _is_zone(name):
        raise SuggestionError("this time zone is not known", _nearest_zone(name))


@lru_cache(maxsize=1024)
def _is_zone(name: str) -> bool:
    """Whether Python has data for a zone; a name may be that of a folder, or lead elsewhere."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@lru_cache(maxsize=64)
def _nearest_zone(name: str) -> str:
    """The zone that may be meant; listing all zones reads the disk."""
    return nearest(name, available_timezones()) or "write an IANA name such as Asia/Shanghai"


def check_address(value: str) -> None:
    """A public address has a host and no query."""
    parts = _split(value)
    if parts is None or parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SuggestionError("this is not a web address", "write it as https://news.example.org/")
    if parts.query or parts.fragment:
        raise SuggestionError("a ? or # cannot stand here", "end the address with its path")


def check_site_url(value: str) -> None:
    """The address of the site may be left empty."""
    if value:
        check_address(value)


def check_bind(value: str) -> None:
    """An address and a port; port 0 lets the system choose one."""
    host, _, port = value.rpartition(":")
    if port.isascii() and port.isdigit() and int(port) > _HIGHEST_PORT:
        raise SuggestionError("this port is out of range", f"ports end at {_HIGHEST_PORT}")
    if host.startswith("["):
        try:
            ipaddress.IPv6Address(host[1:-1])
        except ValueError:
            hint = "write it as [::1]:8080"
            raise SuggestionError("this is not an IPv6 address", hint) from None


def check_database(value: str) -> None:
    """An address of a database of a kind that we know."""
    scheme, separator, rest = value.partition("://")
    if not separator:
        hint = "write sqlite:///data/aggregator.db or postgresql+psycopg://user:secret@host/name"
        raise SuggestionError("this is not the address of a database", hint)
    if scheme not in DATABASES:
        raise SuggestionError("this kind of database is not known", nearest(scheme, DATABASES))
    if scheme == "sqlite" and not rest.removeprefix("/"):
        raise SuggestionError("the file of the database is missing", "write sqlite:///path/to/file")
    if scheme == "sqlite" and "?" in rest:
        raise SuggestionError("a ? cannot stand here", "end the address with the file")


def check_format(name: str) -> None:
    """A format that is written."""
    known = {*formats(), *folder_formats(), OVER_ALL}
    if name not in known:
        raise SuggestionError("this format is not known", nearest(name, known))


def check_pattern(pattern: str) -> None:
    """A regular expression of RE2, which never takes long."""
    import re2

    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(pattern, options)
    except re2.error as error:
        reason = error.args[0] if error.args else "it does not parse"
        reason = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
        hint = "RE2 has no backreferences and no look-around"
        raise SuggestionError(f"this is not a regular expression: {reason}", hint) from None


def check_css(selector: str) -> None:
    """A CSS selector."""
    from aggregator.sources.selectors import compile_selector, is_xpath

    if is_xpath(selector):
        raise SuggestionError("this is XPath", "write a CSS selector such as .advert")
    compile_selector(selector)


def check_full_text(word: str) -> None:
    """`auto` needs a library that is an extra; other words are the model's business."""
    from aggregator.text.main_text import is_installed

    if word == "auto" and not is_installed():
        raise SuggestionError(
            "`auto` needs the library trafilatura, which is not installed",
            "install feed-aggregator[full-text], or write where the text stands: {select: article}",
        )


_HOWEVER_DEEP = ("*",) * 12
"""Stands for every key below, at whatever depth: conditions can hold conditions."""


SETTINGS_CHECKS: tuple[tuple[tuple[str, ...], Check], ...] = (
    (("site", "timezone"), check_zone),
    (("site", "url"), check_site_url),
    (("server", "bind"), check_bind),
    (("database",), check_database),
    (("publish", "formats", "*"), check_format),
    (("publish", "hubs", "*"), check_address),
)
"""Where in `aggregator.yaml` a check looks."""

SOURCE_CHECKS: tuple[tuple[tuple[str, ...], Check], ...] = (
    (("timezone",), check_zone),
    (("remove", "*"), check_css),
    (("full_text",), check_full_text),
    (("full_text", "select", "*"), check_css),
    (("full_text", "remove", "*"), check_css),
    (("full_text", "next"), check_css),
    (("rules", "*", "keep", *_HOWEVER_DEEP), check_pattern),
    (("rules", "*", "drop", *_HOWEVER_DEEP), check_pattern),
    (("rules", "*", "when", *_HOWEVER_DEEP), check_pattern),
    (("rules", "*", "replace", "find"), check_pattern),
)
"""Where in a source a check looks."""


def run_checks(root: Node, checks: Iterable[tuple[tuple[str, ...], Check]]) -> Iterator[Finding]:
    """Run a table of checks over the texts of a tree; other types are the models' business."""
    for pattern, check in checks:
        for path, scalar in values_at(root, pattern):
            yield from run_check(check, scalar, path)


def run_check(check: Check, scalar: Scalar, path: Path) -> Iterator[Finding]:
    """Run a check over a text; what it says is kept back where it could show a secret."""
    if not isinstance(scalar.value, str):
        return
    try:
        check(scalar.value)
    except ValueError as error:
        if scalar.replaced:
            yield Finding(path, FROM_ENVIRONMENT)
        else:
            yield Finding(path, " ".join(str(error).split()), getattr(error, "hint", ""))


def _split(value: str) -> SplitResult | None:
    """The parts of an address, None where it is none."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return None
    return None if any(char <= " " for char in value) else parts
