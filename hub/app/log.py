"""One line a happening on stderr: in colour for a person, as JSON for a program.

Every line of one request or one job carries what was bound on its way (`request`, `job`), and an event's
lines carry its `event_id`, which the edge's lines carry too.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

QUIET = ("alembic", "nats")
"""Libraries whose chatter below a warning says nothing to whoever runs a market."""

NO_FAULT = "ASGI callable returned without completing handshake."
"""What uvicorn calls an error: a socket was refused with an answer."""


def set_up(level: str) -> None:
    """Log to standard error, this process's only log."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    person = sys.stderr.isatty()
    shown = (
        structlog.dev.ConsoleRenderer() if person else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    last: list[Any] = [] if person else [structlog.processors.format_exc_info]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last, shown],
        )
    )
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").addFilter(lambda record: record.msg != NO_FAULT)
