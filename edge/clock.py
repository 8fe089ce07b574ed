"""This machine's wall clock, and how far it can be trusted."""

from __future__ import annotations

import ctypes
import logging
import time
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from wire.border import EARLIEST, LATEST
from wire.message import Clock

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

STEP = 0.5
"""Seconds by which the wall clock may run away from the monotonic one between two looks; more was a step."""
BEFORE_US = datetime(2025, 1, 1, tzinfo=UTC).timestamp()
"""A clock that shows less was never set: this program is younger."""
_UNSYNCHRONISED, _PPS, _NANO = 0x0040, 0x0004, 0x2000
"""Bits of the kernel's status: nobody disciplines the clock; a pulse a second does, as from a GPS; units."""
_ERROR = 5


class _Timex(ctypes.Structure):
    """The head of Linux's struct timex, and room for the rest."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_long * 40),
    )


def moment(seconds: float) -> datetime:
    """Seconds of UNIX epoch as a time; what lies outside the wire's range is its nearest end.

    An alarm is told whatever the clock shows: the hub knows when it came.
    """
    first, last = EARLIEST.timestamp(), LATEST.timestamp() - 1
    return datetime.fromtimestamp(min(max(seconds, first), last), UTC)


def kernel() -> Clock:
    """What the kernel knows of its clock, by adjtimex(2)."""
    timex = _Timex()
    state = _libc().adjtimex(ctypes.byref(timex))
    if state < 0 or state == _ERROR or timex.status & _UNSYNCHRONISED:
        return Clock(source="system")
    per_ms = 1e6 if timex.status & _NANO else 1e3
    return Clock(source="gps" if timex.status & _PPS else "ntp", offset_ms=timex.offset / per_ms)


class Wall:
    """Reads the clock and sees when somebody sets it; may be called from any thread."""

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = lambda: time.clock_gettime(time.CLOCK_BOOTTIME),
        quality: Callable[[], Clock] = kernel,
    ) -> None:
        """Look for the first time.

        Args:
            wall: seconds of UNIX epoch.
            steady: seconds that nobody sets, which count on while the machine sleeps.
            quality: what is known of `wall`.
        """
        self.steps = 0
        """How often the clock was set since the start."""
        self._wall, self._steady, self._quality = wall, steady, quality
        self._ahead = wall() - steady()

    def look(self) -> tuple[datetime, Clock]:
        """The time, and how far it can be trusted."""
        now = self._wall()
        ahead = now - self._steady()
        step, self._ahead = ahead - self._ahead, ahead
        if abs(step) > STEP:
            self.steps += 1
            log.warning("the wall clock was set by %+.1f s, to %s", step, moment(now).isoformat())
        return moment(now), Clock(source="unset") if now < BEFORE_US else self._quality()


WALL = Wall()
"""The one of this process."""


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
