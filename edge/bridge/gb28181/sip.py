"""SIP messages (RFC 3261) as GB/T 28181 uses them: read with bounds, or refused with a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_BYTES = 65_535
MOST_HEAD = 8_192
"""Bytes before the body."""
MOST_HEADERS = 64
MOST_VIAS = 8
MOST_NUMBER = 2**31 - 1
LONGEST_REASON = 60
TRYING = 100

_WORD = r"[A-Za-z0-9.!%*_+`'~-]{1,128}"
_REQUEST = re.compile(rf"({_WORD}) (sips?:[^\s<>\"]{{1,256}}) SIP/2\.0")
_STATUS = re.compile(r"SIP/2\.0 ([1-6][0-9]{2})(?: (.*))?")
_HEADER = re.compile(rf"({_WORD})[ \t]*:[ \t]*(.*)", re.DOTALL)
_CSEQ = re.compile(rf"([0-9]{{1,10}})[ \t]+({_WORD})")
_VIA = re.compile(r"SIP\s*/\s*2\.0\s*/\s*([A-Za-z]{2,8})\s+([^\s;,]{1,256})((?:\s*;[^,]*)?)")
_BRANCH = re.compile(r";\s*branch\s*=\s*([^\s;,\"]{1,256})", re.IGNORECASE)
_USER = re.compile(r"[^<>]{0,256}?<?sips?:([^@\s<>;\"]{1,64})@[^\s<>;\"]{1,256}", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_COMPACT = {
    "c": "content-type",
    "f": "from",
    "i": "call-id",
    "l": "content-length",
    "m": "contact",
    "s": "subject",
    "t": "to",
    "v": "via",
}
_NAMES = {
    "call-id": "Call-ID",
    "cseq": "CSeq",
    "www-authenticate": "WWW-Authenticate",
    "x-gb-ver": "X-GB-Ver",
}
ECHOED = ("via", "from", "to", "call-id", "cseq")
"""Headers that every message has and an answer repeats."""
ONCE = frozenset({"from", "to", "call-id", "cseq", "content-length", "content-type", "expires"})
REASONS = {
    100: "Trying",
    200: "OK",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    405: "Method Not Allowed",
    415: "Unsupported Media Type",
    423: "Interval Too Brief",
    481: "Call/Transaction Does Not Exist",
    488: "Not Acceptable Here",
    500: "Server Internal Error",
    503: "Service Unavailable",
}
Headers = tuple[tuple[str, str], ...]
"""Names in lower case, compact ones spelt out, in their order."""


class Malformed(ValueError):  # noqa: N818 - what is wrong with what somebody sent
    """No message; `headers` are those that an answer repeats, where a request has them all."""

    def __init__(self, words: str, headers: Headers = ()) -> None:
        super().__init__(words)
        self.headers = headers


@dataclass(frozen=True, slots=True)
class Message:
    """A request, or with `status` above 0 a response."""

    method: str
    """Of a response: of the request that it answers."""
    uri: str
    """Of a request: whom it asks."""
    headers: Headers
    body: bytes = b""
    status: int = 0
    reason: str = ""

    def get(self, name: str) -> str:
        """The first value of a header by its lower-case name; empty without one."""
        return next((value for key, value in self.headers if key == name), "")

    def every(self, name: str) -> tuple[str, ...]:
        """All values of a header."""
        return tuple(value for key, value in self.headers if key == name)

    @property
    def branch(self) -> str:
        """By which the newest Via names its transaction; empty without one."""
        found = _BRANCH.search(self.get("via"))
        return found[1] if found else ""

    @property
    def sender(self) -> str:
        """Who speaks: the user of From, which is a code; empty where there is none."""
        return user_of(self.get("from"))

    @property
    def receiver(self) -> str:
        """Who is spoken to: the user of To."""
        return user_of(self.get("to"))

    @property
    def expires(self) -> int | None:
        """Seconds, of the header or the Contact's parameter."""
        told = self.get("expires")
        if not told and (found := re.search(r";\s*expires\s*=\s*([0-9]{1,10})", self.get("contact"))):
            told = found[1]
        return min(int(told), MOST_NUMBER) if re.fullmatch(r"[0-9]{1,10}", told) else None


def user_of(address: str) -> str:
    """The user of an address such as `<sip:34020000002000000001@3402000000>;tag=1`; empty without one."""
    found = _USER.match(address)
    return found[1] if found else ""


