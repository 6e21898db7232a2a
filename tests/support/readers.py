"""What readers of other people get out of our files, each field in one form.

A reader gives, for each entry of a file, those of `FIELDS` that it has. `rss-parser` and
`feedsmith` come from npm, by `tests/readers/package-lock.json`, the first time they are needed.
"""

from __future__ import annotations

import calendar
import fcntl
import io
import json
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import feedparser

from tests.support.shared import require

FIELDS = (
    "id", "title", "link", "time", "updated", "author", "categories", "enclosures", "files", "body",
)  # fmt: skip
"""`files` are enclosures without their lengths."""
Entries = list[dict[str, Any]]
_HOME = Path(__file__).parents[1] / "readers"


def by_feedparser(files: Sequence[Path], _folder: Path) -> dict[str, Entries]:
    """Feeds by name, as feedparser reads them."""
    return {
        path.name: [
            {**_parsed(each), **({"updated": _moment(each.updated_parsed)} if is_atom else {})}
            for each in _feedparser(path)
        ]
        for path in files
        for is_atom in [path.name == "atom.xml"]
    }


def _feedparser(path: Path) -> Iterable[Any]:
    found = feedparser.parse(
        io.BytesIO(path.read_bytes()), sanitize_html=False, resolve_relative_uris=False
    )
    assert not found.bozo, found.bozo_exception
    return found.entries  # type: ignore[no-any-return]  # feedparser has no types


def _parsed(entry: Any) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "link": entry.link,
        "time": _moment(entry.published_parsed),
        "author": entry.get("author", ""),
        "categories": [tag.term for tag in entry.get("tags", ())],
        "enclosures": [(e.href, e.type, int(e.length)) for e in entry.enclosures],
        "body": entry.content[0].value if "content" in entry else "",
    }


def _moment(parsed: Any) -> datetime:
    return datetime.fromtimestamp(calendar.timegm(parsed), UTC)


def by_newsboat(files: Sequence[Path], folder: Path) -> dict[str, Entries]:
    """Feeds by name, as Debian's newsboat keeps them: no categories, no length of enclosures."""
    require("newsboat", present=shutil.which("newsboat") is not None)
    return {path.name: _newsboat(path, folder) for path in files if path.suffix == ".xml"}


def _newsboat(path: Path, folder: Path) -> Entries:
    """One feed alone: newsboat knows an id only once, in whichever feed it came first."""
    (folder / "urls").write_text(f"{path.as_uri()}\n")
    kept = folder / f"{path.name}.db"
    command = ["newsboat", "-u", f"{folder}/urls", "-c", str(kept), "-C", "/dev/null"]
    environment = {"HOME": str(folder), "LANG": "C.UTF-8", "TERM": "xterm", "NO_PROXY": "*"}
    subprocess.run([*command, "-x", "reload"], env=environment, timeout=120, check=True)
    with closing(sqlite3.connect(kept)) as cache:
        cache.row_factory = sqlite3.Row
        return [_kept(row) for row in cache.execute("SELECT * FROM rss_item ORDER BY pubDate DESC")]


def _kept(row: Any) -> dict[str, Any]:
    return {
        "id": row["guid"],
        "title": row["title"],
        "link": row["url"],
        "time": datetime.fromtimestamp(row["pubDate"], UTC),
        "author": row["author"],
        "files": [(row["enclosure_url"], row["enclosure_type"])],
        "body": row["content"],
    }


def by_npm(files: Sequence[Path], _folder: Path) -> dict[str, dict[str, Any]]:
    """What `rss-parser` and `feedsmith` make of files, by name and package, as they give it."""
    _install()
    command = ["node", str(_HOME / "read.mjs"), *(str(path) for path in files)]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    return {Path(path).name: answer for path, answer in json.loads(done.stdout).items()}


