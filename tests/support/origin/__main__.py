"""`python -m tests.support.origin`: an origin with every fault, for trying feed readers on."""

from __future__ import annotations

import sys
import threading
from contextlib import ExitStack

from tests.support.origin import Origin
from tests.support.origin.faults import faults


def main() -> None:
    """Serve until Ctrl-C; what is served is told on standard output."""
    with ExitStack() as stack:
        plain = stack.enter_context(Origin())
        for name, fault in faults().items():
            origin = stack.enter_context(Origin(tls=fault.tls)) if fault.tls else plain
            origin.behave(f"/{name}", fault.behaviour)
            address = origin.url(f"/{name}", host=fault.host)
            sys.stdout.write(f"{fault.row:4} {address}  ({fault.reason})\n")
        sys.stdout.flush()
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
