"""Every error that this project raises on purpose, as one tree.

    AggregatorError
    ├── ConfigurationError      the configuration files are wrong; carries every fault found
    ├── LedgerError             a file is no export of the ledger; carries the faults found
    ├── FetchError              one exchange with an origin failed; carries a FetchReason
    ├── ParseError              a document was fetched, but no entries could be read from it
    ├── WorkersError            no process could be started to read documents in
    ├── StoreError              the database refused or cannot be reached
    │   ├── DatabaseNewerError  it was written by a newer version of this program
    │   └── DatabaseBusyError   another instance holds it
    ├── PublishError            a feed could not be made or written
    │   ├── RefusedError        the gate let a file not pass; the last good one stays
    │   └── StoppedError        it was asked to end before its time
    └── ServeError              the HTTP side cannot listen where it was told to

A failure of a *source* travels as a value (`SourceResult`), not as an exception: these errors are
caught at the one place where that value is made. Foreign errors are translated where their library
is known, so that nobody above catches `requests` or `sqlalchemy` exceptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AggregatorError(Exception):
    """The root: whatever we raise on purpose can be caught by this name."""


@dataclass(frozen=True, order=True)
class Fault:
    """One mistake in a configuration file, told so that a person can put it right.

    `line` and `column` count from 1; 0 means that the place is unknown. `where` is the dotted path
    inside the file (`sources.sina-china.every`), `what` names the fault, `hint` says what would be
    right (may be empty).
    """

    file: str
    line: int
    column: int
    where: str
    what: str
    hint: str = ""

    def __str__(self) -> str:
        """`file:line:column: where: what, and what would be right`, as editors can jump to it."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        where = f"{self.where}: " if self.where else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{place}: {where}{self.what}{hint}"


class ConfigurationError(AggregatorError):
    """The configuration cannot be used; `faults` holds everything that is wrong with it."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


class LedgerError(AggregatorError):
    """A file is no export of a ledger, or not a whole one; `faults` says which lines are wrong."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in self.faults))


class FetchReason(StrEnum):
    """Why an exchange with an origin failed: a stable word for logs, tables and metrics."""

    TIMEOUT = "timeout"
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    BLOCKED_ADDRESS = "blocked_address"
    BAD_URL = "bad_url"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    TOO_LARGE = "too_large"
    BAD_RESPONSE = "bad_response"
    INCOMPLETE = "incomplete"
    HTTP_ERROR = "http_error"
    RATE_LIMITED = "rate_limited"
    GONE = "gone"
    ROBOTS = "robots"
    OFFLINE = "offline"
    UNREADABLE = "unreadable"


class FetchError(AggregatorError):
    """One exchange failed.

    `status` is the HTTP status if one came (0 if none); `retry_after` are the seconds that the
    origin asked us to wait (None if it did not ask).
    """

    def __init__(
        self,
        reason: FetchReason,
        detail: str,
        *,
        status: int = 0,
        retry_after: float | None = None,
    ) -> None:
        self.reason = reason
        self.detail = detail
        self.status = status
        self.retry_after = retry_after
        super().__init__(f"{reason}: {detail}")


class ParseReason(StrEnum):
    """Why a fetched document gave no entries."""

    EMPTY = "empty"
    NOT_A_FEED = "not_a_feed"
    MALFORMED = "malformed"
    NO_ITEMS = "no_items"
    LAYOUT_CHANGED = "layout_changed"
    TOO_EXPENSIVE = "too_expensive"
    FAILED = "failed"


class ParseError(AggregatorError):
    """A document was fetched, but it is not what its source promised."""

    def __init__(self, reason: ParseReason, detail: str) -> None:
        self.reason = reason
        self.detail = detail
        super().__init__(f"{reason}: {detail}")


class WorkersError(AggregatorError):
    """No process could be started to read documents in; no source is to blame."""


class StoreError(AggregatorError):
    """The database refused, is damaged, or cannot be reached."""


class DatabaseNewerError(StoreError):
    """The database was written by a newer version of this program; it is left untouched."""


class DatabaseBusyError(StoreError):
    """Another instance of the service holds this database."""


class PublishError(AggregatorError):
    """A feed could not be rendered or its file could not be written."""


class RefusedError(PublishError):
    """The gate did not let a new file pass; the last good one stays where it is."""


class StoppedError(PublishError):
    """Publishing was asked to end, and ended between two files; the rest is for the next start."""


class ServeError(AggregatorError):
    """The HTTP side cannot listen at its address, or did not start or stop in time."""
