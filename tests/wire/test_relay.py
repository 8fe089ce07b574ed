from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from wire.border import Bad
from wire.relay import (
    MOST_BYTES,
    Head,
    Stream,
    Watched,
    arrived,
    decode_watched,
    encode_watched,
    pack,
    unpack,
)

PICTURE = b"\0\0\0\1\x67picture"
HEAD = Head(Stream("c-2-01", main=True), key=True, codec="h264", width=768, height=576, at=1_763_800_000.125)


def test_a_picture_says_of_which_camera_it_is_and_when() -> None:
    message = pack(HEAD, PICTURE)
    assert unpack(message) == HEAD
    assert message.endswith(b"c-2-01" + PICTURE)


def test_the_hub_notes_when_it_came_and_alters_nothing_else() -> None:
    message = pack(HEAD, PICTURE)
    noted = arrived(message, 1_763_800_001.5)
    assert struct.unpack("!d", noted[16:24]) == (1_763_800_001_500.0,)
    assert (noted[:16], noted[24:]) == (message[:16], message[24:])


def test_a_picture_that_is_too_large_is_not_relayed() -> None:
    with pytest.raises(Bad, match="too large"):
        pack(HEAD, b"\0\0\1" + bytes(MOST_BYTES))


GOOD = pack(HEAD, PICTURE)


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        GOOD[:24],
        b"\2" + GOOD[1:],
        GOOD[:1] + b"\7" + GOOD[2:],
        GOOD[:2] + b"\3" + GOOD[3:],
        GOOD[:3] + b"\0" + GOOD[4:],
        GOOD[:4] + b"\0\0" + GOOD[6:],
        GOOD[:8] + struct.pack("!d", float("nan")) + GOOD[16:],
        GOOD.replace(b"c-2-01", b"C-2-01"),
        GOOD.replace(b"\0\0\0\1\x67", b"\0\0\0\2\x67"),
    ],
)
def test_what_is_no_picture_is_refused(bad: bytes) -> None:
    with pytest.raises(Bad):
        unpack(bad)


@settings(max_examples=300, deadline=None)
@given(some.binary(max_size=80) | some.binary(max_size=40).map(lambda more: GOOD[:24] + more))
def test_nothing_that_comes_does_more_than_be_refused(data: bytes) -> None:
    try:
        head = unpack(data)
    except Bad:
        return
    assert head.width * head.height > 0


def test_what_is_watched_comes_back_as_it_was_said() -> None:
    watched = Watched((Stream("c-2-01"), Stream("c-1-08", main=True)))
    assert decode_watched(encode_watched(watched).encode()) == watched
    for bad in (b"{", b'{"streams":[{"camera":"../x"}]}', b'{"streams":[],"begin":[]}'):
        with pytest.raises(Bad):
            decode_watched(bad)
