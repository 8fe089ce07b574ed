"""A process that is started again whenever it dies, as systemd would, and that a test may kill."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parents[2]
AGAIN_SECONDS = 0.1
GRACE_SECONDS = 10.0


class Lasting:
    """Runs `argv` until `end`, or until it ends by itself with 0."""

    def __init__(
        self,
        argv: Sequence[str],
        log: Path,
        *,
        user: str | None = None,
        asks: signal.Signals = signal.SIGTERM,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.lives = 0
        self._user, self._asks = user, asks
        self._argv, self._log = list(argv), log
        self._environment = {**os.environ, **(environment or {})}
        self._child: subprocess.Popen[bytes] | None = None
        self._ending, self._held = threading.Event(), threading.Event()
        self._lock = threading.Lock()
        self._watch = threading.Thread(target=self._run, name=log.stem, daemon=True)

    def start(self) -> None:
        """Begin its first life."""
        self._watch.start()

    @property
    def pid(self) -> int | None:
        """Of the life that is lived now."""
        child = self._child
        return child.pid if child and child.poll() is None else None

    @property
    def over(self) -> bool:
        """It ended by itself."""
        return bool(self._watch.ident) and not self._watch.is_alive()

    def kill(self) -> bool:
        """kill -9; whether there was somebody to kill."""
        with self._lock:
            child = self._child
            if child is None or child.poll() is not None:
                return False
            child.send_signal(signal.SIGKILL)
            return True

    def hold(self) -> None:
        """kill -9, and stay down until `let_go`."""
        self._held.set()
        self.kill()

    def let_go(self) -> None:
        """Live again."""
        self._held.clear()

    def end(self) -> None:
        """Ask it to stop; kill it when it does not."""
        self._ending.set()
        with self._lock:
            child = self._child
        if child and child.poll() is None:
            child.send_signal(self._asks)
            with suppress(subprocess.TimeoutExpired):
                child.wait(GRACE_SECONDS)
            child.kill()
        if self._watch.ident:
            self._watch.join(GRACE_SECONDS)

    def words(self, most: int = 2000) -> str:
        """The last that it said, for whoever wonders."""
        return self._log.read_text(encoding="utf-8", errors="replace")[-most:] if self._log.exists() else ""

    def _begin(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        where = "/" if self._user else ROOT
        return subprocess.Popen(
            self._argv, cwd=where, env=self._environment, stdout=log, stderr=log, user=self._user
        )

    def _run(self) -> None:
        with self._log.open("ab") as log:
            while not self._ending.is_set():
                if self._held.is_set():
                    time.sleep(AGAIN_SECONDS / 2)
                    continue
                with self._lock:
                    if self._ending.is_set():
                        return
                    self._child = self._begin(log)
                    self.lives += 1
                if self._child.wait() == 0:
                    return
                self._ending.wait(AGAIN_SECONDS)
