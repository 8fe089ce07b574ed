from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from edge.bridge.gb28181.answer import House
from edge.bridge.gb28181.below import Desk
from edge.bridge.gb28181.bridge import Bridge
from edge.bridge.gb28181.talk import Times
from edge.config.gb28181 import (
    AboveConfig,
    BelowConfig,
    ChannelConfig,
    DevicesConfig,
    Gb28181Config,
    InputConfig,
    SightedConfig,
)
from tests.edge.bridge.gb28181.peer import CAMERA, DOWN, EDGE, OTHER, PASSWORD, PLATFORM, US, Platform
from tests.edge.market import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wire.message import Event

SMOKE = "34020000001340000001"
STATES = {"c-2-01": "live", "c-2-02": "lost"}
NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PATIENT = Times(first=0.05, most=0.2, patience=20.0)
QUICK = Times(first=0.05, most=0.2, patience=0.6)
"""For whoever waits for silence; a busy machine is as silent for so long."""
HOUSE = House(states=lambda: STATES, clock=lambda: NOON, version="0.1.0", recorded=frozenset({"c-2-01"}))


def above(platform: Platform, **more: object) -> AboveConfig:
    told: dict[str, object] = {
        "platform": PLATFORM,
        "host": "127.0.0.1",
        "port": platform.port,
        "transport": platform.transport,
        "code": EDGE,
        "password_file": "unread",
        "keepalive": 0.2,
        "cameras": (
            ChannelConfig("c-2-01", CAMERA, "三号网格东门"),
            ChannelConfig("c-2-02", OTHER, "二层货梯口", "二层"),
        ),
    }
    return AboveConfig(**(told | more))  # type: ignore[arg-type]


@pytest.fixture
def platform() -> Iterator[Platform]:
    one = Platform()
    yield one
    one.close()


def below(**more: object) -> DevicesConfig:
    told: dict[str, object] = {
        "code": US,
        "networks": ("127.0.0.0/8",),
        "devices": (
            BelowConfig(
                DOWN,
                "unread",
                cameras=(SightedConfig(CAMERA, "c-9-01"), SightedConfig(OTHER, "c-9-02")),
                inputs=(InputConfig(SMOKE, "c-9-01", "smoke"),),
            ),
        ),
        "keepalive": 600.0,
    }
    return DevicesConfig(**(told | more))  # type: ignore[arg-type]


@pytest.fixture
def taken() -> list[Event]:
    """What came of the devices' alarms."""
    return []


@pytest.fixture
def bridged(taken: list[Event], monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Bridge]]:
    monkeypatch.setattr("edge.bridge.gb28181.bridge.LEAVE_WITHIN", 20.0)
    bridges: list[Bridge] = []
    desk = Desk(put=taken.append, clock=NOON.timestamp, zone=ZoneInfo("Asia/Shanghai"))

    def make(
        *configs: AboveConfig,
        below: DevicesConfig | None = None,
        password: str = PASSWORD,
        listen: str = "127.0.0.1:0",
        times: Times = PATIENT,
    ) -> Bridge:
        config = Gb28181Config(listen, configs, below)
        codes = [one.platform for one in configs] + [one.code for one in (below.devices if below else ())]
        bridge = Bridge(config, dict.fromkeys(codes, password), HOUSE, desk, times=times)
        bridges.append(bridge)
        bridge.start()
        wait_for(lambda: bridge.port or bridge.failures)
        return bridge

    yield make
    for bridge in bridges:
        bridge.stop()
