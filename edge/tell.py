"""What is seen becomes what is said: events into the outbox, then stills and clips into the spool."""

from __future__ import annotations

import heapq
import logging
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from edge.camera.clip import NoClip
from edge.clock import moment
from edge.disk import DiskError
from edge.envelope import lane, seal
from edge.see.still import jpeg, thumb
from edge.veil import Veil
from wire.message import Bad, Event, Manifest

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.camera.clip import Clip
    from edge.camera.frame import Frame
    from edge.config import CameraConfig
    from edge.outbox import Outbox
    from edge.rule.change import Change
    from edge.spool import Spool
    from edge.watch import Eye
    from wire.message import MediaRef, Up

log = logging.getLogger(__name__)

NAMES = {"call": "event_id", "event": "event_id", "phase": "phase", "to": "order"}
"""Field of a message → its name in the log."""

SETTLE = 0.5
"""Seconds that a clip waits beyond its end, so that the last pictures have arrived."""
IDLE = 1.0
LONGEST = 120.0
"""A file that is due later than so many seconds from now never was: the wall clock was set back."""


@dataclass(frozen=True, slots=True, order=True)
class Job:
    """Files of one event to make at wall second `due`."""

    due: float
    event: str
    camera: CameraConfig = field(compare=False)
    at: float = field(compare=False)
    still: bytes | None = field(compare=False, default=None)
    """Ready to be kept; without it a clip is to be cut."""
    eye: Eye | None = field(compare=False, default=None)
    age: int = field(compare=False, default=0)
    """Of its camera's veil when it was seen."""


