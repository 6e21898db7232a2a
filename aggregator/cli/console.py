"""Where the commands write: results to standard output, everything else to standard error."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from rich.console import Console
from rich.text import Text


def _console(*, stderr: bool = False) -> Console:
    """One that prints what it is given: no `:x:` in an address becomes a picture."""
    return Console(stderr=stderr, highlight=False, emoji=False)


@dataclass
class Voice:
    """How a command speaks: `out` carries its result, `err` what it has to say on the way.

    What is said on the way may be lost where nobody takes it (a full disk); a result may not.
    """

    quiet: bool = False
    out: Console = field(default_factory=_console)
    err: Console = field(default_factory=partial(_console, stderr=True))

    def say(self, text: str) -> None:
        """A line for people, unless they asked for quiet."""
        if not self.quiet:
            with contextlib.suppress(OSError):
                self.err.print(text, markup=False, soft_wrap=True)

    @contextlib.contextmanager
    def working(self, text: str) -> Iterator[None]:
        """What takes a moment: a turning sign on a terminal, one plain line elsewhere."""
        if self.quiet or not self.err.is_terminal:
            self.say(text)
            yield
            return
        with self.err.status(Text(text)):
            yield

    def complain(self, text: str) -> None:
        """A line that is shown in any case."""
        with contextlib.suppress(OSError):
            self.err.print(text, style="red", markup=False, soft_wrap=True)
