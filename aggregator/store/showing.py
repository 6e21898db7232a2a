"""The part of the store that gives articles out: to feeds, pages and people; nothing is written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from aggregator.model.articles import CategoryTitle
from aggregator.model.ledger import History
from aggregator.model.published import Candidate, StoredArticle, StoredCopy, Withdrawal
from aggregator.model.search import Found
from aggregator.model.sources import KnownSource
from aggregator.store import choosing, finding, reading, searching, withdrawing
from aggregator.store.database import Database
from aggregator.store.tables import EVERYTHING
from aggregator.text.search import terms


class ShownArticles:
    """Each method reads one state of the database; raises `StoreError` where that refuses."""

    def __init__(self, opened: Database) -> None:
        self._database = opened

    def newest(self, path: str, limit: int, per_source: int) -> Sequence[StoredArticle]:
        """The newest articles of a category and those under it, see `PublishStore`."""
        return self._database.read(lambda each: reading.newest(each, path, limit, per_source))

    def page(self, after: int, limit: int) -> tuple[int, list[StoredArticle]]:
        """Some articles behind a row number, in order, and the number of the last one."""
        return self._database.read(lambda each: reading.page(each, after, limit))

    def candidates(
        self, paths: Sequence[str], sources: Sequence[str], limit: int
    ) -> list[Candidate]:
        """The newest articles of some categories and sources, in few words (see `choosing`)."""
        return self._database.read(lambda each: choosing.candidates(each, paths, sources, limit))

    def articles_named(self, tokens: Sequence[str]) -> list[StoredArticle]:
        """The articles with these tokens, in this order, as far as they are there."""
        return self._database.read(lambda each: choosing.named(each, tokens))

    def withdrawn(self, token: str) -> Withdrawal | None:
        """What is told of an article that was taken back; None of any other."""
        return self._database.read(lambda each: withdrawing.withdrawn(each, token))

    def withdrawals(self, path: str, limit: int) -> Sequence[Withdrawal]:
        """The articles that were taken back out of a category, the latest first."""
        return self._database.read(lambda each: withdrawing.of_category(each, path, limit))

    def moved_categories(self) -> Mapping[str, str]:
        """Where categories have moved for good, by the path that they had."""
        return self._database.read(reading.moved_categories)

    def left(self, path: str, public_ids: Collection[str]) -> frozenset[str]:
        """Those of these articles that are known here and do not stand in a category now."""
        return self._database.read(lambda each: reading.left(each, path, public_ids))

    def category_titles(self) -> Sequence[CategoryTitle]:
        """Categories that articles brought along and the configuration does not name, by path."""
        return self._database.read(reading.category_titles)

    def articles(
        self, path: str | None = None, source_id: str | None = None, limit: int = 100
    ) -> list[StoredArticle]:
        """The newest articles, of a category or with a copy of a source where these are given."""
        return self._database.read(lambda each: reading.articles(each, path, source_id, limit))

    def search(self, query: str, path: str = EVERYTHING, limit: int = 20, offset: int = 0) -> Found:
        """The articles of a category in which every term of a query stands, newest first."""
        wanted = terms(query)
        return self._database.read(lambda each: searching.search(each, wanted, path, limit, offset))

    def article(self, token: str) -> StoredArticle | None:
        """The article that a token names, unless retention removed it."""
        return self._database.read(lambda each: reading.article(each, token))

    def copies(self, token: str) -> list[StoredCopy]:
        """The ledger of an article: every copy, in the order in which they came."""
        return self._database.read(lambda each: reading.copies(each, token))

    def find(self, named: str) -> list[str]:
        """Tokens of the articles that a token, a public id or the link of a copy means."""
        return self._database.read(lambda each: finding.tokens(each, named))

    def history(self, token: str) -> History | None:
        """All that the ledger holds of an article, also of one that was emptied."""
        return self._database.read(lambda each: finding.history(each, token))

    def sources(self) -> list[KnownSource]:
        """What the sources of the configuration call themselves, by id."""
        return self._database.read(reading.sources)
