"""Fetches a picture for our image proxy: the same guard, limits and politeness as for pages.

What comes must call itself a picture and be one. Keeping it and sending it on is done elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from aggregator.errors import FetchError, FetchReason
from aggregator.fetch.budget import Budget, registrable_domain
from aggregator.fetch.guard import AddressPolicy
from aggregator.fetch.http import HttpFetcher
from aggregator.fetch.robots import ObedientFetcher
from aggregator.model.pages import Page, Request, Validators
from aggregator.model.settings import Configuration
from aggregator.text.picture_types import is_named_picture, picture_type
from aggregator.text.signed_pictures import Picture
from aggregator.text.urls import host

EXCHANGE_SECONDS = 30.0
"""Limit of one exchange: people wait for it."""
# One copy is kept for every reader, so what all of them can show comes first.
_ACCEPT = "image/png, image/jpeg, image/gif, image/webp;q=0.8, image/avif;q=0.5"
_FENDED_OFF = (200, 401, 403)
"""How a site answers whoever comes from another one: with a refusal, or a page instead."""


class PictureFetcher:
    """Fetches pictures, from any number of threads.

    Whatever `fetch.allow_private` says, a picture on a private network is fetched only for
    articles of the same host: a stranger's article must not make us look around at home.

    Args:
        configuration: limits of fetching and of pictures.
        user_agent: what we call ourselves.
        budget: politeness, shared with everything else that is fetched.
        policy: which addresses may be connected to, instead of what the settings say.
    """

    def __init__(
        self,
        configuration: Configuration,
        user_agent: str,
        budget: Budget,
        policy: AddressPolicy | None = None,
    ) -> None:
        limits = {"max_bytes": configuration.settings.images.max_bytes}
        self._fetcher = HttpFetcher(
            configuration.settings.fetch.model_copy(update=limits),
            user_agent,
            budget=budget,
            policy=policy,
            exchange_seconds=EXCHANGE_SECONDS,
        )
        self._obedient = ObedientFetcher(self._fetcher, user_agent)

    def close(self) -> None:
        """Close every connection that is kept alive."""
        self._fetcher.close()

    def fetch(self, picture: Picture, now: datetime) -> bytes:
        """The picture's bytes. Where a site fends us off, we come the other way once.

        Raises:
            FetchError: none came.
        """
        *first, last = _referers(picture)
        for referer in first:
            try:
                return self._ask(picture, referer, now)
            except FetchError as error:
                if error.status not in _FENDED_OFF:
                    raise
        return self._ask(picture, last, now)

    def _ask(self, picture: Picture, referer: str, now: datetime) -> bytes:
        headers = {"Accept": _ACCEPT} | ({"Referer": referer} if referer else {})
        is_strange = host(picture.url) != host(picture.site)
        request = Request(picture.url, headers=headers, from_outside=is_strange)
        page = self._obedient.fetch(request, Validators(), now)
        body = page.body if isinstance(page, Page) else b""
        if not picture_type(body) or not is_named_picture(page.headers.get("content-type", "")):
            raise FetchError(
                FetchReason.BAD_RESPONSE, "the answer is no picture", status=page.status
            )
        return body


def _referers(picture: Picture) -> Iterator[str]:
    """From where we say to come: the article's site, where it is the picture's too, or nowhere."""
    site = picture.site
    if not site or (site.startswith("https:") and picture.url.lower().startswith("http:")):
        yield ""
        return
    is_own = registrable_domain(host(site)) == registrable_domain(host(picture.url))
    yield from (site, "") if is_own else ("", site)
