"""The entries of a run: each article is written once in each format, for all its documents.

An article stands in the feed of its category, in those above it, in `all` and in their archives.
Its entry is the same everywhere but for the language of the feed, so it is made, and read back,
once; what documents are made of it say `run` and `archive`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import SpooledTemporaryFile

from aggregator.contracts import EntryFormat
from aggregator.formats.common import writable
from aggregator.model.published import Entry, Feed, PublishedArticle
from aggregator.publish import gate

IN_MEMORY = 8 * 1000**2
"""Bytes of entries; more of them go into a file."""
ON_DISK = 512 * 1000**2
"""Bytes of entries, some 20,000 articles in three formats; then all are forgotten."""
_AT_ONCE = 200

_Kind = tuple[str, str]
"""A format and a language."""
_Facts = tuple[str, datetime, datetime, frozenset[str], str]
"""The fields of an entry but for its body."""
_Kept = tuple[_Facts, int, int]
"""An entry's facts, where its body begins, and how long that is."""
Version = tuple[str, str]
"""The token of an article, and a version of what it shows."""
Load = Callable[[Sequence[str]], Iterable[PublishedArticle]]
"""Gives the articles with these tokens, as far as they are there."""


def joined(form: EntryFormat, feed: Feed, entries: Sequence[Entry]) -> gate.Joined:
    """The document of a feed that has these entries.

    Raises:
        PublishError: what is around the entries cannot be written.
    """
    sampled = list({each.needs: each for each in entries if not each.left_out}.values())
    return gate.Joined(form.joined(feed, entries), entries, form.joined(feed, sampled), sampled)


class Entries:
    """Keeps the entries of a run; the folder is the one for those that memory has no room for.

    An entry is asked for by the version that it was made for. Close it when the run is over.
    """

    def __init__(self, folder: Path, most: int = ON_DISK) -> None:
        self._folder = folder
        self._most = most
        self._begin()

    def _begin(self) -> None:
        # It is closed by whoever runs; until it is large, nothing of it is on a disk.
        self._file = SpooledTemporaryFile(IN_MEMORY, dir=str(self._folder))  # noqa: SIM115
        self._end = 0
        self._kept = defaultdict[_Kind, dict[Version, _Kept]](dict)

    def close(self) -> None:
        """Let all of them go."""
        with suppress(OSError):  # what the disk did not take is wanted no more
            self._file.close()

    def add(
        self, feed: Feed, forms: Sequence[EntryFormat], versions: Sequence[Version], load: Load
    ) -> None:
        """See that these articles can be had as entries of a feed, in these formats.

        Raises:
            StoreError: what is missing cannot be loaded.
            OSError: the disk does not take them; all are forgotten then.
        """
        if self._end > self._most:
            self._forget()
        kept = [self._kept[form.name, feed.language] for form in forms]
        missing = {
            token: (token, version)
            for token, version in versions
            if not all((token, version) in each for each in kept)
        }
        tokens = list(missing)
        for start in range(0, len(tokens), _AT_ONCE):
            articles = list(map(writable, load(tokens[start : start + _AT_ONCE])))
            for form, versions_kept in zip(forms, kept, strict=True):
                entries = gate.readable([form.entry(each, feed) for each in articles], form)
                named = (missing[each.token] for each in articles)
                versions_kept.update(zip(named, self._put(entries), strict=True))

    def of(self, feed: Feed, form: EntryFormat, versions: Iterable[Version]) -> list[Entry]:
        """The entries of these articles in a format, in this order, as far as they were added."""
        kept = self._kept[form.name, feed.language]
        return [self._read(*kept[each]) for each in versions if each in kept]

    def _put(self, entries: Sequence[Entry]) -> Iterator[_Kept]:
        try:
            self._file.seek(self._end)
            self._file.write(b"".join(each.body for each in entries))
            self._file.flush()
        except OSError:
            self._forget()  # what a full disk took is no more what was written before
            raise
        for each in entries:
            facts = each.public_id, each.published_at, each.updated_at, each.needs, each.left_out
            yield facts, self._end, len(each.body)
            self._end += len(each.body)

    def _read(self, facts: _Facts, start: int, length: int) -> Entry:
        self._file.seek(start)
        return Entry(*facts, self._file.read(length))

    def _forget(self) -> None:
        self.close()
        self._begin()
