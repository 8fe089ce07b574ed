"""Pictures from a camera's process to the agent, through a few slots of shared memory."""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_PIXELS = 3840 * 2160
"""Largest picture that is handed on; a larger one is scaled down to it."""
WAITING = 3
"""Pictures that may wait: who takes the cameras in turn is now and then held up for longer than one lasts."""
_SLOTS = WAITING + 2
"""One more is being written, and one read."""
_HEAD = struct.Struct("<QdIIQ")
_ROOM = 64
"""Bytes before a slot's pixels: number, stream time, width, height, number again."""
_SLOT = _ROOM + MOST_PIXELS * 3
_SIZE = _SLOT * _SLOTS
_NOBODY = 0


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture to analyse, masks burnt in; it belongs to whoever took it."""

    camera: str
    at: float
    """Stream time, seconds of UNIX epoch."""
    seq: int
    """Counts the pictures that the camera's process handed on, from 1."""
    picture: NDArray[np.uint8] = field(repr=False)
    """BGR [height, width, 3]."""


def allot() -> int:
    """A file descriptor of memory for one camera's pictures; pages cost nothing until used.

    It has no name, so that nothing stays behind whoever is killed, and its size is sealed, so that
    a child gone wrong cannot pull it away under the agent.
    """
    fd = os.memfd_create("camera", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(fd, _SIZE)
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SEAL)
    return fd


class FrameMemory:
    """Slots written in turn by one process and read by another.

    A slot's number is written before and after its pixels: a reader who sees two different ones was
    overtaken and takes the newer slot. The file descriptor stays the caller's.
    """

    def __init__(self, fd: int) -> None:
        self._map = mmap.mmap(fd, _SIZE)

    def close(self) -> None:
        """Give the memory back."""
        self._map.close()

    def write(self, seq: int, at: float, picture: NDArray[np.uint8]) -> None:
        """Put picture number `seq` (BGR [h, w, 3], at most `MOST_PIXELS`) into its slot."""
        height, width = picture.shape[:2]
        start = seq % _SLOTS * _SLOT
        _HEAD.pack_into(self._map, start, _NOBODY, at, width, height, seq)
        pixels = np.frombuffer(self._map, np.uint8, picture.size, start + _ROOM)
        np.copyto(pixels.reshape(picture.shape), picture)
        _HEAD.pack_into(self._map, start, seq, at, width, height, seq)

    def read(self, camera: str, seq: int) -> Frame | None:
        """Picture number `seq`, copied; None when it has been overwritten meanwhile."""
        start = seq % _SLOTS * _SLOT
        number, at, width, height, _ = _HEAD.unpack_from(self._map, start)
        if number != seq or not 0 < width * height <= MOST_PIXELS:
            return None
        pixels = np.frombuffer(self._map, np.uint8, width * height * 3, start + _ROOM).copy()
        if _HEAD.unpack_from(self._map, start)[4] != seq:
            return None
        return Frame(camera, at, seq, pixels.reshape(height, width, 3))
