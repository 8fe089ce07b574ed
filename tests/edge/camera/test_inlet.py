"""Live pictures of a camera's process arrive while it lives, and none of them after it is gone."""

from __future__ import annotations

from threading import Event
from threading import enumerate as threads

from edge.camera.inlet import Inlet
from edge.camera.outlet import LENGTH
from wire.relay import Head, Stream, pack

WITHIN = 30.0


def packet(number: int) -> bytes:
    head = Head(Stream("c-1"), key=True, codec="h264", width=320, height=240, at=float(number))
    return pack(head, b"\0\0\0\1picture")


def test_what_waits_of_a_process_that_is_gone_is_not_relayed() -> None:
    taken: list[bytes] = []
    first, may_go_on = Event(), Event()

    def take(message: bytes) -> None:
        taken.append(message)
        first.set()
        may_go_on.wait(WITHIN)

    inlet = Inlet("c-1")
    inlet.watch([False], take)
    with inlet.begin() as theirs:
        for number in range(3):
            theirs.sendall(LENGTH.pack(len(packet(number))) + packet(number))
        assert first.wait(WITHIN)
        inlet.end()
        may_go_on.set()
        for thread in threads():
            if thread.name == "relay c-1":
                thread.join(WITHIN)
    assert taken == [packet(0)]
