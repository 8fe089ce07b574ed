from __future__ import annotations

import pytest

from edge.bridge.gb28181.sip import Malformed, read
from edge.bridge.gb28181.stream import Cutter
from tests.edge.bridge.gb28181.test_sip import GOOD, REGISTER


def test_messages_come_out_whole_however_they_are_cut() -> None:
    stream = GOOD + b"\r\n\r\n" + REGISTER + GOOD
    for size in (1, 7, 100, 10_000):
        cutter = Cutter()
        found = [one for n in range(0, len(stream), size) for one in cutter.feed(stream[n : n + size])]
        assert [read(one).method for one in found] == ["MESSAGE", "REGISTER", "MESSAGE"], size


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (9_000 * b"x", "headers are longer"),
        (REGISTER.replace(b"Content-Length: 0\r\n", b""), "must say its Content-Length"),
        (REGISTER.replace(b"Content-Length: 0", b"Content-Length: 0\r\nl: 4"), "once"),
        (REGISTER.replace(b"Content-Length: 0", b"Content-Length: 70000"), "are more than"),
    ],
)
def test_a_stream_of_which_nobody_knows_where_a_message_ends_is_given_up(data: bytes, sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence):
        Cutter().feed(data)
