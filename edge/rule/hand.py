"""Arming and disarming by hand: for one zone or a whole camera, until a time, over any timetable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable


class Arming(Protocol):
    """What says when a rule is armed."""

    def armed(self, now: float) -> bool:
        """Whether it is at UNIX second `now`."""


@dataclass(frozen=True, slots=True)
class Hand:
    """What somebody ordered for a zone, or for every zone of a camera."""

    camera: str
    zone: str | None
    armed: bool
    until: float
    """UNIX second at which the timetable holds again."""


class Hands:
    """What is in force by hand; one thread writes, any may ask."""

    def __init__(self, hands: Iterable[Hand] = ()) -> None:
        """Begin with what was ordered before."""
        self._hands = {(hand.camera, hand.zone): hand for hand in hands}

    def lay(self, hand: Hand) -> None:
        """Let `hand` hold for its place, instead of what held there; a whole camera's replaces its zones'."""
        kept = self._hands if hand.zone else {k: v for k, v in self._hands.items() if k[0] != hand.camera}
        self._hands = {**kept, (hand.camera, hand.zone): hand}

    def lift(self, camera: str, zone: str | None) -> None:
        """Let the timetable hold again for a zone, or for all of a camera."""
        lifted = {(camera, zone)} if zone else {place for place in self._hands if place[0] == camera}
        self._hands = {place: hand for place, hand in self._hands.items() if place not in lifted}

    def held(self, now: float) -> tuple[Hand, ...]:
        """All that holds at UNIX second `now`."""
        return tuple(hand for hand in self._hands.values() if now < hand.until)

    def said(self, camera: str, zone: str, now: float) -> bool | None:
        """Whether the zone is armed by hand at UNIX second `now`; None where its timetable holds."""
        for place in ((camera, zone), (camera, None)):
            hand = self._hands.get(place)
            if hand and now < hand.until:
                return hand.armed
        return None


@dataclass(frozen=True, slots=True)
class HandFirst:
    """A timetable over which a hand may be laid."""

    timetable: Arming
    hands: Hands
    camera: str
    zone: str

    def armed(self, now: float) -> bool:
        """Whether the rule is armed at UNIX second `now`."""
        said = self.hands.said(self.camera, self.zone, now)
        return self.timetable.armed(now) if said is None else said
