"""RTSP requests and answers (RFC 2326) and the digest that opens a camera (RFC 2617)."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_HEAD = 4096
"""Bytes of a request with its headers."""
MOST_BODY = 4096
REALM = "camera"
PHRASES = {
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    404: "Not Found",
    413: "Request Entity Too Large",
    454: "Session Not Found",
    455: "Method Not Valid in This State",
    461: "Unsupported Transport",
    501: "Not Implemented",
    503: "Service Unavailable",
    505: "RTSP Version not supported",
}
FAULTS = ("stall_after", "drop_after", "garbage_after", "start", "clock_ahead")
_LINE = re.compile(r"([A-Z_]{1,32}) (rtsp://[!-~]{1,1024}|\*) RTSP/(\d\.\d)")
_FIELD = re.compile(r'(\w+)="?([^",]*)"?')
_MOST_SECONDS = 1e6


class Refused(Exception):  # noqa: N818 - an answer, not an accident
    """The request gets this status; `last` closes the connection, as nothing after it can be trusted."""

    def __init__(self, status: int, *, last: bool = False) -> None:
        super().__init__(f"{status} {PHRASES[status]}")
        self.status = status
        self.last = last


@dataclass(frozen=True, slots=True)
class Request:
    """One request, checked."""

    method: str
    url: str
    camera: str
    """First part of the path."""
    faults: Mapping[str, float]
    """What the query asks to go wrong, and after how many seconds; `start` is where the reel begins, and by
    `clock_ahead` seconds the camera's clock is off."""
    headers: Mapping[str, str]
    """Names in lower case."""

    @property
    def cseq(self) -> str:
        """The number to answer under."""
        return self.headers["cseq"]


def parse(head: bytes) -> Request:
    """Read a request's head, blank line included.

    Raises:
        Refused: it is no RTSP 1.0 request, has no CSeq, or asks for a fault that there is not.
    """
    try:
        first, *rest = head.decode("ascii").removesuffix("\r\n\r\n").split("\r\n")
    except UnicodeDecodeError as error:
        raise Refused(400, last=True) from error
    line = _LINE.fullmatch(first)
    headers = {name.strip().lower(): value.strip() for name, _, value in (one.partition(":") for one in rest)}
    if line is None or not re.fullmatch(r"\d{1,10}", headers.get("cseq", "")):
        raise Refused(400, last=True)
    method, url, version = line.groups()
    if version != "1.0":
        raise Refused(505, last=True)
    parts = urlsplit(url)
    faults = _faults(parts.query.partition("/")[0])
    return Request(method, url, parts.path.strip("/").partition("/")[0], faults, MappingProxyType(headers))


def body_size(request: Request) -> int:
    """Bytes that follow the head.

    Raises:
        Refused: more than any client has to say.
    """
    size = request.headers.get("content-length", "0")
    if not re.fullmatch(r"\d{1,10}", size):
        raise Refused(400, last=True)
    if int(size) > MOST_BODY:
        raise Refused(413, last=True)
    return int(size)


def answer(status: int, cseq: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """An answer as it goes over the wire."""
    lines = [f"RTSP/1.0 {status} {PHRASES[status]}", f"CSeq: {cseq}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("ascii") + body


def proves(request: Request, nonce: str, user: str, password: str) -> bool:
    """Whether the request carries the digest of `user` and `password` for this nonce and address."""
    kind, _, rest = request.headers.get("authorization", "").partition(" ")
    said = dict(_FIELD.findall(rest))
    if kind.lower() != "digest" or said.get("uri") != request.url or said.get("nonce") != nonce:
        return False
    secret = _md5(f"{user}:{REALM}:{password}")
    right = _md5(f"{secret}:{nonce}:{_md5(f'{request.method}:{request.url}')}")
    named = hmac.compare_digest(said.get("username", "").encode(), user.encode())
    return named and hmac.compare_digest(said.get("response", "").encode(), right.encode())


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _faults(query: str) -> Mapping[str, float]:
    try:
        faults = {name: float(value) for name, value in parse_qsl(query, strict_parsing=bool(query))}
    except ValueError as error:
        raise Refused(400) from error
    if not faults.keys() <= set(FAULTS) or not all(0 <= value <= _MOST_SECONDS for value in faults.values()):
        raise Refused(400)
    return MappingProxyType(faults)
