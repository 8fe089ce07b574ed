"""A video file as what a camera would send: H.264 with a keyframe every few seconds, kept in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import av

from edge.camera import clip
from edge.camera.encode import Encoder, fitted
from edge.camera.mask import Mask
from edge.camera.passing import Copier

if TYPE_CHECKING:
    from pathlib import Path

    from av.video.stream import VideoStream

    from edge.camera.ring import Packet

MOST_BYTES = 256 * 2**20
"""Largest file that is served; a reel stays in memory."""
WIDEST = 768
"""Pixels; what is coded anew is not made wider, as a camera's sub-stream."""
KEYS_WITHIN = 5.0
"""Seconds; no camera waits longer for its next keyframe, so such a file is coded anew."""
_RECIPE = "1"
"""Part of a cached file's name; to be raised with any change of how files are coded."""
_SPS, _PPS = 7, 8

Tell = Callable[[str], None]


class NoReel(Exception):  # noqa: N818 - a refusal with a sentence
    """The file cannot be served; the text says why."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One coded picture."""

    at: float
    """When it is shown, seconds from the reel's first decoding."""
    due: float
    """When it is sent, seconds from the same."""
    key: bool
    nals: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Reel:
    """What is sent round and round."""

    units: tuple[Unit, ...]
    lasts: float
    """Seconds until it begins anew."""
    sps: bytes
    pps: bytes


def load(path: Path, cache: Path, tell: Tell) -> Reel:
    """Read `path`, coding it anew into `cache` first if it is not H.264 as cameras send it.

    `tell` gets a line of progress now and then.

    Raises:
        NoReel: it is missing, too large, or no video.
    """
    if not path.is_file():
        raise NoReel(f"{path}: there is no such file")
    if path.stat().st_size > MOST_BYTES:
        raise NoReel(f"{path} is larger than {MOST_BYTES >> 20} MB: give the camera the file itself")
    try:
        packets = _packets(path)
        if not packets:
            packets = _packets(_recoded(path, cache, tell))
    except (av.FFmpegError, clip.NoClip) as error:
        raise NoReel(f"{path} cannot be read as video: {getattr(error, 'strerror', error)}") from error
    return _reel(packets)


def _packets(path: Path) -> list[Packet]:
    """The file's own packets; none where it must be coded anew."""
    with av.open(str(path), options={"protocol_whitelist": "file"}) as file:
        stream = _video(file, path)
        if stream.codec_context.name != "h264":
            return []
        copier = Copier(stream)
        packets = [kept for packet in file.demux(stream) for kept in copier.copied(packet, 0.0)]
    keys = [packet.at for packet in packets if packet.key]
    gaps = [later - sooner for sooner, later in pairwise([*keys, packets[-1].at])] if packets else []
    return packets if gaps and packets[0].key and max(gaps) <= KEYS_WITHIN else []


def _recoded(path: Path, cache: Path, tell: Tell) -> Path:
    digest = hashlib.sha256(_RECIPE.encode() + path.read_bytes()).hexdigest()[:16]
    made = cache / f"{path.stem}-{digest}.mp4"
    if not made.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        clip.write(tuple(_coded(path, tell)), made)
    return made


def _coded(path: Path, tell: Tell) -> Iterator[Packet]:
    with av.open(str(path), options={"protocol_whitelist": "file"}) as file:
        stream = _video(file, path)
        rate = min(max(float(stream.average_rate or 25), 1.0), 60.0)
        size = fitted(stream.width, stream.height, WIDEST)
        encoder = Encoder(size, rate, Mask(), careful=True)
        for count, frame in enumerate(file.decode(stream)):
            if count % 100 == 0:
                tell(f"{path.name}: coding for RTSP, picture {count} of {stream.frames or '?'}")
            yield from encoder.encode(frame, count / rate)


def _video(file: av.container.InputContainer, path: Path) -> VideoStream:
    if not file.streams.video:
        raise NoReel(f"{path}: there is no picture in it")
    return file.streams.video[0]


def _reel(packets: list[Packet]) -> Reel:
    dues = clip.decoding([packet.at for packet in packets])
    start, steps = dues[0], sorted(later - sooner for sooner, later in pairwise(dues))
    units = tuple(
        Unit(packet.at - start, due - start, packet.key, nals(packet.data))
        for packet, due in zip(packets, dues, strict=True)
    )
    lasts = units[-1].due + (steps[len(steps) // 2] if steps else 1.0)
    sets = {nal[0] & 31: nal for nal in reversed(units[0].nals)}
    return Reel(units, lasts, sets[_SPS], sets[_PPS])


def nals(data: bytes) -> tuple[bytes, ...]:
    """The NAL units of an Annex B byte stream, without start codes."""
    return tuple(nal.rstrip(b"\0") for nal in data.split(b"\0\0\1")[1:])
