"""Cases: how they begin, every act on them, and how they are shown."""

from hub.service.case.act import act
from hub.service.case.open import Report
from hub.service.case.open import open_case as open  # noqa: A004 - its full name is case.open

__all__ = ["Report", "act", "open"]
