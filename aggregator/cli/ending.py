"""How the command ends where nobody takes what it says, or somebody ends it: without a traceback.

What a command itself has to tell on leaving: `aggregator.cli.call`.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

INTERRUPTED = 130
"""Exit status after Ctrl-C, as shells have it."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


@contextmanager
def ending_plainly() -> Iterator[None]:
    """Leave with a line and a status after Ctrl-C, and where standard output takes nothing.

    That is an error without a file's name. What happens to a file of ours is told where it is
    written. Typer ends by itself where a pipe is not read to its end.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # letters that a terminal does not have
    try:
        yield
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except OSError as error:
        if error.errno not in _FULL or error.filename is not None:
            raise
        from aggregator.cli.call import WRONG

        with suppress(OSError):
            sys.stderr.write(f"standard output cannot be written: {error.strerror}\n")
        _let_go()
        sys.exit(WRONG)


def _let_go() -> None:
    """Let Python's last flush go nowhere, for it would fail again, and change the status."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            os.dup2(nowhere, stream.fileno())
