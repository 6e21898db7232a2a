"""The table of docs/faults.md: every URL form against our fetcher, and against plain requests.

`python -m tests.support.address_table` prints it. It runs in a network namespace of its own in
which every address there is, IPv4 and IPv6, belongs to this machine: whoever connects anywhere
reaches a canary, that counts. Plain requests are the control that shows the canaries count.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests

from aggregator.errors import FetchError
from aggregator.fetch.http import HttpFetcher
from aggregator.model.pages import Request, Validators
from aggregator.model.settings import Fetch
from tests.support.address_forms import FORMS, NAMES
from tests.support.fetching import NOW
from tests.support.origin import Canary, Origin, redirect

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = "93.184.215.14"
"""Where the origin lives that sends us elsewhere: a public address, that may be asked."""
PORT = 8123
REDIRECTED = "from an allowed site: "
ELSEWHERE = ("file:///etc/passwd", "gopher://127.0.0.1:70/_x", f"//localhost:{PORT}/")
REBINDING = f"http://rebinding.example:{PORT}/"
"""A name that is public when it is asked for the first time, and inside from then on."""
_NETWORK = (
    "ip link set lo up && ip route add local default dev lo && ip -6 route add local default dev lo"
)


@dataclass(frozen=True)
class Row:
    """One form: connections that arrived inside by plain requests and by ours, and what we say."""

    form: str
    plain: int
    ours: int
    reason: str


def is_possible() -> bool:
    """Whether this system lets us have a network of our own."""
    if not (shutil.which("unshare") and shutil.which("ip")):
        return False
    command = ["unshare", "--map-root-user", "--net", "sh", "-c", _NETWORK]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def rows() -> list[Row]:
    """The whole table, made in a namespace of its own."""
    inside = f"{_NETWORK} && exec {sys.executable} -m tests.support.address_table --inside"
    done = subprocess.run(
        ["unshare", "--map-root-user", "--net", "sh", "-c", inside],
        capture_output=True, text=True, check=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    return [Row(**row) for row in json.loads(done.stdout)]


def markdown(found: Sequence[Row]) -> str:
    """The table as it stands in docs/faults.md."""
    lines = [f"| `{row.form}` | {row.plain} | {row.ours} | {row.reason} |" for row in found]
    total = (
        f"| **all {len(found)}** | {sum(r.plain for r in found)} | {sum(r.ours for r in found)} | |"
    )
    head = ["| asked for | plain requests | ours | our reason |", "|---|---|---|---|"]
    return "\n".join([*head, *lines, total])


class _Names:
    """`socket.getaddrinfo` with the names of the table."""

    def __init__(self) -> None:
        self._real: Callable[..., Any] = socket.getaddrinfo
        self.asked = 0

    def __call__(self, host: Any, port: Any, *more: Any, **options: Any) -> Any:
        name = host.rstrip(".") if isinstance(host, str) else host
        addresses = self._addresses(name)
        if addresses is None:
            return self._real(host, port, *more, **options)
        kinds = [socket.AF_INET6 if ":" in each else socket.AF_INET for each in addresses]
        return [
            (kind, socket.SOCK_STREAM, 6, "", (each, port, 0, 0) if ":" in each else (each, port))
            for kind, each in zip(kinds, addresses, strict=True)
        ]

    def _addresses(self, name: Any) -> Sequence[str] | None:
        if name == "rebinding.example":
            self.asked += 1
            return [PUBLIC if self.asked == 1 else "127.0.0.1"]
        return [PUBLIC] if name == "public.example" else NAMES.get(name)


def _table() -> Iterator[Row]:
    """Inside the namespace: canaries everywhere, and one public origin that redirects."""
    with contextlib.ExitStack() as stack:
        canaries = [
            stack.enter_context(Canary(host, port, shared=True))
            for host in ("0.0.0.0", "::")
            for port in (80, 443, PORT)
        ]
        origin = stack.enter_context(Origin(address=PUBLIC))
        settings = Fetch(timeout=timedelta(seconds=1))
        trial = _Trial(canaries, stack.enter_context(HttpFetcher(settings, "tests/1")))
        for form in FORMS:
            yield trial.row(form, form.format(port=PORT))
        yield trial.row(f"{REBINDING} (checked, then asked)", REBINDING)
        for number, form in enumerate([*(f for f in FORMS if "{port}" not in f), *ELSEWHERE]):
            origin.behave(f"/{number}", redirect(form))
            url = f"http://public.example:{origin.port}/{number}"
            yield trial.row(REDIRECTED + form, url)


@dataclass
class _Trial:
    """Tries one form after the other, each twice."""

    canaries: Sequence[Canary]
    fetcher: HttpFetcher

    def __post_init__(self) -> None:
        self._names = _Names()
        socket.getaddrinfo = self._names

    def row(self, form: str, url: str) -> Row:
        """One form by plain requests behind a check of the name, and by ours."""
        before, self._names.asked = self._knocks(), 0
        with contextlib.suppress(Exception):
            if url == REBINDING:
                socket.getaddrinfo("rebinding.example", PORT)
            requests.get(url, timeout=0.2)
        plain, self._names.asked = self._knocks(), 0
        reason = "fetched"
        try:
            self.fetcher.fetch(Request(url), Validators(), NOW)
        except FetchError as error:
            reason = error.reason
        return Row(form, plain - before, self._knocks() - plain, reason)

    def _knocks(self) -> int:
        return sum(address != PUBLIC for canary in self.canaries for address in canary.reached)


def main() -> int:
    """Print the table; status 1 where something inside was reached."""
    if "--inside" in sys.argv:
        sys.stdout.write(json.dumps([asdict(row) for row in _table()]))
        return 0
    found = rows()
    sys.stdout.write(markdown(found) + "\n")
    return int(any(row.ours for row in found))


if __name__ == "__main__":
    sys.exit(main())
