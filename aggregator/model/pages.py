"""What is asked of an origin, what came back, and what is remembered about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from aggregator.model.schedule import Hints, Rhythm
from aggregator.model.times import require_utc


@dataclass(frozen=True, slots=True)
class Request:
    """One exchange to make: an http(s) address and how to ask for it.

    `from_outside`: somebody on the open internet named the address, so it may not be a private one,
    whatever the settings allow for sources.
    """

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    from_outside: bool = False


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of documents on this machine instead of an address.

    `pattern` is relative to `root`, as for `pathlib.Path.glob`; `root` is absolute.
    """

    root: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request is made of (RFC 9110 §13), plus the hash of the last body."""

    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One document as it was fetched: bytes, undecoded, and the headers that say what they are.

    `headers` has lower-case names. `name` is what the document is called inside its source: the
    path relative to a folder source's root, empty for a source of a single address.
    `moved_to` is the address that every redirect on the way called permanent (301, 308), or "".
    `from_outside`: the open internet had a part in it.
    """

    final_url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    validators: Validators = Validators()
    name: str = ""
    moved_to: str = ""
    from_outside: bool = False

    def __post_init__(self) -> None:
        """Refuse a naive time at the door."""
        require_utc(self.fetched_at)


@dataclass(frozen=True, slots=True)
class NotModified:
    """The origin says, or the body's hash shows, that nothing changed since the last time.

    `moved_to` as in `Page`.
    """

    final_url: str
    status: int
    headers: Mapping[str, str]
    fetched_at: datetime
    validators: Validators = Validators()
    bytes_read: int = 0
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """What is remembered of the page that an entry links to (`full_text`).

    `html` is the text found there, with absolute addresses, but not clean; "" where there is none.
    `published_text`, `author`, `image` and `title` are what the page says about itself. `read_by`
    is the fingerprint of the `full_text` that was in force. `tries` counts failures in a row;
    where `next_try_at` is None the page was read, or is given up.
    """

    entry_key: str
    read_by: str
    tried_at: datetime
    html: str = ""
    published_text: str = ""
    author: str = ""
    image: str = ""
    tries: int = 0
    next_try_at: datetime | None = None
    title: str = ""


class IdentityRule(StrEnum):
    """By what a source's entries are recognised; falls to the next when a source breaks it."""

    GUID = "guid"
    LINK = "link"
    TITLE_AND_DATE = "title_and_date"


@dataclass(frozen=True, slots=True)
class FetchState:
    """What is remembered about a source between two fetches.

    `interval` is the current distance between fetches, `why` says in words how it came about;
    `failures` counts those in a row. `last_error` is `reason: detail` of the newest failure, ""
    after a success. `moved_to` is the address that took the place of the configured one;
    `moving_to` is the one that the last `moves` answers in a row called permanent. `hints` are
    those of the newest document. `was_read`: a document could be read since its keys were written
    so, and had what its kind needs.
    """

    next_due_at: datetime
    interval: timedelta
    validators: Validators = Validators()
    failures: int = 0
    last_ok_at: datetime | None = None
    last_error: str = ""
    moved_to: str = ""
    gone: bool = False
    identity: IdentityRule = IdentityRule.GUID
    why: str = ""
    moving_to: str = ""
    moves: int = 0
    hints: Hints = Hints()
    rhythm: Rhythm = Rhythm()
    was_read: bool = False
