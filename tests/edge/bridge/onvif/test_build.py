"""The hours of a camera's own alarms are the market's, as the hub tells them now."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from edge.bridge.onvif import build
from edge.config import OnvifConfig
from edge.rule.hand import Hands
from tests.edge.market import config
from tests.edge.scene import watched
from wire.calendar import Calendar, Hours

if TYPE_CHECKING:
    from pathlib import Path

BY_DAY = Calendar(open=(Hours(begin="08:00", end="20:00"),))
BY_NIGHT = Calendar(open=(Hours(begin="20:00", end="08:00"),))


def test_a_calendar_that_the_hub_sends_holds_for_the_cameras_own_alarms_too(tmp_path: Path) -> None:
    camera = replace(watched(), url="rtsp://127.0.0.1:1/live", onvif=OnvifConfig())
    told = replace(config(tmp_path, 1, 1, camera), calendar=BY_DAY)
    calendars = [BY_DAY]
    noon = datetime(2026, 11, 23, 12, tzinfo=told.clock()).astimezone(UTC).timestamp()
    one = build.ear(told, lambda *_: None, Hands(), lambda: calendars[-1])
    assert one
    armed = one._listening[0].signs._armed
    assert not armed.armed(noon)
    calendars.append(BY_NIGHT)
    assert armed.armed(noon)
