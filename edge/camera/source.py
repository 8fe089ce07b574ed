"""A camera as the agent sees it: pictures, health and clips from a process that may die at any time.

with Source("c-2-01", "rtsp://user:password@10.0.0.7/sub", fps=5, spool=Path("data/spool")) as source:
    while running:
        if frame := source.next(timeout=1.0):       # the next not yet taken, or None after 1 s
            look(frame.picture, frame.at)           # BGR [h, w, 3], stream time
# and from any other thread
source.health()                                     # Health(state="live", since=…, reason=None, …)
source.clip(began - 5, ended + 5, Path("a.mp4"))    # waits until the stream has reached the end
"""

from __future__ import annotations

import logging
import random
import time
from contextlib import suppress
from os import close
from threading import Condition, Event, Thread
from typing import TYPE_CHECKING, Self

import msgspec

from edge.camera import talk
from edge.camera.child import Child, Gone
from edge.camera.clip import Clip, NoClip
from edge.camera.frame import WAITING, Frame, FrameMemory, allot
from edge.camera.health import Health
from edge.camera.inlet import Inlet
from edge.camera.keep import PLAIN, Keep
from edge.camera.mask import Mask, Polygon
from edge.camera.orders import Orders
from edge.camera.pace import back_off

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path
    from types import TracebackType

log = logging.getLogger(__name__)

HUNG_AFTER = 9.5
"""Seconds without a word from the child, which speaks every second: it is killed and started again."""
STARTS_WITHIN = 30.0
"""Seconds to its first word: when an edge starts, all its cameras' processes start at once."""
WELL_AFTER = 10.0
"""A child that lived so many seconds ends the back-off."""
LIMITS = {"fps": (0.01, 120), "width": (64, 8192), "keep": (1, 600)}
RING_BYTES = 32 * 2**20
CLIP_WITHIN = 20.0
"""Seconds past its end in which a clip is written, or never will be."""


