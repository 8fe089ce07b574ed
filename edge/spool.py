"""Stills and clips that wait for the hub: files named by their sha256, which outlive the process."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
from errno import ENOSPC
from typing import TYPE_CHECKING, Literal

from wire.message import MediaRef

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

log = logging.getLogger(__name__)

Role = Literal["still", "clip"]
_SUFFIX: Mapping[Role, str] = {"still": ".jpg", "clip": ".mp4"}
_TYPE: Mapping[Role, Literal["image/jpeg", "video/mp4"]] = {"still": "image/jpeg", "clip": "video/mp4"}


class Spool:
    """The folder; may be used from any thread."""

    def __init__(self, folder: Path, *, most_bytes: int = 2 << 30, leave_bytes: int = 0) -> None:
        """Open or make it; what was half written by an earlier process is removed.

        Args:
            folder: where the files stand; `parts` beneath it holds what is being written.
            most_bytes: beyond it the oldest clips are given up, then the oldest stills.
            leave_bytes: of the disk to leave free: with less a new file takes the place of older ones.
        """
        self.parts = folder / "parts"
        self.dropped = 0
        """Files given up since start because the folder was full."""
        self._folder = folder
        self._most, self._leave = most_bytes, leave_bytes
        self._lock = threading.Lock()
        self.parts.mkdir(parents=True, exist_ok=True)
        for left in self.parts.iterdir():
            left.unlink()

    def keep(self, role: Role, data: bytes) -> MediaRef:
        """Put bytes in; they are on the disk when this returns.

        Raises:
            OSError: the disk is full or cannot be written; nothing is left behind.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        part = self.parts / f"{sha256}{_SUFFIX[role]}"
        try:
            with part.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            part.unlink(missing_ok=True)
            raise
        return self.adopt(role, part, sha256)

    def adopt(self, role: Role, part: Path, sha256: str) -> MediaRef:
        """Take in a file that was written, synchronised and hashed in `parts`.

        Raises:
            OSError: the disk has no room, which events need more; nothing is left behind.
        """
        size = part.stat().st_size
        with self._lock:
            if not self._make_room(size):
                part.unlink(missing_ok=True)
                self.dropped += 1
                raise OSError(ENOSPC, "the disk is nearly full; this file is given up")
            part.replace(self._folder / f"{sha256}{_SUFFIX[role]}")
            _sync(self._folder)
        return MediaRef(role=role, sha256=sha256, size=size, type=_TYPE[role])

    def waiting(self) -> list[Path]:
        """Files to send: stills before clips, oldest first."""
        with self._lock:
            return [path for _, path in sorted(_aged(path) for path in self._files())]

    def sent(self, path: Path) -> None:
        """The hub has it: forget it."""
        with self._lock:
            path.unlink(missing_ok=True)

    def set_aside(self, path: Path) -> None:
        """Nobody will ever take it: keep it under another name for whoever looks."""
        with self._lock:
            path.replace(path.with_name(f"{path.name}.refused"))

    def _files(self) -> list[Path]:
        return [path for path in self._folder.iterdir() if path.suffix in _SUFFIX.values()]

    def _make_room(self, size: int) -> bool:
        """Give older files up for one of `size` bytes; false where that does not leave enough of the disk."""
        files = sorted((_aged(path) for path in self._files()), key=lambda aged: (not aged[0][0], aged[0][1]))
        sizes = [path.stat().st_size for _, path in files]
        excess = sum(sizes) + size - self._most
        if _free(self._folder) < self._leave:
            excess = max(excess, size)
            if sum(sizes) < size:
                return False
        for (_, path), each in zip(files, sizes, strict=True):
            if excess <= 0:
                break
            path.unlink(missing_ok=True)
            excess -= each
            self.dropped += 1
            log.warning("the spool is full: %s is given up before the hub had it", path.name)
        return True


def _aged(path: Path) -> tuple[tuple[bool, int], Path]:
    """Whether it is a clip, and when it was written, in nanoseconds."""
    return (path.suffix == _SUFFIX["clip"], path.stat().st_mtime_ns), path


def _sync(folder: Path) -> None:
    """Make a rename outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _free(folder: Path) -> int:
    disk = os.statvfs(folder)
    return disk.f_bavail * disk.f_frsize
