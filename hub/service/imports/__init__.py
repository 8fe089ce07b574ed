"""Lists that come in and go out as files: the staff and the shops, all of a file or nothing of it."""

from hub.service.imports.table import MOST_BYTES, MOST_ROWS, Problem, Report

__all__ = ["MOST_BYTES", "MOST_ROWS", "Problem", "Report"]
