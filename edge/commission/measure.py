"""What a camera sends, seen for some seconds: codec, size, rate, keyframes, clock, and what it costs."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from edge.camera.encode import Encoder, fitted
from edge.camera.feed import Feed
from edge.camera.lost import CameraLost
from edge.camera.mask import Mask
from edge.camera.strand import WIDEST

if TYPE_CHECKING:
    from edge.camera.feed import Shot

LONGEST = 60.0


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream as it was seen."""

    trouble: str = ""
    """Why it cannot be seen; then nothing else is known."""
    reason: str = ""
    """The same as a code."""
    codec: str = ""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    """As it comes, not as it is announced."""
    keys: float | None = None
    """Longest seconds from keyframe to keyframe; None: there were not two."""
    kbit: float = 0.0
    """A second."""
    clock_off: float | None = None
    """By its sender reports (RTCP), the camera's clock minus this machine's, seconds."""
    cores: float = 0.0
    """CPU seconds a second that this took: decoding, or copying alone."""
    recode: float | None = None
    """The same for coding it anew in H.264, where a browser may need that."""


@dataclass(slots=True)
class _Seen:
    began: float
    cpu: float
    last: float = 0.0
    pictures: int = 0
    size: int = 0
    keys: list[float] = field(default_factory=list)
    coding: float = 0.0
    encoder: Encoder | None = None

    def take(self, shot: Shot, feed: Feed) -> None:
        self.pictures += len(shot.packets) or len(shot.frames)
        self.size += sum(len(packet.data) for packet in shot.packets)
        self.keys += [packet.at for packet in shot.packets if packet.key]
        if feed.codec == "hevc":
            self._code(shot, feed)

    def _code(self, shot: Shot, feed: Feed) -> None:
        before = time.thread_time()
        for at, frame in shot.frames:
            if self.encoder is None:
                size = fitted(frame.width, frame.height, WIDEST)
                self.encoder = Encoder(size, feed.rate, Mask())
            for _ in self.encoder.encode(frame, at):
                pass
        self.coding += time.thread_time() - before


def look(url: str | int, seconds: float, *, decode: bool) -> Stream:
    """Look at a stream for some seconds.

    Args:
        url: as the owner wrote it.
        seconds: from the first picture on.
        decode: whether its pictures are decoded, as those that are looked at; H.265 always is, to tell what
            a browser's H.264 of it costs.
    """
    feed = Feed(url, blind=lambda codec: not decode and codec != "hevc")
    seen: _Seen | None = None
    shots = feed.shots()
    try:
        for shot in shots:
            if not (shot.packets or shot.frames):
                continue
            now = time.monotonic()
            seen = seen or _Seen(now, time.thread_time())
            seen.take(shot, feed)
            seen.last = now
            if now - seen.began >= min(seconds, LONGEST):
                break
    except CameraLost as lost:
        if seen is None or seen.pictures < 2:  # noqa: PLR2004 - of one picture nothing can be told
            return Stream(trouble=lost.detail, reason=lost.reason)
    finally:
        shots.close()  # type: ignore[attr-defined]
    assert seen is not None, "a feed gives a picture or says why not"
    return _told(seen, feed, time.thread_time() - seen.cpu)


def _told(seen: _Seen, feed: Feed, cpu: float) -> Stream:
    lasted = max(seen.last - seen.began, 1e-3)
    gaps = [after - before for before, after in zip(seen.keys, seen.keys[1:], strict=False)]
    return Stream(
        codec=feed.codec,
        width=feed.width,
        height=feed.height,
        fps=round((seen.pictures - 1) / lasted, 1),
        keys=round(max(gaps), 1) if gaps else None,
        kbit=round(seen.size * 8 / 1000 / lasted),
        clock_off=None if feed.clock_off is None else round(feed.clock_off, 1),
        cores=round((cpu - seen.coding) / lasted, 3),
        recode=round(cpu / lasted, 3) if seen.encoder else None,
    )
