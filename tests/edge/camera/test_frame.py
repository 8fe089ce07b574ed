"""Pictures cross from process to process whole or not at all."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np
import pytest

from edge.camera.frame import WAITING, FrameMemory, allot

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def fd() -> Iterator[int]:
    number = allot()
    yield number
    os.close(number)


def test_a_picture_arrives_as_it_was_sent(fd: int) -> None:
    sender, receiver = FrameMemory(fd), FrameMemory(fd)
    picture = np.arange(48 * 64 * 3, dtype=np.uint8).reshape(48, 64, 3)
    sender.write(1, 12.5, picture)
    frame = receiver.read("gate", 1)
    assert frame is not None
    assert (frame.camera, frame.seq, frame.at) == ("gate", 1, 12.5)
    assert (frame.picture == picture).all()
    sender.close()
    receiver.close()


def test_a_picture_taken_stays_though_as_many_come_as_there_is_room_for(fd: int) -> None:
    memory = FrameMemory(fd)
    memory.write(1, 1.0, np.full((8, 8, 3), 1, dtype=np.uint8))
    frame = memory.read("gate", 1)
    for seq in range(2, WAITING + 4):
        memory.write(seq, float(seq), np.full((8, 8, 3), seq, dtype=np.uint8))
    assert frame is not None
    assert (frame.picture == 1).all()
    assert memory.read("gate", 1) is None
    assert (found := memory.read("gate", 2)) is not None
    assert (found.picture == 2).all()
    memory.close()


def test_a_child_cannot_pull_the_memory_away(fd: int) -> None:
    with pytest.raises(PermissionError):
        os.ftruncate(fd, 0)
