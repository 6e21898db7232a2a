"""Logs: text on a terminal and JSON, one object a line, anywhere else; in both without secrets."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from aggregator.text.redaction import showable, without_secrets

if TYPE_CHECKING:
    import structlog

_MANY_LINES = ("exception", "stack")


def set_up_logs(level: int) -> None:
    """Send the logs of this program and of its libraries to standard error, in one form."""
    import structlog  # here, because `--help` needs none of it

    steps: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        for_anybody,
    ]
    on_terminal = sys.stderr.isatty()
    renderer: structlog.types.Processor = (
        structlog.dev.ConsoleRenderer()
        if on_terminal
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *steps,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
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


def for_anybody(
    _logger: object, _method: str, event: structlog.types.EventDict
) -> structlog.types.EventDict:
    """Take out of every value what nobody may read, and what would break the line."""
    for key, value in event.items():
        if isinstance(value, BaseException):
            event[key] = showable(str(value))
        elif isinstance(value, str):
            event[key] = without_secrets(value) if key in _MANY_LINES else showable(value)
    return event
