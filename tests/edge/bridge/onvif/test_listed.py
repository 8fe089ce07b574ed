from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from edge.bridge.onvif.camera import Stream
from edge.bridge.onvif.listed import NOBODY, Asked, Told, discover, table, two, vendor
from edge.bridge.onvif.seek import Found
from tests.conftest import aside
from tests.edge.bridge.onvif.soap import PASSWORD, USER, Soap, soap

if TYPE_CHECKING:
    from collections.abc import Iterator

TEMPLATES = Path(__file__).parents[4] / "firmware_configs" / "templates"
ALONE = "127.0.0.1"
"""Where nobody answers a multicast."""


@pytest.fixture
def told() -> Iterator[Soap]:
    with soap() as one:
        yield one


def stream(codec: str, width: int, height: int, url: str = "rtsp://10.0.0.9/a") -> Stream:
    return Stream("t", "n", codec, width, height, 10.0, url)


def test_a_camera_that_is_asked_is_listed_with_what_goes_into_its_file(told: Soap) -> None:
    told.clock = 3600.0
    said = {"LF_CAMERA_USER": USER, "LF_CAMERA_PASSWORD": PASSWORD}
    text = aside(discover, Asked(0.2, ALONE, (f"127.0.0.1:{told.port}",)), TEMPLATES, said)
    head, row, *below = text.splitlines()
    assert head.split() == ["ADDRESS", "MAKER", "MODEL", "PROFILES"]
    assert row.split() == [f"127.0.0.1:{told.port}", "Lantern", "LT-2", "-"]
    assert below[0] == (
        "    url: rtsp://${LF_CAMERA_USER}:${LF_CAMERA_PASSWORD}@127.0.0.1:554/live    # h264 640x360 10 fps"
    )
    assert below[1].strip().startswith("main: rtsp://${LF_CAMERA_USER}:")
    assert re.search(r"clock is \+3[56]\d\d s off", below[2])
    assert below[-1] == "    then: python -m edge commission FILE"
    assert PASSWORD not in text


def test_a_camera_that_refuses_is_listed_with_the_reason(told: Soap) -> None:
    text = aside(
        discover, Asked(0.2, ALONE, (f"127.0.0.1:{told.port}",)), TEMPLATES, {"LF_CAMERA_USER": USER}
    )
    assert "refuses this user and password" in text


def test_a_network_without_cameras_is_said_with_what_to_look_at() -> None:
    assert aside(discover, Asked(0.2, ALONE), TEMPLATES, {}) == NOBODY


def test_a_camera_that_was_not_asked_is_told_by_its_maker_where_that_is_known() -> None:
    known = {"hikvision", "dahua", "tp-link"}
    text = table(
        [Told(Found("10.0.0.9", 80, "HIKVISION DS-2CD", "DS-2CD")), Told(Found("10.0.0.10", 8000))], known
    )
    assert "vendor: hikvision, address: 10.0.0.9" in text
    assert text.count("discover --ask") == 2
    assert vendor("TP-Link Tapo C200", known) == "tp-link"
    assert vendor("Acme", known) == ""


def test_the_small_h264_stream_is_looked_at_and_the_largest_recorded() -> None:
    big, h265, h264, tiny = (
        stream("h265", 2560, 1440),
        stream("h265", 640, 360),
        stream("h264", 704, 576),
        stream("h264", 176, 144),
    )
    assert two([tiny, h265, big, h264]) == (big, h264)
    assert two([h265]) == (h265, h265)
    assert two([stream("h264", 640, 360, "")]) == (None, None)