def _install() -> None:
    """Fetch the packages once, however many test processes want them."""
    require("node", present=shutil.which("npm") is not None)
    with (_HOME / ".installing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made, wanted = _HOME / "node_modules/.package-lock.json", _HOME / "package-lock.json"
        if made.exists() and made.stat().st_mtime >= wanted.stat().st_mtime:
            return
        done = subprocess.run(
            ["npm", "ci", "--ignore-scripts"],
            check=False,
            cwd=_HOME,
            capture_output=True,
            timeout=120,
        )
        require("node", present=done.returncode == 0)
        made.touch()


def by_rss_parser(files: Sequence[Path], folder: Path) -> dict[str, Entries]:
    """Feeds by name; of Atom it has neither categories nor enclosures."""
    found = by_npm([path for path in files if path.suffix == ".xml"], folder)
    return {name: [_plain(each) for each in x["rss-parser"]["items"]] for name, x in found.items()}


def _plain(item: Mapping[str, Any]) -> dict[str, Any]:
    only_of_rss = (
        {
            "categories": item["categories"],
            "enclosures": [(e["url"], e["type"], int(e["length"])) for e in [item["enclosure"]]],
        }
        if "guid" in item
        else {}
    )
    return {
        "id": item.get("guid") or item["id"],
        "title": item["title"],
        "link": item["link"],
        "time": datetime.fromisoformat(item["isoDate"]),
        "author": item.get("creator") or item.get("author", ""),
        "body": item.get("content:encoded") or item["content"],
        **only_of_rss,
    }


def by_feedsmith(files: Sequence[Path], folder: Path) -> dict[str, Entries]:
    """Feeds by name."""
    shapes: dict[str, Callable[[Any], dict[str, Any]]] = {
        "rss.xml": _smith_rss, "atom.xml": _smith_atom, "feed.json": _smith_json,
    }  # fmt: skip
    found = by_npm(files, folder)
    return {
        name: [shapes[name](each) for each in feed.get("items") or feed["entries"]]
        for name, answer in found.items()
        for feed in [answer["feedsmith"]["feed"]]
    }


def _smith_rss(item: Any) -> dict[str, Any]:
    return {
        "id": item["guid"]["value"],
        "title": item["title"],
        "link": item["link"],
        "time": parsedate_to_datetime(item["pubDate"]),
        "author": item["dc"]["creators"][0],
        "categories": [each["name"] for each in item["categories"]],
        "enclosures": [(e["url"], e["type"], e["length"]) for e in item["enclosures"]],
        "body": item["content"]["encoded"],
    }


def _smith_atom(entry: Any) -> dict[str, Any]:
    links = {rel: [x for x in entry["links"] if x.get("rel") == rel] for rel in (None, "enclosure")}
    return {
        "id": entry["id"],
        "title": entry["title"]["value"],
        "link": links[None][0]["href"],
        "time": datetime.fromisoformat(entry["published"]),
        "updated": datetime.fromisoformat(entry["updated"]),
        "author": entry["authors"][0]["name"],
        "categories": [each["term"] for each in entry["categories"]],
        "enclosures": [(e["href"], e["type"], e["length"]) for e in links["enclosure"]],
        "body": entry["content"]["value"],
    }


def _smith_json(item: Any) -> dict[str, Any]:
    return {
        "id": item["id"],
        "title": item["title"],
        "link": item["url"],
        "time": datetime.fromisoformat(item["date_published"]),
        "updated": datetime.fromisoformat(item["date_modified"]),
        "author": item["authors"][0]["name"],
        "categories": item["tags"],
        "enclosures": [(e["url"], e["mime_type"], e["size_in_bytes"]) for e in item["attachments"]],
        "body": item["content_html"],
    }


READERS: dict[str, Callable[[Sequence[Path], Path], dict[str, Entries]]] = {
    "feedparser": by_feedparser,
    "newsboat": by_newsboat,
    "rss-parser": by_rss_parser,
    "feedsmith": by_feedsmith,
}
