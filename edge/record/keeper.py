"""Keeps the recordings of an edge: tells the hub what was written, deletes what is old, minds the room."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edge.clock import moment
from edge.record.archive import DAY, Archive
from edge.record.room import FLOOR_DAYS, Need, Plan, plan
from edge.record.scribe import Scribe
from edge.record.tale import Tale
from wire.message import Gap, Segment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from edge.camera.piece import Piece
    from edge.config import CameraConfig, RecordingsConfig
    from edge.rule.change import Change
    from wire.message import Up

log = logging.getLogger(__name__)

EVERY = 5.0
"""Seconds between two looks at what there is to tell."""
MIND_EVERY = 60.0
"""Seconds between two looks at age and room."""
LOOK_BACK = 7 * DAY
"""Over so long it is measured what a camera writes."""
SMALL = 0.15
"""Of a main stream's rate: what a sub-stream is taken to need until it is measured."""
MOST_QUEUED = 500
"""Rows in the outbox from which on the hub is told no more for now: the index knows what is untold."""
FULL = 0.95
"""Share of the room up to which what is older than the floor is deleted when the room is taken."""


@dataclass(frozen=True, slots=True)
class Ways:
    """How the keeper speaks."""

    promise: Callable[[Up], None]
    """Puts a message into the outbox; raises OSError where it cannot."""
    queued: Callable[[], int]
    """Rows in the outbox."""
    tell: Callable[[Change, str], None]
    """Tells a change of a camera."""
    is_live: Callable[[str], bool]
    """Whether a camera gives pictures."""


