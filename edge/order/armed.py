"""What is armed and disarmed by hand: in force at once, and kept on the disk over a restart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from edge.disk import DiskError
from edge.order.desk import Unable
from edge.rule.hand import Hand, Hands
from wire.order import Arm, ByTimetable, Disarm

if TYPE_CHECKING:
    from edge.config import CameraConfig
    from edge.order.kept import Kept

MOST = 256
"""Hands at once; as many as 64 cameras of four zones each."""


class Armed:
    """Writes for one thread; `hands` may be asked from any."""

    def __init__(self, kept: Kept | None) -> None:
        """Begin with what was ordered before; without `kept` nothing ever is."""
        self._kept = kept
        self.hands = Hands(kept.hands() if kept else ())

    def do(self, args: Arm | Disarm | ByTimetable, camera: CameraConfig, now: float) -> None:
        """Let it hold from UNIX second `now` on; raises Unable with a sentence."""
        zones = [zone.id for zone in camera.zones]
        if args.zone is not None and args.zone not in zones:
            known = ", ".join(zones) or "none"
            raise Unable(f"{camera.id} has no zone {args.zone}; its zones: {known}")
        after = Hands(self.hands.held(now))
        _lay(after, args)
        held = after.held(now)
        if len(held) > MOST:
            raise Unable(f"{MOST} zones are by hand already; let some go by their timetable")
        if self._kept:
            try:
                self._kept.keep_hands(held)
            except DiskError as error:
                raise Unable(f"it cannot be kept: {error}") from error
        _lay(self.hands, args)


def _lay(hands: Hands, args: Arm | Disarm | ByTimetable) -> None:
    if isinstance(args, ByTimetable):
        hands.lift(args.camera, args.zone)
    else:
        hands.lay(Hand(args.camera, args.zone, isinstance(args, Arm), args.until.timestamp()))
