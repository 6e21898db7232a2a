"""URL forms with which address guards are usually got round, and the names that they use.

`{port}` stands for the port of a canary on this machine.
"""

from __future__ import annotations

from collections.abc import Sequence

from aggregator.fetch.guard import system_resolver

NAMES = {
    "inside.example": ["127.0.0.1"],
    "inside6.example": ["::1"],
    "mapped.example": ["::ffff:127.0.0.1"],
    "mixed.example": ["93.184.215.14", "127.0.0.1"],
    "mixed-last.example": ["127.0.0.1", "93.184.215.14"],
    "metadata.example": ["169.254.169.254"],
    "127.0.0.1.nip.example": ["127.0.0.1"],
    "many.example": ["93.184.215.14"] * 999 + ["10.0.0.5"],
}
FORMS = [
    "http://127.0.0.1:{port}/",
    "http://127.1:{port}/",
    "http://127.0.1:{port}/",
    "http://0:{port}/",
    "http://0.0.0.0:{port}/",
    "http://2130706433:{port}/",
    "http://0x7f000001:{port}/",
    "http://0x7f.0.0.1:{port}/",
    "http://0177.0.0.1:{port}/",
    "http://017700000001:{port}/",
    "http://127.0.0.1.:{port}/",
    "http://127.127.127.127:{port}/",
    "http://localhost:{port}/",
    "http://LOCALHOST:{port}/",
    "http://localhost.:{port}/",
    "http://[::1]:{port}/",
    "http://[0:0:0:0:0:0:0:1]:{port}/",
    "http://[::]:{port}/",
    "http://[::ffff:127.0.0.1]:{port}/",
    "http://[::ffff:7f00:1]:{port}/",
    "http://[::127.0.0.1]:{port}/",
    "http://[64:ff9b::127.0.0.1]:{port}/",
    "http://[2002:7f00:1::]:{port}/",
    "http://[fe80::1%25lo]:{port}/",
    "http://[fd00::1]/",
    "http://user@127.0.0.1:{port}/",
    "http://example.com@127.0.0.1:{port}/",
    "http://example.com%40@127.0.0.1:{port}/",
    "http://127.0.0.1:{port}#@example.com/",
    "http://127.0.0.1:{port}\\@example.com/",
    "http://①②⑦.⓪.⓪.①:{port}/",
    "http://127。0。0。1:{port}/",
    "https://127.0.0.1:{port}/",
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00:ec2::254]/latest/meta-data/",
    "http://168.63.129.16/machine",
    "http://100.100.100.200/latest/meta-data/",
    "http://10.0.0.5/",
    "http://192.168.0.1/",
    *(f"http://{name}:{{port}}/" for name in NAMES),
]


def table_resolver(host: str, port: int) -> Sequence[str]:
    """Names of the table by the table; everything else by the system, as numbers in disguise."""
    return NAMES.get(host.rstrip(".")) or system_resolver(host, port)
