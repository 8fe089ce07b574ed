"""H.264 over RTP, interleaved in the RTSP connection (RFC 6184, RFC 2326 10.12)."""

from __future__ import annotations

import base64
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edge.rtsp.reel import Reel

TICKS = 90_000
"""Units of RTP time a second."""
_MTU = 1400
"""Bytes of a packet's payload, as cameras choose it to fit a network frame."""
_FRAMED = struct.Struct(">BBHBBHII")
_REPORT = struct.Struct(">BBHBBHIQIII")
_NTP = 2_208_988_800
"""Seconds from 1900, where NTP begins, to 1970."""
_PAYLOAD = 96
_FU_A = 28


class Packets:
    """One session's RTP packets: counts them, stamps them."""

    def __init__(self, ssrc: int, seq: int, stamp: int) -> None:
        self.ssrc = ssrc
        self.next_seq = seq
        self.stamp = stamp
        """RTP time of the session's begin; not 0, which FFmpeg takes for none."""

    def unit(self, nals: tuple[bytes, ...], at: float) -> bytes:
        """One picture shown at `at` seconds of the session, as it goes into the connection on channel 0."""
        stamp = round(self.stamp + at * TICKS) & 0xFFFFFFFF
        framed = bytearray()
        for index, nal in enumerate(nals):
            for last, payload in _split(nal):
                marker = 0x80 if last and index == len(nals) - 1 else 0
                framed += self._header(len(payload), marker, stamp) + payload
        return bytes(framed)

    def report(self, at: float, wall: float) -> bytes:
        """A sender report (RTCP, RFC 3550 6.4.1) on channel 1.

        It says that the session's second `at` is second `wall` of UNIX epoch by the camera's clock.
        """
        stamp = round(self.stamp + at * TICKS) & 0xFFFFFFFF
        ntp = round((wall + _NTP) * 2**32) & 0xFFFFFFFFFFFFFFFF
        return _REPORT.pack(0x24, 1, 28, 0x80, 200, 6, self.ssrc, ntp, stamp, 0, 0)

    def _header(self, size: int, marker: int, stamp: int) -> bytes:
        seq, self.next_seq = self.next_seq, (self.next_seq + 1) & 0xFFFF
        return _FRAMED.pack(0x24, 0, 12 + size, 0x80, marker | _PAYLOAD, seq, stamp, self.ssrc)


def _split(nal: bytes) -> Iterator[tuple[bool, bytes]]:
    """The payloads that carry a NAL unit, and whether each is its last."""
    if len(nal) <= _MTU:
        yield True, nal
        return
    indicator, kind, body = nal[0] & 0xE0 | _FU_A, nal[0] & 0x1F, nal[1:]
    for start in range(0, len(body), _MTU):
        last = start + _MTU >= len(body)
        header = kind | (0x80 if start == 0 else 0) | (0x40 if last else 0)
        yield last, bytes((indicator, header)) + body[start : start + _MTU]


def sdp(name: str, reel: Reel) -> bytes:
    """What DESCRIBE tells of a camera."""
    sets = ",".join(base64.b64encode(nal).decode() for nal in (reel.sps, reel.pps))
    profile = reel.sps[1:4].hex().upper()
    lines = (
        "v=0",
        "o=- 0 0 IN IP4 127.0.0.1",
        f"s={name}",
        "c=IN IP4 0.0.0.0",
        "t=0 0",
        "a=control:*",
        f"m=video 0 RTP/AVP {_PAYLOAD}",
        f"a=rtpmap:{_PAYLOAD} H264/{TICKS}",
        f"a=fmtp:{_PAYLOAD} packetization-mode=1;profile-level-id={profile};sprop-parameter-sets={sets}",
        "a=control:track",
    )
    return ("\r\n".join(lines) + "\r\n").encode("ascii")
