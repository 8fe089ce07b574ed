"""When a rule is armed: days of the week and hours of the market's own clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import tzinfo

    from wire.hours import Span


@dataclass(frozen=True, slots=True)
class Timetable:
    """Armed in any of its spans; with none at all, always."""

    spans: tuple[Span, ...]
    zone: tzinfo

    def armed(self, now: float) -> bool:
        """Whether the rule is armed at UNIX second `now`."""
        local = datetime.fromtimestamp(now, self.zone)
        minute = local.hour * 60 + local.minute
        return not self.spans or any(span.holds(local.weekday(), minute) for span in self.spans)
