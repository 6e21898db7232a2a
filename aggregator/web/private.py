"""Private feeds over HTTP: the secret is asked for, then a file is answered like any other.

An address with a wrong token is one where there is nothing. Secrets are compared in a time that
does not depend on them, and never repeated or logged.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.model.feeds import Private
from aggregator.publish.private import hidden_name, private_files
from aggregator.web.addresses import address
from aggregator.web.answers import not_found, plain
from aggregator.web.files import PublishedFolder

PRIVATE_HEADERS: Mapping[str, str] = {
    "cache-control": "private, max-age=60, must-revalidate",
    "x-robots-tag": "noindex",
}
_ASK = {"www-authenticate": 'Basic realm="private feed", charset="UTF-8"'}

PrivateFeeds = Callable[[], Mapping[str, Private]]
"""The private feeds of the configuration in force: who may read each, by its id."""


class PrivateFolder:
    """Answers for the private feeds in a folder."""

    def __init__(self, folder: Path, feeds: PrivateFeeds) -> None:
        self._feeds = feeds
        self._files = PublishedFolder(
            folder, private_files(), not_found(), 16 * 2**20, headers=PRIVATE_HEADERS
        )

    async def by_token(self, request: Request) -> ASGIApp:
        """`/private/ID/TOKEN/FILE`."""
        feed_id, token = request.path_params["id"], request.path_params["token"]
        private = self._feeds().get(feed_id)
        right = private.token.get_secret_value() if private else ""
        if not _equal(token, right) or private is None or not right:
            return not_found()
        return self._file(feed_id, private, request.path_params["file"])

    async def by_password(self, request: Request) -> ASGIApp:
        """`/private/ID/FILE`, with user and password in the request's `Authorization`."""
        feed_id = request.path_params["id"]
        private = self._feeds().get(feed_id)
        if private is None or not private.user:
            return not_found()
        user, password = _credentials(request.headers.get("authorization", ""))
        is_user = _equal(user, private.user)
        if not _equal(password, private.password.get_secret_value()) or not is_user:
            return plain(401, "This feed is private: give user and password.", _ASK)
        return self._file(feed_id, private, request.path_params["file"])

    def _file(self, feed_id: str, private: Private, name: str) -> ASGIApp:
        path = address((hidden_name(feed_id, private), name)).encode("ascii")

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            await self._files({**scope, "raw_path": path}, receive, send)

        return answer


def _equal(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), right.encode())


def _credentials(header: str) -> tuple[str, str]:
    """User and password of a Basic authorization (RFC 7617); empty where it is none."""
    scheme, _, coded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        user, _, password = base64.b64decode(coded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return user, password
