"""One exchange with an origin over HTTP: conditional, bounded, and wary of where it is led.

Knows when something changed, not what it says; when to ask again is for `due`. Every request waits
for its turn in the `budget` of its domain, redirects too, inside the time of the whole exchange.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from typing import Self
from urllib.parse import urlsplit

import requests
from requests.exceptions import RequestException
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from aggregator.errors import FetchError, FetchReason
from aggregator.fetch.answers import checked_headers, raise_for_status, read_body
from aggregator.fetch.budget import Budget, registrable_domain
from aggregator.fetch.connectivity import UNREACHED
from aggregator.fetch.deadlines import Watchdog
from aggregator.fetch.encodings import ACCEPTED
from aggregator.fetch.failures import translate
from aggregator.fetch.guard import AddressPolicy
from aggregator.fetch.redirects import Hop, first_hop, is_redirect, next_hop
from aggregator.fetch.wire import GuardedAdapter, Line
from aggregator.model.pages import NotModified, Page, Request, Validators
from aggregator.model.settings import Fetch

MOST_REDIRECTS = 5
EXCHANGE_SECONDS = 60.0
_LONGEST_VALIDATOR = 1000
_REFUSALS = (HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE)
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, application/json;q=0.8, text/html;q=0.7, */*;q=0.5"
)


class HttpFetcher:
    """A `contracts.Fetcher` over requests; used from any number of threads.

    A connection that one thread opened serves the next request to its host, whoever makes it.
    Cookies are never kept, the environment (proxies, .netrc) is never read.

    Args:
        settings: timeout, size, requests per domain, and address rules.
        user_agent: what we call ourselves, where the settings say nothing.
        budget: what it shares with other fetchers, instead of one of its own by the settings.
        policy: which addresses may be connected to, instead of what the settings say.
        exchange_seconds: limit of one exchange with its redirects and name look-ups.
        ca_bundle: file with the certificates to trust, instead of the public ones.
    """

    def __init__(
        self,
        settings: Fetch,
        user_agent: str,
        *,
        budget: Budget | None = None,
        policy: AddressPolicy | None = None,
        exchange_seconds: float = EXCHANGE_SECONDS,
        ca_bundle: str | None = None,
    ) -> None:
        self._settings = settings
        self._user_agent = settings.user_agent or user_agent
        policy = policy or AddressPolicy(allow_private=settings.allow_private)
        self._budget = budget or Budget(settings.per_domain, settings.pause.total_seconds())
        self._watchdog = Watchdog(exchange_seconds)
        self._line = Line(policy, settings.timeout.total_seconds())
        self._adapter = GuardedAdapter(self._line, ca_bundle, settings.per_domain)

    def __enter__(self) -> Self:
        """Nothing is opened before the first fetch."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close every connection that is kept alive."""
        self.close()

    def close(self) -> None:
        """Close every connection that is kept alive."""
        self._adapter.close()

    def fetch(self, request: Request, validators: Validators, now: datetime) -> Page | NotModified:
        """Ask for a document, conditionally where validators are given.

        Raises:
            FetchError: no usable answer came.
        """
        hop = first_hop(request, _conditions(validators))
        with self._watchdog.watch() as deadline:
            self._line.begin(deadline, from_outside=request.from_outside)
            for _ in range(MOST_REDIRECTS + 1):
                answer = self._step(hop, validators, now)
                if deadline.is_over:
                    raise _too_slow(hop)
                if isinstance(answer, Page):
                    return replace(answer, from_outside=self._line.left_home)
                if isinstance(answer, NotModified):
                    return answer
                hop = answer
        raise FetchError(
            FetchReason.TOO_MANY_REDIRECTS, f"more than {MOST_REDIRECTS} redirects in a row"
        )

    def _step(self, hop: Hop, validators: Validators, now: datetime) -> Page | NotModified | Hop:
        """Make one request; what its answer is, or where it points to."""
        host = urlsplit(hop.url).hostname or ""
        line, deadline = self._line, self._line.deadline
        with self._budget.turn(host, deadline.remaining):
            line.outside = True  # until it is known
            try:
                answer = self._send(hop, validators, now)
            except FetchError as error:
                found = _too_slow(hop) if deadline.is_over else error
                self._note_refusal(host, found, now)
                raise self._understood(host, found, outside=line.outside) from error
            finally:
                if not line.outside:
                    self._budget.is_at_home(host)
        self._budget.good_answer(host, now)
        if line.outside:
            self._budget.connectivity.answered(registrable_domain(host))
        return answer

    def _understood(self, host: str, error: FetchError, *, outside: bool) -> FetchError:
        """The same error, or another one where nobody at all can be reached."""
        connectivity, domain = self._budget.connectivity, registrable_domain(host)
        if error.status and outside:
            connectivity.answered(domain)
        elif error.reason in UNREACHED and connectivity.failed(domain):
            what = f"{error}; nor can anybody else be reached: this machine may be offline"
            return FetchError(FetchReason.OFFLINE, what)
        return error

    def _note_refusal(self, host: str, error: FetchError, now: datetime) -> None:
        """Tell the budget where an origin says, or shows, that it is asked too often."""
        if _is_too_much(error):
            self._budget.complaint(host, error.retry_after, now)
        elif error.status in _REFUSALS:
            self._budget.refusal(host, now)

    def _send(self, hop: Hop, validators: Validators, now: datetime) -> Page | NotModified | Hop:
        """The exchange of one request; foreign errors end here."""
        seconds = self._settings.timeout.total_seconds()
        response = None
        try:
            response = self._adapter.send(self._prepared(hop), stream=True, timeout=seconds)
            headers = checked_headers(response)
            location = response.headers.get("location", "")
            if is_redirect(response.status_code, location):
                return next_hop(hop, response.status_code, location)
            hop = replace(hop, permanent=hop.permanent and not self._line.at_home)
            return self._answer(response, headers, hop, validators, now)
        except (RequestException, HTTPError, OSError, ValueError) as error:
            host = urlsplit(hop.url).netloc
            raise translate(error, host, in_body=response is not None) from error
        finally:
            if response is not None:
                response.close()

    def _prepared(self, hop: Hop) -> requests.PreparedRequest:
        """The request as it goes out; the address of a hop is prepared already."""
        headers = CaseInsensitiveDict({"User-Agent": self._user_agent, "Accept": _ACCEPT})
        headers.update(hop.headers)
        headers["Accept-Encoding"] = ACCEPTED
        prepared = requests.PreparedRequest()
        prepared.prepare_method(hop.method)
        prepared.url, prepared.headers = hop.url, headers
        prepared.prepare_body(hop.body, files=None)
        return prepared

    def _answer(
        self,
        response: requests.Response,
        headers: Mapping[str, str],
        hop: Hop,
        validators: Validators,
        now: datetime,
    ) -> Page | NotModified:
        """What an answer that is no redirect comes to."""
        status = response.status_code
        moved_to = hop.url if hop.permanent and hop.redirects else ""
        if status == HTTPStatus.NOT_MODIFIED and _conditions(validators):
            read_body(response, 1)  # there is none; reading it gives the connection back
            kept = _fresh_validators(headers, validators.body_hash, validators)
            return NotModified(hop.url, status, headers, now, kept, moved_to=moved_to)
        raise_for_status(status, headers, now)
        body = read_body(response, self._settings.max_bytes)
        kept = _fresh_validators(headers, hashlib.sha256(body).hexdigest(), Validators())
        if kept.body_hash == validators.body_hash:
            return NotModified(hop.url, status, headers, now, kept, len(body), moved_to)
        return Page(hop.url, status, headers, body, now, kept, moved_to=moved_to)


