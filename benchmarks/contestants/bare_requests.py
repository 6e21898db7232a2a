"""Only the fetching: `python -m benchmarks.contestants.bare_requests FOLDER URLS`.

requests on eight threads with a session each; nothing is read out of what comes.
"""

from __future__ import annotations

import json
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import requests

THREADS = 8


def main(folder: Path, urls: list[str]) -> None:
    """Ask for every address, conditionally from the second run on."""
    state = folder / "etags.json"
    etags: dict[str, str] = json.loads(state.read_text()) if state.exists() else {}
    mine = threading.local()

    def fetch(url: str) -> None:
        if not hasattr(mine, "session"):
            mine.session = requests.Session()
            mine.session.trust_env = False
        headers = {"If-None-Match": etags[url]} if url in etags else {}
        answer = mine.session.get(url, headers=headers, timeout=20)
        if answer.status_code == 200:
            etags[url] = answer.headers.get("ETag", "")

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(fetch, urls))
    state.write_text(json.dumps(etags))
    (folder / "articles").write_text("0")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]).read_text().split())
