from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.camera import clip
from edge.camera.passing import Copier
from hub.core.film import CLAIMS as BOXES
from hub.core.film import MOST_PICTURES, MOST_SECONDS, is_flood
from hub.core.jpeg import HEAD, MOST_PIXELS
from tests.edge.camera import film as films

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from edge.camera.ring import Packet

MUCH = 2**32 - 1
RATE = 120
LONGEST = 90.0
"""Seconds of the longest clip that an edge can make: a minute, and the way from its first keyframe."""


@pytest.fixture(scope="module")
def packets(tmp_path_factory: pytest.TempPathFactory) -> list[Packet]:
    with av.open(str(films.write(tmp_path_factory.mktemp("film") / "small.mp4", 30))) as file:
        stream = file.streams.video[0]
        copier = Copier(stream)
        return [packet for coded in file.demux(stream) for packet in copier.copied(coded, 0.0)]


@pytest.fixture(scope="module")
def made(packets: list[Packet], tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A clip as an edge writes it."""
    return clip.write(packets, tmp_path_factory.mktemp("clip") / "clip.mp4").path.read_bytes()


def after(data: bytes, name: bytes, offset: int, number: int) -> bytes:
    """The film, with another number of four bytes so far behind the first box of that name."""
    at = data.index(name) + len(name) + offset
    return data[:at] + number.to_bytes(4) + data[at + 4 :]


def box(name: bytes, inside: bytes) -> bytes:
    return (8 + len(inside)).to_bytes(4) + name + inside


def test_what_an_edge_writes_is_taken(made: bytes) -> None:
    assert not is_flood(made, whole=True)
    assert not is_flood(made, whole=False)


def test_the_longest_clip_of_the_quickest_camera_says_at_its_front_what_it_is(
    packets: list[Packet], tmp_path: Path
) -> None:
    unrest = random.Random(7)
    times = [number / RATE + unrest.random() / 3 / RATE for number in range(int(LONGEST * RATE))]
    turns = [replace(packets[number % len(packets)], at=at) for number, at in enumerate(times)]
    long = clip.write(turns, tmp_path / "long.mp4").path.read_bytes()
    assert len(long) > HEAD
    assert not is_flood(long[:HEAD], whole=False)


LARGE = (MOST_PIXELS // 65_535 + 1) << 16
CLAIMS: dict[str, Callable[[bytes], bytes]] = {
    "pixels": lambda data: after(after(data, b"tkhd", 76, MUCH), b"tkhd", 80, LARGE),
    "coded pixels": lambda data: after(data, b"stsd", 40, MUCH),
    "seconds": lambda data: after(data, b"mvhd", 16, MUCH),
    "seconds of the track": lambda data: after(data, b"mdhd", 16, MUCH),
    "seconds without a measure": lambda data: after(data, b"mvhd", 12, 0),
    "pictures of one size": lambda data: after(after(data, b"stsz", 4, 9), b"stsz", 8, MUCH),
    "pictures a little too many": lambda data: after(data, b"stsz", 8, MOST_PICTURES + 1),
    "pictures of one time": lambda data: after(data, b"stts", 8, MUCH),
    "a packed index": lambda data: data.replace(b"trak", b"cmov", 1),
    "pieces": lambda data: data.replace(b"udta", b"mvex", 1),
}


@pytest.mark.parametrize("what", CLAIMS)
def test_a_claim_too_many_is_a_flood_wherever_it_stands(made: bytes, what: str) -> None:
    flood = CLAIMS[what](made)
    assert flood != made
    assert is_flood(flood, whole=True)
    index = flood[flood.index(b"moov") - 4 : flood.index(b"mdat") - 4]
    for hidden in (index, box(b"moov", box(b"udta", index)), box(b"tref", index), index[8:]):
        assert is_flood(made[: made.index(b"moov") - 4] + hidden, whole=True)
    assert is_flood(flood.replace(b"moov", b"free", 1), whole=True), "whoever reads it may look there too"


def test_limits_themselves_are_kept(made: bytes) -> None:
    side = MOST_PIXELS // 10_000
    large = after(after(made, b"tkhd", 76, side << 16), b"tkhd", 80, 10_000 << 16)
    assert not is_flood(large, whole=True)
    assert is_flood(after(large, b"tkhd", 80, 10_001 << 16), whole=True)
    long = after(after(made, b"mvhd", 12, 1000), b"mvhd", 16, MOST_SECONDS * 1000)
    assert not is_flood(long, whole=True)
    assert is_flood(after(long, b"mvhd", 16, MOST_SECONDS * 1000 + 1), whole=True)


def test_an_index_that_does_not_stand_at_the_front_is_not_looked_for(made: bytes) -> None:
    begin, data = made.index(b"moov") - 4, made.index(b"mdat") - 4
    behind = made[:begin] + box(b"mdat", bytes(2 * HEAD)) + made[begin:data]
    assert is_flood(behind[:HEAD], whole=False)
    padded = made[:begin] + box(b"free", bytes(2 * HEAD)) + made[begin:]
    assert is_flood(padded[:HEAD], whole=False)
    assert is_flood(made[: begin + 50], whole=False), "half of it is not all of it"


def test_pictures_may_hold_any_bytes(made: bytes) -> None:
    words = b"".join(name + b"\xff" * 100 for name in (b"tkhd", b"stsz", b"moof", b"cmov"))
    assert not is_flood(made[: made.index(b"mdat") - 4] + box(b"mdat", words), whole=True)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_what_is_let_through_ffmpeg_opens_as_small_as_it_claims(
    made: bytes, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    film = bytearray(made)
    for _ in range(data.draw(st.integers(1, 3))):
        begin = made.index(data.draw(st.sampled_from(sorted(BOXES.keys() - {b"stz2", b"ctts"}))))
        # What the pictures say of themselves begins with avcC, and is another matter.
        at = begin + data.draw(st.integers(0, min(96, (made.index(b"avcC") - begin) % len(made) - 4)))
        film[at : at + 4] = data.draw(st.sampled_from([0, 1, 8, 2**16, 2**24, 2**31, MUCH])).to_bytes(4)
    if is_flood(bytes(film), whole=True):
        return
    path = tmp_path_factory.getbasetemp() / "mutated.mp4"
    path.write_bytes(film)
    try:
        with av.open(str(path)) as opened:
            for stream in opened.streams.video:
                context = stream.codec_context
                assert not context or context.width * context.height <= MOST_PIXELS
                assert stream.frames <= MOST_PICTURES
    except (av.FFmpegError, ValueError):
        return


@given(
    st.binary(max_size=400), st.lists(st.sampled_from([b"moov", b"trak", *(b"tkhd stsd stts mvhd".split())]))
)
def test_any_bytes_are_judged(noise: bytes, names: list[bytes]) -> None:
    data = noise.join(names)
    assert is_flood(data, whole=True) in {True, False}


@pytest.mark.parametrize("name", [b"stsd", b"stts", b"tkhd", b"\0\0\0\x08stsd", b"\0\0\0\0"])
def test_bytes_made_to_be_slow_are_judged_in_no_time(name: bytes) -> None:
    is_flood(name * (HEAD // len(name)), whole=False)
    is_flood(b"\0\0\0\x08free" + b"stsd" + b"\xff" * 8 + bytes(HEAD), whole=False)
