"""Brings the private feeds up to date: the work is that for public ones, the folder is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from aggregator.contracts import PublishStore
from aggregator.model.settings import Configuration
from aggregator.publish.folder import FeedFolder
from aggregator.publish.making import FeedMaker
from aggregator.publish.private import FOLDER, private_catalogue, private_folder
from aggregator.publish.report import PublishReport
from aggregator.publish.run import Run, formats_of


class PrivatePublisher:
    """Publishes the private feeds of a configuration beside the public ones in `folder`.

    A feed that left, or whose secret changed, leaves nothing behind.
    """

    def __init__(
        self,
        store: PublishStore,
        configuration: Configuration,
        folder: FeedFolder,
        maker: FeedMaker,
    ) -> None:
        self._store = store
        self._settings = configuration.settings
        self._known = private_catalogue(configuration)
        self._folder = FeedFolder(private_folder(folder.root))
        self._maker = maker
        self._due = set(self._known)  # at first nobody knows how they are

    def publish(self, states: Mapping[str, int], stopped: Callable[[], bool]) -> PublishReport:
        """Publish those in which there may be something new, and those that lack a file.

        Raises:
            PublishError: the folder cannot be made or written to, or `stopped` said so.
        """
        gone = self._folder.published() - set(self._known)
        due = {path for path in self._known if self._is_due(path, states)}
        if not (due or gone):
            return PublishReport()
        self._folder.prepare()
        run = Run(
            self._store, self._settings, self._known, self._folder, self._maker, stopped=stopped
        )
        with run:
            run.remember_categories()
            for path in sorted(due):
                run.publish_category(path)
            run.remove_gone_categories()
        report = run.report()
        self._due = set(report.failed)
        return _below(report)

    def _is_due(self, path: str, states: Mapping[str, int]) -> bool:
        feed = self._known[path]
        files = [f"{path}/{each.file_name}" for each in formats_of(feed)]
        return (
            path in self._due
            or self._maker.is_due(feed, states)
            or not all(map(self._folder.exists, files))
        )


def _below(report: PublishReport) -> PublishReport:
    """The report with names that tell private files and feeds from public ones."""
    return replace(
        report,
        written=tuple(f"{FOLDER}/{name}" for name in report.written),
        removed=tuple(f"{FOLDER}/{name}" for name in report.removed),
        left_out=tuple((f"{FOLDER}/{name}", who, why) for name, who, why in report.left_out),
        failed={f"{FOLDER}/{path}": why for path, why in report.failed.items()},
    )
