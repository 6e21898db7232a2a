"""What the configuration says, validated: settings, categories, and what every source has.

The models hold values and their ranges; reading files, positions of faults and checks that need
more than one file belong to `aggregator.config`. Each source kind adds its own keys in
`aggregator.sources`. Descriptions are the documentation: `docs/configuration.md` is made of them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import (
    Field,
    StrictBool,
    StrictInt,
    model_validator,
)

from aggregator.model.base import Count, Frozen, OneOrMany
from aggregator.model.categories import CategorySpec
from aggregator.model.feeds import FeedSpec
from aggregator.model.full_text import FullText
from aggregator.model.images import Images
from aggregator.model.quantities import Duration, Size, parse_duration, parse_size
from aggregator.model.rules import RuleSpec


class Site(Frozen):
    """Who publishes: what stands at the head of every feed and page."""

    title: str = Field(
        "Feeds",
        min_length=1,
        max_length=200,
        description="Name of the site, shown on its pages and in its feeds.",
    )
    url: str = Field(
        "",
        description="Public address, the base of links to ourselves. Empty: that of `server.bind`.",
    )
    language: str = Field(
        "en",
        pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
        description="Language of pages and feeds, as in BCP 47: en, zh-CN.",
    )
    timezone: str = Field(
        "UTC", description="IANA name of the zone for dates that carry none: Asia/Shanghai."
    )


LONGEST_PAUSE = timedelta(seconds=30)
"""Half of what an exchange may take: a request has to come to its turn in that time."""


class Fetch(Frozen):
    """How sources are read: how often, how long, how much, and from where."""

    every: Duration = Field(
        parse_duration("30m"), description="First guess of how often to read a source."
    )
    every_at_least: Duration = Field(
        parse_duration("5m"), description="A source is never read more often than this."
    )
    every_at_most: Duration = Field(
        parse_duration("24h"), description="A source is never left longer than this."
    )
    timeout: Duration = Field(
        parse_duration("20s"),
        description="Longest wait to connect and between two bytes; the whole exchange has 60s.",
    )
    max_bytes: Size = Field(
        parse_size("15MB"), ge=1, description="Largest response taken, counted after decompression."
    )
    threads: Annotated[StrictInt, Field(ge=1, le=256)] = Field(
        32, description="Requests under way at once."
    )
    per_domain: Annotated[StrictInt, Field(ge=1, le=64)] = Field(
        2, description="Requests under way at once to one registrable domain."
    )
    pause: Duration = Field(
        parse_duration("1s"),
        description="Time between two requests to one domain, up to 30s; none on private networks.",
    )
    push: Literal["auto", "always", "never"] = Field(
        "auto",
        description="Subscribe to sources that announce a WebSub hub; auto: where `site.url` is a"
        " public https address.",
    )
    user_agent: str = Field(
        "",
        max_length=300,
        pattern=r"^[\x20-\x7e]*$",
        description="Empty: name and version of this program, and the site's address.",
    )
    allow_private: StrictBool = Field(
        False, description="true: sources may live on private and loopback addresses."
    )

    @model_validator(mode="after")
    def _bounds_in_order(self) -> Self:
        if self.every_at_least > self.every_at_most:
            raise ValueError("`every_at_least` is longer than `every_at_most`")
        if self.pause > LONGEST_PAUSE:
            raise ValueError("`pause` is longer than 30s")
        return self


class Clean(Frozen):
    """What an article's body may hold."""

    sanitizer: Literal["bleach", "nh3"] = Field(
        "bleach",
        description="Who removes what is not allowed; nh3 drives the same policy, much faster.",
    )
    images: Literal["keep", "drop", "proxy"] = Field(
        "keep", description="Whether pictures stay, go, or are read through a proxy."
    )
    image_proxy: str = Field(
        "",
        description="With `images: proxy`: an address that holds {url}, such as"
        " https://img.example.org/?{url}. Empty: our own proxy, see `images`.",
    )
    embeds: tuple[str, ...] = Field(
        ("www.youtube.com", "player.vimeo.com", "player.bilibili.com"),
        description="Hosts whose players may stand in a body.",
    )

    @model_validator(mode="after")
    def _proxy_has_a_place_for_the_address(self) -> Self:
        if self.images == "proxy" and self.image_proxy and "{url}" not in self.image_proxy:
            raise ValueError("with `images: proxy`, `image_proxy` must hold {url}, or be empty")
        return self


class Dedupe(Frozen):
    """When two articles are the same article."""

    window: Duration = Field(
        parse_duration("24h"),
        description="The same title this far apart in time can be the same article.",
    )
    near: StrictBool = Field(
        False, description="true: titles that differ by an edit too, when the bodies agree."
    )
    chinese_variants: StrictBool = Field(
        False, description="true: Traditional and Simplified spellings are equal."
    )


