"""Why a camera cannot be seen, in the few words that the hub can say in both languages."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import av

if TYPE_CHECKING:
    from edge.camera.talk import Reason

_ANSWERS_WITHIN = 3.0
_PORTS = {"rtsp": 554, "rtsps": 322, "rtmp": 1935, "http": 80, "https": 443}
_TIRED = (TimeoutError, av.error.ExitError)
"""What FFmpeg and PyAV raise once the time for an answer is over."""
NETWORK = frozenset(_PORTS)
"""Schemes of camera addresses that go over a network."""
_REASONS: tuple[tuple[tuple[type[Exception], ...], Reason], ...] = (
    ((av.HTTPUnauthorizedError, av.HTTPForbiddenError), "refused-login"),
    ((av.HTTPNotFoundError, FileNotFoundError, av.ProtocolNotFoundError), "not-found"),
    ((ConnectionRefusedError,), "no-network"),
    ((ConnectionError, EOFError, av.error.HTTPError), "ended"),
)


class CameraLost(Exception):  # noqa: N818 - a state of the camera, not of the program
    """The camera gives no picture; `reason` is a code, `detail` a short English sentence without secrets."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail[:200]


def explain(error: av.FFmpegError, url: str | int, took: float) -> CameraLost:
    """What an error of FFmpeg means; `took` are the seconds that the failed call waited.

    FFmpeg says "invalid data" for a camera that never answers and "input/output error" for a name that
    does not resolve, so where it leaves that open the address is called once more. Never quotes the
    error whole, as it repeats the address with its password.
    """
    if isinstance(error, _TIRED):
        return CameraLost("silent", f"nothing came for {took:.0f} s")
    said = (error.strerror or type(error).__name__).lower()
    for kinds, reason in _REASONS:
        if isinstance(error, kinds):
            return CameraLost(reason, said)
    if isinstance(url, int) or urlsplit(url).scheme not in NETWORK:
        return CameraLost("not-found" if isinstance(error, OSError) else "not-video", said)
    if unreachable := _unreachable(url):
        return CameraLost("no-network", unreachable)
    if took >= _ANSWERS_WITHIN:
        return CameraLost("silent", f"no answer within {took:.0f} s")
    return CameraLost("ended" if isinstance(error, OSError) else "not-video", said)


def _unreachable(url: str) -> str | None:
    parts = urlsplit(url)
    try:
        address = (parts.hostname or "", parts.port or _PORTS[parts.scheme])
        socket.create_connection(address, _ANSWERS_WITHIN).close()
    except (OSError, ValueError) as error:
        return getattr(error, "strerror", None) or str(error)
    return None
