"""What is known while a batch is decided: what the store had, and what the batch has added.

Keeps the books of one batch; which article is which is decided in `decide`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from aggregator.dedupe.bodies import comparable, comparable_text
from aggregator.model.articles import Article, DecidedBy, Decision, Verdict
from aggregator.model.known import Known, KnownCopy, KnownEntry
from aggregator.text.hashing import fingerprint

Simplify = Callable[[str], str]


@dataclass(frozen=True)
class Candidate:
    """An article with what it is compared by; most are decided without reading their text."""

    article: Article
    title_key: str
    content_hash: str
    text_hash: str
    text_length: int
    simplify: Simplify | None

    @cached_property
    def text(self) -> str:
        """The comparable text (see `bodies`)."""
        return comparable_text(self.article, self.simplify)

    @property
    def entry_id(self) -> tuple[str, str]:
        """Source id and entry key."""
        return self.article.entry.source_id, self.article.entry.entry_key

    def as_entry(self, story_key: str, *, standing: bool) -> KnownEntry:
        """What the next candidates know of the entry, now that it belongs to an article."""
        entry = self.article.entry
        return KnownEntry(
            source_id=entry.source_id,
            entry_key=entry.entry_key,
            entry_hash=entry.entry_hash,
            content_hash=self.content_hash,
            story_key=story_key,
            title_key=self.title_key,
            text_hash=self.text_hash,
            published_at=self.article.published_at,
            date_is_known=self.article.date_is_known,
            standing=standing,
        )

    def as_copy(self, story_key: str, *, standing: bool) -> KnownCopy:
        """The same as a copy that stands under a title; its text is told by the candidate."""
        source_id, entry_key = self.entry_id
        return KnownCopy(
            source_id=source_id,
            entry_key=entry_key,
            title_key=self.title_key,
            story_key=story_key,
            published_at=self.article.published_at,
            text_hash=self.text_hash,
            text="",
            standing=standing,
            text_length=self.text_length,
        )


class Batch:
    """Known entries, copies by title, and the standing copy of each article."""

    def __init__(self, known: Known, priority: Callable[[str], int]) -> None:
        self._priority = priority
        self._entries = dict(known.entries)
        self._ordinals = dict(known.ordinals)
        self._merged = known.merged
        self._titles: dict[str, dict[str, list[KnownCopy]]] = {}
        self._standing: dict[str, KnownCopy] = {}
        self._raw_texts: dict[str, str] = {}
        self._texts: dict[tuple[str, Simplify | None], str] = {}
        self._apart: set[tuple[str, str]] = set()
        self._told_by: dict[str, Candidate] = {}
        for copies in known.copies.values():
            for copy in copies:
                self._raw_texts[copy.story_key] = copy.text
                self._apart.add((copy.source_id, copy.split_from))
                self._add(copy)

    def entry(self, candidate: Candidate) -> KnownEntry | None:
        """The same entry of the same source, if it is known."""
        return self._entries.get(candidate.entry_id)

    def title_keys(self) -> Sequence[str]:
        """Every title that has copies."""
        return tuple(self._titles)

    def stories(self, title_key: str) -> Sequence[Sequence[KnownCopy]]:
        """The articles that have copies under a title: for each, those copies."""
        return tuple(self._titles.get(title_key, {}).values())

    def founded(self, title_key: str) -> int:
        """How many articles were ever founded under a title."""
        return self._ordinals.get(title_key, 0)

    def living(self, title_key: str) -> int:
        """How many of these are still articles of their own: a person merged the others."""
        return self.founded(title_key) - self._merged.get(title_key, 0)

    def is_kept_apart(self, candidate: Candidate, story_key: str) -> bool:
        """Whether a person took a copy of the candidate's source out of an article."""
        return (candidate.article.entry.source_id, story_key) in self._apart

    def text(self, story_key: str, simplify: Simplify | None) -> str:
        """The comparable text of an article's standing copy."""
        if story_key in self._told_by:
            return self._told_by[story_key].text
        if (story_key, simplify) not in self._texts:
            text = comparable(self._raw_texts[story_key], simplify)
            self._texts[story_key, simplify] = text
        return self._texts[story_key, simplify]

    def found(self, candidate: Candidate, decided_by: DecidedBy) -> Decision:
        """Make it a new article, named so that two workers give the same story the same name."""
        key = candidate.title_key
        if key:
            story = fingerprint("story", key, str(self.founded(key)))
            self._ordinals[key] = self.founded(key) + 1
        else:
            story = fingerprint("entry", *candidate.entry_id)
        return self._note(candidate, Verdict.NEW, decided_by, story, stands=True)

    def join(self, candidate: Candidate, decided_by: DecidedBy, story_key: str) -> Decision:
        """Make it a copy of an article that we have; the better of the two copies stands."""
        stands = self._is_better(candidate, story_key)
        return self._note(candidate, Verdict.DUPLICATE, decided_by, story_key, stands=stands)

    def keep(self, candidate: Candidate, verdict: Verdict, entry: KnownEntry) -> Decision:
        """Leave a known entry with its article, whatever its title is now."""
        self._forget(entry)
        decided_by = DecidedBy.SAME_ENTRY
        return self._note(candidate, verdict, decided_by, entry.story_key, stands=entry.standing)

    def _forget(self, entry: KnownEntry) -> None:
        """Take the copy away from the title under which it was known."""
        stories = self._titles.get(entry.title_key, {})
        copies = stories.pop(entry.story_key, [])
        entry_id = (entry.source_id, entry.entry_key)
        if others := [copy for copy in copies if (copy.source_id, copy.entry_key) != entry_id]:
            stories[entry.story_key] = others

    def _is_better(self, candidate: Candidate, story_key: str) -> bool:
        """By priority of the source, then the fuller body, then the earlier."""
        standing = self._standing.get(story_key)
        if standing is None:
            return False
        published = candidate.article.published_at
        ours = (self._priority(candidate.article.entry.source_id), candidate.text_length)
        theirs = (self._priority(standing.source_id), standing.text_length)
        return ours > theirs or (ours == theirs and published < standing.published_at)

    def _note(
        self,
        candidate: Candidate,
        verdict: Verdict,
        decided_by: DecidedBy,
        story_key: str,
        *,
        stands: bool,
    ) -> Decision:
        """From here on the candidate is known."""
        if stands or not (story_key in self._raw_texts or story_key in self._told_by):
            self._told_by[story_key] = candidate
        self._entries[candidate.entry_id] = candidate.as_entry(story_key, standing=stands)
        if candidate.title_key:
            self._add(candidate.as_copy(story_key, standing=stands))
        return Decision(
            article=candidate.article,
            verdict=verdict,
            decided_by=decided_by,
            story_key=story_key,
            title_key=candidate.title_key,
            content_hash=candidate.content_hash,
            text_hash=candidate.text_hash,
            stands=stands,
            text_length=candidate.text_length,
        )

    def _add(self, copy: KnownCopy) -> None:
        stories = self._titles.setdefault(copy.title_key, {})
        stories.setdefault(copy.story_key, []).append(copy)
        if copy.standing:
            self._standing[copy.story_key] = copy