def read(data: bytes) -> Message:
    """The message in `data`, one datagram or one cut out of a stream.

    Raises:
        Malformed: with the reason.
    """
    if len(data) > MOST_BYTES:
        raise Malformed(f"{len(data)} bytes are more than {MOST_BYTES}")
    head, mark, body = data.partition(b"\r\n\r\n")
    if not mark:
        raise Malformed("the headers do not end")
    if len(head) > MOST_HEAD:
        raise Malformed(f"{len(head)} bytes of headers are more than {MOST_HEAD}")
    start, *lines = _text(head).split("\r\n")
    headers = _headers(_unfolded(lines))
    try:
        return _message(start, headers, body)
    except Malformed as error:
        echoed = tuple(pair for pair in headers if pair[0] in ECHOED)
        is_answered = _is_whole(echoed) and not start.startswith("SIP/")
        raise Malformed(str(error), echoed if is_answered else ()) from None


def write(message: Message) -> bytes:
    """The bytes of a message; Content-Length is written anew."""
    if message.status:
        reason = message.reason or REASONS.get(message.status, "")
        start = f"SIP/2.0 {message.status} {reason}"
    else:
        start = f"{message.method} {message.uri} SIP/2.0"
    lines = [start]
    for name, value in (*message.headers, ("content-length", str(len(message.body)))):
        assert not _CONTROL.search(value), f"{name} has a control character"
        lines.append(f"{_NAMES.get(name) or name.title()}: {value}")
    return "\r\n".join((*lines, "", "")).encode() + message.body


def answer(request: Message | Malformed, status: int, headers: Headers = (), reason: str = "") -> Message:
    """What is answered to a request: the headers that it repeats, and more; To gets a tag of its own."""
    echoed = [pair for pair in request.headers if pair[0] in ECHOED]
    tagged = tuple(
        (name, f"{value};tag=lf")
        if name == "to" and status > TRYING and ";tag=" not in value
        else (name, value)
        for name, value in echoed
    )
    return Message("", "", (*tagged, *headers), b"", status, reason)


def _message(start: str, headers: Headers, rest: bytes) -> Message:
    request, status = _REQUEST.fullmatch(start), _STATUS.fullmatch(start)
    if _CONTROL.search(start):
        raise Malformed("its first line has a control character")
    method, body = _checked(headers), _body(headers, rest)
    if status:
        reason = "".join(one for one in status[2] or "" if one.isprintable())
        return Message(method, "", headers, body, int(status[1]), reason[:LONGEST_REASON])
    if request is None:
        raise Malformed("it begins with neither a request nor a status")
    if request[1] != method:
        raise Malformed(f"CSeq is of {method}, the request is {request[1]}")
    return Message(method, request[2], headers, body)


def _text(head: bytes) -> str:
    """UTF-8 by RFC 3261; devices write names in GB 18030."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return head.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Malformed("the headers are neither UTF-8 nor GB 18030")


def _unfolded(lines: list[str]) -> list[str]:
    found: list[str] = []
    for line in lines:
        if line[:1] in {" ", "\t"} and found:
            found[-1] += " " + line.strip(" \t")
        else:
            found.append(line)
    if len(found) > MOST_HEADERS:
        raise Malformed(f"{len(found)} headers are more than {MOST_HEADERS}")
    return found


def _headers(lines: list[str]) -> Headers:
    found = []
    for line in lines:
        parts = _HEADER.fullmatch(line)
        if parts is None or _CONTROL.search(line):
            raise Malformed(f"{line[:40]!r} is no header")
        name = parts[1].lower()
        found.append((_COMPACT.get(name, name), parts[2].strip(" \t")))
    return tuple(found)


def _checked(headers: Headers) -> str:
    """The method that CSeq names, once all that must be there is."""
    names = [name for name, _ in headers]
    for name in ECHOED:
        if name not in names:
            raise Malformed(f"{name} is missing")
    for name in ONCE:
        if names.count(name) > 1:
            raise Malformed(f"{name} is there twice")
    values = dict(reversed(headers))
    cseq = _CSEQ.fullmatch(values["cseq"])
    if cseq is None or int(cseq[1]) > MOST_NUMBER:
        raise Malformed("CSeq is no number and method")
    if names.count("via") > MOST_VIAS or _VIA.match(values["via"]) is None:
        raise Malformed("Via is none")
    if not all(user_of(values[name]) for name in ("from", "to")):
        raise Malformed("From or To names nobody")
    if not values["call-id"]:
        raise Malformed("Call-ID is empty")
    return cseq[2]


def _body(headers: Headers, rest: bytes) -> bytes:
    told = dict(headers).get("content-length")
    if told is None:
        return rest
    if not re.fullmatch(r"[0-9]{1,7}", told) or int(told) > len(rest):
        raise Malformed("the body is shorter than Content-Length, or that is no number")
    return rest[: int(told)]


def _is_whole(echoed: Headers) -> bool:
    names = [name for name, _ in echoed]
    return (
        all(names.count(name) == 1 for name in ECHOED if name != "via")
        and 0 < names.count("via") <= MOST_VIAS
    )
