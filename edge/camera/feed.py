"""Opens what the owner calls a camera (stream, file or webcam) and reads it in stream time."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from struct import Struct
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import av

from edge.camera.doze import Doze
from edge.camera.lost import NETWORK, CameraLost, explain
from edge.camera.passing import COPIED, Copier
from edge.camera.timebase import JUMP, Rounds, StreamClock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from av.container import InputContainer
    from av.video.stream import VideoStream

    from edge.camera.ring import Packet

WITHIN = (5.0, 4.0)
"""Seconds to open and to read: a camera that answers but never sends is found within both together."""
FIRST_WITHIN, BLIND_AFTER = 20.0, 5.0
"""Seconds of packets without a picture: before the first, as keyframes may be rare, and later."""
MOST_PIXELS = 8192 * 4320
LEAST_SIDE = 64
"""Limits on a camera's own picture, in pixels."""
ASK_EVERY = 1.0
"""Seconds between two looks at a camera's clock."""
_MADE = Struct("=q")
"""The head of FFmpeg's AVProducerReferenceTime: microseconds of UNIX epoch."""
_RATE = 25.0
_QUICK = {"analyzeduration": "200000", "probesize": "500000"}
_RTSP = _QUICK | {"rtsp_transport": "tcp", "allowed_media_types": "video", "timeout": "5000000"}
_HTTP = _QUICK | {"rw_timeout": "5000000", "protocol_whitelist": "http,https,tls,tcp,crypto,httpproxy"}
_RTMP = _QUICK | {"rw_timeout": "5000000"}
_OPTIONS = {"rtsp": _RTSP, "rtsps": _RTSP, "rtmp": _RTMP, "http": _HTTP, "https": _HTTP}
_FILE = {"protocol_whitelist": "file,crypto"}


@dataclass(frozen=True, slots=True)
class Shot:
    """What one packet of the camera gave."""

    packets: tuple[Packet, ...]
    """For the ring; empty where the codec is not one that is copied."""
    frames: tuple[tuple[float, av.VideoFrame], ...]
    """Stream time and picture, as the camera made it: masks are not burnt in yet."""


