"""Serves a folder where there is no nginx: threads, packed files, ETag. Slower; the table says so.

`python -m benchmarks.plain_server FOLDER PORT CONDITIONAL HOST...`
"""

from __future__ import annotations

import hashlib
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

_TYPES = {".xml": "application/xml", ".json": "application/feed+json"}


def main(folder: Path, port: int, hosts: list[str], *, conditional: bool) -> None:
    """Serve at every host until the process is ended."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Answer with the packed file, or with 304."""
            file = folder / Path(self.path).name
            if not file.is_file():
                self.send_error(404)
                return
            body = Path(f"{file}.gz").read_bytes()
            etag = f'"{hashlib.sha1(body).hexdigest()}"'
            known = conditional and self.headers.get("If-None-Match") == etag
            self.send_response(304 if known else 200)
            if conditional:
                self.send_header("ETag", etag)
            if not known:
                self.send_header("Content-Type", _TYPES.get(file.suffix, "text/html"))
                self.send_header("Content-Encoding", "gzip")
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if not known:
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Say nothing."""

    servers = [ThreadingHTTPServer((host, port), Handler) for host in hosts]
    for server in servers[1:]:
        Thread(target=server.serve_forever, daemon=True).start()
    servers[0].serve_forever()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[4:], conditional=sys.argv[3] == "True")
