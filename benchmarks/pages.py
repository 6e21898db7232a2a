"""How soon pages answer, and how large they are: `python -m benchmarks.pages`.

The whole site of the tests is served in this process, with 50 articles on its home page; each page
is asked for many times over one connection. The first byte is counted from the sending of a request
to the return of the status line; published pages come from memory, the others are made on request.
"""

from __future__ import annotations

import gzip
import http.client
import statistics
import tempfile
import time
from pathlib import Path
from urllib.parse import urlsplit

from tests.support.whole_site import whole_site

REQUESTS = 500
PAGES = {
    "home": "/",
    "category": "/news/",
    "feed": "/all/rss.xml",
    "search": "/search?q=storm",
    "search in Chinese": "/search?q=%E7%9F%A5%E8%AF%86",
    "subscribe": "/subscribe?feed=news",
    "sources": "/sources",
    "status": "/status",
    "missing": "/nothing",
}


def main() -> None:
    """Print a line a page."""
    print(f"{'page':20} {'median ms':>10} {'99 % ms':>10} {'bytes':>10} {'gzipped':>10}")
    with tempfile.TemporaryDirectory() as folder, whole_site(Path(folder), "en", 60) as address:
        for name, path in PAGES.items():
            times, body = ask(urlsplit(address).netloc, path)
            cuts = statistics.quantiles(times, n=100)
            small = len(gzip.compress(body, 6))
            print(f"{name:20} {cuts[49]:10.2f} {cuts[98]:10.2f} {len(body):10} {small:10}")


def ask(host: str, path: str) -> tuple[list[float], bytes]:
    """Milliseconds to the first byte of each request, and the page."""
    connection = http.client.HTTPConnection(host)
    connection.request("GET", path, headers={"Accept": "text/html"})  # from now on it is in memory
    body = connection.getresponse().read()
    times = []
    for _ in range(REQUESTS):
        began = time.perf_counter()
        connection.request("GET", path, headers={"Accept": "text/html"})
        answer = connection.getresponse()
        times.append(1000 * (time.perf_counter() - began))
        answer.read()
    connection.close()
    return times, body


if __name__ == "__main__":
    main()
