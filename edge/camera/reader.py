"""What a camera's own process runs: read, mask, hand on, keep the ring, cut clips."""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable
from threading import Lock, Thread
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from av.video.reformatter import VideoReformatter

from edge.camera import talk
from edge.camera.cutter import Cutter
from edge.camera.encode import fitted
from edge.camera.feed import Feed
from edge.camera.frame import FrameMemory
from edge.camera.lost import CameraLost
from edge.camera.mask import Mask
from edge.camera.outlet import Outlet
from edge.camera.pace import Pace, Rate, back_off
from edge.camera.recorder import Recorder
from edge.camera.ring import Ring
from edge.camera.second import Second
from edge.camera.strand import Strand
from wire.memory import Tidy

if TYPE_CHECKING:
    import av

Say = Callable[[talk.Report], None]

WELL_AFTER = 10.0
"""A session that lived so many seconds ends the back-off."""
_MOST_MEMORY = 1 << 30
"""Bytes of data that the process may hold: a picture bomb ends here, not with the machine."""


class Reader:
    """Watches one camera for as long as the process lives."""

    def __init__(self, setup: talk.Setup, memory: FrameMemory, say: Say) -> None:
        self._setup = setup
        self._memory = memory
        self._say = say
        self._mask = Mask(setup.masks)
        self._scaler = VideoReformatter()
        self._seq = setup.seq
        self._pulse_due = 0.0
        self._live_since: float | None = None
        self.ring = Ring(setup.ring_seconds, setup.ring_bytes)
        """What clips are cut from: of the main stream, where there are two."""
        self.asleep = False
        """Whether keyframes of what is looked at will do now."""
        self.main = Strand(self._mask, self.ring)
        """The stream that is recorded, relayed and cut."""
        self.sub = self.main if setup.main is None else Strand(self._mask, None)
        """The stream that is looked at."""

    def run(self) -> None:
        """Watch, and after each loss wait a little longer and try again. Never returns."""
        if self._setup.main is not None:
            Second(self._setup.main, self.main).start()
        failures = 0
        while True:
            self._say(talk.Opening())
            self._live_since = None
            try:
                self._watch(Feed(self._setup.url, asleep=self._may_sleep))
            except CameraLost as lost:
                self.sub.lost = str(lost)
                self._say(talk.Lost(lost.reason, lost.detail))
            failures = 0 if self._was_well() else failures
            self._rest(back_off(failures, random.random()))  # noqa: S311 - jitter, not a secret
            failures += 1

    def _watch(self, feed: Feed) -> None:
        pace, rate = Pace(self._setup.fps), Rate()
        for shot in feed.shots():
            if shot.frames and self._live_since is None:
                self._live_since = time.monotonic()
                self._begun(feed, shot.frames[0][1])
            self.sub.keep(shot)
            for packet in shot.packets if feed.dozes else ():
                rate.saw(packet.at)
            for at, frame in shot.frames:
                rate.saw(at)
                if pace.lets(at):
                    self._show(at, frame)
            self._pulse(rate.per_second(), feed.clock_off)

    def _may_sleep(self, codec: str) -> bool:
        """Whether only keyframes are decoded; what is coded anew needs each picture."""
        return self.asleep and self.sub.copies(codec)

    def _begun(self, feed: Feed, frame: av.VideoFrame) -> None:
        self._say(talk.Live(feed.codec, frame.width, frame.height))
        self.sub.begin(feed, frame)

    def _was_well(self) -> bool:
        return self._live_since is not None and time.monotonic() - self._live_since >= WELL_AFTER

    def _show(self, at: float, frame: av.VideoFrame) -> None:
        size = fitted(frame.width, frame.height, self._setup.width)
        scaled = self._scaler.reformat(frame, size.width, size.height, "bgr24", interpolation="AREA")
        picture = np.asarray(scaled.to_ndarray(), np.uint8)
        self._mask.burn(picture)
        self._seq += 1
        self._memory.write(self._seq, at, picture)
        self._say(talk.Shown(self._seq, at))

    def _pulse(self, fps: float, clock_off: float | None = None) -> None:
        if time.monotonic() >= self._pulse_due:
            self._pulse_due = time.monotonic() + 1.0
            self._say(talk.Pulse(fps, clock_off))

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._pulse(0.0)
            time.sleep(min(left, 1.0))


def main() -> None:
    """Read the set-up and then orders from standard input; its end is the end of the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_MEMORY, _MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    say = _speaker()
    setup = msgspec.json.decode(sys.stdin.buffer.readline(talk.MOST_LINE), type=talk.Setup)
    memory = FrameMemory(setup.memory)
    reader = Reader(setup, memory, say)
    recorder = None
    if setup.record is not None:
        recorder = Recorder(setup.record, {"main": reader.main, "sub": reader.sub}, say)
        recorder.start()
    if setup.relay is not None:
        Outlet(setup.relay, reader.main, reader.sub).start()
    Thread(target=_obey, args=(reader, Cutter(reader.ring, say), recorder), daemon=True).start()
    Tidy().start()
    reader.run()


def _speaker() -> Say:
    """The way to the supervisor; whatever a library prints goes to standard error instead."""
    out = os.dup(1)
    os.dup2(2, 1)
    lock = Lock()

    def say(report: talk.Report) -> None:
        with lock:
            try:
                os.write(out, talk.line(report))
            except BrokenPipeError:
                os._exit(0)  # nobody listens any more

    return say


def _obey(reader: Reader, cutter: Cutter, recorder: Recorder | None) -> None:
    decoder = msgspec.json.Decoder(talk.Order)
    while line := sys.stdin.buffer.readline(talk.MOST_LINE):
        order = decoder.decode(line)
        if isinstance(order, talk.Cut):
            cutter.order(order)
        elif isinstance(order, talk.Sleep):
            reader.asleep = order.asleep
        elif recorder is not None:
            recorder.turn(order.mode)
    if recorder is not None:
        recorder.stop()
    os._exit(0)  # the supervisor is gone or wants no more; the reader may be waiting inside FFmpeg


if __name__ == "__main__":
    main()
