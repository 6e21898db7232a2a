"""Foreign errors of an exchange, translated into our reasons; words that are safe in a log line.

What requests and urllib3 write into their messages holds the whole address, query and all, so that
none of it is passed on: the innermost cause alone says what happened.
"""

from __future__ import annotations

import http.client
import socket
import ssl

import requests
import urllib3.exceptions

from aggregator.errors import FetchError, FetchReason

_LONGEST_DETAIL = 200


def printable(text: str) -> str:
    """One short line without control characters, whatever a stranger wrote."""
    return "".join(c if c.isprintable() else "?" for c in text[:_LONGEST_DETAIL])


def translate(error: Exception, host: str, *, in_body: bool) -> FetchError:
    """Say what an error of the libraries below means; `in_body`: the headers had come already."""
    causes = _causes(error)
    cause, reason, words = next(
        (cause, reason, words)
        for kinds, reason, words in _MEANINGS
        for cause in reversed(causes)
        if isinstance(cause, kinds)
    )
    if in_body and reason is FetchReason.CONNECT:
        reason, words = FetchReason.INCOMPLETE, "broke off in the middle of its answer"
    why = printable(getattr(cause, "strerror", None) or str(cause) or type(cause).__name__)
    return FetchError(reason, f"{host} {words}: {why}")


def _causes(error: BaseException) -> list[BaseException]:
    """The error and those inside it; urllib3 and requests keep them in three different places."""
    found = [error]
    for outer in found:
        inner = [outer.__cause__, outer.__context__, getattr(outer, "reason", None), *outer.args]
        found += [one for one in inner if isinstance(one, BaseException) and one not in found]
    return found


_Meaning = tuple[tuple[type[BaseException], ...], FetchReason, str]

# In this order: the first kind that is found anywhere in the chain tells most. The last fits all.
_MEANINGS: tuple[_Meaning, ...] = (
    ((ssl.SSLError,), FetchReason.TLS, "cannot be trusted"),
    (
        (requests.exceptions.InvalidURL, requests.exceptions.InvalidHeader, UnicodeError),
        FetchReason.BAD_URL,
        "cannot be asked like this",
    ),
    (
        (socket.timeout, urllib3.exceptions.TimeoutError),
        FetchReason.TIMEOUT,
        "did not answer in time",
    ),
    (
        (http.client.IncompleteRead, urllib3.exceptions.IncompleteRead),
        FetchReason.INCOMPLETE,
        "broke off in the middle of its answer",
    ),
    (
        (http.client.RemoteDisconnected,),
        FetchReason.CONNECT,
        "closed the connection without an answer",
    ),
    (
        (http.client.HTTPException, urllib3.exceptions.InvalidHeader),
        FetchReason.BAD_RESPONSE,
        "does not speak HTTP",
    ),
    ((OSError,), FetchReason.CONNECT, "cannot be reached"),
    ((Exception,), FetchReason.BAD_RESPONSE, "answered in a way that cannot be read"),
)
