"""Names that the network has trouble with: a resolver for the service under test.

Every other name is left to the system.
"""

from __future__ import annotations

import socket
import threading
from typing import Any

DEAD, SLOW, MANY = "dead.test", "slow.test", "many.test"
SLOW_SECONDS = 30.0
_system = socket.getaddrinfo


def resolve(host: Any, port: Any, *args: Any, **kwargs: Any) -> Any:
    """As `socket.getaddrinfo`: one name is unknown, one takes 30 s, one has 1,000 addresses."""
    if host == DEAD:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    if host == SLOW:
        threading.Event().wait(SLOW_SECONDS)
        return _system("127.0.0.1", port, *args, **kwargs)
    if host == MANY:
        one = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*one, (f"127.9.{n // 250}.{n % 250 + 1}", port)) for n in range(1000)]
    return _system(host, port, *args, **kwargs)
