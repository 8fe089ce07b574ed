"""Lists that come in and go out as files: the staff and the shops."""

from hub.service.imports.report import Problem, Report, Wish
from hub.service.imports.table import MOST_BYTES, MOST_ROWS

__all__ = ["MOST_BYTES", "MOST_ROWS", "Problem", "Report", "Wish"]
