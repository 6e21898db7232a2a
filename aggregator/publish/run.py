"""One run over some categories: render, pass the gate, write what differs, report the rest.

What fails is noted for its category and never stops another one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Self

from aggregator.config.tree import Category
from aggregator.contracts import EntryFormat, FolderFormat, Format, PublishStore
from aggregator.errors import RefusedError, StoppedError
from aggregator.formats import folder_formats, formats, html, opml
from aggregator.formats.static import STATIC_FILES
from aggregator.model.published import Entry, Feed, StoredArticle, Withdrawal
from aggregator.model.settings import Settings
from aggregator.publish import archive, gate
from aggregator.publish.archive import Archive
from aggregator.publish.categories import ALL, Catalogue
from aggregator.publish.convert import category_feed, published_site
from aggregator.publish.entries import Entries, joined
from aggregator.publish.folder import FeedFolder
from aggregator.publish.health import HEALTH, MOST_EVENTS, health_feed
from aggregator.publish.making import FeedMaker
from aggregator.publish.report import PublishReport, Tracker
from aggregator.publish.site_note import SiteNote

SITE = ""
"""Stands for home page, static files and OPML where categories are named by path."""

NEWEST_ON_HOME = 50
TOLD = ("rss", "atom", "json")
"""Formats of which a change is told to hubs."""


def formats_of(feed: Category | Feed) -> list[Format]:
    """The formats of a category or feed that are files of its own (`opml` is one file for all)."""
    return [formats()[name] for name in dict.fromkeys(feed.formats) if name in formats()]


def never() -> bool:
    """Nobody asks publishing to end."""
    return False


class Run:
    """One run; make a new one for the next, and leave it, so that it lets go what it kept.

    `stopped` is asked before every file, of an archive before some documents.

    Raises:
        StoppedError: from any method, once `stopped` says so.
    """

    def __init__(
        self,
        store: PublishStore,
        settings: Settings,
        known: Catalogue,
        folder: FeedFolder,
        maker: FeedMaker,
        *,
        force: bool = False,
        stopped: Callable[[], bool] = never,
    ) -> None:
        self._store = store
        self._stopped = stopped
        self._maker = maker
        self._settings = settings
        self._known = known
        self._folder = folder
        self._force = force
        self._tracker = Tracker()
        self._entries = Entries(folder.root)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._entries.close()

    def report(self) -> PublishReport:
        """What this run did until now."""
        return self._tracker.report()

    def publish_category(self, path: str) -> None:
        """Bring the files of one category up to date."""
        self._attempt(path, partial(self._category, self._known[path]))

    def publish_health(self) -> None:
        """Bring the health feed up to date."""
        self._attempt(HEALTH, self._health)

    def publish_site(self, note: SiteNote) -> None:
        """Bring home page, static files and OPML up to date, and note what they were made from."""
        self._attempt(SITE, self._site)
        made = SITE not in self.report().failed
        self._attempt(SITE, partial(note.keep, made=made))

    def remember_categories(self) -> None:
        """Note in the folder which categories are published, before their first file is there."""
        paths = self._folder.published() | set(self._known)
        self._attempt(SITE, partial(self._folder.note_published, paths))

    def remove_gone_categories(self) -> None:
        """Remove the files of categories that nobody names any more and that hold nothing."""
        for path in sorted(self._folder.published() - set(self._known)):
            self._attempt(path, partial(self._remove_if_empty, path))

    def _attempt(self, path: str, work: Callable[[], None]) -> None:
        self._go_on()
        try:
            work()
        except StoppedError:
            raise
        except RefusedError as error:
            self._tracker.refuse(path, str(error))
        except Exception as error:  # noqa: BLE001 - one category's trouble must not stop the others
            self._tracker.fail(path, str(error) or type(error).__name__)

    def _go_on(self) -> None:
        if self._stopped():
            raise StoppedError("it was asked to end")

    def _category(self, category: Category) -> None:
        feed = self._maker.feed(category, self._known)
        if category.choice is None:
            self._attempt(category.path, partial(self._archive, category, feed))
            feed = replace(
                feed,
                place=archive.place_of(self._folder, feed.path, feed.url),
                withdrawn=self._withdrawn(category, feed),
            )
        self._feed(feed)

    def _archive(self, category: Category, feed: Feed) -> None:
        """Bring the archive in line with the feed, before the feed leads there."""
        wanted = [x for x in formats_of(category) if isinstance(x, EntryFormat)]
        if not (wanted and self._settings.publish.archive):
            self._remove_archive(category.path, formats().values())
            return

        def make(stored: Sequence[StoredArticle]) -> Feed:
            return category_feed(category, stored, self._known, self._settings)

        unwanted = [each for each in formats().values() if each not in wanted]
        self._tracker.removed += archive.remove(self._folder, category.path, unwanted)
        kept = Archive(
            self._store, self._folder, category, wanted, feed, make, self._entries, self._put_all
        )
        kept.follow()
        kept.take_out(self._store.withdrawals(category.path, category.articles))

    def _withdrawn(self, category: Category, feed: Feed) -> tuple[Withdrawal, ...]:
        """What readers are to forget, as long as it is younger than what the feed shows."""
        found = self._store.withdrawals(category.path, category.articles)
        is_full = len(feed.articles) >= category.articles
        oldest = feed.articles[-1].published_at if is_full and feed.articles else None
        return tuple(each for each in found if oldest is None or each.withdrawn_at >= oldest)

    def _remove_archive(self, path: str, forms: Iterable[Format]) -> None:
        self._tracker.removed += archive.remove(self._folder, path, forms)
        archive.forget(self._folder, path)

    def _health(self) -> None:
        self._feed(health_feed(self._store.events(MOST_EVENTS), self._settings))

    def _feed(self, feed: Feed) -> None:
        wanted = formats_of(feed)
        for each in wanted:
            self._attempt(feed.path, partial(self._document, feed, each))
        for each in formats().values():
            if each not in wanted:
                self._remove(f"{feed.path}/{each.file_name}")
        for form in folder_formats().values():
            files = form.render(feed) if form.name in feed.formats else {}
            self._attempt(feed.path, partial(self._folder_of, feed.path, form, files))

    def _folder_of(self, path: str, form: FolderFormat, files: Mapping[str, bytes]) -> None:
        """Bring the files of a format that has many up to date: no more and no fewer."""
        for name in self._folder.names(path):
            if form.owns(name) and name not in files:
                self._remove(f"{path}/{name}")
        for name, body in files.items():
            self._put(f"{path}/{name}", body)

    def _document(self, feed: Feed, form: Format) -> None:
        if isinstance(form, EntryFormat) and self._shares_entries(feed):
            made = joined(form, feed, self._entries_of(feed, form))
            document, check = made.document, partial(gate.check_joined, made)
        else:
            document = form.render(feed)
            check = partial(gate.check, document, feed)
        name = f"{feed.path}/{document.file_name}"
        self._tracker.left_out += [(name, *each) for each in document.left_out]
        before = self._folder.read(name)
        if document.body == before:
            self._tracker.unchanged += 1
            return
        if not self._force:
            check(before, partial(self._explained, feed))
        self._folder.write(name, document.body)
        self._tracker.written.append(name)
        if feed.hubs and form.name in TOLD:
            self._tracker.topics.append(feed.url + document.file_name)

    def _shares_entries(self, feed: Feed) -> bool:
        """Whether its articles are those of the store, as every category shows them."""
        category = self._known.categories.get(feed.path)
        return category is not None and category.choice is None

    def _entries_of(self, feed: Feed, form: EntryFormat) -> list[Entry]:
        articles = {each.token: each for each in feed.articles}
        versions = [(each.token, each.version) for each in feed.articles]
        wanted = [x for x in formats_of(feed) if isinstance(x, EntryFormat)]
        self._entries.add(feed, wanted, versions, lambda tokens: map(articles.__getitem__, tokens))
        return self._entries.of(feed, form, versions)

    def _explained(self, feed: Feed, missing: Collection[str]) -> Collection[str]:
        """Why articles are not in a feed any more: they left its category, or it has no room."""
        category = self._known.categories.get(feed.path)
        if category is None or category.choice is not None or category.per_source:
            return missing  # what a choice shows, and what happened to sources, come and go
        if len(feed.articles) >= category.articles:
            return missing
        return self._store.left(feed.path, missing)

    def _site(self) -> None:
        stored = self._store.newest(ALL, NEWEST_ON_HOME, self._settings.publish.per_source)
        site = published_site(stored, self._known, self._settings)
        files = {name: make for name, (_type, make) in STATIC_FILES.items()}
        if any("html" in self._known[path].formats for path in self._known):
            files[html.HOME_FILE] = partial(html.render_home, site)
        if site.has_opml:
            files[opml.FILE_NAME] = partial(opml.render_opml, site)
        for name in (*STATIC_FILES, html.HOME_FILE, opml.FILE_NAME):
            if name in files:
                self._put(name, files[name]())
            else:
                self._remove(name)

    def _put(self, name: str, body: bytes) -> None:
        if body == self._folder.read(name):
            self._tracker.unchanged += 1
            return
        self._folder.write(name, body)
        self._tracker.written.append(name)

    def _put_all(self, files: Sequence[tuple[str, bytes]]) -> None:
        self._go_on()
        changed = [each for each in files if each[1] != self._folder.read(each[0])]
        self._folder.write_all(changed)
        self._tracker.unchanged += len(files) - len(changed)
        self._tracker.written += [name for name, _ in changed]

    def _remove(self, name: str) -> None:
        if self._folder.remove(name):
            self._tracker.removed.append(name)

    def _remove_if_empty(self, path: str) -> None:
        if self._store.newest(path, 1, 0):
            return
        for each in formats().values():
            self._remove(f"{path}/{each.file_name}")
        for form in folder_formats().values():
            self._folder_of(path, form, {})
        self._remove_archive(path, formats().values())
        self._folder.note_published(self._folder.published() - {path})
