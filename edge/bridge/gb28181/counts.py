"""What the bridge counts, each under a name of its own."""

from __future__ import annotations

from collections import Counter
from typing import Literal

What = Literal[
    "heard",
    "stranger",
    "flooded",
    "malformed",
    "repeated",
    "unproven",
    "refused",
    "unanswered",
    "alarm_told",
    "alarm_answered",
    "alarm_lost",
    "alarm_taken",
    "alarm_unknown",
    "stumbled",
]
WHAT: dict[What, str] = {
    "heard": "Messages read",
    "stranger": "Messages of somebody who is not configured, dropped without an answer",
    "flooded": "Messages dropped because one address sent too many",
    "malformed": "Messages that are none, and bodies that are none",
    "repeated": "Requests that came again and got the same answer",
    "unproven": "Registrations with a wrong or missing proof",
    "refused": "Requests refused: pictures, subscriptions, what somebody may not ask",
    "unanswered": "Own requests without an answer",
    "alarm_told": "Alarms that a platform above took",
    "alarm_answered": "Alarms that a platform above answered by a notice of its own",
    "alarm_lost": "Alarms that no platform took in time",
    "alarm_taken": "Alarms of devices below that became events",
    "alarm_unknown": "Alarms of devices below that no table knows",
    "stumbled": "Faults of the bridge itself; the log has them",
}


class Counts:
    """Written by the bridge's thread alone, read by anybody."""

    def __init__(self) -> None:
        self._by_name: Counter[str] = Counter()

    def add(self, what: What) -> None:
        """One more."""
        self._by_name[what] += 1

    def __getitem__(self, what: What) -> int:
        """How many since the start."""
        return self._by_name[what]