class Keeper:
    """One worker; `start` and `stop` once each.

    Args:
        folder: of all recordings.
        config: how much room there is.
        ways: how it speaks.

    Raises:
        OSError: the folder cannot be made or written.
    """

    def __init__(self, folder: Path, config: RecordingsConfig, ways: Ways) -> None:
        self.archive = Archive(folder)
        self.plan = Plan({}, None, is_short=False)
        self._config, self._ways = config, ways
        self._scribes: dict[str, tuple[CameraConfig, Scribe]] = {}
        self._tale = Tale(ways.tell, ways.is_live)
        self._minded = float("-inf")
        self._fresh = threading.Event()
        self._stopping = threading.Event()
        self._worker = threading.Thread(target=self.run, name="keeper", daemon=True)
        self._mender = threading.Thread(target=self.mend, name="mender", daemon=True)

    def scribe(self, camera: CameraConfig) -> Scribe | None:
        """Who writes down what the camera's process has recorded; None where it is not to be recorded."""
        if camera.record is None:
            self._scribes.pop(camera.id, None)
            return None
        scribe = Scribe(
            camera.id, self.archive, self._config.seconds, masked=bool(camera.masks), wake=self._fresh.set
        )
        self._scribes[camera.id] = (camera, scribe)
        return scribe

    def scribes(self) -> list[Scribe]:
        """Those of every camera that is to be recorded."""
        return [scribe for _, scribe in self._cameras()]

    def start(self) -> None:
        """Begin; returns at once."""
        self._worker.start()
        self._mender.start()

    def stop(self) -> None:
        """End, and let others have the index."""
        self._stopping.set()
        self._fresh.set()
        for thread in (self._worker, self._mender):
            if thread.ident:
                thread.join(2.0)
        self.archive.close()

    def run(self) -> None:
        """Go round until stopped."""
        while not self._stopping.is_set():
            try:
                self.once(time.time())
            except OSError as error:
                log.warning("recordings: %s", error)
            except Exception:
                log.exception("keeping recordings stumbled and goes on")
            self._fresh.wait(EVERY)
            self._fresh.clear()
            self._stopping.wait(0.1)

    def mend(self) -> None:
        """Let files and index agree again, once; hours where the index was lost, and all else goes on."""
        cameras = sorted(path.name for path in self.archive.folder.iterdir() if path.is_dir())
        for camera in cameras:
            try:
                self.archive.reconcile(camera, lambda: not self._stopping.is_set())
            except OSError as error:
                log.warning("recordings of %s: %s", camera, error)

    def once(self, now: float) -> None:
        """One round at wall second `now`; raises OSError."""
        if not 0 <= now - self._minded < MIND_EVERY:
            self._minded = now
            self._age(now)
            self._mind_room(now)
        self._tell_pieces()
        self._tale.step(self.scribes(), self.plan, now)

    def room(self) -> tuple[float, float]:
        """Bytes that recordings may take in all, and how many they take."""
        used = sum(self.archive.sizes().values())
        free = shutil.disk_usage(self.archive.folder).free - self._config.leave_gb * 1e9
        room = max(0.0, used + free)
        return (min(room, self._config.gb * 1e9) if self._config.gb else room), float(used)

    def _age(self, now: float) -> None:
        """Delete what its owner wants to be kept no longer; also of cameras that are recorded no more."""
        days = {camera.id: float(camera.record.days) for camera, _ in self._cameras() if camera.record}
        for camera in self.archive.sizes():
            for piece in self.archive.oldest(camera, now - days.get(camera, FLOOR_DAYS) * DAY):
                self._delete(piece)

    def _mind_room(self, now: float) -> None:
        room, used = self.room()
        for piece in self._past_floor(now) if used > room * FULL else ():
            self._delete(piece)
            used -= piece.size
            if used <= room * FULL:
                break
        modes = {scribe.camera: scribe.mode for _, scribe in self._cameras()}
        self.plan = plan(self._needs(now), room, used, modes)
        for _, scribe in self._cameras():
            scribe.mode = self.plan.modes[scribe.camera]

    def _past_floor(self, now: float) -> list[Piece]:
        """What may go before its time because the room is taken: nothing younger than the floor."""
        old = [
            piece
            for camera in self.archive.sizes()
            for piece in self.archive.oldest(camera, now - FLOOR_DAYS * DAY)
        ]
        return sorted(old, key=lambda piece: piece.head.began)

    def _needs(self, now: float) -> list[Need]:
        rates = self.archive.rates(now - LOOK_BACK)
        return [_need(camera, rates) for camera, _ in self._cameras()]

    def _tell_pieces(self) -> None:
        while self._ways.queued() < MOST_QUEUED and (pieces := self.archive.untold()):
            for piece in pieces:
                kept_from = self.archive.since(piece.head.camera)
                self._ways.promise(_said(piece, kept_from, self.plan.days))
                self.archive.told(piece)

    def _delete(self, piece: Piece) -> None:
        self.archive.delete(piece)
        log.info("recording %s deleted: its time is over", piece.name)

    def _cameras(self) -> Iterator[tuple[CameraConfig, Scribe]]:
        yield from list(self._scribes.values())


def _need(camera: CameraConfig, rates: dict[tuple[str, str], float]) -> Need:
    main, sub = rates.get((camera.id, "main"), 0.0), rates.get((camera.id, "sub"), 0.0)
    main = main or (sub / SMALL if sub and camera.main is not None else sub)
    small = sub or main * SMALL if camera.main is not None else main
    return Need(camera.id, camera.record.tier if camera.record else 1, main, small)


def _said(piece: Piece, kept_from: float | None, days: float | None) -> Segment:
    head, tail = piece.head, piece.tail
    hole = head.hole
    return Segment(
        camera=head.camera,
        began=moment(head.began),
        ended=moment(tail.ended),
        size=piece.size,
        codec=head.codec,
        picture=(head.width, head.height),
        stream=head.stream,
        sha256=piece.sha256,
        before=head.before,
        hole=None if hole is None else Gap(moment(hole.since), hole.reason, hole.detail or None),
        masked=head.masked,
        torn=tail.torn,
        cores=tail.cores,
        kept_from=None if kept_from is None else moment(kept_from),
        days=None if days is None else min(days, 1e6),
    )