def _conditions(validators: Validators) -> dict[str, str]:
    """The headers of a conditional request (RFC 9110 §13.1)."""
    conditions = {
        "If-None-Match": validators.etag,
        "If-Modified-Since": validators.last_modified,
    }
    return {name: value for name, value in conditions.items() if value}


def _fresh_validators(headers: Mapping[str, str], body_hash: str, known: Validators) -> Validators:
    """What to ask with next time; a validator too long to be one is not kept."""
    etag = headers.get("etag", known.etag)
    last_modified = headers.get("last-modified", known.last_modified)
    return Validators(
        etag if len(etag) <= _LONGEST_VALIDATOR else "",
        last_modified if len(last_modified) <= _LONGEST_VALIDATOR else "",
        body_hash,
    )


def _is_too_much(error: FetchError) -> bool:
    """Whether the origin says that it is asked too often, or asks for a pause."""
    wants_pause = error.status == HTTPStatus.SERVICE_UNAVAILABLE and error.retry_after is not None
    return wants_pause or error.status == HTTPStatus.TOO_MANY_REQUESTS


def _too_slow(hop: Hop) -> FetchError:
    return FetchError(
        FetchReason.TIMEOUT, f"{urlsplit(hop.url).netloc} took longer than a whole exchange may"
    )