class Feed:
    """One session with a camera.

    A file plays at its own speed and starts again at its end without a jump in stream time. Sound is
    not asked for, and never decoded.
    """

    def __init__(
        self,
        url: str | int,
        *,
        blind: Callable[[str], bool] | None = None,
        asleep: Callable[[str], bool] | None = None,
    ) -> None:
        """Prepare.

        Args:
            url: as the owner wrote it.
            blind: whether a stream of this codec is only to be copied: no picture of it is decoded.
            asleep: whether keyframes of a stream of this codec will do now; asked with each packet.
        """
        self._url = url
        self._blind = blind or _never
        self._asleep = asleep or _never
        self._doze = Doze()
        self._is_file = isinstance(url, str) and urlsplit(url).scheme not in NETWORK
        self._clock = StreamClock()
        self._rounds = Rounds()
        self._offset = 0.0
        """Stream time minus the camera's own timestamp, seconds."""
        self._origin = 0.0
        """Monotonic time of timestamp 0 of a file."""
        self._has_begun = False
        self.codec = ""
        self.rate = _RATE
        """Pictures a second that the camera announces."""
        self.width = self.height = 0
        """As the camera announces them, pixels."""
        self.clock_off: float | None = None
        """The camera's clock minus this machine's, seconds; None: it does not tell. The way of a packet
        to here counts as slowness, which is well below what matters."""
        self._asked = float("-inf")

    @property
    def dozes(self) -> bool:
        """Whether the last packet was left undecoded, since keyframes will do."""
        return self._doze.held

    def shots(self) -> Iterator[Shot]:
        """Packets and pictures as they come.

        Raises:
            CameraLost: always in the end; a feed that is over says why.
        """
        while True:
            with self._opened() as container:
                stream = _video(container)
                self.codec = stream.codec_context.name
                self.width, self.height = stream.codec_context.width, stream.codec_context.height
                self.rate = min(max(float(stream.average_rate or _RATE), 1.0), 120.0)
                yield from self._played(container, stream)
            if not self._is_file:
                raise CameraLost("ended", "the camera closed the connection")
            self._rounds.again()

    def _opened(self) -> InputContainer:
        name, form, options = _target(self._url)
        began = time.monotonic()
        try:
            return av.open(name, "r", format=form, options=options, timeout=WITHIN)
        except av.FFmpegError as error:
            raise explain(error, self._url, time.monotonic() - began) from error

    def _played(self, container: InputContainer, stream: VideoStream) -> Iterator[Shot]:
        copier = Copier(stream) if self.codec in COPIED else None
        blind_at = time.monotonic() + FIRST_WITHIN
        blind = copier is not None and self._blind(self.codec)
        for packet in self._packets(container, stream):
            self._arrive(packet, stream)
            self._compare(packet)
            if blind and copier is not None:
                yield Shot(copier.copied(packet, self._offset), ())
                continue
            frames = self._pictures(packet, stream, may_sleep=copier is not None)
            blind_at = time.monotonic() + BLIND_AFTER if frames or self._doze.held else blind_at
            if time.monotonic() > blind_at:
                raise CameraLost("not-video", "what the camera sends cannot be decoded")
            yield Shot(copier.copied(packet, self._offset) if copier else (), frames)

    def _pictures(
        self, packet: av.Packet[VideoStream], stream: VideoStream, *, may_sleep: bool
    ) -> tuple[tuple[float, av.VideoFrame], ...]:
        """What is to be seen of a packet; of those that waited for it, only the last shows what is now."""
        asleep = may_sleep and self._asleep(self.codec)
        frames: list[av.VideoFrame] = []
        for one in self._doze.due(packet, stream, asleep=asleep):
            frames = _decoded(one, stream)
        return tuple(self._timed(frame) for frame in frames)

    def _packets(self, container: InputContainer, stream: VideoStream) -> Iterator[av.Packet[VideoStream]]:
        count, began = 0, time.monotonic()
        try:
            for packet in container.demux(stream):
                if (took := time.monotonic() - began) >= WITHIN[1]:  # FFmpeg gave up and hands out its rest
                    raise CameraLost("silent", f"nothing came for {took:.0f} s")
                count += bool(packet.size)
                yield packet
                began = time.monotonic()
        except av.FFmpegError as error:
            raise explain(error, self._url, time.monotonic() - began) from error
        if not count:
            raise CameraLost("not-video", "there is no picture in it")

    def _arrive(self, packet: av.Packet[VideoStream], stream: VideoStream) -> None:
        """Tie a packet's timestamp to the wall clock; a file's packet waits for its moment."""
        if not self._has_begun and packet.pts is None:
            packet.pts = packet.dts or 0  # FFmpeg leaves the first one of an RTSP session without
        in_order = not self._has_begun or not stream.codec_context.has_b_frames
        ticks = packet.pts if packet.dts is None and in_order else packet.dts
        if ticks is None or stream.time_base is None:
            return
        self._has_begun = True
        own = ticks * float(stream.time_base)
        stamp = self._rounds.stamp(own, 1.0 / self.rate)
        if self._is_file:
            self._wait(stamp)
        self._offset = self._clock.at(stamp, time.time()) - own

    def _compare(self, packet: av.Packet[VideoStream]) -> None:
        """Look once a second when the camera says that the packet was made, by its sender reports (RTCP)."""
        now = time.monotonic()
        if self._is_file or now - self._asked < ASK_EVERY:
            return
        self._asked = now
        made = made_at(packet)
        self.clock_off = None if made is None else made - time.time()

    def _wait(self, stamp: float) -> None:
        left = self._origin + stamp - time.monotonic()
        if abs(left) > JUMP:
            self._origin, left = time.monotonic() - stamp, 0.0
        time.sleep(max(0.0, left))

    def _timed(self, frame: av.VideoFrame) -> tuple[float, av.VideoFrame]:
        _refuse_size(frame.width, frame.height)
        return (time.time() if frame.pts is None else frame.time + self._offset), frame


def made_at(packet: av.Packet[VideoStream]) -> float | None:
    """When a camera says that a packet was made, seconds of UNIX epoch; None where it does not tell.

    A camera that has no clock counts from its start instead (RFC 3550, 6.4.1), which lies before 1970.
    """
    if not packet.has_sidedata("prft"):
        return None
    (micros,) = _MADE.unpack_from(packet.get_sidedata("prft"))
    return micros / 1e6 if micros >= 0 else None


def _never(_codec: str) -> bool:
    return False


def _decoded(packet: av.Packet[VideoStream], stream: VideoStream) -> list[av.VideoFrame]:
    """Whole pictures only; a packet that is damaged gives none, the next keyframe will."""
    try:
        return [frame for frame in stream.codec_context.decode(packet) if not frame.is_corrupt]
    except av.FFmpegError:
        return []


def _target(url: str | int) -> tuple[str, str | None, dict[str, str]]:
    """File name, format and options for FFmpeg."""
    if isinstance(url, int):
        return f"/dev/video{url}", "v4l2", {}
    scheme = urlsplit(url).scheme
    if scheme in NETWORK:
        return url, None, dict(_OPTIONS[scheme])
    if "://" in url:
        raise CameraLost("not-found", f"cameras are reached by {', '.join(sorted(NETWORK))}, not {scheme}")
    if not Path(url).is_file():
        raise CameraLost("not-found", "there is no such file")
    return url, None, dict(_FILE)


def _video(container: InputContainer) -> VideoStream:
    if not container.streams.video:
        raise CameraLost("not-video", "there is no picture in it")
    stream = container.streams.video[0]
    stream.codec_context.thread_count = 1
    stream.codec_context.options = {"max_pixels": str(MOST_PIXELS)}
    return stream


def _refuse_size(width: int, height: int) -> None:
    if min(width, height) < LEAST_SIDE or width * height > MOST_PIXELS:
        raise CameraLost("not-video", f"a picture of {width}x{height} is too small or too large to watch")
