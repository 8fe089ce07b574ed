"""Records one camera inside its process: packets from a tap into pieces, holes with their reason."""

from __future__ import annotations

import logging
import time
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from edge.camera import piece, talk
from edge.camera.piece import Head, Hole
from edge.camera.segment import Segment

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from edge.camera.piece import HoleReason, Piece, Stream
    from edge.camera.ring import Packet
    from edge.camera.stamp import Order
    from edge.camera.strand import Strand
    from edge.camera.tap import Tap

log = logging.getLogger(__name__)

GAP = 2.0
"""Stream seconds without a picture that are a hole."""
NOTED = 0.5
"""Seconds between two pieces from which on what is missing is noted."""
IDLE = 5.0
"""Seconds without a packet after which what is there is closed and the hole is told."""
AGAIN = 5.0
"""Seconds after the disk refused before it is asked again."""
_END_WITHIN = 0.8
TURN = 0.5
"""Seconds between two looks at the tap: a thread that woke for each packet would cost more than it writes."""


class Recorder:
    """One thread of a camera's process; `start` once, `turn` from any thread.

    Args:
        told: where and how.
        strands: the streams that can be recorded.
        say: tells the supervisor.
    """

    def __init__(
        self,
        told: talk.Record,
        strands: Mapping[Stream, Strand],
        say: Callable[[talk.Wrote | talk.Recording], None],
    ) -> None:
        self._told, self._strands, self._say = told, strands, say
        self._folder = Path(told.folder)
        self._before = told.before
        self._mode: talk.Mode = told.mode
        self._wanted: talk.Mode = told.mode
        self._until = told.until or time.time()
        """When the last whole piece ends."""
        self._why: tuple[HoleReason, str] | None = ("start", "")
        """Why nothing was recorded since then; None where that is no hole."""
        self._tap: Tap | None = None
        self._segment: Segment | None = None
        self._spent = self._coded = 0.0
        self._dropped = 0
        self._last = self._heard = 0.0
        """Stream time of the last picture, and steady time at which it came."""
        self._not_before = 0.0
        self._order: Order | None = None
        self._said: Hole | bool | None = False
        self._stopping = Event()
        self._thread = Thread(target=self.run, name="recorder", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def turn(self, mode: talk.Mode) -> None:
        """Record this stream from now on, or none."""
        self._wanted = mode

    def stop(self) -> None:
        """Close what is open and end, within a second; for a process that ends in peace."""
        self._stopping.set()
        if self._thread.ident:
            self._thread.join(_END_WITHIN)

    def run(self) -> None:
        """Record until stopped."""
        self._recover()
        while not self._stopping.wait(TURN):
            try:
                self.once(time.monotonic())
            except OSError as error:
                self._failed(error)
            except Exception:
                log.exception("recording stumbled and goes on")
                self._failed(OSError("it stumbled"))
        self.finish()

    def once(self, now: float) -> None:
        """Write what has come by steady second `now`; raises OSError."""
        if self._wanted != self._mode:
            self._finish_with("quota" if self._wanted == "none" else None)
            self._mode, self._order = self._wanted, None
            self._close_tap()
        if now < self._not_before or self._mode == "none":
            self._tell()
            return
        if self._tap is None:
            self._tap = self._strand.taps.open()
            self._dropped, self._heard = 0, now
        for packet in self._tap.take(0.0):
            self._heard = now
            self._take(packet)
        if now - self._heard >= IDLE:
            self._finish_with("camera", self._strand.lost or "nothing comes")
        self._tell()

    def finish(self) -> None:
        """Close what is open, as well as the disk lets it."""
        try:
            self._close()
        except OSError as error:
            log.warning("a piece of recording is left open: %s", error)

    @property
    def _strand(self) -> Strand:
        return self._strands["main" if self._mode == "main" else "sub"]

    def _take(self, packet: Packet) -> None:
        if (reason := self._broken(packet)) is not None:
            self._finish_with(reason, self._strand.lost)
            self._last, self._order = 0.0, None
        elif packet.key and self._segment is not None and self._is_full(packet):
            self._close()
        self._last = max(self._last, packet.at)
        if self._segment is None:
            if not packet.key:
                return
            self._segment = self._opened(packet)
        began = time.thread_time()
        self._segment.write(packet)
        self._spent += time.thread_time() - began

    def _broken(self, packet: Packet) -> HoleReason | None:
        """Why this packet does not go on with what was written."""
        assert self._tap is not None
        if self._segment is None:
            return None
        if packet.film != self._segment.film:
            return "camera"
        if self._tap.dropped > self._dropped:
            self._dropped = self._tap.dropped
            return "late"
        if packet.at - self._last > GAP:
            return "camera"
        return "clock" if packet.at < self._last - GAP else None

    def _is_full(self, packet: Packet) -> bool:
        assert self._segment is not None
        return packet.at - self._segment.began >= self._told.length

    def _opened(self, packet: Packet) -> Segment:
        hole, film = self._hole, packet.film
        if self._before is None or (hole and hole.reason != "clock" and packet.at - hole.since < NOTED):
            hole = None
        head = Head(
            camera=self._told.camera,
            began=packet.at,
            zero=0.0,
            codec="hevc" if film.codec == "hevc" else "h264",
            width=film.width,
            height=film.height,
            stream="main" if self._mode == "main" else "sub",
            before=self._before,
            hole=hole,
            masked=self._told.masked,
        )
        self._why, self._spent = None, 0.0
        self._coded = self._strand.spent
        return Segment(self._folder, film, head, self._order)

    def _close(self) -> None:
        """Finish the piece that is open; raises OSError."""
        if self._segment is None:
            return
        open_, self._segment = self._segment, None
        lasted = max(1.0, self._last - open_.began)
        spent = self._spent + self._strand.spent - self._coded
        try:
            whole = open_.close(spent / lasted)
        except OSError:
            open_.abandon()
            raise
        self._order = open_.order
        self._wrote(whole)

    def _finish_with(self, reason: HoleReason | None, detail: str = "") -> None:
        """Close, and remember why there is nothing from then on."""
        self._close()
        if reason is not None and self._why is None:
            self._why = (reason, detail[:200])

    @property
    def _hole(self) -> Hole | None:
        return Hole(self._until, *self._why) if self._why else None

    def _failed(self, error: OSError) -> None:
        """The disk took nothing: save what lies there, and try again in a while."""
        log.warning("camera %s cannot be recorded: %s", self._told.camera, error.strerror or error)
        if self._segment is not None:
            self._segment.abandon()
            self._segment = None
        self._close_tap()
        self._not_before = time.monotonic() + AGAIN
        self._recover()
        self._why = ("disk", str(error.strerror or error)[:200])
        self._tell()

    def _recover(self) -> None:
        """Close what an earlier process, or a full disk, left open."""
        for path in sorted((self._folder / self._told.camera).glob(f"*/*{piece.OPEN}")):
            try:
                if whole := piece.salvage(self._folder, path):
                    self._wrote(whole)
            except OSError as error:
                log.warning("%s stays open: %s", path.name, error.strerror or error)

    def _wrote(self, whole: Piece) -> None:
        self._before, self._until = whole.sha256, whole.tail.ended
        self._say(talk.Wrote(whole))

    def _tell(self) -> None:
        """Say that a hole has begun or is over, once."""
        hole = self._hole if self._segment is None else None
        if hole != self._said:
            self._said = hole
            self._say(talk.Recording(self._mode, hole))

    def _close_tap(self) -> None:
        if self._tap is not None:
            self._tap.close()
            self._tap = None
