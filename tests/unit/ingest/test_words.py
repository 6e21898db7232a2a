"""The words by which articles will be found: workers send them, so that the one writer need not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from aggregator.ingest.digest import digest_page
from aggregator.ingest.recipe import recipes
from aggregator.model.articles import Article
from aggregator.model.pages import IdentityRule, Page
from aggregator.model.rules import RuleSpec
from aggregator.model.settings import SourceSpec
from aggregator.text.search import searchable
from tests.support.memory_store import MemoryStore
from tests.support.outcomes import configuration

FEED = b"""<rss version="2.0"><channel><item><guid>1</guid><title>The storm</title>
<description>Everything &lt;b&gt;about&lt;/b&gt; it.</description></item></channel></rss>"""
NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)


def _made(*rules: dict[str, Any]) -> Article:
    """The article that a worker makes under these rules."""
    spec = SourceSpec(id="wire", category=("sport",), rules=tuple(RuleSpec(**r) for r in rules))
    page = Page("https://wire.example/", 200, {"content-type": "text/xml"}, FEED, NOW)
    recipe = recipes(configuration([spec]))["wire"]
    (article,) = digest_page(recipe, page, IdentityRule.GUID, MemoryStore(), NOW).articles
    return article


def test_words_are_those_of_title_and_body() -> None:
    """Title first; nothing of the markup."""
    assert _made().words == "the storm ¶ everything about it"


def test_words_are_those_that_rules_left() -> None:
    """What a rule puts in the place of title or body is found, and what stood there is not."""
    article = _made(
        {"set": {"title": "Calm"}},
        {"replace": {"field": "body", "find": "Everything", "by": "Nothing"}},
    )
    assert article.words == "calm ¶ nothing about it"
    assert article.words == searchable(article.title, article.summary, article.body)
