"""`/healthz`: the process answers. `/readyz`: it does its work; if not, what is wrong.

The questions are put by `contracts.HealthReader`; answering them is the business of who runs us.
"""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from aggregator.contracts import HealthReader
from aggregator.errors import AggregatorError
from aggregator.web.answers import plain, security_headers

_PATIENCE = 5.0


class Health:
    """The two endpoints over one reader; an answer that takes longer than `patience` is a no."""

    def __init__(self, reader: HealthReader, patience: float = _PATIENCE) -> None:
        self._reader = reader
        self._patience = patience

    async def alive(self, _request: Request) -> Response:
        """200 whenever the event loop turns."""
        return plain(200, "ok")

    async def ready(self, _request: Request) -> Response:
        """200 or 503, with the reasons by part; notices change nothing of it."""
        problems, notices = await self._state()
        return JSONResponse(
            {"ready": not problems, "problems": problems, "notices": notices},
            503 if problems else 200,
            headers={"cache-control": "no-store", **security_headers()},
        )

    async def _state(self) -> tuple[dict[str, str], dict[str, str]]:
        """Problems and notices, asked for in a thread because a database may be behind them."""
        try:
            async with asyncio.timeout(self._patience):
                return await asyncio.to_thread(self._ask)
        except TimeoutError:
            return {"health": f"no answer within {self._patience:g} s"}, {}
        except AggregatorError:
            # The text may name hosts and users of the database; the log has it.
            return {"health": "it could not be read; the log says why"}, {}

    def _ask(self) -> tuple[dict[str, str], dict[str, str]]:
        return dict(self._reader.problems()), dict(self._reader.notices())
