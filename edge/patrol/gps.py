"""Where the terminal is, as gpsd says it: lines of JSON on a socket (gpsd_json(5)), TPV alone is read."""

from __future__ import annotations

import socket
import time
from contextlib import suppress
from math import hypot
from typing import TYPE_CHECKING

import msgspec

from edge.patrol.part import TICK, Missing, Part
from wire.message import Position

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.config.patrol import GpsConfig

WATCH = b'?WATCH={"enable":true,"json":true};\n'
CONNECT_WITHIN = 3.0
MOST_LINE = 65_536
FLAT = 2
"""A mode from which on there is a place: 2 is two-dimensional, 3 has a height too."""
FARTHEST = 1e6
PLACES = 7
"""Decimals of a degree: a centimetre."""


class Tpv(msgspec.Struct, tag_field="class", tag="TPV"):
    """Time, position, velocity, as far as it is wanted; metres of error at 95 %."""

    mode: int = 0
    lat: float | None = None
    lon: float | None = None
    eph: float | None = None
    epx: float | None = None
    epy: float | None = None


_tpv = msgspec.json.Decoder(Tpv)


class Gps(Part):
    """Listens to gpsd; `position` from any thread."""

    def __init__(self, config: GpsConfig, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Prepare.

        Args:
            config: where gpsd answers.
            clock: monotonic seconds.
        """
        super().__init__(f"gpsd at {config.host}:{config.port}")
        self._config, self._clock = config, clock
        self._last: tuple[float, Position] | None = None

    def position(self) -> Position | None:
        """Where it is; None where nobody has known it lately."""
        last = self._last
        return last[1] if last and self._clock() - last[0] <= self._config.within else None

    def live(self) -> None:
        """Hear it; see Part."""
        config = self._config
        try:
            with socket.create_connection((config.host, config.port), CONNECT_WITHIN) as wire:
                wire.sendall(WATCH)
                self.there()
                self._hear(wire)
        except OSError as error:
            raise Missing(
                f"{self.what} does not answer: {error}; start gpsd, or correct `gps` in the configuration"
            ) from error

    def _hear(self, wire: socket.socket) -> None:
        wire.settimeout(TICK)
        rest = b""
        while not self.is_stopping:
            with suppress(TimeoutError):
                data = wire.recv(4096)
                if not data:
                    raise ConnectionError("it closed the connection")
                *lines, rest = (rest + data).split(b"\n")
                rest = rest[-MOST_LINE:]
                for line in lines:
                    self._take(line)

    def _take(self, line: bytes) -> None:
        with suppress(msgspec.DecodeError, UnicodeDecodeError):  # another class, or nothing of ours
            if found := position(_tpv.decode(line)):
                self._last = self._clock(), found


def position(said: Tpv) -> Position | None:
    """The place in a report; None where it has none on this earth."""
    lat, lon = said.lat, said.lon
    if said.mode < FLAT or lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:  # noqa: PLR2004 - degrees
        return None
    error = said.eph
    if error is None and said.epx is not None and said.epy is not None:
        error = hypot(said.epx, said.epy)
    sure = None if error is None else round(min(max(error, 0.0), FARTHEST), 1)
    return Position(round(lat, PLACES), round(lon, PLACES), sure)
