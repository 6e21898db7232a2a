"""A fetcher as tests use it: an address in, the answer or the error out, at a fixed moment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from aggregator.errors import FetchError
from aggregator.fetch.http import HttpFetcher
from aggregator.model.pages import NotModified, Page, Request, Validators

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Client:
    """Asks through a fetcher, and says what kind of end it expects."""

    def __init__(self, fetcher: HttpFetcher) -> None:
        self.fetcher = fetcher

    def ask(
        self, request: str | Request, validators: Validators = Validators()
    ) -> Page | NotModified:
        """Fetch at a fixed moment."""
        request = Request(request) if isinstance(request, str) else request
        return self.fetcher.fetch(request, validators, NOW)

    def page(self, request: str | Request, validators: Validators = Validators()) -> Page:
        """Fetch what is sure to be a page."""
        answer = self.ask(request, validators)
        assert isinstance(answer, Page)
        return answer

    def error(self, request: str | Request, validators: Validators = Validators()) -> FetchError:
        """Fetch what is sure to fail."""
        with pytest.raises(FetchError) as caught:
            self.ask(request, validators)
        return caught.value


MakeClient = Callable[..., Client]
