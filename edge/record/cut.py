"""Clips of what was recorded: any time that is kept, the piece being written too, without coding anew."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import av

from edge.camera import clip
from edge.camera.clip import Clip, NoClip
from edge.camera.passing import Copier
from edge.camera.piece import OPEN, BrokenPieceError, read_head
from edge.camera.ring import Ring

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edge.camera.ring import Packet
    from edge.record.archive import Archive

_ROOT = Path(__file__).resolve().parents[2]
LONGEST = 60.0
"""Seconds of one clip."""
LEAD = 30.0
"""Seconds before a moment in which the keyframe that shows it may lie."""
BYTES = 512 * 2**20
"""Of one clip at most."""
RECODE_WITHIN = 60.0
"""Seconds that coding a clip anew may take."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A clip, and what it cost to code it anew: 0 where packets were copied."""

    clip: Clip
    cpu: float
    """Seconds."""


def cut(archive: Archive, camera: str, begin: float, end: float, path: Path) -> Clip:
    """Write what was recorded of a camera between two moments (stream time) as an MP4 file.

    Begins with the picture at `begin`, exactly, or with the first one kept after it. Where the camera's
    picture changed its size or codec meanwhile, it ends there. A hole within it is shown as long as it was.

    Raises:
        NoClip: nothing is kept of it, or it is too long.
        OSError: the disk is full or cannot be read.
    """
    if not 0 < end - begin <= LONGEST:
        raise NoClip(f"a clip lasts between 0 and {LONGEST:g} s, not {end - begin:g} s")
    ring = Ring(LONGEST + 2 * LEAD, BYTES)
    film = None
    for packet in _packets(archive, camera, begin - LEAD, end):
        if packet.at >= begin and film not in {None, packet.film}:
            break
        film = packet.film
        ring.push(packet)
        if packet.at > end + 1.0:
            break
    packets = ring.span(begin, end)
    if not packets:
        raise NoClip(f"nothing is recorded of {camera} at that time")
    return clip.write(packets, path, begin)


def recoded(made: Clip, path: Path) -> Cut:
    """The same clip in H.264, which every browser plays, coded by a process of its own at low priority.

    Raises:
        NoClip: it cannot be decoded, or takes too long.
    """
    word = [sys.executable, "-m", "edge.record.recode", str(made.path), str(path), repr(made.began)]
    try:
        done = subprocess.run(word, capture_output=True, timeout=RECODE_WITHIN, check=False, env=_env())  # noqa: S603 - ours
    except subprocess.TimeoutExpired as error:
        raise NoClip("coding it for a browser took too long; ask for a shorter piece") from error
    finally:
        made.path.unlink(missing_ok=True)
    if done.returncode != 0:
        raise NoClip("it cannot be coded for a browser")
    said = json.loads(done.stdout)
    return Cut(Clip(path, said["began"], said["ended"], said["size"], said["sha256"]), said["cpu"])


def codec_of(path: Path) -> str:
    """Codec of a clip: h264 or hevc."""
    with av.open(str(path)) as file:
        return str(file.streams.video[0].codec_context.name)


def _packets(archive: Archive, camera: str, begin: float, end: float) -> Iterator[Packet]:
    """Packets of every piece that reaches into a time, then of the one that is being written."""
    for piece in archive.span(camera, begin, end):
        yield from _read(archive.folder / piece.name, piece.head.zero)
    for path in sorted((archive.folder / camera).glob(f"*/*{OPEN}")):
        try:
            head = read_head(path)
        except (BrokenPieceError, OSError):
            continue  # it holds nothing yet
        if head.began <= end:
            yield from _read(path, head.zero)


def _read(path: Path, zero: float) -> Iterator[Packet]:
    try:
        with av.open(str(path), format="mp4") as file:
            stream = file.streams.video[0]
            copier = Copier(stream)
            for packet in file.demux(stream):
                yield from copier.copied(packet, zero)
    except FileNotFoundError:
        return  # its time came meanwhile
    except av.FFmpegError as error:
        raise NoClip("a piece of this recording cannot be read; check the recordings") from error


def _env() -> dict[str, str]:
    path = filter(None, (str(_ROOT), os.environ.get("PYTHONPATH")))
    return os.environ | {"PYTHONPATH": os.pathsep.join(path)}
