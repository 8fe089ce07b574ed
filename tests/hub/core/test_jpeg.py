from __future__ import annotations

import cv2
import numpy as np
import pytest

from hub.core.jpeg import HEAD, is_flood, size

SOI, EOI = b"\xff\xd8", b"\xff\xd9"


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2) + body


def frame(width: int, height: int, marker: int = 0xC0) -> bytes:
    return segment(marker, b"\x08" + height.to_bytes(2) + width.to_bytes(2) + b"\x01\x01\x11\x00")


NOTES = segment(0xE1, b"Exif" + frame(1, 1) + bytes(60_000))
"""A camera's notes with a small picture of their own in them."""


@pytest.mark.parametrize("progressive", [0, 1])
def test_a_real_picture_says_how_large_it_is(progressive: int) -> None:
    how = [cv2.IMWRITE_JPEG_PROGRESSIVE, progressive]
    kept, data = cv2.imencode(".jpg", np.zeros((48, 64, 3), np.uint8), how)
    assert kept
    assert size(data.tobytes()) == (64, 48)


@pytest.mark.parametrize(
    "between", [b"", NOTES, NOTES * 3, b"\xff\xff\xff", b"no marker", segment(0xC4, b"\xc0"), b"\xff\x01"]
)
def test_the_size_is_found_behind_whatever_a_decoder_passes_over(between: bytes) -> None:
    assert size(SOI + between + frame(65_535, 60_000) + b"\xff\xda") == (65_535, 60_000)


@pytest.mark.parametrize(
    "data", [b"", SOI, SOI + EOI + frame(9, 9), SOI + frame(9, 9)[:6], SOI + b"\xff\xe0\0\1", b"\xff" * 99]
)
def test_what_says_no_size_has_none(data: bytes) -> None:
    assert size(data) is None


@pytest.mark.parametrize(
    ("width", "height", "flood"),
    [
        (3840, 2160, False),
        (7680, 4320, False),
        (65_535, 65_535, True),
        (65_535, 611, True),
        (0, 65_535, False),
    ],
)
def test_a_picture_that_fills_the_memory_is_a_flood(width: int, height: int, flood: bool) -> None:
    assert is_flood(SOI + frame(width, height), whole=True) is flood


def test_a_size_that_is_hidden_behind_too_much_is_a_flood() -> None:
    head = (SOI + NOTES * 5)[:HEAD]
    assert is_flood(head, whole=False)
    assert not is_flood(SOI + NOTES, whole=True), "a picture without a frame is none for anybody"


def test_any_bytes_are_read_in_no_time() -> None:
    for pattern in (b"\xff", b"\xff\x00", b"\xff\x01", b"\xff\xe0\x00\x02", b"\xff\xd0\x78"):
        size(pattern * (HEAD // len(pattern)))
