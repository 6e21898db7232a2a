from __future__ import annotations

import pytest

from aggregator.formats.headings import below


@pytest.mark.parametrize(
    ("body", "page"),
    [
        ("<h3>a</h3><p>x</p><h3>b</h3>", "<h2>a</h2><p>x</p><h2>b</h2>"),
        ("<h1>a</h1><h2>b</h2><h1>c</h1>", "<h2>a</h2><h3>b</h3><h2>c</h2>"),
        ("<h2>a</h2><h5>b</h5><h6>c</h6><h3>d</h3>", "<h2>a</h2><h3>b</h3><h4>c</h4><h3>d</h3>"),
        ('<h4 lang="de">a</h4>', '<h2 lang="de">a</h2>'),
        ("<hr><header>h2</header><p>&lt;h3&gt;</p>", "<hr><header>h2</header><p>&lt;h3&gt;</p>"),
        ("</h3><h6>a", "</h2><h2>a"),
        ("", ""),
    ],
)
def test_headings_go_on_below_the_page(body: str, page: str) -> None:
    """The first is below the page's own, each further one at most a level deeper; text stays."""
    assert below(body, 1) == page


def test_no_heading_is_deeper_than_there_are() -> None:
    """Six levels are all that HTML has."""
    deep = "".join(f"<h{level}>x</h{level}>" for level in range(1, 7))
    assert below(deep, 3).endswith("<h6>x</h6><h6>x</h6><h6>x</h6><h6>x</h6>")
