"""What a run of publishing did, for people and logs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class PublishReport:
    """Files by name, categories by path; home page, static files and OPML are category "".

    `left_out` names articles that a file could not carry (file name, public id, reason); `failed`
    says why a category is not up to date: it is tried again the next time. `topics` are the
    addresses of feeds that were written and that name hubs. `refused` says of the categories among
    the failed what the gate has against them.
    """

    written: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    left_out: tuple[tuple[str, str, str], ...] = ()
    failed: Mapping[str, str] = field(default_factory=dict)
    topics: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)

    def __add__(self, other: PublishReport) -> PublishReport:
        return PublishReport(
            self.written + other.written,
            self.removed + other.removed,
            self.unchanged + other.unchanged,
            self.left_out + other.left_out,
            {**self.failed, **other.failed},
            self.topics + other.topics,
            {**self.refused, **other.refused},
        )


@dataclass
class Tracker:
    """A report while it grows."""

    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    unchanged: int = 0
    left_out: list[tuple[str, str, str]] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    topics: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    def fail(self, path: str, why: str) -> None:
        """Note that something of a category could not be published, beside what else could not."""
        self.failed[path] = f"{self.failed[path]}; {why}" if path in self.failed else why

    def refuse(self, path: str, why: str) -> None:
        """Note that the gate held a file of a category back."""
        self.fail(path, why)
        self.refused.setdefault(path, why)  # its other formats say the same

    def report(self) -> PublishReport:
        """What was noted until now."""
        return PublishReport(
            tuple(self.written),
            tuple(self.removed),
            self.unchanged,
            tuple(self.left_out),
            dict(self.failed),
            tuple(self.topics),
            dict(self.refused),
        )
