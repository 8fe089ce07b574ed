from __future__ import annotations

from typing import TYPE_CHECKING

from tests.edge.bridge.gb28181.conftest import above
from tests.edge.bridge.gb28181.peer import EDGE, Platform
from tests.edge.market import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.bridge.gb28181.bridge import Bridge


def test_the_district_sees_the_edge_registered_and_alive(
    platform: Platform, bridged: Callable[..., Bridge]
) -> None:
    bridge = bridged(above(platform))
    wait_for(lambda: len(platform.told("Keepalive")) >= 2)
    first, second = platform.methods("REGISTER")
    assert "authorization" not in first.headers
    assert second.headers["expires"] == "3600"
    alive = platform.told("Keepalive")[0]
    assert (alive.tag("DeviceID"), alive.tag("Status")) == (EDGE, "OK")
    assert alive.headers["content-type"] == "Application/MANSCDP+xml"
    assert bridge.above[0].state == "registered"
