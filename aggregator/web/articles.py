"""The page of one article, made from the store when someone asks for it.

How it looks is the business of `formats.html`; see docs/decisions/001.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp

from aggregator.contracts import ArticleReader
from aggregator.errors import StoreError
from aggregator.model.published import StoredArticle, Withdrawal
from aggregator.web.answers import is_for_people, page, plain, security_headers
from aggregator.web.documents import CACHE_CONTROL, prepare

_TOKEN = re.compile(r"[0-9a-f]{20}")

ArticlePage = Callable[[StoredArticle], bytes]
"""Renders an article as a page, UTF-8."""
WithdrawnPage = Callable[[Withdrawal], bytes]
"""Renders the page of an article that was taken back."""


@dataclass(frozen=True, slots=True)
class Articles:
    """Where articles are, how their page is made, and whose players may stand in it.

    Without `withdrawn` a line of text stands for one that was taken back.
    """

    reader: ArticleReader
    render: ArticlePage
    frame_hosts: tuple[str, ...] = ()
    withdrawn: WithdrawnPage | None = None

    async def page(self, request: Request) -> ASGIApp:
        """The page of the article that the path names by its token.

        Raises:
            HTTPException: there is none.
        """
        token: str = request.path_params["token"]
        if not _TOKEN.fullmatch(token):
            raise HTTPException(404)
        try:
            document = await asyncio.to_thread(self._document, token, is_for_people(request.scope))
        except StoreError:
            return plain(503, "Articles cannot be read now; the feeds can.", {"retry-after": "30"})
        if document is None:
            raise HTTPException(404)
        return document

    def _gone(self, token: str, *, for_people: bool) -> ASGIApp | None:
        found = self.reader.withdrawn(token)
        if found is None:
            return None
        if self.withdrawn is not None and for_people:
            return page(410, self.withdrawn(found))
        return plain(410, f"This article was withdrawn. {found.why}".rstrip())

    def _document(self, token: str, for_people: bool) -> ASGIApp | None:
        article = self.reader.article(token)
        if article is None:
            return self._gone(token, for_people=for_people)
        headers = {
            "content-type": "text/html; charset=utf-8",
            "cache-control": CACHE_CONTROL,
            **security_headers(self.frame_hosts),
        }
        return prepare(self.render(article), headers)