class Teller:
    """Speaks for one device; `say` from any thread, one worker makes files."""

    def __init__(
        self, device: str, outbox: Outbox, spool: Spool, *, said: Callable[[], None], kept: Callable[[], None]
    ) -> None:
        """Prepare.

        Args:
            device: whose voice it is.
            outbox: where messages are promised.
            spool: where files wait.
            said: called after something was put into the outbox.
            kept: called after something was put into the spool.
        """
        self._device, self._outbox, self._spool = device, outbox, spool
        self._said, self._kept = said, kept
        self.recorded: Callable[[str, float, float, Path], Clip] | None = None
        """Cuts a clip out of what was recorded; for events that the packet ring does not reach back to."""
        self.told: Callable[[Change, str], None] | None = None
        """Given each event and its camera, too; told by the thread that says it."""
        self.veil = Veil()
        """Of cameras whose masks change: no file is made any more of what was seen under the old ones."""
        self._jobs: list[Job] = []
        self._fresh = threading.Condition()
        self._stopping = threading.Event()
        self._worker = threading.Thread(target=self.run, name="teller", daemon=True)

    def start(self) -> None:
        """Begin to make files; returns at once."""
        self._worker.start()

    def stop(self) -> None:
        """Break off; clips that are not cut yet never will be."""
        self._stopping.set()
        with self._fresh:
            self._fresh.notify_all()
        if self._worker.ident:
            self._worker.join(1.0)

    def say(self, change: Change, camera: CameraConfig, eye: Eye, frame: Frame | None) -> None:
        """Promise the event; of a new one that was seen in `frame`, a still and a clip follow."""
        if self.told:
            self.told(change, camera.id)
        if frame is None or change.phase != "new":
            self.put(_event(change, camera.id, None))
            return
        self.put(_event(change, camera.id, thumb(frame.picture)))
        age, due = self.veil.age(camera.id), change.at + camera.post_roll + SETTLE
        still = Job(0.0, change.event, camera, change.at, still=jpeg(frame.picture), age=age)
        clip = Job(due, change.event, camera, change.at, eye=eye, age=age)
        with self._fresh:
            heapq.heappush(self._jobs, still)
            heapq.heappush(self._jobs, clip)
            self._fresh.notify_all()

    def announce(self, manifest: Manifest) -> None:
        """Promise that files which now wait in the spool will come."""
        self._kept()
        self.put(manifest)

    def put(self, body: Up) -> None:
        """Promise a message; where that cannot be, the log says why."""
        try:
            self.promise(body)
        except (DiskError, Bad) as error:
            log.error("a message cannot be promised: %s", error)  # noqa: TRY400 - the sentence says it all

    def promise(self, body: Up) -> None:
        """Promise a message.

        Raises:
            DiskError: it cannot be kept.
            Bad: it may not pass.
        """
        seq = self._outbox.put(seal(self._device, self._outbox.epoch, body), lane(body))
        log.info("promised", extra={**_named(body), "epoch": self._outbox.epoch, "seq": seq})
        self._said()

    def run(self) -> None:
        """Make files until stopped."""
        while not self._stopping.is_set():
            try:
                self.once(time.time())
            except Exception:
                log.exception("making files stumbled and goes on")
            with self._fresh:
                wait = min(IDLE, self._jobs[0].due - time.time()) if self._jobs else IDLE
                if wait > 0 and not self._stopping.is_set():
                    self._fresh.wait(wait)

    def once(self, now: float) -> None:
        """Make every file whose time has come by wall second `now`."""
        while job := self._next(now):
            try:
                self._make(job)
            except NoClip as error:
                what = "clip" if job.still is None else "still"
                log.info("camera %s: no %s of event %s: %s", job.camera.id, what, job.event, error)
            except OSError as error:
                log.warning("camera %s: a file of event %s is not kept: %s", job.camera.id, job.event, error)

    def _next(self, now: float) -> Job | None:
        with self._fresh:
            is_time = self._jobs and not 0.0 < self._jobs[0].due - now < LONGEST
            return heapq.heappop(self._jobs) if is_time else None

    def _make(self, job: Job) -> None:
        self._unmasked(job)
        if job.still is not None:
            self._announce(job, job.at, job.at, self._spool.keep("still", job.still))
        elif job.eye is not None:
            begin, end = job.at - job.camera.pre_roll, job.at + job.camera.post_roll
            clip = self._cut(job, job.eye, begin, end)
            self._unmasked(job, clip.path)
            ref = self._spool.adopt("clip", clip.path, clip.sha256)
            self._announce(job, clip.began, clip.ended, ref)

    def _cut(self, job: Job, eye: Eye, begin: float, end: float) -> Clip:
        """From the ring, or from the recordings where the ring has been lost with its process."""
        name = Path(f"{job.event}.mp4")
        try:
            return eye.clip(begin, end, name)
        except NoClip:
            if self.recorded is None:
                raise
            return self.recorded(job.camera.id, begin, end, self._spool.parts / name)

    def _unmasked(self, job: Job, made: Path | None = None) -> None:
        """Break off, and remove what was made, where masks have changed since it was seen."""
        if self.veil.lets(job.camera.id, job.age):
            return
        if made:
            made.unlink(missing_ok=True)
        raise NoClip("its camera's masks have changed since")

    def _announce(self, job: Job, began: float, ended: float, ref: MediaRef) -> None:
        self.announce(Manifest(job.event, job.camera.id, moment(began), moment(ended), (ref,)))


def _named(body: Up) -> dict[str, str]:
    """Under which names a message is found again, in the hub's log too."""
    given = {name: getattr(body, field) for field, name in NAMES.items() if hasattr(body, field)}
    return {"kind": str(body.__struct_config__.tag), **given}


def _event(change: Change, camera: str, picture: bytes | None) -> Event:
    facts = change.facts
    return Event(
        event=change.event,
        phase=change.phase,
        kind=change.kind,
        camera=camera,
        began=moment(change.began),
        at=moment(change.at),
        score=min(1.0, max(0.0, facts.score)),
        trust=facts.trust,
        zone=change.zone,
        boxes=facts.boxes,
        picture=facts.picture,
        count=facts.count,
        seconds=facts.seconds,
        reason=facts.reason,
        drill=facts.drill,
        thumb=picture,
    )
