"""One client's connection: its requests and their answers."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from edge.rtsp import request as rtsp
from edge.rtsp.play import play
from edge.rtsp.request import Refused, Request
from edge.rtsp.rtp import Packets, sdp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from edge.rtsp.reel import Reel

IDLE = 75.0
"""Seconds without a request after which a connection is closed; clients are told to speak within 60."""
FLUSH = 1.0
"""Seconds for the last answer to reach the client."""
_OK = 200
Answer = tuple[dict[str, str], bytes]


@dataclass(frozen=True, slots=True)
class House:
    """What the server serves, and to whom."""

    reels: Mapping[str, Reel]
    user: str = ""
    """Empty: anybody may look."""
    password: str = field(default="", repr=False)


class Session:
    """Answers one connection until it ends."""

    def __init__(self, house: House, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._house = house
        self._reader = reader
        self._writer = writer
        self._nonce = secrets.token_hex(16)
        self._id = secrets.token_hex(8)
        self._packets = Packets(secrets.randbits(32), secrets.randbits(15), secrets.randbits(31) | 1)
        self._is_set_up = False
        self._answers: dict[str, Callable[[Request], Answer]] = {
            "OPTIONS": self._options,
            "DESCRIBE": self._describe,
            "SETUP": self._set_up,
            "PLAY": self._start,
            "GET_PARAMETER": self._alive,
            "SET_PARAMETER": self._alive,
            "TEARDOWN": self._alive,
        }
        self._play: asyncio.Task[None] | None = None

    async def run(self) -> None:
        """Serve until the client leaves, is idle, or asks for what makes no sense."""
        try:
            while await self._serve():
                pass
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            pass
        finally:
            await self._leave()

    async def _leave(self) -> None:
        if self._play is not None:
            self._play.cancel()
            await asyncio.wait((self._play,))
        self._writer.close()
        try:
            async with asyncio.timeout(FLUSH):
                await self._writer.wait_closed()
        except (OSError, TimeoutError):
            self._writer.transport.abort()

    async def _serve(self) -> bool:
        """Answer one request; whether another may follow."""
        cseq, status, last = "0", _OK, False
        try:
            async with asyncio.timeout(IDLE):
                request = rtsp.parse(await self._head())
                cseq = request.cseq
                await self._reader.readexactly(rtsp.body_size(request))
            headers, body = self._answered(request)
            last = request.method == "TEARDOWN"
        except Refused as refused:
            status, last = refused.status, refused.last
            headers, body = self._hints(status), b""
        self._writer.write(rtsp.answer(status, cseq, headers, body))
        await self._writer.drain()
        if status == _OK and request.method == "PLAY" and self._play is None:
            reel = self._house.reels[request.camera]
            self._play = asyncio.create_task(play(reel, request.faults, self._packets, self._writer))
        return not last

    async def _head(self) -> bytes:
        """A request's head; what the client reports about the pictures (RTCP) is skipped."""
        while (first := await self._reader.readexactly(1)) == b"$":
            await self._reader.readexactly(int.from_bytes((await self._reader.readexactly(3))[1:]))
        try:
            return first + await self._reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError as error:
            raise Refused(413, last=True) from error

    def _answered(self, request: Request) -> Answer:
        if request.method not in self._answers:
            raise Refused(501)
        if request.method != "OPTIONS":
            house = self._house
            if house.user and not rtsp.proves(request, self._nonce, house.user, house.password):
                raise Refused(401)
            if request.camera not in house.reels:
                raise Refused(404)
        return self._answers[request.method](request)

    def _hints(self, status: int) -> dict[str, str]:
        match status:
            case 401:
                return {"WWW-Authenticate": f'Digest realm="{rtsp.REALM}", nonce="{self._nonce}"'}
            case 501:
                return {"Allow": ", ".join(self._answers)}
            case _:
                return {}

    def _options(self, _: Request) -> Answer:
        return {"Public": ", ".join(self._answers)}, b""

    def _describe(self, request: Request) -> Answer:
        base = request.url.removesuffix("/") + "/"
        body = sdp(request.camera, self._house.reels[request.camera])
        return {"Content-Type": "application/sdp", "Content-Base": base}, body

    def _set_up(self, request: Request) -> Answer:
        if "RTP/AVP/TCP" not in request.headers.get("transport", ""):
            raise Refused(461)
        if self._is_set_up:
            raise Refused(455)
        self._is_set_up = True
        transport = f"RTP/AVP/TCP;unicast;interleaved=0-1;ssrc={self._packets.ssrc:08X}"
        return {"Transport": transport, "Session": f"{self._id};timeout=60"}, b""

    def _start(self, request: Request) -> Answer:
        if not self._is_set_up:
            raise Refused(455)
        if request.headers.get("session", "").partition(";")[0] != self._id:
            raise Refused(454)
        track, packets = request.url.removesuffix("/") + "/track", self._packets
        info = f"url={track};seq={packets.next_seq};rtptime={packets.stamp}"
        return {"Session": self._id, "Range": "npt=0.000-", "RTP-Info": info}, b""

    def _alive(self, _: Request) -> Answer:
        return {"Session": self._id}, b""
