"""A part that hangs on the terminal: it may go away, says so, and comes back without anybody's help."""

from __future__ import annotations

import errno
import logging
import threading
from abc import ABC, abstractmethod

log = logging.getLogger(__name__)

AGAIN = 2.0
"""Seconds between looks for a part that is away."""
TICK = 0.2
"""Seconds that a part waits for news at most before it looks whether it is to stop."""
STOP_WITHIN = 2.0


class Missing(Exception):  # noqa: N818 - no fault of the program: a plug that is out
    """A part is away; the text says what to do."""


class Part(ABC):
    """One thread; `start` and `stop` once each."""

    def __init__(self, what: str, *, again: float = AGAIN) -> None:
        """Prepare.

        Args:
            what: it is, for the log and the thread's name.
            again: seconds between looks while it is away.
        """
        self.what = what
        self.is_there = False
        self.trouble = ""
        """Why it is away; empty while it is there, and before anybody has looked."""
        self._again = again
        self._stopping = threading.Event()
        self._worker = threading.Thread(target=self.run, name=what, daemon=True)

    @property
    def is_stopping(self) -> bool:
        """Whether it is to end."""
        return self._stopping.is_set()

    def start(self) -> None:
        """Begin; returns at once."""
        self._worker.start()

    def stop(self) -> None:
        """End."""
        self._stopping.set()
        if self._worker.ident:
            self._worker.join(STOP_WITHIN)

    def run(self) -> None:
        """Live until stopped; what is away is looked for."""
        while not self.is_stopping:
            try:
                self.live()
            except Missing as missing:
                self._away(str(missing))
            except Exception:
                self.is_there = False
                log.exception("%s stumbled and begins anew", self.what)
            self._stopping.wait(self._again)

    @abstractmethod
    def live(self) -> None:
        """Open it and hear it until stopped.

        Raises:
            Missing: it is away, or went away.
        """

    def there(self) -> None:
        """It was opened."""
        self.is_there, self.trouble = True, ""
        log.info("%s is there", self.what)

    def _away(self, sentence: str) -> None:
        """Log once what is the same at every look."""
        if sentence != self.trouble:
            log.warning("%s", sentence)
        self.is_there, self.trouble = False, sentence


def missing(what: str, node: str, group: str, error: OSError) -> Missing:
    """Why a file of a device cannot be opened, as a sentence; `group` is whose members may open it."""
    if error.errno in {errno.ENOENT, errno.ENODEV, errno.ENXIO}:
        return Missing(f"{what}: {node} is not there; plug it in, or correct its name in the configuration")
    if error.errno in {errno.EACCES, errno.EPERM}:
        return Missing(f"{what}: {node} may not be read; put this program's user into the group {group}")
    if error.errno in {errno.EBUSY, errno.EAGAIN}:
        return Missing(f"{what}: another program holds {node}; end it")
    return Missing(f"{what}: {node} cannot be read: {error}; plug it in again")
