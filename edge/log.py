"""One line a happening, in UTC, without passwords: words for a person, JSON for a program.

What belongs to one event carries its `event_id`, which the hub's lines carry too.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import traceback

_PASSWORD = re.compile(r"(?<=://)([^\s:/@]*):[^\s/@]*@")
_OWN = frozenset(vars(logging.LogRecord("", 0, "", 0, "", None, None))) | {"message", "asctime", "taskName"}
_LONGEST = 4_000
"""Characters of one value; a log is no place for more."""


class _Words(logging.Formatter):
    """For a terminal."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        words = f"{self.formatTime(record)} {record.levelname} {record.name}: {record.getMessage()}"
        words += "".join(f" {name}={value}" for name, value in _more(record).items())
        if fault := _fault(record):
            words += f": {fault}"
        return safe(words.replace("\r", " ").replace("\n", " | "))


class _Json(_Words):
    """For a file or a collector; the same names as the hub's."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "timestamp": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **_more(record),
        }
        if fault := _fault(record):
            line["exception"] = fault
        return safe(json.dumps(line, ensure_ascii=False, default=str))


def _more(record: logging.LogRecord) -> dict[str, object]:
    """What was given as `extra`."""
    given = {name: value for name, value in vars(record).items() if name not in _OWN}
    return {name: value[:_LONGEST] if isinstance(value, str) else value for name, value in given.items()}


def _fault(record: logging.LogRecord) -> str:
    """An exception in one line, its last places first."""
    if not record.exc_info or not record.exc_info[1]:
        return ""
    where = traceback.extract_tb(record.exc_info[2])[-3:]
    places = (f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(where))
    return f"{record.exc_info[1]!r} at {' < '.join(places)}"


def safe(text: str) -> str:
    """`text` with the password of every address made unreadable."""
    return _PASSWORD.sub(r"\1:***@", text)


def set_up(level: int = logging.INFO) -> None:
    """Log to standard error, this process's only log."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Words() if sys.stderr.isatty() else _Json())
    logging.basicConfig(level=level, handlers=[handler], force=True)
