"""The archive of a category's feed (RFC 5005), so that who comes late can get everything.

The feed itself stays small and leads to the newest document of a chain; each document leads to the
one before and the one after. What is closed is never written again, so the folder remembers what
stands where: in `.chain` and `.members`, which no reader sees. Why so: docs/decisions/350.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.config.tree import Category
from aggregator.contracts import EntryFormat, Format, PublishStore
from aggregator.model.published import (
    Candidate,
    Entry,
    Feed,
    Place,
    PublishedArticle,
    StoredArticle,
    Withdrawal,
)
from aggregator.publish import gate
from aggregator.publish.chain import MOST, Chain, end_of, extended, is_due, month_of
from aggregator.publish.entries import Entries, Version, joined
from aggregator.publish.folder import FeedFolder

FOLDER = "archive"
"""The folder of the documents in that of the feed; no category may have this id."""
_LOOKED_THROUGH = 200_000
"""How many of the newest articles an archive begins with, and looks through when a month ends."""
_AT_ONCE = 500

File = tuple[str, bytes]
"""Name and content."""
Contents = Mapping[str, Sequence[Version]]
"""Names of documents, with the articles that each is to hold."""
MakeFeed = Callable[[Sequence[StoredArticle]], Feed]
"""Makes the feed of a category with these articles."""


def chain_of(folder: FeedFolder, path: str) -> Chain:
    """The documents that the archive of a category has."""
    noted = folder.noted(f"{path}/{FOLDER}/.chain")
    if noted is None:
        return Chain()
    kept = json.loads(noted)
    return Chain(tuple(kept["documents"]), datetime.fromisoformat(kept["covered"]))


def place_of(folder: FeedFolder, path: str, url: str) -> Place:
    """The place of a category's feed itself, which has this address, in the chain."""
    newest = chain_of(folder, path).open
    return Place(previous=f"{url}{FOLDER}/{newest}/" if newest else "")


def remove(folder: FeedFolder, path: str, forms: Iterable[Format]) -> list[str]:
    """Remove the documents of a category in these formats; returns the names of the files."""
    documents, at = chain_of(folder, path).documents, f"{path}/{FOLDER}"
    names = [f"{at}/{name}/{form.file_name}" for form in forms for name in documents]
    return [name for name in names if folder.remove(name)]


def forget(folder: FeedFolder, path: str) -> None:
    """Let go what is remembered of an archive that is no more."""
    for note in (".members", ".chain"):
        folder.forget(f"{path}/{FOLDER}/{note}")


