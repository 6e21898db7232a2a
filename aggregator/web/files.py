"""The published folder over HTTP, out of memory.

A file is read, encoded and hashed once per change, in a thread; a request costs one `stat` and no
open, and `at_once` waits for nothing. Only names on a list are served, and nothing outside the
folder is ever opened: symbolic links that lead out of it are refused. Whoever publishes must rename
whole files into place.
"""

from __future__ import annotations

import asyncio
import os
import stat
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.web.addresses import INDEX, address, file_name, segments
from aggregator.web.answers import RawHeaders, security_headers
from aggregator.web.documents import CACHE_CONTROL, Document, Reply, prepare
from aggregator.web.former import FormerAddresses

_OVERHEAD = 2048  # what an empty document costs with its headers


class _Stamp(NamedTuple):
    """What changes when a file changes; the change time covers a modification time set by hand."""

    modified: int
    changed: int
    size: int
    inode: int


class _Held(NamedTuple):
    stamp: _Stamp
    document: Document


class PublishedFolder:
    """Serves the files of a folder whose names are in `media_types` (name → type with charset).

    Whatever it does not have is left to the application `otherwise`: files come first because they
    are what is asked for all day. At most `max_bytes` are held; the file asked for longest ago
    goes first. Every answer has the `headers`, and what `links` says about a file's name as `Link`;
    `gone` renders the page for a path that was removed.
    """

    def __init__(
        self,
        folder: Path,
        media_types: Mapping[str, str],
        otherwise: ASGIApp,
        max_bytes: int = 64 * 2**20,
        *,
        headers: Mapping[str, str] = MappingProxyType({"cache-control": CACHE_CONTROL}),
        links: Callable[[str], str] | None = None,
        gone: Callable[[str], bytes] | None = None,
    ) -> None:
        self._links = links
        self._headers = {**headers, **security_headers()}
        self._former = FormerAddresses(folder, self._headers, gone)
        self._otherwise = otherwise
        self._folder = str(folder)
        self._media_types = media_types
        self._max_bytes = max_bytes
        self._bytes = 0
        self._held: OrderedDict[str, _Held] = OrderedDict()
        self._loading: dict[str, asyncio.Task[Document | None]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; an ASGI application."""
        answer = None
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            answer = await self._answer(scope["raw_path"])
        await (answer or self._otherwise)(scope, receive, send)

    def at_once(self, raw_path: bytes, headers: RawHeaders) -> Reply | None:
        """The answer to a GET or HEAD, if its file stands in memory as it is on disk.

        For everything else None: call the application.
        """
        name = file_name(raw_path)
        document = self._held_document(name, self._stamp(name)) if name else None
        return document.reply(headers) if document else None

    async def _answer(self, raw_path: bytes) -> ASGIApp | None:
        names = segments(raw_path)
        if names is None:
            return None
        *folders, name = names
        if name in self._media_types:
            return await self._document("/".join(names)) or self._former.answer(names)
        folder = names if name else tuple(folders)
        index = await self._document("/".join((*folder, INDEX)))
        if index is None:
            return self._former.answer(names)
        if name == "":
            return index
        return RedirectResponse(address((*names, "")), 308, self._headers)

    async def _document(self, name: str) -> Document | None:
        """The document at a path below the folder, from memory if the file has not changed."""
        stamp = self._stamp(name)
        if stamp is None:
            self._forget(name)
            return None
        return self._held_document(name, stamp) or await self._load(name)

    def _stamp(self, name: str) -> _Stamp | None:
        try:
            return _stamp(os.stat(f"{self._folder}/{name}"))  # noqa: PTH116 - a Path costs more than the call
        except OSError:
            return None

    def _held_document(self, name: str, stamp: _Stamp | None) -> Document | None:
        held = self._held.get(name)
        if held is None or held.stamp != stamp:
            return None
        self._held.move_to_end(name)
        return held.document

    async def _load(self, name: str) -> Document | None:
        """Read a file once, however many ask for it meanwhile."""
        task = self._loading.get(name)
        if task is None:
            task = self._loading[name] = asyncio.create_task(self._read_and_hold(name))
            task.add_done_callback(lambda _: self._loading.pop(name))
        return await asyncio.shield(task)

    async def _read_and_hold(self, name: str) -> Document | None:
        held = await asyncio.to_thread(self._read, name)
        self._forget(name)
        if held is None:
            return None
        if held.document.size + _OVERHEAD <= self._max_bytes:
            self._hold(name, held)
        return held.document

    def _hold(self, name: str, held: _Held) -> None:
        self._held[name] = held
        self._bytes += held.document.size + _OVERHEAD
        while self._bytes > self._max_bytes:
            self._forget(next(iter(self._held)))

    def _forget(self, name: str) -> None:
        held = self._held.pop(name, None)
        if held is not None:
            self._bytes -= held.document.size + _OVERHEAD

    def _read(self, name: str) -> _Held | None:
        """Read and prepare a regular file that truly lies in the folder; None for anything else."""
        try:
            folder = Path(self._folder).resolve(strict=True)
            path = (folder / name).resolve(strict=True)
            if not path.is_relative_to(folder):
                return None
            # Not blocking: opening a named pipe must not wait for its writer.
            opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with os.fdopen(opened, "rb") as file:
                found = os.fstat(opened)
                if not stat.S_ISREG(found.st_mode):
                    return None
                body = file.read()
        except OSError:
            return None
        headers = {
            "content-type": self._media_types[name.rpartition("/")[2]],
            **self._headers,
        }
        if self._links and (links := self._links(name)):
            headers["link"] = links
        return _Held(_stamp(found), prepare(body, headers, found.st_mtime))


def _stamp(found: os.stat_result) -> _Stamp:
    return _Stamp(found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)
