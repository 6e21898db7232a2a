"""The words of RSS 2.0, RSS 1.0 and Atom and their modules, as feedparser understands them: data.

A name is what feedparser calls it: `title`, `dc_creator`, `media_content`. `elements` reads the
names that it has a reader for, passes over those of `HARMLESS`, and steps aside at those of
`RESERVED`; every other name means nothing to anybody. A test compares the three with feedparser.
"""

from __future__ import annotations

from collections.abc import Mapping

from aggregator.text.policy import words

ATOM = "http://www.w3.org/2005/atom"
RSS_1 = "http://purl.org/rss/1.0/"
RSS_090 = "http://my.netscape.com/rdf/simple/0.9/"

THREAD = "http://purl.org/syndication/thread/1.0"
"""RFC 4685; feedparser calls what is of it by the prefix that the document uses."""

NAMESPACES: Mapping[str, str] = {
    THREAD: "thr",
    "": "",
    "http://backend.userland.com/blogchannelmodule": "blogchannel",
    "http://backend.userland.com/creativecommonsrssmodule": "creativecommons",
    "http://backend.userland.com/rss": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://creativecommons.org/ns#license": "cc",
    "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativecommons",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/necho": "",
    "http://example.com/newformat#": "",
    "http://freshmeat.net/rss/fm/": "fm",
    "http://hacks.benhammersley.com/rss/streaming/": "str",
    "http://madskills.com/public/xml/rss/module/pingback/": "pingback",
    "http://madskills.com/public/xml/rss/module/trackback/": "trackback",
    "http://media.tangent.org/rss/1.0/": "audio",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://my.theinfo.org/changed/1.0/rss/": "cp",
    "http://podlove.org/simple-chapters": "psc",
    "http://postneo.com/icbm/": "icbm",
    "http://prismstandard.org/namespaces/1.2/basic/": "prism",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/echo/": "",
    "http://purl.org/pie/": "",
    "http://purl.org/rss/1.0/": "",
    "http://purl.org/rss/1.0/modules/aggregation/": "ag",
    "http://purl.org/rss/1.0/modules/annotate/": "annotate",
    "http://purl.org/rss/1.0/modules/company": "co",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/email/": "email",
    "http://purl.org/rss/1.0/modules/event/": "ev",
    "http://purl.org/rss/1.0/modules/image/": "image",
    "http://purl.org/rss/1.0/modules/link/": "l",
    "http://purl.org/rss/1.0/modules/reference/": "ref",
    "http://purl.org/rss/1.0/modules/richequiv/": "reqv",
    "http://purl.org/rss/1.0/modules/rss091#": "",
    "http://purl.org/rss/1.0/modules/search/": "search",
    "http://purl.org/rss/1.0/modules/servicestatus/": "ss",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://purl.org/rss/1.0/modules/subscription/": "sub",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://purl.org/rss/1.0/modules/taxonomy/": "taxo",
    "http://purl.org/rss/1.0/modules/textinput/": "ti",
    "http://purl.org/rss/1.0/modules/threading/": "thr",
    "http://purl.org/rss/1.0/modules/wiki/": "wiki",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://schemas.pocketsoap.com/rss/mydescmodule/": "szf",
    "http://schemas.xmlsoap.org/soap/envelope/": "soap",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://web.resource.org/cc/": "cc",
    "http://webns.net/mvcb/": "admin",
    "http://wellformedweb.org/commentapi/": "wfw",
    "http://www.georss.org/georss": "georss",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.opengis.net/gml": "gml",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://www.w3.org/1999/xlink": "xlink",
    "http://www.w3.org/2000/01/rdf-schema#": "rdfs",
    "http://www.w3.org/2003/01/geo/wgs84_pos#": "geo",
    "http://www.w3.org/2005/atom": "",
    "http://www.w3.org/xml/1998/namespace": "xml",
    "http://xmlns.com/foaf/0.1/": "foaf",
    "uri/of/echo/namespace#": "",
}
"""Prefixes that feedparser gives to namespaces, by address in lower case; "" is no prefix."""

DATES: Mapping[str, str] = {
    "created": "created",
    "dc_date": "updated",
    "dcterms_created": "created",
    "dcterms_issued": "published",
    "dcterms_modified": "updated",
    "issued": "published",
    "lastbuilddate": "updated",
    "modified": "updated",
    "pubdate": "published",
    "published": "published",
    "updated": "updated",
}
"""Elements that hold a date, and what feedparser makes of it."""

ITUNES = "http://www.itunes.com/"
"""What feedparser calls the scheme of Apple's categories."""

EPISODE = words("itunes_duration itunes_episode itunes_season itunes_episodetype")
"""What podcasts say in a word."""

READ_PREFIXES = words(
    "admin cc content creativecommons dc dcterms feedburner georss gml itunes media psc thr wfw"
    " xhtml"
)
"""Prefixes that mean something to feedparser, whatever namespace a document declares them for."""

HARMLESS = words(
    "admin_errorreportsto admin_generatoragent cc_license cloud creativecommons_license"
    " dc_contributor dc_publisher dcterms_valid expirationdate"
    " feedburner_browserfriendly generator georss_box georss_line georss_point georss_polygon info"
    " itunes_block itunes_subtitle media_credit media_license media_player"
    " media_rating media_restriction subtitle tagline webmaster"
)
"""What feedparser reads and we never look at: nothing in them counts as anything else."""

PERSON = words("name email uri url homepage itunes_name itunes_email")

RESERVED = PERSON | words(
    "abstract authors body channel date date_parsed entry feed fullitem"
    " georss_where georssgeom gml_exterior gml_linearring gml_linestring gml_point gml_polygon"
    " gml_pos gml_poslist geom height href issued_parsed item itunes_link keywords links"
    " modified_parsed newlocation psc_chapter psc_chapters rss summary_detail tags"
    " title_detail where width xhtml_body"
)
"""Names that would need a reader to come out as feedparser has it; they are too rare for one."""