@dataclass(frozen=True)
class Archive:
    """The archive of one category's feed, in the formats that lead to older documents.

    `make` makes the feed of the category with other articles, `entries` are those of the run,
    `write` puts files into the folder.
    """

    store: PublishStore
    folder: FeedFolder
    category: Category
    forms: Sequence[EntryFormat]
    feed: Feed
    make: MakeFeed
    entries: Entries
    write: Callable[[Sequence[File]], None]

    def follow(self) -> None:
        """Bring the archive in line with its feed.

        Raises:
            PublishError: a document did not pass the gate.
            StoreError: the store cannot be asked.
        """
        chain = chain_of(self.folder, self.category.path)
        times = [article.published_at for article in self.feed.articles]
        if is_due(chain, times, self.category.articles) or any(self._missing(chain)):
            self._extend(chain)

    def take_out(self, withdrawn: Sequence[Withdrawal]) -> None:
        """Take articles out of every document: the one reason for which closed ones change."""
        chain = chain_of(self.folder, self.category.path)
        tokens = {each.token for each in withdrawn}
        members = self._members()
        concerned = {name for name, token, _ in members if token in tokens}
        for name in {*concerned, chain.open} if tokens and chain.documents else ():
            for form in self.forms:
                self._take_out(f"{self.at}/{name}/{form.file_name}", form, withdrawn)
        if concerned:
            self._note_members([each for each in members if each[1] not in tokens])

    def _take_out(self, name: str, form: EntryFormat, withdrawn: Sequence[Withdrawal]) -> None:
        body = self.folder.read(name) or b""
        ids = {each.public_id for each in withdrawn if each.public_id.encode() in body}
        if ids:
            self.write([(name, form.without(body, ids))])

    def _note_members(self, members: Sequence[tuple[str, str, str]]) -> None:
        lines = "".join("\t".join(each) + "\n" for each in members)
        self.folder.note(f"{self.at}/.members", lines.encode())

    @property
    def at(self) -> str:
        """Where the documents lie."""
        return f"{self.category.path}/{FOLDER}"

    def _missing(self, chain: Chain) -> Iterable[tuple[str, EntryFormat]]:
        for name in chain.documents:
            for form in self.forms:
                if not self.folder.exists(f"{self.at}/{name}/{form.file_name}"):
                    yield name, form

    def _extend(self, chain: Chain) -> None:
        # A run that was killed may have noted what stands in documents that no chain leads to yet.
        members = [each for each in self._members() if each[0] in chain.documents[:-1]]
        found = self._candidates(chain)
        if not chain.documents and len(found) <= len(self.feed.articles) and _is_one_month(found):
            return  # the feed shows all there is
        closed = {token: version for _, token, version in members}
        plan = extended(chain, (each for each in found if closed.get(each.token) != each.version))
        for part in _parts(plan.contents):
            self._put(plan.chain, part, self.forms)
        for name, candidates in plan.contents.items():
            if name != plan.chain.open:
                members += [(name, each.token, each.version) for each in candidates]
        self._put_missing(plan.chain, members)
        if len(plan.contents) > 1:
            self._note_members(members)
        kept = {"documents": plan.chain.documents, "covered": plan.chain.covered.isoformat()}
        self.folder.note(f"{self.at}/.chain", json.dumps(kept).encode())

    def _members(self) -> list[tuple[str, str, str]]:
        """Which closed document has which article in which version: name, token, version."""
        noted = self.folder.noted(f"{self.at}/.members") or b""
        lines = noted.decode().splitlines()
        return [(name, token, version) for name, token, version in (x.split("\t") for x in lines)]

    def _candidates(self, chain: Chain) -> Sequence[Candidate]:
        """The articles that may have to go into the archive, newest first.

        While a month lasts, the newest are enough to write its open document anew; what came late
        or was edited is looked for when it ends.
        """
        paths, most = [self.category.path], self.category.articles + 2 * MOST
        found = self.store.candidates(paths, (), most)
        is_lasting = chain.documents and found and found[0].published_at < end_of(chain.open)
        behind = sum(each.published_at <= chain.covered for each in found)
        if len(found) < most or (is_lasting and behind >= MOST):
            return found
        return self.store.candidates(paths, (), _LOOKED_THROUGH)

    def _put_missing(self, chain: Chain, members: Sequence[tuple[str, str, str]]) -> None:
        """Write closed documents again that are not there, with what is left of their articles."""
        for name, form in list(self._missing(chain)):
            versions = [(token, version) for at, token, version in members if at == name]
            self._put(chain, {name: versions}, [form])

    def _put(self, chain: Chain, contents: Contents, forms: Sequence[EntryFormat]) -> None:
        """Write documents with these articles, as many of them as there still are."""
        head = self.make(())
        self.entries.add(head, forms, [x for some in contents.values() for x in some], self._load)
        files: list[File] = []
        for name, versions in contents.items():
            document = replace(
                head,
                path=f"{self.at}/{name}",
                url=f"{self.feed.url}{FOLDER}/{name}/",
                place=_place(chain, name, self.feed.url),
            )
            for form in forms:
                entries = self.entries.of(document, form, versions)
                files.append((f"{self.at}/{name}/{form.file_name}", _body(form, document, entries)))
        self.write(files)

    def _load(self, tokens: Sequence[str]) -> Sequence[PublishedArticle]:
        return self.make(self.store.articles_named(tokens)).articles


def _parts(contents: Mapping[str, Sequence[Candidate]]) -> Iterable[Contents]:
    """The documents in parts that are worth a question to the store and fit into memory."""
    part: dict[str, Sequence[Version]] = {}
    for name, candidates in contents.items():
        part[name] = [(each.token, each.version) for each in candidates]
        if sum(map(len, part.values())) >= _AT_ONCE:
            yield part
            part = {}
    if part:
        yield part


def _body(form: EntryFormat, document: Feed, entries: Sequence[Entry]) -> bytes:
    """A document in a format, newest first, after it passed the gate."""
    ordered = sorted(entries, key=lambda x: (x.published_at, x.public_id), reverse=True)
    made = joined(form, document, ordered)
    gate.check_joined(made, None)
    return made.document.body


def _place(chain: Chain, name: str, url: str) -> Place:
    """Where a document stands in the chain."""
    at = chain.documents.index(name)
    around = {
        "previous": chain.documents[at - 1] if at else "",
        "following": chain.documents[at + 1] if name != chain.open else "",
    }
    links: Mapping[str, str] = {
        end: f"{url}{FOLDER}/{other}/" for end, other in around.items() if other
    }
    return Place(current=url, **links)


def _is_one_month(found: Sequence[Candidate]) -> bool:
    return not found or month_of(found[0].published_at) == month_of(found[-1].published_at)
