"""How much an MP4 film claims to be, told from the index at its front alone: nothing is decoded here.

Boxes as in ISO/IEC 14496-12. Whatever opens a film takes memory for the pictures that the index claims, not
for those that follow. Only the index is believed or not: what the coded pictures say of themselves is found
by whoever decodes them, in a process of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core.jpeg import MOST_PIXELS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

MOST_SECONDS = 600
"""A clip of an edge lasts a minute at most, and from its first keyframe a little more."""
MOST_PICTURES = MOST_SECONDS * 120
MOST_TRACKS = 8
HEADER, LARGE = 8, 16
"""Bytes before a box's own, and those of one whose size takes eight more."""
FOREIGN = (b"cmov", b"mvex", b"moof")
"""A packed index hides anything, one in pieces goes on behind what is looked at. No edge writes them."""


def is_flood(head: bytes, *, whole: bool) -> bool:
    """Whether the film would fill the memory of whoever opens it, or does not say at its front what it is.

    Args:
        head: the file's first bytes.
        whole: whether they are all of it.
    """
    boxes = list(_boxes(head))
    index = b"".join(box for kind, box, _ in boxes if kind != b"mdat")
    ends = any(kind == b"moov" and is_all for kind, _, is_all in boxes)
    # Wherever a box hides, whoever reads it finds it by its name, and so does this: no nesting to get wrong.
    claims = any(_claims(index, name, is_much) for name, is_much in CLAIMS.items())
    return claims or any(name in index for name in FOREIGN) or not (ends or whole)


def _boxes(head: bytes) -> Iterator[tuple[bytes, bytes, bool]]:
    """Name and bytes of each box that stands in no other, and whether these are all of it."""
    at = 0
    while at + HEADER <= len(head):
        size, least = int.from_bytes(head[at : at + 4]), HEADER
        if size == 1:
            size, least = int.from_bytes(head[at + HEADER : at + LARGE]), LARGE
        if size < least:  # 0 is up to the end; what is less than its own header, nobody reads on from
            size = len(head)
        yield head[at + 4 : at + HEADER], head[at : at + size], at + size <= len(head)
        at += size


def _claims(index: bytes, name: bytes, is_much: Callable[[bytes, int], bool]) -> bool:
    """Whether a box of that name claims too much, or there are too many of them to look at each."""
    *others, _ = index.split(name, MOST_TRACKS + 1)
    at, much = 0, len(others) > MOST_TRACKS
    for before in others:
        at += len(before) + len(name)
        much = much or is_much(index, at)
    return much


def _number(index: bytes, at: int, size: int) -> int:
    return int.from_bytes(index[at : at + size])


def _is_large(index: bytes, at: int) -> bool:
    """A track's picture, in 65536ths of a pixel."""
    at += 88 if index[at : at + 1] == b"\1" else 76
    return (_number(index, at, 4) >> 16) * (_number(index, at + 4, 4) >> 16) > MOST_PIXELS


def _is_coded_large(index: bytes, at: int) -> bool:
    """The pictures of a track as they are coded, one entry a way of coding them."""
    left, at = min(_number(index, at + 4, 4), len(index) // HEADER), at + 8
    while left and at < len(index):
        if _number(index, at + 32, 2) * _number(index, at + 34, 2) > MOST_PIXELS:
            return True
        left, at = left - 1, at + max(HEADER, _number(index, at, 4))
    return False


def _is_long(index: bytes, at: int) -> bool:
    """The whole film or one track, counted in parts of a second."""
    each, lasts = (20, 8) if index[at : at + 1] == b"\1" else (12, 4)
    return _number(index, at + each + 4, lasts) > MOST_SECONDS * _number(index, at + each, 4)


def _is_many(index: bytes, at: int) -> bool:
    """Sizes of pictures, of which one may stand for all."""
    return _number(index, at + 8, 4) > MOST_PICTURES


def _is_many_times(index: bytes, at: int) -> bool:
    """Times of pictures, of which each may stand for many."""
    entries = range(at + 8, min(at + 8 + 8 * _number(index, at + 4, 4), len(index)), 8)
    return sum(_number(index, entry, 4) for entry in entries) > MOST_PICTURES


CLAIMS: Mapping[bytes, Callable[[bytes, int], bool]] = {
    b"tkhd": _is_large,
    b"stsd": _is_coded_large,
    b"mvhd": _is_long,
    b"mdhd": _is_long,
    b"stsz": _is_many,
    b"stz2": _is_many,
    b"stts": _is_many_times,
    b"ctts": _is_many_times,
}
"""What a film claims, by the box that does: whether it is too much."""
