"""Histories of a store, made up: fetches, documents that vanish, configurations that change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st

from aggregator.model.results import Outcome
from aggregator.store.store import Store
from tests.support.memory_store import MemoryStore
from tests.support.outcomes import (
    NOON,
    article,
    configuration,
    decide,
    digest,
    due_at_once,
    result,
)

Step = Callable[[Store | MemoryStore], object]

_SOURCES = st.sampled_from(["wire", "echo"])
_NAMES = st.sampled_from(["storm", "flood", "fire"])
_PATHS = st.sampled_from(["news/world", "news/local", "sport", "own/path"])
_DOCUMENTS = st.sampled_from(["", "a.md", "b.md"])


@st.composite
def fetches(draw: st.DrawFn) -> Step:
    """A fetch that brings an article, perhaps edited, moved or without a date."""
    source, name, document = draw(_SOURCES), draw(_NAMES), draw(_DOCUMENTS)
    given_article = article(
        name,
        source,
        key=draw(_NAMES),
        body=f"<p>What is known of it, in version {draw(st.integers(0, 2))}</p>",
        categories=tuple(draw(st.sets(_PATHS, max_size=2))),
        published_at=NOON - timedelta(hours=draw(st.integers(0, 30))),
        date_is_known=draw(st.booleans()),
        aliases=(draw(_NAMES), "shared"),
        document=document,
    )
    stamps = {document: "1"} if document else {}
    brought = Outcome(digest(given_article, source=source, stamps=stamps), result(source))
    return lambda store: store.record([brought], decide(), NOON)


@st.composite
def vanishings(draw: st.DrawFn) -> Step:
    """A document that is gone."""
    gone = digest(source=draw(_SOURCES), vanished=(draw(_DOCUMENTS),))
    return lambda store: store.record([Outcome(gone, None)], decide(), NOON)


@st.composite
def reconfigurations(draw: st.DrawFn) -> Step:
    """A configuration in which sources come, leave and change their categories."""
    named = draw(
        st.dictionaries(
            _SOURCES, st.lists(_PATHS | st.just("from-post"), max_size=2, unique=True), max_size=2
        )
    )
    return lambda store: store.sync_configuration(configuration(named), NOON, due_at_once)


def said(store: Store | MemoryStore) -> object:
    """All that a store says, but the numbers of its states."""
    paths = ("all", "news", "news/world", "news/local", "sport", "own", "own/path")
    keys = [article(name).entry.entry_key for name in ("storm", "flood", "fire", "shared")]
    newest = {path: list(store.newest(path, 100, 0)) for path in paths}
    return (
        newest,
        {each.token: store.copies(each.token) for each in newest["all"]},
        {source: store.known_entries(source, keys) for source in ("wire", "echo")},
        {source: (store.fetch_state(source), store.stamps(source)) for source in ("wire", "echo")},
        list(store.category_titles()),
        store.due_sources(NOON, 9, 9),
    )
