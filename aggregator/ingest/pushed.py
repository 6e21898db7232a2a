"""A document that came by itself: a hub sent what the source's feed says now (WebSub)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from aggregator.contracts import Fetcher
from aggregator.ingest.stages import Stages
from aggregator.model.pages import NotModified, Page, Request, Validators


@dataclass(frozen=True, slots=True)
class Push:
    """What a hub sent: the feed, or its newest entries, and what it is."""

    body: bytes
    content_type: str
    hub: str
    topic: str


def pushed_into(stages: Stages, push: Push) -> Stages:
    """The stages for one visit that begins with what came; all else is fetched as always."""
    return replace(stages, fetcher=_PushedFirst(stages.fetcher, [push]))


@dataclass(frozen=True)
class _PushedFirst:
    """Gives what was pushed for the first request of a visit, which is that for the feed."""

    behind: Fetcher
    left: list[Push] = field(default_factory=list)

    def fetch(self, request: Request, validators: Validators, now: datetime) -> Page | NotModified:
        """The pushed document, then whatever the fetcher behind it gives.

        The validators stay: the source itself was not asked.

        Raises:
            FetchError: no usable answer came.
        """
        if not self.left:
            return self.behind.fetch(request, validators, now)
        push = self.left.pop()
        headers = {
            "content-type": push.content_type,
            "link": f'<{push.hub}>; rel="hub", <{push.topic}>; rel="self"',
        }
        return Page(request.url, 200, headers, push.body, now, validators)
