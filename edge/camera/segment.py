"""Writes a piece of recording: packets into a fragmented MP4 file, hashed on their way; see piece.py."""

from __future__ import annotations

import hashlib
import os
from fractions import Fraction
from typing import TYPE_CHECKING

import av
import msgspec

from edge.camera.encode import TICKS
from edge.camera.piece import CLOSED, HEAD, OPEN, Head, Piece, Tail, box, name_of, settle, tail_box
from edge.camera.stamp import Stamps

if TYPE_CHECKING:
    from pathlib import Path

    from av.container import OutputContainer
    from av.stream import Stream as AvStream

    from edge.camera.ring import Film, Packet
    from edge.camera.stamp import Order

FRAGMENT = 1.0
"""Seconds between two fragments: what a power failure takes at most of what had been handed to the disk."""
SYNC_EVERY = 5
"""Fragments after which the disk is asked to have kept them."""
_FLAGS = "frag_keyframe+delay_moov+default_base_moof+skip_trailer"
_MUXER = {"movflags": _FLAGS, "frag_duration": str(int(FRAGMENT * 1e6)), "flush_packets": "1"}
_BASE = Fraction(1, TICKS)
_STEP = 0.04
"""Seconds that the only picture of a piece stands."""


class Segment:
    """One piece while it is written; for one thread.

    Args:
        folder: of all recordings.
        head: without what is known only with its first packets, `zero`.
        order: of the stream's pictures, where the piece before has learned it.

    Raises:
        OSError: the disk does not take it; `abandon` it.
    """

    def __init__(self, folder: Path, film: Film, head: Head, order: Order | None = None) -> None:
        self.film = film
        self.began = head.began
        self.pictures = 0
        self._head = head
        self._folder = folder
        self._path = _free(folder, head)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._stamps = Stamps(TICKS, order)
        self._steps = 0.0
        self._shown = [head.began]
        self._file = _Written(self._path)
        self._muxer: OutputContainer | None = None
        self._track: AvStream | None = None

    @property
    def order(self) -> Order | None:
        """As far as it is known."""
        return self._stamps.order

    def write(self, packet: Packet) -> None:
        """One more packet of the same film, the first a keyframe; raises OSError."""
        for one, shown, decoded in self._stamps.push(packet):
            self._put(one, shown, decoded)

    def close(self, cores: float) -> Piece:
        """Finish the file; it is on the disk and hashed when this returns.

        Raises:
            OSError: the disk did not take it.
        """
        for one, shown, decoded in self._stamps.rest():
            self._put(one, shown, decoded)
        if self._muxer is not None:
            self._muxer.close()
        tail = Tail(round(max(self._shown) + self._step(), 3), self.pictures, round(cores, 5))
        self._file.add(tail_box(tail))
        self._file.close()
        head = msgspec.structs.replace(self._head, zero=self._stamps.zero)
        return settle(self._folder, self._path, head, tail, self._file.hash.hexdigest())

    def abandon(self) -> None:
        """Leave the file as it is, for `salvage`."""
        self._file.drop()

    def _put(self, packet: Packet, shown: int, decoded: int) -> None:
        if self._muxer is None:
            self._begin()
        assert self._muxer is not None
        coded: av.Packet[AvStream] = av.Packet(packet.data)
        assert self._track is not None
        coded.stream, coded.time_base, coded.is_keyframe = self._track, _BASE, packet.key
        coded.pts, coded.dts = shown, decoded
        if self._shown and packet.at > self._shown[-1]:
            coded.duration = round((packet.at - self._shown[-1]) * TICKS)
        self._muxer.mux(coded)
        self._file.check()
        self.pictures += 1
        self._shown = [*self._shown[-1:], packet.at] if packet.at >= self._shown[-1] else self._shown

    def _begin(self) -> None:
        head = msgspec.structs.replace(self._head, zero=self._stamps.zero)
        self._file.head = box(HEAD, msgspec.json.encode(head))
        self._muxer = av.open(self._file, "w", format="mp4", options=_MUXER)
        self._track = self._muxer.add_mux_stream(
            self.film.codec, width=self.film.width, height=self.film.height
        )
        self._track.time_base = _BASE

    def _step(self) -> float:
        return (self._shown[-1] - self._shown[0]) or _STEP


class _Written:
    """Where the muxer writes: hashes what passes, puts the head behind `ftyp`, keeps errors for the caller.

    FFmpeg swallows what a Python file raises, so the error is kept and raised by `check`.
    """

    def __init__(self, path: Path) -> None:
        self.hash = hashlib.sha256()
        self.head = b""
        self._file = path.open("wb", buffering=0)
        self._error: OSError | None = None
        self._writes = 0

    def write(self, data: bytes) -> int:
        """What the muxer has ready; after `drop` it is let fall."""
        if self._file.closed:
            return len(data)
        if self.head:
            first = int.from_bytes(data[:4], "big")
            data, self.head = data[:first] + self.head + data[first:], b""
        self._writes += 1
        try:
            self.add(data)
            if self._writes % SYNC_EVERY == 0:
                os.fdatasync(self._file.fileno())
        except OSError as error:
            self._error = error
        return len(data)

    def add(self, data: bytes) -> None:
        """Write all of it."""
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]
        self.hash.update(data)

    def check(self) -> None:
        """Raise what went wrong while FFmpeg wrote."""
        if self._error is not None:
            raise self._error

    def close(self) -> None:
        """Have all of it on the disk."""
        self.check()
        os.fdatasync(self._file.fileno())
        self._file.close()

    def drop(self) -> None:
        """Close without a promise."""
        self._file.close()


def _free(folder: Path, head: Head) -> Path:
    """A name that no piece has: a clock that was set back makes two begin at the same time."""
    path = folder / name_of(head.camera, head.began, OPEN)
    while path.exists() or path.with_suffix(CLOSED).exists():
        path = path.with_name(f"{int(path.stem) + 1}{OPEN}")
    return path
