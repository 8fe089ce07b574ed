"""What was measured, judged: a rule a line, each with what to change and how. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from edge.commission.measure import Stream
    from edge.config import CameraConfig

Level = Literal["good", "mind", "change"]
LEAST_WIDTH = 320
MOST_PIXELS = 1280 * 720
"""More than this is decoded for nothing: it is looked at no larger."""
MOST_FPS = 15.0
KEYS_GOOD, KEYS_MOST = 2.1, 4.1
"""Seconds from keyframe to keyframe: clips and live pictures begin there."""
CLOCK_GOOD = 1.0
TALL = 28
"""Pixels at the network's input that a person must be tall to be found."""
FIX = {
    "refused-login": "user or password is refused; see that this user may watch by RTSP",
    "not-found": "there is no such stream at this address; compare its path with the camera's own settings",
    "no-network": "nothing answers at this address: cable, power, address, firewall",
    "silent": "it answers and sends no picture; restart it, or take a viewer away: many allow only a few",
    "ended": "it ends the conversation; restart it, or take a viewer away: many allow only a few",
    "not-video": "what it sends is no picture that can be decoded; choose H.264 in its settings",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    about: str
    words: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A camera as it was seen, and what it is to be used for."""

    camera: CameraConfig
    sub: Stream
    """The stream that is looked at."""
    main: Stream | None
    """The one that is recorded; None: the same."""
    network: tuple[int, int]
    """Width and height of the detector's input."""
    onvif_off: float | None = None
    """Its clock by ONVIF, minus this machine's, seconds."""
    onvif_trouble: str = ""


def judge(looked: Looked) -> tuple[Finding, ...]:
    """All findings, stream by stream."""
    found: list[Finding] = []
    for name, stream in (("sub", looked.sub), ("main", looked.main)):
        if stream is None:
            continue
        if stream.trouble:
            words = f"{stream.trouble}: {FIX.get(stream.reason, 'look into its log')}"
            found.append(Finding("change", f"{name} stream", words))
            continue
        found += [
            Finding(level, f"{name} {about}", words)
            for about, rule in RULES[name].items()
            for level, words in rule(stream, looked)
        ]
    return (*found, *_rest(looked))


def _codec_sub(stream: Stream, _: Looked) -> Iterator[tuple[Level, str]]:
    if stream.codec == "h264":
        yield "good", f"H.264, {stream.cores:g} cores to decode"
    elif stream.codec == "hevc":
        words = f"H.265 takes {stream.cores:g} cores to decode; set the sub-stream's encoding to H.264"
        yield "change", words
    else:
        yield "change", f"{stream.codec} cannot be kept as it is sent; set the sub-stream's encoding to H.264"


def _codec_main(stream: Stream, _: Looked) -> Iterator[tuple[Level, str]]:
    if stream.codec == "h264":
        yield "good", f"H.264, recorded as it is sent, {stream.cores:g} cores"
    elif stream.codec == "hevc":
        cost = f"{stream.recode:g} CPU seconds a second of film" if stream.recode is not None else "its cost"
        words = f"H.265 is recorded as it is sent; where a browser plays none it is coded anew: {cost}"
        yield "mind", words
    else:
        yield "change", f"{stream.codec} cannot be recorded as it is sent; set the encoding to H.264 or H.265"


def _size(stream: Stream, looked: Looked) -> Iterator[tuple[Level, str]]:
    size = f"{stream.width}x{stream.height}"
    if stream.width < LEAST_WIDTH:
        yield "change", f"{size} shows too little; choose 640x360 or 704x576 for the sub-stream"
    elif stream.width * stream.height > MOST_PIXELS:
        words = f"{size} is decoded whole and looked at {looked.camera.width} wide; choose 640x360 to 768x576"
        yield "change" if looked.main else "mind", words
    else:
        yield "good", size


def _fps(stream: Stream, looked: Looked) -> Iterator[tuple[Level, str]]:
    wanted = looked.camera.fps
    if stream.fps < wanted * 0.9:
        yield "change", f"{stream.fps:g} a second, and {wanted:g} are looked at; set its frame rate to 10"
    elif stream.fps > MOST_FPS:
        yield "mind", f"{stream.fps:g} a second are decoded and {wanted:g} looked at; 10 would do"
    else:
        yield "good", f"{stream.fps:g} a second"


def _keys(stream: Stream, _: Looked) -> Iterator[tuple[Level, str]]:
    how = (
        f"set its I-frame interval to {max(2 * round(stream.fps), 2)} pictures, and smart codecs (H.264+) off"
    )
    if stream.keys is None:
        yield "change", f"no two keyframes were seen: clips and live pictures begin late; {how}"
    elif stream.keys > KEYS_GOOD:
        level: Level = "change" if stream.keys > KEYS_MOST else "mind"
        yield level, f"a keyframe every {stream.keys:g} s; clips and live pictures begin there: {how}"
    else:
        yield "good", f"a keyframe every {stream.keys:g} s"


def _person(stream: Stream, looked: Looked) -> Iterator[tuple[Level, str]]:
    """How tall the farthest person stands at the network's input, whatever is looked at in between."""
    wide, high = looked.network
    seen = min(1.0, looked.camera.width / stream.width)
    inner = stream.height * min(seen, wide / stream.width, high / stream.height)
    least = TALL / inner
    if looked.camera.far is None:
        words = f"write `far` into its file: a person must be {100 * least:.0f} % of the picture's height"
        yield "mind", f"nobody says how small the farthest person is; {words}"
        return
    tall = looked.camera.far * inner
    if tall < TALL:
        words = f"{tall:.0f} pixels tall at the network's {wide}x{high}, and {TALL} are needed"
        yield "change", f"{words}; a longer lens, a camera that is nearer, or a larger input (416x320)"
    else:
        yield "good", f"{tall:.0f} pixels tall at the network's {wide}x{high}"


RULES: dict[str, dict[str, Callable[[Stream, Looked], Iterator[tuple[Level, str]]]]] = {
    "sub": {
        "codec": _codec_sub,
        "size": _size,
        "frame rate": _fps,
        "keyframes": _keys,
        "farthest person": _person,
    },
    "main": {"codec": _codec_main, "keyframes": _keys},
}


def _rest(looked: Looked) -> Iterator[Finding]:
    if looked.main is None:
        words = "one stream is looked at and recorded; name its large one as `main` to record more"
        yield Finding("mind", "main stream", words)
    if looked.onvif_trouble:
        yield Finding("change", "onvif", looked.onvif_trouble)
    if looked.sub.trouble:
        return
    off = looked.onvif_off if looked.onvif_off is not None else looked.sub.clock_off
    if off is None:
        yield Finding(
            "mind", "clock", "it does not tell its time; give it `onvif: {}`, or look at its picture"
        )
    elif abs(off) > CLOCK_GOOD:
        words = f"{off:+.0f} s off; let it ask a time server (NTP), this edge's own if it has no other"
        yield Finding("change", "clock", words)
    else:
        yield Finding("good", "clock", f"{off:+.1f} s off")
