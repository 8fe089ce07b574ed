"""Holds one program: when whoever holds our standard input goes, by whatever death, all it started goes too.

Run as a script: `python3 -I -S leash.py GRACE PROGRAM [ARGUMENT…]`. GRACE is in seconds: the program gets
SIGTERM, and SIGKILL when the grace is over. Children that it leaves behind are adopted (Linux: child
subreaper) and ended. Exit code: the program's own, or 128 + the signal that ended it; 127 when it cannot be
started.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import sys
import time
from pathlib import Path

_SET_PDEATHSIG, _SET_CHILD_SUBREAPER = 1, 36
_LEFTOVER_GRACE = 0.5
_STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def _prctl(option: int, value: int) -> None:
    """A hint to the kernel; a system that does not know it still has the pipe."""
    call = getattr(ctypes.CDLL(None), "prctl", None)
    if call is not None:
        call(option, value, 0, 0, 0)


def start(argv: list[str]) -> int:
    """Fork and become `argv` in the child; the child's process id."""
    holder = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    _prctl(_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != holder:
        os._exit(1)
    signal.set_wakeup_fd(-1)
    for number in (*_STOPS, signal.SIGCHLD, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    os.setpgid(0, 0)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    try:
        os.execvp(argv[0], argv)  # noqa: S606 - the whole point of this file
    except OSError as error:
        os.write(2, f"{argv[0]} cannot be started: {error.strerror}\n".encode())
    os._exit(127)


def below(root: int) -> list[int]:
    """Every living descendant of process `root`, read from /proc."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it ended meanwhile
                continue
            if fields[0] != "Z":
                parents[int(entry.name)] = int(fields[1])
    found, ring = [], {root}
    while ring := {pid for pid, parent in parents.items() if parent in ring}:
        found += sorted(ring)
    return found


def signal_all(number: int) -> None:
    """Send a signal to all descendants."""
    for pid in below(os.getpid()):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


class Leash:
    """One program, watched."""

    def __init__(self, argv: list[str], grace: float) -> None:
        self._grace = grace
        self._bell, ring = os.pipe()
        os.set_blocking(ring, False)
        signal.set_wakeup_fd(ring, warn_on_full_buffer=False)
        self._told = False
        for number in _STOPS:
            signal.signal(number, self._tell)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self._status: int | None = None
        self._pid = start(argv)

    def _tell(self, *_: object) -> None:
        self._told = True

    def reap(self) -> bool:
        """Take in the dead; False when nothing is left to wait for."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self._pid:
                self._status = status

    def hold(self) -> None:
        """Wait until the program ends, or until we are told to let go of it."""
        while not self._told and self.reap() and self._status is None:
            ready, _, _ = select.select([0, self._bell], [], [])
            if self._bell in ready:
                os.read(self._bell, 512)
            if 0 in ready and not os.read(0, 512):
                return

    def _wait(self, seconds: float, *, for_all: bool) -> bool:
        until = time.monotonic() + seconds
        while (alive := self.reap()) and (for_all or self._status is None):
            if time.monotonic() >= until:
                return False
            select.select([self._bell], [], [], 0.05)
        return not alive or not for_all

    def let_go(self) -> int:
        """End the program in an orderly way, then whatever it left behind; its exit code."""
        if self._status is None:
            os.kill(self._pid, signal.SIGTERM)
            self._wait(self._grace, for_all=False)
        if self._status is not None and self.reap():
            signal_all(signal.SIGTERM)
            self._wait(_LEFTOVER_GRACE, for_all=True)
        while self.reap():
            signal_all(signal.SIGKILL)
            self._wait(0.2, for_all=True)
        code = os.waitstatus_to_exitcode(self._status or 0)
        return code if code >= 0 else 128 - code


def main() -> int:
    """Hold until it is over."""
    _prctl(_SET_CHILD_SUBREAPER, 1)
    leash = Leash(sys.argv[2:], float(sys.argv[1]))
    leash.hold()
    return leash.let_go()


if __name__ == "__main__":
    sys.exit(main())
