"""Packets and pieces for tests of recordings, without a camera."""

from __future__ import annotations

from typing import TYPE_CHECKING

import av

from edge.camera import talk
from edge.camera.mask import Mask
from edge.camera.passing import Copier
from edge.camera.recorder import Recorder
from edge.camera.strand import Strand

if TYPE_CHECKING:
    from pathlib import Path

    from edge.camera.piece import Piece
    from edge.camera.ring import Packet

BEGAN = 1_763_800_000.0
LENGTH = 3.0


def packets(film: Path, at: float = BEGAN) -> list[Packet]:
    """The film's packets as a camera's reader hands them on, from stream second `at`."""
    with av.open(str(film)) as file:
        stream = file.streams.video[0]
        copier = Copier(stream)
        return [kept for packet in file.demux(stream) for kept in copier.copied(packet, at)]


class Deck:
    """A recorder without its thread, and what it said."""

    def __init__(self, folder: Path, length: float = LENGTH) -> None:
        self.main, self.sub = Strand(Mask(), None), Strand(Mask(), None)
        self.said: list[talk.Wrote | talk.Recording] = []
        told = talk.Record("gate", str(folder), length, "main", masked=False, before=None, until=None)
        self.recorder = Recorder(told, {"main": self.main, "sub": self.sub}, self.said.append)
        self.recorder.once(0.0)

    def play(self, packets: list[Packet], now: float = 0.0) -> None:
        """Hand packets on and let the recorder look."""
        for packet in packets:
            self.main.taps.push(packet)
        self.recorder.once(now)

    def die(self) -> None:
        """End as by a power failure: what is open stays as it lies on the disk."""
        assert self.recorder._segment
        self.recorder._segment.abandon()

    @property
    def pieces(self) -> list[Piece]:
        """What is whole."""
        return [one.piece for one in self.said if isinstance(one, talk.Wrote)]
