"""The library `reader` with four workers."""

from __future__ import annotations

import sys
from pathlib import Path

from reader import make_reader


def main(folder: Path, urls: list[str]) -> None:
    """Add the feeds where they are new, and update all."""
    reader = make_reader(f"{folder}/reader.db")
    for url in urls:
        reader.add_feed(url, exist_ok=True)
    reader.update_feeds(scheduled=False, workers=4)
    (folder / "articles").write_text(str(reader.get_entry_counts().total))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]).read_text().split())
