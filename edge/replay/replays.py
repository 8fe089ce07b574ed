"""Replays that the hub orders: one at a time, in a process of its own, told to the hub as it goes on."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from edge.order.desk import Unable
from edge.replay.job import job, masks
from wire.border import Bad
from wire.replay import Replayed, decode_replayed
from wire.scene import MOST_OUTLINES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from edge.carrier import Carrier
    from edge.config import CameraConfig, EdgeConfig
    from edge.replay.job import Job
    from wire.order import Replay

log = logging.getLogger(__name__)

_ROOT = Path(__file__).resolve().parents[2]
SCRATCH = ".replay-"
"""How folders of what is cut out begin: no camera can have such a name."""
CHILD = (sys.executable, "-m", "edge.replay.child")
GONE = frozenset({404, 410})
"""What the hub answers once nobody wants it any more."""
TRIES = 10
"""Times that the last report is tried, a second apart."""


class Replays:
    """`begin` from the one who obeys; `stop` once. What one that was killed has left goes.

    Args:
        edge: this edge as it is configured now.
        folder: of all recordings.
        carrier: a way to the hub for one replay.
        child: the program that runs a job.
    """

    def __init__(
        self,
        edge: Callable[[], EdgeConfig],
        folder: Path,
        carrier: Callable[[], Carrier],
        child: Sequence[str] = CHILD,
    ) -> None:
        self._edge, self._folder, self._carrier, self._child = edge, folder, carrier, tuple(child)
        self._worker: threading.Thread | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        for left in folder.glob(f"{SCRATCH}*"):
            shutil.rmtree(left, ignore_errors=True)

    @property
    def is_running(self) -> bool:
        """Whether one goes on."""
        return self._worker is not None and self._worker.is_alive()

    def begin(self, args: Replay, camera: CameraConfig, number: str) -> None:
        """Begin one; raises Unable with a sentence."""
        if self.is_running:
            raise Unable("a replay goes on already: stop it, or wait for its end")
        if self._stopping.is_set():
            raise Unable("this device is ending")
        if (many := len(masks(camera, args))) > MOST_OUTLINES:
            words = f"{many} are too many masks together with those in force, which stay in force meanwhile"
            raise Unable(f"{words}: draw fewer, or save them first; {MOST_OUTLINES} are the most")
        self._worker = threading.Thread(target=self._run, args=(args, camera, number), daemon=True)
        self._worker.start()

    def stop(self) -> None:
        """End what goes on, within two seconds."""
        self._stopping.set()
        if process := self._process:
            process.kill()
        if self._worker:
            self._worker.join(2.0)

    def _run(self, args: Replay, camera: CameraConfig, number: str) -> None:
        carrier = self._carrier()
        try:
            self._tell_last(self._ran(args, camera, carrier, number), carrier, number)
        except Exception:
            log.exception("a replay stumbled")
        finally:
            carrier.close()

    def _ran(self, args: Replay, camera: CameraConfig, carrier: Carrier, number: str) -> Replayed:
        """How it ended, or why it could not begin."""
        try:
            with tempfile.TemporaryDirectory(
                prefix=SCRATCH, dir=self._folder, ignore_cleanup_errors=True
            ) as scratch:
                told = job(self._edge(), camera, args, str(self._folder), scratch)
                return self._follow(told, carrier, number)
        except OSError as error:
            log.warning("a replay cannot begin: %s", error)
            return Replayed("failed", reason=f"this device cannot begin it: {error.strerror or error}"[:200])

    def _follow(self, told: Job, carrier: Carrier, number: str) -> Replayed:
        """Run the job; its last words, or those that stand for them."""
        said = Replayed("running")
        with subprocess.Popen(  # noqa: S603 - ours
            self._child, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=_env()
        ) as process:
            self._process = process
            if self._stopping.is_set():  # while it was being made
                process.kill()
            assert process.stdin is not None
            assert process.stdout is not None
            try:
                process.stdin.write(msgspec.json.encode(told) + b"\n")
                process.stdin.close()
                for line in process.stdout:
                    said = decode_replayed(line.rstrip())
                    if said.state != "running":
                        return said
                    if not _tell(said, carrier, number):
                        return _ended(said, "stopped", None)
            except (OSError, Bad) as error:
                log.warning("a replay broke off: %s", error)
            finally:
                process.kill()
                self._process = None
        reason = "this device ended" if self._stopping.is_set() else "the replay broke off"
        return _ended(said, "failed", reason)

    def _tell_last(self, said: Replayed, carrier: Carrier, number: str) -> None:
        for _ in range(1 if self._stopping.is_set() else TRIES):
            try:
                carrier.ask("POST", f"/edge/v1/replays/{number}", msgspec.json.encode(said), _JSON)
            except OSError:
                time.sleep(1.0)
            else:
                return


_JSON = {"Content-Type": "application/json"}


def _tell(said: Replayed, carrier: Carrier, number: str) -> bool:
    """Say how far it is; false once nobody wants it any more. A hub that is away may come back."""
    try:
        answer = carrier.ask("POST", f"/edge/v1/replays/{number}", msgspec.json.encode(said), _JSON)
    except OSError as error:
        log.debug("a replay is not told of: %s", error)
        return True
    return answer.status not in GONE


def _ended(said: Replayed, state: str, reason: str | None) -> Replayed:
    values = msgspec.structs.asdict(said) | {"state": state, "reason": reason}
    return msgspec.convert(values, Replayed)


def _env() -> dict[str, str]:
    path = filter(None, (str(_ROOT), os.environ.get("PYTHONPATH")))
    return os.environ | {"PYTHONPATH": os.pathsep.join(path)}
