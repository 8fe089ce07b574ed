"""paho with a buffer is paho: the same bytes, whatever pieces they come in."""

from __future__ import annotations

import socket

import pytest

from hub.gear.reader import Buffered
from tests.bench import raw


def test_bytes_come_in_their_order_whatever_is_asked_for_at_once() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.setblocking(False)
        reader = Buffered(ours)
        with pytest.raises(BlockingIOError):
            reader.recv(1)
        theirs.sendall(bytes(range(100)))
        assert reader.recv(1) == b"\x00"
        assert reader.pending() == 99
        assert reader.recv(3) + reader.recv(200) == bytes(range(1, 100))
        assert reader.pending() == 0
        with pytest.raises(BlockingIOError):
            reader.recv(1)
        theirs.close()
        assert reader.recv(1) == b""


def test_for_all_else_it_is_the_socket() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        reader = Buffered(ours)
        assert reader.fileno() == ours.fileno()
        reader.send(b"x")
        assert theirs.recv(9) == b"x"


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 100, 10_000])
def test_only_messages_that_lie_whole_are_taken_and_the_rest_is_left_for_paho(piece: int) -> None:
    bodies = [b"", b"x", b"y" * 127, b"z" * 128, b"w" * 20_000]
    stream = b"".join(raw.publish("t", body, number) for number, body in enumerate(bodies, 1)) + b"\xd0\x00"
    ours, theirs = socket.socketpair()
    found = []
    with ours, theirs:
        reader = Buffered(ours)
        begun = 0
        while begun < len(stream):
            theirs.sendall(stream[begun : begun + piece])
            begun += piece
            reader._bytes = reader._bytes[reader._at :] + ours.recv(piece)
            reader._at = 0
            found += [raw.said(body, 1) for _, body in reader.messages()]
        assert found == [("t", number, body) for number, body in enumerate(bodies, 1)]
        assert reader.recv(9) == b"\xd0\x00"
