"""Cases: how they begin, every act on them, and how they are shown."""

from hub.service.case.act import act
from hub.service.case.board import board
from hub.service.case.find import Filters
from hub.service.case.moves import moves
from hub.service.case.open import Report
from hub.service.case.open import open_case as open  # noqa: A004 - its full name is case.open
from hub.service.case.page import page

__all__ = ["Filters", "Report", "act", "board", "moves", "open", "page"]
