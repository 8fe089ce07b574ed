from __future__ import annotations

from typing import Any

import msgspec
import pytest

from edge.commission.judge import FIX, Finding, Looked, judge
from edge.commission.measure import Stream
from edge.config import CameraConfig

SUB = Stream(codec="h264", width=640, height=360, fps=10.0, keys=2.0, kbit=400, clock_off=0.2, cores=0.02)
MAIN = Stream(codec="h264", width=1920, height=1080, fps=25.0, keys=2.0, kbit=4000, cores=0.002)
DEFAULT, WIDE = (352, 288), (416, 320)


def findings(
    sub: dict[str, Any] | None = None,
    main: dict[str, Any] | None = None,
    *,
    network: tuple[int, int] = DEFAULT,
    far: float | None = 0.2,
    alone: bool = False,
    **more: Any,
) -> dict[str, Finding]:
    camera = CameraConfig(id="c-1-01", url="rtsp://a/s", main="rtsp://a/m", far=far)
    looked = Looked(
        camera,
        _with(SUB, sub or {}),
        None if alone else _with(MAIN, main or {}),
        network,
        **more,
    )
    return {one.about: one for one in judge(looked)}


def _with(stream: Stream, more: dict[str, Any]) -> Stream:
    return Stream(**(msgspec.to_builtins(stream) | more))


def test_a_camera_that_is_as_it_should_be_needs_no_change() -> None:
    assert {one.level for one in findings().values()} == {"good"}


@pytest.mark.parametrize(
    ("more", "about", "level", "words"),
    [
        ({"sub": {"codec": "hevc"}}, "sub codec", "change", "encoding to H.264"),
        ({"sub": {"codec": "mjpeg"}}, "sub codec", "change", "cannot be kept"),
        ({"main": {"codec": "hevc", "recode": 0.4}}, "main codec", "mind", "0.4 CPU seconds"),
        ({"main": {"codec": "mpeg4"}}, "main codec", "change", "H.264 or H.265"),
        ({"sub": {"width": 176, "height": 144}}, "sub size", "change", "640x360"),
        ({"sub": {"width": 1920, "height": 1080}}, "sub size", "change", "looked at 768 wide"),
        ({"sub": {"fps": 3.0}}, "sub frame rate", "change", "5 are looked at"),
        ({"sub": {"fps": 25.0}}, "sub frame rate", "mind", "10 would do"),
        ({"sub": {"keys": 10.0}}, "sub keyframes", "change", "I-frame interval to 20"),
        ({"sub": {"keys": 3.0}}, "sub keyframes", "mind", "every 3 s"),
        ({"main": {"keys": None}}, "main keyframes", "change", "no two keyframes"),
        ({"sub": {"clock_off": -90.0}}, "clock", "change", "-90 s off"),
        ({"sub": {"clock_off": None}}, "clock", "mind", "does not tell"),
        ({"sub": {"clock_off": None}, "onvif_off": 0.4}, "clock", "good", "+0.4 s"),
        ({"onvif_trouble": "a: no answer"}, "onvif", "change", "no answer"),
        ({"far": 0.1}, "sub farthest person", "change", "20 pixels tall"),
        ({"far": 0.1, "network": WIDE}, "sub farthest person", "change", "23 pixels"),
        ({"far": 0.15}, "sub farthest person", "good", "30 pixels"),
        ({"far": None}, "sub farthest person", "mind", "must be 14 %"),
        ({"alone": True}, "main stream", "mind", "name its large one"),
    ],
)
def test_what_is_not_is_said_with_what_to_do(
    more: dict[str, Any], about: str, level: str, words: str
) -> None:
    found = findings(**more)[about]
    assert found.level == level
    assert words in found.words


@pytest.mark.parametrize("reason", FIX)
def test_a_stream_that_cannot_be_seen_is_said_once_with_what_to_look_at(reason: str) -> None:
    found = findings(sub={"trouble": "no route", "reason": reason})
    assert FIX[reason] in found["sub stream"].words
    assert [about for about in found if about.startswith("sub")] == ["sub stream"]
    assert "clock" not in found
