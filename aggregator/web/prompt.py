"""uvicorn's protocol with a short way: files that stand in memory are answered as a head ends.

uvicorn makes a scope, a task and an event for each request, and looks at every header of an answer
anew, which is most of what an answer from memory costs (decision 460). Who asks again over the same
connection for a published file gets the prepared bytes without all that. The first request of a
connection goes uvicorn's way, which counts connections, and so does whatever is not that simple.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from aggregator.web.documents import Reply
from aggregator.web.files import PublishedFolder


class PromptProtocol(HttpToolsProtocol):
    """One connection; `heads` counts the requests whose head was read."""

    heads = 0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take what uvicorn gives a protocol."""
        super().__init__(*args, **kwargs)
        self._files = self.app if isinstance(self.app, PublishedFolder) else None

    def on_headers_complete(self) -> None:
        """Answer at once, or have uvicorn begin a task."""
        self.heads += 1
        if (reply := self._reply()) is None:
            super().on_headers_complete()
        else:
            self._send(reply)

    def _reply(self) -> Reply | None:
        """The answer, if it is in memory, nothing waits before it, and the connection goes on."""
        is_idle = self.cycle is not None and self.cycle.response_complete
        if self._files is None or not is_idle or self.flow.write_paused:
            return None
        if self.parser.get_method() not in (b"GET", b"HEAD") or not self.parser.should_keep_alive():
            return None
        return self._files.at_once(self.url.partition(b"?")[0], self.headers)

    def _send(self, reply: Reply) -> None:
        """Write a whole answer, and let the connection go on as after any other."""
        parts = [reply.head]
        for name, value in self.server_state.default_headers:
            parts += (name, b": ", value, b"\r\n")
        parts += (b"\r\n", reply.body if self.parser.get_method() == b"GET" else b"")
        self.transport.write(b"".join(parts))
        # A body that still comes is dropped, since for uvicorn the answer before is complete.
        self.on_response_complete()
