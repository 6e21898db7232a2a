"""What podcasts say of an episode, in the words of the `itunes` namespace, and its length."""

from __future__ import annotations

import re
from typing import Any

from aggregator.model.entries import Episode
from aggregator.sources.feed.links import integer

_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,5}):(\d{1,2})(?:\.\d*)?", re.ASCII)
_SECONDS = re.compile(r"(\d{1,9})(?:\.\d*)?", re.ASCII)


def episode(entry: Any) -> Episode:
    """What feedparser's entry says of its episode; nothing where it is none."""
    explicit = entry.get("itunes_explicit")
    return Episode(
        duration=seconds(entry.get("itunes_duration")),
        number=integer(entry.get("itunes_episode")),
        season=integer(entry.get("itunes_season")),
        kind=str(entry.get("itunes_episodetype") or "").strip().lower(),
        explicit=explicit if isinstance(explicit, bool) else None,
    )


def seconds(duration: object) -> int | None:
    """Seconds of `3723`, `62:03` and `1:02:03`; None for what is none of these."""
    text = str(duration).strip() if duration is not None else ""
    if whole := _SECONDS.fullmatch(text):
        return int(whole[1])
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, rest = (int(part or 0) for part in clock.groups())
        return hours * 3600 + minutes * 60 + rest
    return None
