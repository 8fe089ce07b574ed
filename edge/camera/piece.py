"""What a piece of recording says of itself, how it is read, and how one that was cut off is closed.

Layout of the file: `ftyp`, a `uuid` box with the `Head`, fragments of about a second, a `uuid` box of fixed
length with the `Tail`. A file without a tail was cut off by a power failure: all its whole fragments can
still be shown. The head names the sha256 of the camera's piece before, so the files alone form a chain.
"""

from __future__ import annotations

import hashlib
import os
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import av
import msgspec
from msgspec import Meta

from edge.camera.encode import TICKS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OPEN, CLOSED = ".open", ".mp4"
"""Endings of files that are being written and of those that are whole."""
LONGEST_HEAD = 4096
TAIL_BYTES = 256
HEAD, TAIL = UUID("6d1d7f0e-50a5-4b0e-9a3a-3c9a2d6b9f01"), UUID("6d1d7f0e-50a5-4b0e-9a3a-3c9a2d6b9f02")
_BOX = 24
"""Bytes before the content of a `uuid` box: length, name, identity."""

Stream = Literal["main", "sub"]
HoleReason = Literal["start", "camera", "disk", "quota", "late", "clock"]
"""Why there is no recording before a piece: the edge was off or killed, the camera gave nothing, the disk
took nothing, there was no room within the days that must be kept, the writer fell behind, the clock was
set."""
Digest = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Moment = Annotated[float, Meta(ge=0, le=1e11)]


class Hole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Time without recording, up to the piece that names it."""

    since: Moment
    reason: HoleReason
    detail: Annotated[str, Meta(max_length=200)] = ""


class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a piece says of itself when it begins. Moments are stream time, seconds of UNIX epoch."""

    camera: str
    began: Moment
    """Of its first picture."""
    zero: float
    """Of tick 0 of the file."""
    codec: Literal["h264", "hevc"]
    width: int
    height: int
    stream: Stream
    before: Digest | None = None
    """sha256 of the camera's piece before; None: this is its first."""
    hole: Hole | None = None
    masked: bool = False
    """Its pictures were masked and coded anew."""


class Tail(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a piece says of itself when it ends."""

    ended: Moment
    """Stream time at which its last picture ends."""
    pictures: int
    cores: float = 0.0
    """CPU seconds a second that recording took, masking and coding anew included."""
    torn: bool = False
    """It was cut off, and closed when the edge came back."""


class Piece(msgspec.Struct, frozen=True):
    """A whole file of recording."""

    name: str
    """Path below the folder of all recordings, `/` between its parts."""
    head: Head
    tail: Tail
    size: int
    sha256: str


class BrokenPieceError(ValueError):
    """A file that is no piece of recording; the text says why."""


def name_of(camera: str, began: float, ending: str = CLOSED) -> str:
    """Where a piece stands below the folder: a folder a camera, one a day (UTC), the millisecond it began."""
    day = int(began // 86_400)
    return f"{camera}/{day}/{round(began * 1000)}{ending}"


def read_head(path: Path) -> Head:
    """The head of a file, whole or not.

    Raises:
        BrokenPieceError: it has none.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(LONGEST_HEAD)
    first = int.from_bytes(data[:4], "big")
    length = int.from_bytes(data[first : first + 4], "big")
    if data[4:8] != b"ftyp" or data[first + 8 : first + _BOX] != HEAD.bytes:
        raise BrokenPieceError("it does not say whose it is")
    try:
        return msgspec.json.decode(data[first + _BOX : first + length], type=Head)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BrokenPieceError(f"what it says of itself cannot be read: {error}") from error


def read_tail(path: Path) -> Tail:
    """The tail of a whole file; raises BrokenPieceError and OSError as `read_head` does."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - TAIL_BYTES))
        data = file.read(TAIL_BYTES)
    if data[8:_BOX] != TAIL.bytes:
        raise BrokenPieceError("it does not say when it ended")
    try:
        return msgspec.json.decode(data[_BOX:].rstrip(), type=Tail)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BrokenPieceError(f"what it says of its end cannot be read: {error}") from error


def read(folder: Path, path: Path) -> Piece:
    """The piece in a whole file, hashed anew; raises BrokenPieceError and OSError as `read_head` does."""
    head, tail = read_head(path), read_tail(path)
    return Piece(path.relative_to(folder).as_posix(), head, tail, path.stat().st_size, digest(path))


def digest(path: Path) -> str:
    """sha256 of a file; raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def salvage(folder: Path, path: Path) -> Piece | None:
    """Close a file that was cut off, keeping its whole fragments; None, and no file, where it has none.

    Raises:
        OSError: the disk does not let it.
    """
    try:
        head = read_head(path)
        _cut(path)
        ended, pictures = _measured(path, head)
    except (BrokenPieceError, av.FFmpegError):
        path.unlink()
        return None
    tail = Tail(ended, pictures, torn=True)
    with path.open("ab") as file:
        file.write(tail_box(tail))
        file.flush()
        os.fdatasync(file.fileno())
    return settle(folder, path, head, tail, digest(path))


def settle(folder: Path, path: Path, head: Head, tail: Tail, sha256: str) -> Piece:
    """Give a file that is written and synchronised its name as a whole one; raises OSError."""
    whole = path.with_suffix(CLOSED)
    path.rename(whole)
    handle = os.open(whole.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return Piece(whole.relative_to(folder).as_posix(), head, tail, whole.stat().st_size, sha256)


def _cut(path: Path) -> None:
    """Cut a file behind its last whole fragment."""
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        good = 0
        for name, begin, length in _boxes(file.fileno(), size):
            if name == b"mdat" and begin + length <= size:
                good = begin + length
        if not good:
            raise BrokenPieceError("it holds no whole fragment")
        file.truncate(good)


def _boxes(fd: int, size: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, beginning and length of each box at the top of a file."""
    begin = 0
    while begin + 8 <= size:
        head = os.pread(fd, 16, begin)
        length = int.from_bytes(head[:4], "big")
        length = int.from_bytes(head[8:16], "big") if length == 1 else length
        if length < 8:  # noqa: PLR2004 - no box is shorter than its own head
            return
        yield head[4:8], begin, length
        begin += length


def _measured(path: Path, head: Head) -> tuple[float, int]:
    """When the last picture of a file ends, and how many there are."""
    with av.open(str(path), format="mp4") as file:
        stamps = [packet.pts for packet in file.demux(video=0) if packet.size and packet.pts is not None]
    if not stamps:
        raise BrokenPieceError("it holds no picture")
    order = sorted(stamps)
    step = order[-1] - order[-2] if len(order) > 1 else 0
    return round(head.zero + (order[-1] + step) / TICKS, 3), len(stamps)


def box(kind: UUID, content: bytes) -> bytes:
    """A `uuid` box of MP4."""
    return (len(content) + _BOX).to_bytes(4, "big") + b"uuid" + kind.bytes + content


def tail_box(tail: Tail) -> bytes:
    """The box that ends a file."""
    return box(TAIL, msgspec.json.encode(tail).ljust(TAIL_BYTES - _BOX))
