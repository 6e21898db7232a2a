"""When a source's new address is believed: a permanent redirect has to say the same three times.

One careless 301 must not re-point a source for ever, so the configured address stays the one to ask
until then. The fetcher never names a private address as the new one.
"""

from __future__ import annotations

from dataclasses import replace

from aggregator.model.pages import FetchState

ANSWERS_NEEDED = 3
"""Answers in a row that have to name the same new address."""


def after_answer(state: FetchState, moved_to: str) -> FetchState:
    """Count what an answer said about a new address ("" for nothing), and adopt it in the end."""
    if not moved_to:
        return replace(state, moving_to="", moves=0) if state.moves else state
    moves = state.moves + 1 if moved_to == state.moving_to else 1
    if moves < ANSWERS_NEEDED:
        return replace(state, moving_to=moved_to, moves=moves)
    return replace(state, moved_to=moved_to, moving_to="", moves=0)
