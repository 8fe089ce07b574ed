from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from edge.bridge.gb28181.answer import House
from edge.bridge.gb28181.below import Desk
from edge.bridge.gb28181.bridge import Bridge
from edge.bridge.gb28181.talk import Times
from edge.config.gb28181 import AboveConfig, ChannelConfig, Gb28181Config
from tests.edge.bridge.gb28181.peer import CAMERA, EDGE, OTHER, PASSWORD, PLATFORM, Platform

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from wire.message import Event

STATES = {"c-2-01": "live", "c-2-02": "lost"}
NOON = datetime(2026, 11, 22, 12, 0, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TAKEN: list[Event] = []
QUICK = Times(first=0.05, most=0.2, patience=0.6)
DESK = Desk(put=TAKEN.append, clock=NOON.timestamp, zone=ZoneInfo("Asia/Shanghai"))
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


@pytest.fixture
def bridged() -> Iterator[Callable[..., Bridge]]:
    bridges: list[Bridge] = []

    def make(*configs: AboveConfig, password: str = PASSWORD, listen: str = "127.0.0.1:0") -> Bridge:
        config = Gb28181Config(listen, configs)
        bridge = Bridge(config, {one.platform: password for one in configs}, HOUSE, DESK, times=QUICK)
        bridges.append(bridge)
        bridge.start()
        return bridge

    yield make
    for bridge in bridges:
        bridge.stop()
