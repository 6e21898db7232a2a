"""What an article's body may hold, as data: the one allow-list that both sanitizers are driven by.

Whoever adds to these tables has the contract test to convince
(`tests/contract/test_policy.py`): svg, math, style, noscript and their like are known ways around
every sanitizer, and `id`, `name` and `class` let a body take over the page that shows it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping


def words(text: str) -> frozenset[str]:
    """The words of a text as a set; a long table reads better this way than one word a line."""
    return frozenset(text.split())


POLICY_VERSION = "2"
"""Goes into every fingerprint: raise it when cleaning gives other results for the same input."""

BLOCKS = words(
    "address blockquote caption dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr"
    " li ol p pre summary table tbody td tfoot th thead tr ul"
)
"""Elements that begin a new line."""

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

INLINE = words(
    "a abbr b bdi bdo br cite code del dfn em i ins kbd mark q rp rt ruby s samp small strong"
    " sub sup time u var wbr"
)

MEDIA = frozenset({"img", "video", "audio"})
"""Elements that are content although they hold no text (so is an embed)."""

TAGS = BLOCKS | INLINE | MEDIA | {"col", "colgroup", "source"}

EMBED = "iframe"
"""Allowed only where hosts for embeds are configured, and only with the attributes below."""

ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "*": frozenset({"dir", "lang"}),
    "a": frozenset({"href", "title", "rel"}),
    "abbr": frozenset({"title"}),
    "audio": frozenset({"src", "controls"}),
    "col": frozenset({"span"}),
    "colgroup": frozenset({"span"}),
    "details": frozenset({"open"}),
    "img": frozenset({"src", "alt", "title", "width", "height", "referrerpolicy", "loading"}),
    "li": frozenset({"value"}),
    "ol": frozenset({"start", "reversed"}),
    "source": frozenset({"src", "type"}),
    "td": frozenset({"colspan", "rowspan"}),
    "th": frozenset({"colspan", "rowspan", "scope"}),
    "time": frozenset({"datetime"}),
    "video": frozenset({"src", "poster", "controls", "width", "height"}),
}

EMBED_ATTRIBUTES = frozenset(
    {"src", "title", "width", "height", "sandbox", "allowfullscreen", "loading", "referrerpolicy"}
)

LINK_REL = "noopener noreferrer"
SANDBOX = "allow-scripts allow-same-origin allow-presentation allow-popups"
"""What a player needs. `allow-same-origin` is its own origin, which is never ours."""

_NUMBER = re.compile(r"-?[0-9]{1,6}")
_FLAG = re.compile(r"[a-z]{0,20}")

VALUES: Mapping[str, re.Pattern[str]] = {
    "allowfullscreen": _FLAG,
    "colspan": _NUMBER,
    "controls": _FLAG,
    "dir": re.compile(r"ltr|rtl|auto"),
    "height": _NUMBER,
    "lang": re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*"),
    "loading": re.compile(r"lazy"),
    "open": _FLAG,
    "referrerpolicy": re.compile(r"no-referrer|strict-origin-when-cross-origin"),
    "rel": re.compile(re.escape(LINK_REL)),
    "reversed": _FLAG,
    "rowspan": _NUMBER,
    "sandbox": re.compile(re.escape(SANDBOX)),
    "scope": re.compile(r"row|col|rowgroup|colgroup"),
    "span": _NUMBER,
    "start": _NUMBER,
    "type": re.compile(r"[a-z]+/[a-z0-9.+-]+"),
    "value": _NUMBER,
    "width": _NUMBER,
}
"""What the whole value must look like; attributes that are not named here are free text."""

FLAGS = frozenset(name for name, value in VALUES.items() if value is _FLAG)
"""Attributes that say something by being there."""

LINK_SCHEMES = frozenset({"http", "https", "mailto"})
MEDIA_SCHEMES = frozenset({"http", "https"})
URL_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "href": LINK_SCHEMES,
    "src": MEDIA_SCHEMES,
    "poster": MEDIA_SCHEMES,
}

NEVER_CONTENT = words(
    "area base basefont bgsound button canvas command datalist dialog embed fieldset form"
    " frame frameset input isindex keygen link map math menuitem meta meter nextid noembed noframes"
    " optgroup option output param portal progress script select slot style svg template"
    " textarea title xml"
)
"""Elements that go together with everything inside them.

Not `object` and `applet`: what they hold stands for what they cannot show (docs/decisions/042).
"""

RENAMED: Mapping[str, str] = {
    "amp-img": "img",
    "article": "div",
    "aside": "div",
    "center": "div",
    "dir": "ul",
    "footer": "div",
    "header": "div",
    "hgroup": "div",
    "listing": "pre",
    "main": "div",
    "menu": "ul",
    "plaintext": "pre",
    "section": "div",
    "strike": "s",
    "tt": "code",
    "xmp": "pre",
}
"""Elements that say the same as one of the allow-list; all others leave their content behind."""

PARENTS: Mapping[str, frozenset[str]] = {
    "caption": frozenset({"table"}),
    "col": frozenset({"colgroup", "table"}),
    "colgroup": frozenset({"table"}),
    "dd": frozenset({"dl"}),
    "dt": frozenset({"dl"}),
    "figcaption": frozenset({"figure"}),
    "li": frozenset({"ul", "ol"}),
    "rp": frozenset({"ruby"}),
    "rt": frozenset({"ruby"}),
    "source": frozenset({"video", "audio"}),
    "summary": frozenset({"details"}),
    "tbody": frozenset({"table"}),
    "td": frozenset({"tr"}),
    "tfoot": frozenset({"table"}),
    "th": frozenset({"tr"}),
    "thead": frozenset({"table"}),
    "tr": frozenset({"table", "tbody", "thead", "tfoot"}),
}
"""Elements that mean something only directly inside these."""
