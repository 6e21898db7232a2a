"""Where the commands write: results to standard output, everything else to standard error.

Logs are text on a terminal and JSON, one object a line, anywhere else.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field

import structlog
from rich.console import Console
from rich.text import Text


def _errors() -> Console:
    return Console(stderr=True, highlight=False)


@dataclass
class Voice:
    """How a command speaks: `out` carries its result, `err` what it has to say on the way."""

    quiet: bool = False
    out: Console = field(default_factory=lambda: Console(highlight=False))
    err: Console = field(default_factory=_errors)

    def say(self, text: str) -> None:
        """A line for people, unless they asked for quiet."""
        if not self.quiet:
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
        self.err.print(text, style="red", markup=False, soft_wrap=True)


def set_up_logs(level: int) -> None:
    """Send the logs of this program and of its libraries to standard error, in one form."""
    steps: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    on_terminal = sys.stderr.isatty()
    renderer: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer() if on_terminal else structlog.processors.JSONRenderer()
    )
    structlog.configure(
        processors=[*steps, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=steps,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    # A full disk or a closed pipe behind the log must not stop the service.
    logging.raiseExceptions = False
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("aggregator").setLevel(level)
