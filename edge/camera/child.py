"""A camera's own process, seen from its supervisor."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
from pathlib import Path
from threading import Lock

import msgspec

from edge.camera import talk

_ROOT = Path(__file__).resolve().parents[2]
_LEAN = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    "MALLOC_MMAP_THRESHOLD_": str(1 << 20),
}
"""A process a camera must be small. Its pictures have mappings of their own: among smaller blocks they
widened the heap by a step every few minutes. That costs 0.2 of the 3 ms that a picture of 768 x 576 takes."""
_ENDS_WITHIN = 1.0
_reports = msgspec.json.Decoder(talk.Report)


class Gone(Exception):  # noqa: N818 - what happened, not an error of the program
    """The process has ended or talks nonsense; the text says how."""


class Child:
    """One process of `edge.camera.reader`, started at once; it waits for its set-up.

    It is in a process group of its own, so that Ctrl-C in a terminal reaches the supervisor alone, and it
    ends when its standard input does, so that it never outlives the supervisor. It inherits the file
    descriptors `fds`.

    Raises:
        OSError: the system has no room for one more process.
    """

    def __init__(self, *fds: int) -> None:
        path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "edge.camera.reader"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            pass_fds=fds,
            process_group=0,
            env=os.environ | _LEAN | {"PYTHONPATH": path},
        )
        self.pid = self._process.pid
        self._rest = b""
        self._lock = Lock()

    def tell(self, message: talk.Setup | talk.Order) -> None:
        """Send one line.

        Raises:
            Gone: the process does not read any more.
        """
        assert self._process.stdin is not None
        with self._lock:
            try:
                self._process.stdin.write(talk.line(message))
            except (OSError, ValueError) as error:
                raise Gone("the camera's process has ended") from error

    def hear(self, timeout: float) -> list[talk.Report]:
        """What it said meanwhile; empty when it said nothing for `timeout` seconds.

        Raises:
            Gone: it has ended, or sent what is no report.
        """
        assert self._process.stdout is not None
        with selectors.DefaultSelector() as ready:
            ready.register(self._process.stdout, selectors.EVENT_READ)
            if not ready.select(timeout):
                return []
        more = os.read(self._process.stdout.fileno(), talk.MOST_LINE)
        *lines, self._rest = (self._rest + more).split(b"\n")
        if not more or len(self._rest) > talk.MOST_LINE:
            raise Gone(self._ended())
        try:
            return [_reports.decode(line) for line in lines]
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise Gone("the camera's process talks nonsense") from error

    def close(self) -> None:
        """Ask it to end; may be asked from any thread."""
        assert self._process.stdin is not None
        with self._lock:
            self._process.stdin.close()

    def kill(self) -> None:
        """End it at once: it hangs, or does not matter any more."""
        self._process.kill()

    def end(self) -> None:
        """Have it end, kill it if it does not within a second, and leave nothing of it."""
        assert self._process.stdout is not None
        self.close()
        try:
            self._process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def _ended(self) -> str:
        try:
            code = self._process.wait(_ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            return "the camera's process fell silent"
        if code < 0:
            return f"the camera's process was ended by {signal.Signals(-code).name}"
        return f"the camera's process ended with code {code}"