class Source:
    """Supervises one camera's process; `start` and `stop` once each, all else from any thread.

    Args:
        camera: the camera's name, given back with each frame.
        url: rtsp, rtsps, rtmp, http or https address, path of a video file (plays for ever), or the
            number of a webcam.
        fps: most pictures a second that `next` is given.
        masks: polygons with corners 0..1 that nobody may see; burnt in by the child.
        width: widest picture that `next` is given, pixels; None for the camera's own width.
        keep: what is kept of what it shows.
        spool: folder under which `clip` puts relative paths.

    Raises:
        ValueError: a mask or number makes no sense; the text says which.
    """

    def __init__(
        self,
        camera: str,
        url: str | int,
        *,
        spool: Path,
        fps: float = 5.0,
        masks: Sequence[Polygon] = (),
        width: int | None = 768,
        keep: Keep = PLAIN,
    ) -> None:
        _refuse(fps, width, keep, masks)
        self.camera = camera
        polygons = tuple(tuple((float(x), float(y)) for x, y in polygon) for polygon in masks)
        self._spool = spool.resolve()
        self._fd = allot()
        self._memory = FrameMemory(self._fd)
        self._setup = talk.Setup(url, fps, polygons, width, keep.seconds, RING_BYTES, self._fd, 0, keep.main)
        self._health = Health(camera, "opening", time.time())
        self._scribe = keep.scribe
        self._mode: talk.Mode | None = None
        """What the process records now."""
        self._child: Child | None = None
        self._asleep: Child | None = None
        """The child that was told that keyframes will do."""
        self._shown = self._taken = 0
        self._fresh = Condition()
        self._stopping = Event()
        self._orders = Orders()
        self._inlet = Inlet(camera)
        self._thread = Thread(target=self._run, name=f"camera {camera}", daemon=True)

    def start(self) -> None:
        """Start the child and its supervision; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """End the child, within about two seconds, and free the memory. Frames taken stay valid."""
        self._stopping.set()
        if child := self._child:
            child.close()
        with self._fresh:
            self._fresh.notify_all()
        if self._thread.ident is not None:
            self._thread.join()
        with self._fresh:
            self._memory.close()
            close(self._fd)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def next(self, timeout: float) -> Frame | None:
        """The picture after the one taken last; None if none comes within `timeout` seconds.

        Of more than `WAITING` that wait the newest is given, and those before it are lost.
        """
        until = time.monotonic() + timeout
        with self._fresh:
            while not self._stopping.is_set():
                if self._shown > self._taken:
                    waits = self._shown - self._taken <= WAITING
                    self._taken = self._taken + 1 if waits else self._shown
                    if frame := self._memory.read(self.camera, self._taken):
                        return frame
                elif not self._fresh.wait(until - time.monotonic()):
                    break
        return None

    def health(self) -> Health:
        """What the camera is doing now."""
        return self._health

    def pid(self) -> int | None:
        """The child's process id; None between two children."""
        return child.pid if (child := self._child) else None

    def clip(self, begin: float, end: float, path: Path) -> Clip:
        """Write what the camera saw from `begin` to `end` (stream time) as an MP4 file.

        Starts with the keyframe at or before `begin`, or as early as the ring reaches back. Waits until
        the stream has reached `end`; a stream that stands still is given three seconds more. Nothing is
        coded anew, but for a masked camera and one that sends neither H.264 nor H.265: their ring holds
        masked pictures coded by the child.

        Raises:
            NoClip: there is none to be had; the text says why.
        """
        if not 0 < end - begin <= self._setup.ring_seconds:
            raise NoClip(f"a clip lasts between 0 and {self._setup.ring_seconds:g} s, not {end - begin:g} s")
        if end > time.time() + self._setup.ring_seconds:
            raise NoClip("a clip cannot end so far ahead")
        child, target = self._child, self._spool / path
        if child is None:
            raise NoClip("the camera's process is being started again")
        number, answer = self._orders.open()
        try:
            child.tell(talk.Cut(number, begin, end, str(target)))
        except Gone as gone:
            self._orders.give_up(str(gone))
        done = self._orders.wait(number, answer, max(0.0, end - time.time()) + CLIP_WITHIN)
        return Clip(target, done.began, done.ended, done.size, done.sha256)

    def relay(self, mains: Iterable[bool], take: Callable[[bytes], None]) -> None:
        """Hand each packet of these streams (the main one, the other), and of no others, to `take`.

        As messages of wire/relay.py, from the group of pictures on that is going on; by a thread of its own,
        which `take` may hold up: what does not get away is dropped up to a keyframe.
        """
        self._inlet.watch(mains, take)

    def sleep(self, *, asleep: bool) -> None:
        """Have only keyframes decoded, where they come often enough, or each picture again; returns at once.

        Of a masked camera each picture is coded anew, so all are decoded.
        """
        child = self._child
        if child is None or asleep == (child is self._asleep):
            return
        with suppress(Gone):
            child.tell(talk.Sleep(asleep))
            self._asleep = child if asleep else None

    def _run(self) -> None:
        failures = 0
        while not self._stopping.is_set():
            began = time.monotonic()
            self._supervise()
            failures = 0 if time.monotonic() - began >= WELL_AFTER else failures
            self._stopping.wait(back_off(failures, random.random()))  # noqa: S311 - jitter, not a secret
            failures += 1

    def _supervise(self) -> None:
        """One child from its start to its end."""
        try:
            with self._inlet.begin() as relay:
                child = self._child = Child(self._fd, relay.fileno())
                told = msgspec.structs.replace(self._setup, relay=relay.fileno())
        except OSError as error:
            self._inlet.end()
            said = f"the camera's process cannot be started: {error.strerror}"
            self._heard(talk.Lost("decoder-crashed", said))
            return
        try:
            record = self._scribe.begin() if self._scribe else None
            self._mode = record.mode if record else None
            child.tell(msgspec.structs.replace(told, seq=self._shown, record=record))
            patience = STARTS_WITHIN
            while not self._stopping.is_set():
                if not (reports := child.hear(patience)):
                    child.kill()
                    self._heard(talk.Lost("silent", f"the camera's process said nothing for {patience:g} s"))
                    break
                patience = HUNG_AFTER
                for report in reports:
                    self._heard(report)
                self._turn(child)
        except Gone as gone:
            if not self._stopping.is_set():
                self._heard(talk.Lost("decoder-crashed", str(gone)))
        finally:
            self._child = None
            child.end()
            self._inlet.end()
            self._orders.give_up("the camera's process has ended")

    def _turn(self, child: Child) -> None:
        """Have another stream recorded, where that is wanted by now."""
        if self._scribe and self._mode is not None and self._mode != self._scribe.mode:
            self._mode = self._scribe.mode
            child.tell(talk.Turn(self._mode))

    def _heard(self, report: talk.Report) -> None:
        if isinstance(report, talk.Wrote | talk.Recording):
            if self._scribe:
                self._scribe.heard(report)
            return
        if isinstance(report, talk.Done | talk.Failed):
            self._orders.answer(report)
            return
        self._health = self._health.after(report, time.time())
        if isinstance(report, talk.Shown):
            with self._fresh:
                self._shown = max(self._shown, report.seq)
                self._fresh.notify_all()
        elif isinstance(report, talk.Lost):
            log.warning("camera %s: %s: %s", self.camera, report.reason, report.detail)


def _refuse(fps: float, width: int | None, keep: Keep, masks: Sequence[Polygon]) -> None:
    for name, value in (("fps", fps), ("width", width), ("keep", keep.seconds)):
        least, most = LIMITS[name]
        if value is not None and not least <= value <= most:
            raise ValueError(f"{name} is between {least:g} and {most:g}, not {value}")
    Mask(masks)
