import gzip
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import StoreError
from aggregator.model.entries import Origin
from aggregator.model.published import StoredArticle, Withdrawal
from aggregator.web.articles import Articles
from tests.support.serving import serving, site

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOKEN = "0123456789abcdef0123"
ARTICLE = StoredArticle(
    public_id=f"tag:example.org,2026:{TOKEN}",
    token=TOKEN,
    source_id="news",
    title="A title",
    link="",
    summary="",
    body="<p>A body</p>",
    author="",
    published_at=NOW,
    date_is_known=True,
    updated_at=NOW,
    first_seen_at=NOW,
    image=None,
    enclosures=(),
    tags=(),
    language="en",
    paths=("finance",),
    origin=Origin(),
)


@dataclass
class Shelf:
    """A store with a few articles that can go away."""

    articles: dict[str, StoredArticle] = field(default_factory=lambda: {TOKEN: ARTICLE})
    taken_back: dict[str, Withdrawal] = field(default_factory=dict)
    broken: bool = False
    asked: list[str] = field(default_factory=list)

    def article(self, token: str) -> StoredArticle | None:
        """The article, if the store is there."""
        self.asked.append(token)
        if self.broken:
            raise StoreError("postgresql://user:secret@db/x is gone")
        return self.articles.get(token)

    def withdrawn(self, token: str) -> Withdrawal | None:
        """What was taken back."""
        return self.taken_back.get(token)


def render(article: StoredArticle) -> bytes:
    """A page of a few words."""
    return f"<h1>{article.title}</h1>{article.body}".encode()


def test_an_article_has_a_page_with_a_tag_of_its_content(tmp_path: Path) -> None:
    """A page is HTML in the coding asked for, and 304 until the article changes."""
    shelf = Shelf()
    with serving(site(tmp_path, Articles(shelf, render))) as client:
        page = client.get(f"/articles/{TOKEN}", {"Accept-Encoding": "gzip"})
        assert page.status == 200
        assert gzip.decompress(page.body) == render(ARTICLE)
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        known = {"Accept-Encoding": "gzip", "If-None-Match": page.headers["etag"]}
        assert client.get(f"/articles/{TOKEN}", known).status == 304
        head = client.get(f"/articles/{TOKEN}", {"Accept-Encoding": "gzip"}, method="HEAD")
        assert (head.status, head.headers["etag"]) == (200, page.headers["etag"])
        shelf.articles[TOKEN] = replace(ARTICLE, title="Another title")
        assert client.get(f"/articles/{TOKEN}", known).status == 200


def test_only_the_named_players_may_stand_in_a_page(tmp_path: Path) -> None:
    """Frames come from the given hosts alone, and from none where no host is given."""
    articles = Articles(Shelf(), render, ("www.youtube.com", "player.vimeo.com"))
    with serving(site(tmp_path, articles)) as client:
        policy = client.get(f"/articles/{TOKEN}").headers["content-security-policy"]
        assert policy.endswith("; frame-src https://www.youtube.com https://player.vimeo.com")
        assert "frame-src" not in client.get("/").headers["content-security-policy"]
        assert "script" not in policy
        assert policy.startswith("default-src 'none';")


@pytest.mark.parametrize(
    "token",
    [
        "0" * 19,
        "0" * 21,
        "0123456789ABCDEF0123",
        "g" * 20,
        "%30" * 19,
        "0" * 20 + "%0a",
        "",
        "%2e%2e",
        "a/b",
    ],
)
def test_the_store_is_asked_for_tokens_only(tmp_path: Path, token: str) -> None:
    """What is not 20 hexadecimal digits is 404 before any query."""
    shelf = Shelf()
    with serving(site(tmp_path, Articles(shelf, render))) as client:
        assert client.get(f"/articles/{token}").status == 404
    assert shelf.asked == []


def test_an_unknown_article_is_404(tmp_path: Path) -> None:
    """A token that names nothing is answered like any other missing address."""
    with serving(site(tmp_path, Articles(Shelf(), render))) as client:
        assert client.get("/articles/" + "f" * 20).status == 404


def test_a_withdrawn_article_is_410_with_the_reason(tmp_path: Path) -> None:
    """Whoever comes for it learns why it is gone; markup in the reason stays text."""
    taken_back = Withdrawal(
        ARTICLE.public_id, TOKEN, "It was <b>wrong</b>: 更正", ARTICLE.published_at
    )
    shelf = Shelf({}, {TOKEN: taken_back})
    with serving(site(tmp_path, Articles(shelf, render))) as client:
        answer = client.get(f"/articles/{TOKEN}")
    assert answer.status == 410
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.body.decode() == "This article was withdrawn. It was <b>wrong</b>: 更正\n"


def test_people_get_a_page_about_a_withdrawn_article(tmp_path: Path) -> None:
    """410 as a page for a browser, which runs nothing and which nobody keeps."""
    taken_back = Withdrawal(ARTICLE.public_id, TOKEN, "更正", ARTICLE.published_at, ("all", "a"))
    articles = Articles(
        Shelf({}, {TOKEN: taken_back}), render, withdrawn=lambda each: f"<p>{each.why}".encode()
    )
    with serving(site(tmp_path, articles)) as client:
        page = client.get(f"/articles/{TOKEN}", {"Accept": "text/html,*/*;q=0.8"})
    assert (page.status, page.body.decode()) == (410, "<p>更正")
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_feeds_are_served_without_the_database(tmp_path: Path) -> None:
    """When the store is gone, an article is 503 that tells no secret, and feeds go on."""
    (tmp_path / "rss.xml").write_bytes(b"<rss/>")
    with serving(site(tmp_path, Articles(Shelf(broken=True), render))) as client:
        gone = client.get(f"/articles/{TOKEN}")
        assert (gone.status, gone.headers["retry-after"]) == (503, "30")
        assert gone.headers["content-type"] == "text/plain; charset=utf-8"
        assert b"secret" not in gone.body
        assert client.get("/rss.xml").status == 200


def test_a_category_may_be_called_articles(tmp_path: Path) -> None:
    """Files come before routes, so no category name is lost to an endpoint."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "rss.xml").write_bytes(b"<rss/>")
    with serving(site(tmp_path, Articles(Shelf(), render))) as client:
        assert client.get("/articles/rss.xml").body == b"<rss/>"
        assert client.get(f"/articles/{TOKEN}").status == 200
