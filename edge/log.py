"""One line a happening, in UTC, without passwords."""

from __future__ import annotations

import logging
import re
import sys
import time
import traceback

_PASSWORD = re.compile(r"(?<=://)([^\s:/@]*):[^\s/@]*@")


class _Line(logging.Formatter):
    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def format(self, record: logging.LogRecord) -> str:
        words = f"{self.formatTime(record)} {record.levelname} {record.name}: {record.getMessage()}"
        if record.exc_info and record.exc_info[1]:
            where = traceback.extract_tb(record.exc_info[2])[-3:]
            words += f": {record.exc_info[1]!r} at " + " < ".join(
                f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(where)
            )
        return safe(words.replace("\r", " ").replace("\n", " | "))


def safe(text: str) -> str:
    """`text` with the password of every address made unreadable."""
    return _PASSWORD.sub(r"\1:***@", text)


def set_up(level: int = logging.INFO) -> None:
    """Log to standard error, this process's only log."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Line())
    logging.basicConfig(level=level, handlers=[handler], force=True)
