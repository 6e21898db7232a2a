"""Brings the published files up to date with the store: only what changed, one category at a time.

Rendering is `formats`, files are `folder`, the last check is `gate`. Which moment is right for it
is for `scheduling` to know. Call it from one thread (see `formats.xml_feeds`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from aggregator.config.image_key import with_image_key
from aggregator.config.paths import publish_folder, site_url
from aggregator.config.tree import Category
from aggregator.contracts import Clock, PublishStore
from aggregator.formats.html import HOME_FILE
from aggregator.model.health import GateVerdict
from aggregator.model.published import Feed
from aggregator.model.settings import Configuration
from aggregator.publish.addresses import category_url
from aggregator.publish.categories import Catalogue, catalogue
from aggregator.publish.folder import FeedFolder
from aggregator.publish.former import bring_along, note_former
from aggregator.publish.health import HEALTH, health_feed
from aggregator.publish.making import FeedMaker
from aggregator.publish.private_publisher import PrivatePublisher
from aggregator.publish.report import PublishReport
from aggregator.publish.run import SITE, TOLD, Run, formats_of, never
from aggregator.publish.site_note import SiteNote
from aggregator.publish.told import Told


class Publisher:
    """Publishes what a store holds as a configuration wants it.

    `folder` is for tests; otherwise it is the configured one. `clock` says when digests close, and
    when the gate held a feed back; without it none closes, and the health feed does not tell.
    A changed configuration needs a new publisher, and then `publish_all`.

    Raises:
        AggregatorError: pictures are to go through our own proxy, and its key cannot be kept.
    """

    def __init__(
        self,
        store: PublishStore,
        configuration: Configuration,
        folder: FeedFolder | None = None,
        clock: Clock | None = None,
    ) -> None:
        configuration = with_image_key(configuration)
        self._store = store
        self._configuration = configuration
        self._folder = folder or FeedFolder(publish_folder(configuration))
        self._maker = FeedMaker(store, configuration.settings, clock)
        self._private = PrivatePublisher(store, configuration, self._folder, self._maker)
        self._clock = clock
        self._due: set[str] | None = None  # what failed the last time; None: the folder knows

    def publish_changed(self, stopped: Callable[[], bool] = never) -> PublishReport:
        """Publish the categories whose articles changed, and those whose files are missing.

        Raises:
            StoppedError: `stopped` said so between two files; what is left comes the next time.
            PublishError: the folder cannot be made or written to.
            StoreError: the store cannot say what changed.
        """
        states = self._store.changed_categories()
        known = self._catalogue()
        more = {path for path, feed in known.more.items() if self._maker.is_due(feed, states)}
        due = self._due
        if due is None:
            due = set() if self._site_note(known).holds() else {SITE}
        paths = {*states, *more, *self._missing(known), *due}
        return self._publish(known, paths, states, stopped=stopped)

    def publish_all(
        self, stopped: Callable[[], bool] = never, *, force: bool = False
    ) -> PublishReport:
        """Publish every category, as after a change of the configuration or of this program.

        With `force` no file is held back by the gate.

        Raises:
            StoppedError: `stopped` said so between two files; what is left comes the next time.
            PublishError: the folder cannot be made or written to.
            StoreError: the store cannot say which categories there are.
        """
        states = self._store.changed_categories()
        known = self._catalogue()
        self._folder.remove_leftovers()
        paths = {*known, *states, SITE, HEALTH}
        return self._publish(known, paths, states, stopped=stopped, force=force)

    @property
    def has_published(self) -> bool:
        """Whether the home page is there, as it is after the first time."""
        return self._folder.exists(HOME_FILE)

    @property
    def told(self) -> Told:
        """Up to when hubs were told of what is published here."""
        return Told(self._folder)

    def topics(self, since: datetime) -> list[str]:
        """Addresses of the feeds that hubs are told of, and that were written after a moment.

        Raises:
            StoreError: the store cannot say which categories there are.
        """
        settings = self._configuration.settings
        known = self._catalogue()
        feeds = ((path, form) for path in known for form in formats_of(known[path]))
        return [
            f"{category_url(site_url(settings), path)}{form.file_name}"
            for path, form in feeds
            if settings.publish.hubs and form.name in TOLD
            if (self._folder.written_at(f"{path}/{form.file_name}") or since) > since
        ]

    def _tell_verdicts(
        self, report: PublishReport, paths: Collection[str], known: Catalogue
    ) -> bool:
        """Have the health feed tell which feeds the gate holds back, or no more; whether any."""
        if self._clock is None:
            return False
        verdicts = [
            GateVerdict(path, known[path].title, report.refused.get(path, ""))
            for path in sorted(paths)
            if path in report.refused or path not in report.failed
        ]
        return self._store.note_verdicts(verdicts, self._clock())

    def _site_note(self, known: Catalogue) -> SiteNote:
        return SiteNote(self._folder, known, self._configuration.settings)

    def _catalogue(self) -> Catalogue:
        return catalogue(self._configuration, self._store.category_titles())

    def _missing(self, known: Catalogue) -> set[str]:
        """Feeds that lack one of their files: new ones, and those somebody deleted."""
        health = health_feed((), self._configuration.settings)
        feeds: dict[str, Category | Feed] = {**known.categories, HEALTH: health}
        return {
            path
            for path in feeds
            for each in formats_of(feeds[path])
            if not self._folder.exists(f"{path}/{each.file_name}")
        }

    def _publish(
        self,
        known: Catalogue,
        paths: set[str],
        states: Mapping[str, int],
        *,
        stopped: Callable[[], bool],
        force: bool = False,
    ) -> PublishReport:
        self._folder.prepare()
        settings = self._configuration.settings
        run = Run(
            self._store, settings, known, self._folder, self._maker, force=force, stopped=stopped
        )
        bring_along(self._store, self._folder, known)
        with run:
            run.remember_categories()
            for path in sorted(path for path in paths if path in known):
                run.publish_category(path)
            note_former(self._store, self._folder, known)
            run.remove_gone_categories()
            if self._tell_verdicts(run.report(), paths & {*known}, known) or HEALTH in paths:
                run.publish_health()
            if paths - {HEALTH}:
                run.publish_site(self._site_note(known))
        report = run.report()
        self._due = set(report.failed)
        report += self._private.publish(states, stopped)
        # What failed stays unmarked, so that it comes again also after a restart.
        done = {path: state for path, state in states.items() if path not in report.failed}
        if done:
            self._store.mark_published(done)
        return report
