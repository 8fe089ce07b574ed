"""Room on the disk that is kept for alarms: a file of nothing, which is let go when the disk is full."""

from __future__ import annotations

import logging
import os
from errno import ENOSPC
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger(__name__)

AMPLE = 4
"""The reserve is taken again once so many times its size are free."""
SCARCE = 2
"""With less than so many times the reserve free, what can be done without is no longer kept."""


class Reserve:
    """The file; its caller lets in one thread at a time."""

    def __init__(self, path: Path, size: int) -> None:
        """Take what was left of it at the last stop.

        Args:
            path: the file of nothing.
            size: bytes to keep free for alarms; 0 keeps none.
        """
        self._path, self._size = path, size
        self.held = path.stat().st_size if path.exists() else 0
        """Bytes that it holds now."""

    def is_scarce(self) -> bool:
        """Whether the disk has so little room that only what matters should be written."""
        return self._size > 0 and (self.held < self._size or self._free() < SCARCE * self._size)

    def fill(self) -> None:
        """Take the reserve, again, if the disk has ample room; without room it is tried another time."""
        if self.held >= self._size or self._free() < AMPLE * self._size:
            return
        try:
            with self._path.open("ab") as file:
                os.posix_fallocate(file.fileno(), 0, self._size)
        except OSError as error:
            log.warning("no reserve for alarms can be kept on this disk: %s", error)
            if error.errno != ENOSPC:
                self._size = 0  # this kind of disk knows no such thing
            return
        self.held = self._size

    def shrink(self, share: float) -> None:
        """Let go of it, down to `share` of its size."""
        keep = int(self._size * share)
        if self.held <= keep:
            return
        log.warning("the disk is full: the reserve for alarms is used, %d KB are left of it", keep >> 10)
        if keep:
            os.truncate(self._path, keep)
        else:
            self._path.unlink(missing_ok=True)
        self.held = keep

    def _free(self) -> int:
        disk = os.statvfs(self._path.parent)
        return disk.f_bavail * disk.f_frsize
