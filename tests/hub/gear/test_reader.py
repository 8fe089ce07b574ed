"""paho with a buffer is paho: the same bytes, whatever pieces they come in."""

from __future__ import annotations

import socket

import pytest

from hub.gear.reader import Buffered


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
