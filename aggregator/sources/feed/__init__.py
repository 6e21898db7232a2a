"""Kind `feed`: RSS 0.90–2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, JSON Feed 1.0 and 1.1.

Finding the feed behind a page is not done here; a page in place of a feed is a ParseError.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from aggregator.sources.addresses import AddressSpec

if TYPE_CHECKING:
    from aggregator.model.entries import ParsedDocument
    from aggregator.model.pages import Page, Request


class FeedSpec(AddressSpec):
    """A feed."""

    kind: Literal["feed"] = Field("feed", description="A feed: RSS, Atom or JSON Feed.")


class FeedKind:
    """Reads feeds."""

    name = "feed"
    obeys_robots = False
    spec = FeedSpec

    def locate(self, spec: FeedSpec, folder: str) -> Request:  # noqa: ARG002 - the contract's shape
        """The feed's address."""
        return spec.request()

    def parse(self, page: Page, spec: FeedSpec) -> ParsedDocument:  # noqa: ARG002 - as above
        """Read the entries of a feed.

        Raises:
            ParseError: the document is not a feed.
        """
        from aggregator.sources.feed.documents import read_feed

        return read_feed(page)


KIND = FeedKind()