class Publish(Frozen):
    """What is published, where, and when."""

    folder: str = Field("feeds", min_length=1, description="Folder that receives the feeds.")
    formats: tuple[str, ...] = Field(
        ("rss", "atom", "json", "html", "opml"), description="Formats that are written."
    )
    articles: Annotated[StrictInt, Field(ge=1, le=5000)] = Field(
        100, description="Newest articles that a feed holds."
    )
    per_source: Count = Field(
        0, description="0: no limit; else at most so many articles of one source in a feed."
    )
    content: Literal["full", "summary"] = Field(
        "full", description="Whether feeds carry whole bodies or summaries."
    )
    archive: StrictBool = Field(
        True, description="Whether feeds lead to an archive of older articles, by month."
    )
    attribution_line: StrictBool = Field(
        False, description="true: each body in a feed ends with a link to where it comes from."
    )
    settle: Duration = Field(
        parse_duration("5s"),
        description="Wait so long after a change for more changes before writing.",
    )
    hubs: tuple[str, ...] = Field((), description="WebSub hubs that are told of changes.")


class Keep(Frozen):
    """How long things stay in the database."""

    articles: Duration = Field(
        parse_duration("365d"),
        description="Older articles leave the database; their keys stay: they never come back.",
    )
    fetches: Duration = Field(
        parse_duration("30d"), description="How long the record of each fetch stays."
    )


class Server(Frozen):
    """Where the service listens."""

    bind: str = Field(
        "127.0.0.1:8080",
        pattern=r"^(\[[0-9A-Fa-f:.]+\]|[^:\s]+):\d{1,5}$",
        description="Address and port: 127.0.0.1:8080, or 0.0.0.0:8080 for every interface.",
    )
    metrics_token: str = Field(
        "",
        max_length=200,
        pattern=r"^[\x21-\x7e]*$",
        description="Bearer token that opens `/metrics`. Empty: only for this machine, no proxy.",
    )


class Settings(Frozen):
    """`aggregator.yaml`: one service."""

    site: Site = Field(Site(), description="Who publishes.")
    database: str = Field(
        "sqlite:///data/aggregator.db",
        description="sqlite:///path, or postgresql+psycopg://user:secret@host/name.",
    )
    fetch: Fetch = Field(Fetch(), description="How sources are read.")
    clean: Clean = Field(Clean(), description="What an article's body may hold.")
    images: Images = Field(Images(), description="The image proxy of our own.")
    dedupe: Dedupe = Field(Dedupe(), description="When two articles are the same article.")
    publish: Publish = Field(Publish(), description="What is published.")
    keep: Keep = Field(Keep(), description="How long things stay.")
    rules: tuple[RuleSpec, ...] = Field(
        (), description="Rules for every article, after those of its source and its categories."
    )
    server: Server = Field(Server(), description="Where the service listens.")


FROM_POST = "from-post"
"""As a category: the entry's own category path decides."""


class SourceSpec(Frozen):
    """What every source has, whatever its kind; a kind adds its own keys by a subclass."""

    id: str = Field(description="Name of the source, never to change: letters, digits, - and _.")
    kind: str = Field("feed", description="How the source is read.")
    title: str = Field(
        "",
        max_length=300,
        description="Name shown beside its articles. Empty: what the source calls itself.",
    )
    category: OneOrMany = Field(
        (), description="Path of a category (finance/sina), or several; from-post: each post's own."
    )
    every: Duration | None = Field(
        None, description="How often to read it. Left out: `fetch.every`."
    )
    timezone: str | None = Field(
        None, description="Zone of its dates that carry none. Left out: `site.timezone`."
    )
    language: str = Field(
        "",
        pattern=r"^([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?$",
        description="Language of its articles. Empty: what the source says.",
    )
    priority: Annotated[StrictInt, Field(ge=-100, le=100)] = Field(
        0, description="Of several copies of an article, the one from the highest priority stands."
    )
    remove: OneOrMany = Field((), description="CSS selectors of what is not content in its bodies.")
    rules: tuple[RuleSpec, ...] = Field(
        (), description="Which of its articles to keep, to drop and to change."
    )
    full_text: FullText | Literal["auto"] | None = Field(
        None, description="Read each article's own page: auto, or where its text stands."
    )
    site_link: str = Field(
        "",
        description="Address of the site for people, for attribution. Empty: what the source says.",
    )

    @property
    def most_pages(self) -> int:
        """Pages that its list of entries may have; a kind whose lists go on says how many."""
        return 1


class Configuration(Frozen):
    """Everything that the configuration folder says, checked as a whole.

    `root` is the folder that holds the configuration folder: relative paths of the settings start
    there. `folder` is the configuration folder itself: relative paths of sources start there.
    Both are absolute paths.
    """

    root: str
    folder: str
    settings: Settings
    categories: tuple[CategorySpec, ...]
    sources: tuple[SourceSpec, ...]
    feeds: tuple[FeedSpec, ...] = ()
