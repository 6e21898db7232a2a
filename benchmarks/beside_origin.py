"""An origin that takes its time, for `conditional`: `python -m benchmarks.beside_origin`.

Each host is a feed of twenty articles that is answered a while after it was asked for, as across a
network. A tenth of the hosts have a new article in each edition, the others answer 304; asking for
`/next` begins the next edition. Prints its port, and ends with its standard input.
"""

from __future__ import annotations

import asyncio
import re
import sys
from datetime import UTC, datetime, timedelta

from tests.support.feeds import Item, rss

DELAY_SECONDS = 0.3
CHANGING = 10
ITEMS = 20
_NEWEST = datetime(2026, 11, 16, 12, tzinfo=UTC)
_TEXT = "<p>What is told here is as long as the body of an article usually is.</p>" * 20


class Origin:
    """Answers; `edition` counts what was asked to be next."""

    def __init__(self) -> None:
        self.edition = 0

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                writer.write(await self._answer(head.decode("latin-1")))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def _answer(self, head: str) -> bytes:
        if head.startswith("GET /next "):
            self.edition += 1
            return _response("200 OK", "", b"")
        await asyncio.sleep(DELAY_SECONDS)
        number = int(_found(r"\nhost: s(\d+)\.", head) or 0)
        edition = 0 if number % CHANGING else self.edition
        tag = f'"{number}-{edition}"'
        if _found(r"\nif-none-match: (\S+)", head) == tag:
            return _response("304 Not Modified", tag, b"")
        return _response("200 OK", tag, _feed(number, edition))


def _found(pattern: str, head: str) -> str:
    found = re.search(pattern, head, re.IGNORECASE)
    return found[1] if found else ""


def _feed(number: int, edition: int) -> bytes:
    stories = range(edition, edition + ITEMS)
    return rss([_item(number, story) for story in reversed(stories)], title=f"Source {number}")


def _item(number: int, story: int) -> Item:
    title = f"Source {number} has something to tell for the {story}th time"
    when = _NEWEST + timedelta(minutes=story)
    return Item(title, f"https://s{number}.test/{story}", body=_TEXT, when=when)


def _response(status: str, tag: str, body: bytes) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/rss+xml"]
    lines += [f"ETag: {tag}"] if tag else []
    lines += [] if status.startswith("304") else [f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def _serve() -> None:
    server = await asyncio.start_server(Origin(), "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)  # until whoever started it is gone
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve())
