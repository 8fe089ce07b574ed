"""Which holes somebody must hear of: events of kind `hole`, each new once and ended once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edge.record.room import ALARM_DAYS
from edge.rule.change import Change, Facts
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from edge.record.room import Plan
    from edge.record.scribe import Scribe
    from edge.rule.change import Phase

AFTER = 10.0
"""Seconds that a hole lasts before it is told."""
WORDS: Mapping[str, str] = {
    "disk": "nothing is recorded: the disk does not take it",
    "quota": "nothing is recorded: the room is taken, and what is there must be kept 30 days",
    "late": "nothing is recorded: the disk is too slow",
    "camera": "nothing is recorded: the main stream gives nothing",
}
"""What somebody can mend. A camera that is lost as a whole has an event of its own, and one that was
switched off is no news."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event that goes on."""

    event: str
    began: float
    words: str


class Tale:
    """Remembers what was told."""

    def __init__(self, tell: Callable[[Change, str], None], is_live: Callable[[str], bool]) -> None:
        self._tell, self._is_live = tell, is_live
        self._open: dict[tuple[str, str], Told] = {}

    def step(self, scribes: Sequence[Scribe], plan: Plan, now: float) -> None:
        """Compare what is with what was told, at wall second `now`."""
        found: dict[tuple[str, str], tuple[float, str]] = {}
        for scribe in scribes:
            hole = scribe.hole
            if hole is None or hole.reason not in WORDS or now - hole.since < AFTER:
                continue
            if hole.reason == "camera" and not self._is_live(scribe.camera):
                continue
            detail = f" ({hole.detail})" if hole.detail else ""
            found[scribe.camera, "hole"] = (hole.since, f"{WORDS[hole.reason]}{detail}"[:200])
        if plan.is_short and scribes:
            days = "?" if plan.days is None else f"{plan.days:.0f}"
            words = f"the room lasts {days} days as it is recorded now, less than {ALARM_DAYS:.0f}: add disks"
            found[scribes[0].camera, "room"] = (now, words)
        for key in self._open.keys() - found.keys():
            self._say("end", key[0], self._open.pop(key), now)
        for key in found.keys() - self._open.keys():
            began, words = found[key]
            self._open[key] = Told(new_id(), began, words)
            self._say("new", key[0], self._open[key], now)

    def _say(self, phase: Phase, camera: str, told: Told, now: float) -> None:
        facts = Facts(score=1.0, reason=told.words, seconds=max(0.0, now - told.began))
        self._tell(Change(told.event, phase, "hole", None, told.began, now, facts), camera)
