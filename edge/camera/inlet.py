"""Where live pictures of a camera's process arrive at its supervisor."""

from __future__ import annotations

import logging
import socket
from contextlib import suppress
from threading import Lock, Thread
from typing import TYPE_CHECKING

from edge.camera.outlet import LENGTH
from wire.border import Bad
from wire.relay import MOST_BYTES, Stream, Watched, encode_watched, unpack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Take = Callable[[bytes], None]

log = logging.getLogger(__name__)


class Inlet:
    """One camera's; its process may die and be followed by another, `watch` comes from any thread.

    What is taken holds up only this camera: its process drops what does not get away.
    """

    def __init__(self, camera: str) -> None:
        self._camera = camera
        self._wanted: frozenset[Stream] = frozenset()
        self._take: Take = lambda _message: None
        self._ours: socket.socket | None = None
        self._lock = Lock()

    def begin(self) -> socket.socket:
        """A new process's end of the way; the caller closes it once the process has it."""
        ours, theirs = socket.socketpair()
        with self._lock:
            self._ours = ours
            self._tell()
        Thread(target=self._read, args=(ours,), name=f"relay {self._camera}", daemon=True).start()
        return theirs

    def end(self) -> None:
        """The process is gone."""
        with self._lock:
            if self._ours is not None:
                with suppress(OSError):
                    self._ours.shutdown(socket.SHUT_RDWR)
            self._ours = None

    def watch(self, mains: Iterable[bool], take: Take) -> None:
        """Have these of its streams, and no others, handed to `take`, one message each picture."""
        wanted = frozenset(Stream(self._camera, main) for main in mains)
        with self._lock:
            self._take = take
            if wanted != self._wanted:
                self._wanted = wanted
                self._tell()

    def _tell(self) -> None:
        if self._ours is not None:
            with suppress(OSError):
                self._ours.sendall(encode_watched(Watched(tuple(self._wanted))).encode() + b"\n")

    def _read(self, ours: socket.socket) -> None:
        with suppress(OSError), ours, ours.makefile("rb") as way:
            while len(head := way.read(LENGTH.size)) == LENGTH.size:
                (length,) = LENGTH.unpack(head)
                if length > MOST_BYTES or len(message := way.read(length)) < length:
                    return
                if ours is not self._ours:  # its process is gone, and with it the masks that it showed
                    return
                self._hand_on(message)

    def _hand_on(self, message: bytes) -> None:
        try:
            stream = unpack(message).stream
        except Bad as bad:
            log.warning("camera %s: %s", self._camera, bad)
            return
        if stream in self._wanted:
            self._take(message)
