"""`python -m tests.promises.promiser FILE`: a device that promises, and writes down what it has promised.

Outbox and link are the edge's own. What `put` returned for is written to `promised` and only then counts, so
that a kill at any moment leaves at most one message for each thread that is kept and not counted. A file
`quiet` in its folder ends the promising; when everything has been receipted the process ends by itself.
"""

from __future__ import annotations

import itertools
import logging
import os
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from edge.config import DetectorConfig, EdgeConfig, HubConfig
from edge.config.values import CameraConfig
from edge.envelope import lane, seal
from edge.key import read_key
from edge.link import Link
from edge.outbox import Outbox
from tests.promises import talk
from wire.message import Beat, Scan, Sos

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wire.message import Event

LOOK_SECONDS = 0.05
ZONES = 20
Talk = Literal["rounds", "crowded", "mixed", "panic"]


class Spec(msgspec.Struct, frozen=True):
    """What one device does; the file that its process is given."""

    device: str
    camera: str
    mqtt: str
    key_file: str
    folder: str
    talk: Talk = "rounds"
    each_second: float = 50.0
    """Messages; 0 is as fast as it can."""
    most: int = 0
    """Messages of this talk; 0 is no end."""
    threads: int = 2
    again: float = 30.0
    """Seconds after which what is not receipted goes again."""
    speaks: bool = True
    """Whether it connects at all; one that does not ends when it has said `most`."""

    @property
    def promised(self) -> Path:
        """One line a promise: kind, mark, envelope, epoch, seq, second of UNIX epoch."""
        return Path(self.folder) / "promised"

    @property
    def quiet(self) -> Path:
        """Promise no more."""
        return Path(self.folder) / "quiet"

    @property
    def counts(self) -> Path:
        """How much waits now, as a number."""
        return Path(self.folder) / "queued"

    @property
    def figures(self) -> Path:
        """How often this life has published, and been acknowledged by the broker, as two numbers."""
        return Path(self.folder) / "figures"

    def words(self) -> Iterator[Event | Scan | Sos]:
        """What it says."""
        match self.talk:
            case "rounds":
                return talk.rounds(self.camera)
            case "crowded":
                return talk.crowded(self.camera, ZONES)
            case "mixed":
                return talk.mixed(talk.crowded(self.camera, ZONES))
            case "panic":
                return (talk.panic() for _ in itertools.count())


class Promiser:
    """One life of the device."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        folder = Path(spec.folder)
        self.outbox = Outbox(folder / "outbox.sqlite", again=spec.again)
        hub = HubConfig(spec.mqtt, "http://127.0.0.1:1", spec.key_file)
        camera = CameraConfig(id=spec.camera, url=0)
        config = EdgeConfig(
            spec.device, "yunda", hub, str(folder), DetectorConfig(model="none.onnx"), (camera,)
        )
        self.link = Link(config, read_key(Path(spec.key_file)), self.outbox, self._beat)
        self._written = os.open(spec.promised, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._words, self._next = spec.words(), threading.Lock()
        self._left = itertools.count(spec.most, -1) if spec.most else itertools.repeat(1)

    def run(self) -> None:
        """Promise until told to be quiet, then until nothing waits."""
        if self.spec.speaks:
            self.link.start()
        began = time.monotonic()
        workers = [
            threading.Thread(target=self._talk, args=(began, number)) for number in range(self.spec.threads)
        ]
        for worker in workers:
            worker.start()
        while any(worker.is_alive() for worker in workers) or not self._done():
            time.sleep(LOOK_SECONDS)
            self._tell_queued()
        said = self.link.figures
        self.spec.figures.write_text(f"{said.published} {said.acknowledged}", encoding="ascii")
        self.link.stop()
        self.outbox.close()

    def _done(self) -> bool:
        if not self.spec.speaks:
            return True
        return self.spec.quiet.exists() and self._tell_queued() == 0

    def _tell_queued(self) -> int:
        queued = self.outbox.counts().queued
        fresh = self.spec.counts.with_suffix(".new")
        fresh.write_text(str(queued), encoding="ascii")
        fresh.replace(self.spec.counts)
        return queued

    def _talk(self, began: float, number: int) -> None:
        pause = self.spec.threads / self.spec.each_second if self.spec.each_second else 0.0
        for turn in itertools.count():
            if self.spec.quiet.exists() or not self._promise_next():
                return
            if pause:
                due = began + number * pause / self.spec.threads + turn * pause
                time.sleep(max(0.0, due - time.monotonic()))

    def _promise_next(self) -> bool:
        with self._next:
            if next(self._left) <= 0:
                return False
            body = next(self._words)
        self._promise(body)
        return True

    def _promise(self, body: Event | Scan | Sos) -> None:
        envelope = seal(self.spec.device, self.outbox.epoch, body)
        seq = self.outbox.put(envelope, lane(body))
        kind = str(type(body).__struct_config__.tag)
        line = f"{kind} {mark(body)} {envelope.id} {self.outbox.epoch} {seq} {time.time():.6f}\n"
        # Whoever is killed loses nothing that the kernel has: only a power cut would need more.
        os.write(self._written, line.encode())
        self.link.wake()

    def _beat(self) -> Beat:
        counts = self.outbox.counts()
        return Beat(0, 0, counts.queued, counts.dropped)


def mark(body: Event | Scan | Sos) -> str:
    """By what its effect is found at the hub."""
    if isinstance(body, Sos):
        return body.call
    return body.checkpoint or "" if isinstance(body, Scan) else body.event


if __name__ == "__main__":
    told = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=Spec)
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    Promiser(told).run()
