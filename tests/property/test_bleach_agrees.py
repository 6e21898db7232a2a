"""Where bleach's rules and nh3 let markup stand as it is, so does the whole of bleach."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.clean.body import clean_body
from aggregator.model.entries import RawText
from aggregator.text import markup
from aggregator.text.policy import ATTRIBUTES, TAGS, URL_ATTRIBUTES, VALUES
from tests.support.bodies import EMBEDS, xss_payloads
from tests.support.entries import BASE, cleaning

_VALUES = (
    "https://site.example/?a=1&amp;b=2",
    "mailto:a@b.example",
    "/x",
    "7",
    "ltr",
    "a &lt; b",
    "",
)
_ATTRIBUTES = ["", ' onclick="x()"', ' href="javascript:x()"', ' TITLE="x"', " title='x'"]
_ATTRIBUTES += [
    f' {name}="{value}"' for name in ("href", "src", "title", "dir") for value in _VALUES
]
_opening = st.builds("<{}{}>".format, st.sampled_from(sorted(TAGS)), st.sampled_from(_ATTRIBUTES))
_closing = st.builds("</{}>".format, st.sampled_from(sorted(TAGS)))
_text = st.sampled_from(
    [
        "x",
        " ",
        "\n",
        "\r",
        "\x0c",
        "\xa0",
        "&amp;",
        "&amp;lt;",
        "&lt;",
        "&nbsp;",
        "&copy;",
        "&",
        '"',
        "国",
    ]
)
_whole = st.builds("<{0}>x</{0}>".format, st.sampled_from(sorted(TAGS)))
_odd = st.sampled_from(
    ["<!-- c -->", "<svg>", "<iframe>", "</iframe>", "<plaintext>", "<", ">", "<x:y>"]
)
MARKUP = st.lists(st.one_of(_opening, _closing, _text, _whole, _odd), max_size=14).map("".join)


def agrees(html: str) -> bool:
    """Whether the whole of bleach need not be asked; it must say the same then."""
    changes_nothing = markup.bleach_changes_nothing(html, EMBEDS)
    if changes_nothing:
        assert markup.bleach_alone(html, EMBEDS) == html
    return changes_nothing


@settings(max_examples=500, deadline=None)
@given(MARKUP)
@example('<a href="https://a.example/" href="javascript:x()">x</a>')
@example("<table><p>x</p></table>")
@example("<pre>\nx</pre>")
@example('<details open="open"><summary>x</summary></details>')
@example('<video controls="" src="https://a.example/">')
@example('<p title="</p><script>">x</p>')
def test_any_markup(html: str) -> None:
    """What is said to stay comes out of bleach as it went in, also after a first cleaning."""
    agrees(html)
    agrees(markup.bleach_alone(html, EMBEDS))


def test_attacks() -> None:
    """No payload stays unless bleach leaves it; cleaned ones nearly all stay, as they must."""
    payloads = sorted(set(xss_payloads()))
    for payload in payloads:
        agrees(payload)
    cleaned = [clean_body(RawText(each), BASE, (), cleaning("nh3")).html for each in payloads]
    assert sum(map(agrees, cleaned)) > 0.95 * len(cleaned)


def test_every_attribute_of_the_policy_is_judged_by_bleach() -> None:
    """A value that the policy refuses is not left, whatever it stands in; a flag is asked about."""
    judged = {*URL_ATTRIBUTES, *VALUES}
    for tag, names in ATTRIBUTES.items():
        for name in names & judged:
            assert not markup.bleach_changes_nothing(f'<{tag} {name}="javascript:x()">x</{tag}>')
