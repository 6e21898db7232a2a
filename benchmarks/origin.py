"""Serves the work on the loopback: nginx where there is one, else a small server of Python's.

Fifty addresses (127.0.1.1 to 127.0.1.50) stand for fifty hosts, so that politeness towards one
host does not slow down all of them. `Origin.unconditional` answers 200 whatever was asked for.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

HOSTS = 50
_NGINX = """
daemon off; worker_processes 1; pid {home}/nginx.pid; error_log {home}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; server_tokens off; gzip_static on; keepalive_requests 100000; sendfile on;
  client_body_temp_path {home}; proxy_temp_path {home}; fastcgi_temp_path {home};
  uwsgi_temp_path {home}; scgi_temp_path {home};
  types {{ application/xml xml; application/feed+json json; text/html html; }}
  server {{
    {listen}
    root {root};
    {more}
  }}
}}
"""


@dataclass(frozen=True)
class Origin:
    """A running server; `program` says which."""

    port: int
    program: str
    process: subprocess.Popen[bytes]

    def url(self, number: int, name: str) -> str:
        """The address of the feed of that number and file name."""
        return f"http://127.0.1.{number % HOSTS + 1}:{self.port}/{name}"

    def urls(self, names: Iterable[str]) -> list[str]:
        """The addresses of feeds with these file names, in order."""
        return [self.url(number, name) for number, name in enumerate(names)]


@contextlib.contextmanager
def serving(root: Path, home: Path, port: int, *, conditional: bool = True) -> Iterator[Origin]:
    """Serve a folder; `conditional`: tell validators, and answer 304 where nothing changed."""
    home.mkdir(parents=True, exist_ok=True)
    nginx = nginx_program()
    plain = [sys.executable, "-m", "benchmarks.plain_server"]
    command = (
        _nginx_command(nginx, root, home, port, conditional)
        if nginx
        else [*plain, str(root), str(port), str(conditional), *_hosts()]
    )
    with (home / "origin.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _wait_until_up(process, port)
        yield Origin(port, "nginx" if nginx else "http.server of Python", process)
    finally:
        process.terminate()
        process.wait(10)


def nginx_program() -> str | None:
    """Where nginx is, if it is there; Debian has it where only root looks."""
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.1.1", 0))
        return int(probe.getsockname()[1])


def _hosts() -> list[str]:
    return [f"127.0.1.{each + 1}" for each in range(HOSTS)]


def _nginx_command(nginx: str, root: Path, home: Path, port: int, conditional: bool) -> list[str]:
    listen = " ".join(f"listen {host}:{port};" for host in _hosts())
    more = "" if conditional else "etag off; if_modified_since off; add_header Last-Modified '';"
    user = "user root;" if os.geteuid() == 0 else ""
    file = home / "nginx.conf"
    file.write_text(user + _NGINX.format(home=home, root=root, listen=listen, more=more))
    return [nginx, "-p", str(home), "-e", str(home / "error.log"), "-c", str(file)]


def _wait_until_up(process: subprocess.Popen[bytes], port: int) -> None:
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.1.1", port), 1):
            return
        time.sleep(0.02)  # there is nothing else to wait for
    raise RuntimeError("the origin did not start; see origin.log and error.log in its folder")
