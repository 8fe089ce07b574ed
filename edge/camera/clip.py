"""Clips: a span of the packet ring written as an MP4 file, without coding anything anew."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

import av

from edge.camera.encode import TICKS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from av.stream import Stream

    from edge.camera.ring import Packet


class NoClip(Exception):  # noqa: N818 - a refusal with a sentence
    """There is no clip to be had; the text says why."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A playable MP4 file of what a camera saw, masks included."""

    path: Path
    began: float
    """Stream time of its first picture, seconds of UNIX epoch."""
    ended: float
    """Stream time at which its last picture ends."""
    size: int
    """Bytes."""
    sha256: str


def write(packets: Sequence[Packet], path: Path, begin: float | None = None) -> Clip:
    """Write packets (decoding order, the first a keyframe, one film) as `path`, index at the front.

    The file appears whole or not at all, and is on the disk when this returns. With `begin`, players show
    it from the picture of that stream time on, whatever lies before it back to the keyframe.

    Raises:
        NoClip: there are no packets.
        OSError: the folder is missing or the disk full; nothing is left behind.
    """
    if not packets:
        raise NoClip("the camera's ring holds nothing of this time")
    part = path.with_name(f".{path.name}.part")
    try:
        _mux(packets, part, packets[0].at if begin is None else max(begin, packets[0].at))
        size, sha256 = _settle(part)
        part.replace(path)
    except (OSError, av.FFmpegError):
        part.unlink(missing_ok=True)
        raise
    began = packets[0].at if begin is None else max(begin, packets[0].at)
    return Clip(path, began, max(packet.at for packet in packets) + _step(packets), size, sha256)


def decoding(shown: Sequence[float]) -> list[float]:
    """When pictures that are shown at these times, given in decoding order, must be decoded.

    Cameras do not say it over RTSP. No picture is decoded after it is shown, and none before the last.
    """
    order = sorted(shown)
    ahead = max(sooner - at for sooner, at in zip(order, shown, strict=True))
    return [at - ahead for at in order]


def _distinct(shown: list[int]) -> list[int]:
    """The same times, no two of them equal: a file cannot show two pictures at once."""
    order = sorted(range(len(shown)), key=shown.__getitem__)
    for sooner, later in pairwise(order):
        shown[later] = max(shown[later], shown[sooner] + 1)
    return shown


def _mux(packets: Sequence[Packet], path: Path, begin: float) -> None:
    first = packets[0]
    # what leads in from the group before cannot be shown without it
    packets = [packet for packet in packets if packet.at >= first.at]
    shown = _distinct([_ticks(packet.at - begin) for packet in packets])
    step = _ticks(_step(packets))
    with av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"}) as file:
        stream = file.add_mux_stream(first.film.codec, width=first.film.width, height=first.film.height)
        stream.time_base = Fraction(1, TICKS)
        for packet, pts, dts in zip(packets, shown, decoding(shown), strict=True):
            coded: av.Packet[Stream] = av.Packet(packet.data)
            coded.stream, coded.time_base, coded.is_keyframe = stream, Fraction(1, TICKS), packet.key
            coded.pts, coded.dts, coded.duration = pts, int(dts), step
            file.mux(coded)


def _settle(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
        return file.tell(), sha256


def _step(packets: Sequence[Packet]) -> float:
    """Seconds that one picture stands, the middle of all."""
    times = sorted(packet.at for packet in packets)
    steps = sorted(later - sooner for sooner, later in pairwise(times))
    return steps[len(steps) // 2] if steps else 0.0


def _ticks(seconds: float) -> int:
    return round(seconds * TICKS)
