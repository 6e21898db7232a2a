"""Kind `sitemap`: the pages that a sitemap names (sitemaps.org), with Google's news extension.

A sitemap index is refused with the addresses that it names; it is not followed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from aggregator.sources.addresses import AddressSpec

if TYPE_CHECKING:
    from aggregator.model.entries import ParsedDocument
    from aggregator.model.pages import Page, Request


class SitemapSpec(AddressSpec):
    """A sitemap."""

    kind: Literal["sitemap"] = Field(description="A sitemap: the newest pages of a site.")


class SitemapKind:
    """Reads sitemaps."""

    name = "sitemap"
    spec = SitemapSpec

    def locate(self, spec: SitemapSpec, folder: str) -> Request:  # noqa: ARG002 - contract's shape
        """The sitemap's address."""
        return spec.request()

    def parse(self, page: Page, spec: SitemapSpec) -> ParsedDocument:
        """Read the entries of a sitemap.

        Raises:
            ParseError: the document is not a sitemap, or an index of sitemaps.
        """


KIND = SitemapKind()
