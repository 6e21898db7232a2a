"""Asks a server for one file again and again, over a few connections that stay open."""

from __future__ import annotations

import asyncio
import re
from typing import NamedTuple
from urllib.request import Request, urlopen

CONNECTIONS = 8


class Asked(NamedTuple):
    """A file of a server."""

    host: str
    port: int
    file: str


def tag_of(asked: Asked) -> str:
    """The ETag of its packed form."""
    url = f"http://{asked.host}:{asked.port}/{asked.file}"
    with urlopen(Request(url, headers={"Accept-Encoding": "gzip"})) as answer:
        return str(answer.headers["ETag"])


async def ask(asked: Asked, count: int, tag: str) -> None:
    """Ask so often; with a tag every answer must be 304, else 200 with a packed body.

    Raises:
        RuntimeError: an answer was another one.
    """
    await asyncio.gather(*(_ask(asked, count // CONNECTIONS, tag) for _ in range(CONNECTIONS)))


async def _ask(asked: Asked, count: int, tag: str) -> None:
    lines = [f"GET /{asked.file} HTTP/1.1", f"Host: {asked.host}", "Accept-Encoding: gzip"]
    lines += [f"If-None-Match: {tag}"] if tag else []
    request = "\r\n".join([*lines, "", ""]).encode()
    reader, writer = await asyncio.open_connection(asked.host, asked.port)
    for _ in range(count):
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        if not head.startswith(b"http/1.1 304" if tag else b"http/1.1 200"):
            raise RuntimeError(f"an answer that was not expected: {head.decode('latin-1')}")
        if not tag:
            length = re.search(rb"content-length: (\d+)", head)
            if length is None or b"content-encoding: gzip" not in head:
                raise RuntimeError(f"the body is not packed: {head.decode('latin-1')}")
            await reader.readexactly(int(length[1]))
    writer.close()
