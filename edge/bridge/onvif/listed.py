"""The cameras of a network as a person who sets them up wants them told, with what to do next."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from edge.bridge.onvif.bounds import Mute
from edge.bridge.onvif.camera import camera
from edge.bridge.onvif.seek import Found, seek
from edge.config.onvif import Where
from edge.config.vendor import makers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from pathlib import Path

    from edge.bridge.onvif.camera import About, Stream

LEAST_WIDTH = 320
"""A stream that is narrower shows too little to be looked at."""
HEADS = ("ADDRESS", "MAKER", "MODEL", "PROFILES")
WIDEST = 40
NOBODY = """no camera answers in this network.
See that ONVIF is switched on in the cameras' own settings and that they are in the same network. Where this
machine has several networks, name its address in theirs: --own 192.168.1.10
A camera whose address is known is asked directly: --ask 192.168.1.64
"""


@dataclass(frozen=True, slots=True)
class Told:
    """What one camera tells who may ask it, or why it does not."""

    found: Found
    about: About | None = None
    streams: tuple[Stream, ...] = ()
    off: float | None = None
    """Its clock minus this machine's, seconds."""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person wants to know."""

    seconds: float
    """How long the network is heard."""
    own: str = ""
    """This machine's address in it."""
    hosts: tuple[str, ...] = ()
    """Which cameras are asked with user and password; only these, since anybody may answer a network."""


def discover(asked: Asked, templates: Path, environment: Mapping[str, str] = os.environ) -> str:
    """The table of a network's cameras.

    Raises:
        ConfigError: a table of makers is there and cannot be read.
        OSError: the network cannot be asked.
    """
    file = templates / "rtsp.yaml"
    known = makers(file).keys() if file.is_file() else ()
    found = {f"{one.host}:{one.port}": one for one in seek(asked.seconds, asked.own)}
    named = [found.get(_full(host), _found(host)) for host in asked.hosts]
    rest = [one for one in found.values() if one not in named]
    user, password = (environment.get(f"LF_CAMERA_{word}", "") for word in ("USER", "PASSWORD"))
    told = [ask(one, user, password) for one in named] + [Told(one) for one in rest]
    return table(told, known) if told else NOBODY


def ask(found: Found, user: str, password: str) -> Told:
    """Ask one camera what it is and for its streams."""

    async def go() -> Told:
        async with camera(Where(found.host, found.port, user, password)) as one:
            return Told(found, await one.about(), await one.streams(), await one.clock_off())

    try:
        return asyncio.run(go())
    except Mute as mute:
        return Told(found, trouble=str(mute))


def two(streams: Iterable[Stream]) -> tuple[Stream | None, Stream | None]:
    """The stream to record and the one to look at: the largest, and the smallest that shows enough.

    Of equals H.264 goes first, which every browser plays and every machine decodes.
    """
    known = [one for one in streams if one.url]
    main = max(known, key=_area, default=None)
    fit = [one for one in known if one.width >= LEAST_WIDTH]
    sub = min(fit, key=lambda one: (one.codec != "h264", _area(one)), default=None)
    return main, sub


def vendor(words: str, known: Collection[str]) -> str:
    """The maker of the table that `words` name; empty: none of them."""
    said = words.lower().replace(" ", "-")
    return next((name for name in sorted(known) if name in said), "")


def table(told: Sequence[Told], known: Collection[str]) -> str:
    """Lines for a terminal: a row a camera, below it what to do next."""
    rows = [_row(one) for one in told]
    widths = [max(len(row[place]) for row in (HEADS, *rows)) for place in range(len(HEADS))]
    lines = [_line(HEADS, widths)]
    for one, row in zip(told, rows, strict=True):
        lines += [_line(row, widths), *(f"    {line}" for line in _next(one, known))]
    return "\n".join(lines) + "\n"


def _row(told: Told) -> tuple[str, ...]:
    found, about = told.found, told.about
    maker, model = (about.maker, about.model) if about else (found.name, found.hardware)
    address = f"{found.host}:{found.port}"
    return tuple(word[:WIDEST] or "-" for word in (address, maker, model, ", ".join(found.profiles)))


def _next(told: Told, known: Collection[str]) -> list[str]:
    found = told.found
    if told.trouble:
        return [told.trouble]
    maker = vendor(f"{told.about.maker if told.about else ''} {found.name} {found.hardware}", known)
    if told.about is None:
        address = f"{found.host}:{found.port}"
        asked = f"set LF_CAMERA_USER and LF_CAMERA_PASSWORD and ask it: discover --ask {address}"
        return [*([f"vendor: {maker}, address: {found.host}; or"] if maker else []), asked]
    return [*_streams(told), *_clock(told), "then: python -m edge commission FILE"]


def _streams(told: Told) -> list[str]:
    main, sub = two(told.streams)
    if main is None or sub is None:
        return ["it names no stream that can be used; look into its own settings"]
    lines = [f"url: {_with_user(sub.url)}    # {_shape(sub)}"]
    return lines if main is sub else [*lines, f"main: {_with_user(main.url)}    # {_shape(main)}"]


def _clock(told: Told) -> list[str]:
    if told.off is None or abs(told.off) <= 1:
        return []
    return [f"its clock is {told.off:+.0f} s off; let it ask a time server"]


def _with_user(url: str) -> str:
    """For a camera's file: who asks is filled in from the environment."""
    parts = urlsplit(url)
    return parts._replace(netloc="${LF_CAMERA_USER}:${LF_CAMERA_PASSWORD}@" + parts.netloc).geturl()


def _shape(stream: Stream) -> str:
    return f"{stream.codec} {stream.width}x{stream.height} {stream.fps:g} fps"


def _area(stream: Stream) -> int:
    return stream.width * stream.height


def _line(words: Iterable[str], widths: Sequence[int]) -> str:
    return "  ".join(f"{word:{width}}" for word, width in zip(words, widths, strict=True)).rstrip()


def _full(host: str) -> str:
    return f"{_found(host).host}:{_found(host).port}"


def _found(host: str) -> Found:
    name, _, port = host.rpartition(":")
    return Found(name, int(port)) if name and port.isdecimal() else Found(host, 80)
