"""Stream time: a camera's own timestamps mapped to wall clock."""

from __future__ import annotations

JUMP = 5.0
"""Seconds by which timestamps may run away from the wall clock before they are tied to it anew."""
_DRIFT = 0.0005
"""Share of the lag that is taken over with each packet."""


class StreamClock:
    """Maps one session's timestamps (seconds, any origin) to seconds of UNIX epoch.

    The quickest packet tells the offset best: one that seems to arrive before it was made pulls the
    clock quickly, but never so far that stream time would run backwards. A lag is mostly the network,
    so it is followed slowly, which is enough for a camera whose crystal is 100 ppm off. A jump (camera
    rebooted, wall clock set) ties anew.
    """

    def __init__(self) -> None:
        self._offset: float | None = None
        self._last = 0.0

    def at(self, stamp: float, arrived: float) -> float:
        """Stream time of a packet stamped `stamp` that arrived at wall time `arrived`."""
        if self._offset is None or abs(arrived - stamp - self._offset) > JUMP:
            self._offset, self._last = arrived - stamp, stamp
        lag = arrived - stamp - self._offset
        self._offset += max(lag, (self._last - stamp) / 2) if lag < 0 else lag * _DRIFT
        self._last = max(self._last, stamp)
        return stamp + self._offset


class Rounds:
    """Joins the timestamps of a file that is played again and again into one line that never jumps."""

    def __init__(self) -> None:
        self._shift = 0.0
        self._last: float | None = None
        self._fresh = False

    def again(self) -> None:
        """The next timestamp is the first of a new round."""
        self._fresh = True

    def stamp(self, own: float, step: float) -> float:
        """`own` on the common line; a round begins `step` seconds after the last timestamp before it."""
        if self._fresh and self._last is not None:
            self._shift = self._last + step - own
        self._fresh = False
        self._last = own + self._shift
        return self._last
