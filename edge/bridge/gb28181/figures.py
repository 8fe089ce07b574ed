"""The bridge's figures for Prometheus, and its state in words."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from edge.bridge.gb28181.counts import WHAT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric

    from edge.bridge.gb28181.above import Above
    from edge.bridge.gb28181.bridge import Bridge
    from edge.bridge.gb28181.device import Device

ROOT = "lianfang_edge_gb28181"


def figures(bridge: Bridge) -> Iterator[Metric]:
    """Each figure; from any thread."""
    yield from _above(bridge)
    yield from _below(bridge)
    counted = CounterMetricFamily(f"{ROOT}_counted", "What the bridge counts", labels=["what"])
    for what in WHAT:
        counted.add_metric([what], bridge.counts[what])
    yield counted


def health(bridge: Bridge) -> dict[str, Any]:
    """Who is registered: platforms above by their state, devices below by whether they are there."""
    now, live, devices = time.monotonic(), _live(bridge), _devices(bridge)
    return {
        "listens": bridge.port,
        "above": {one.platform: _state(live.get(one.platform)) for one in bridge.config.above},
        "below": {code: device.state(now) if device else "away" for code, device in devices.items()},
    }


def _above(bridge: Bridge) -> Iterator[Metric]:
    held = GaugeMetricFamily(f"{ROOT}_registered", "Whether a platform above has us", labels=["platform"])
    anew = CounterMetricFamily(f"{ROOT}_registrations", "Times registered anew", labels=["platform"])
    waits = GaugeMetricFamily(
        f"{ROOT}_waiting", "Alarms that a platform has not been told", labels=["platform"]
    )
    live = _live(bridge)
    for one in bridge.config.above:
        side = live.get(one.platform)
        held.add_metric([one.platform], float(_state(side) == "registered"))
        anew.add_metric([one.platform], side.registrations if side else 0)
        waits.add_metric([one.platform], side.waiting if side else 0)
    yield from (held, anew, waits)


def _below(bridge: Bridge) -> Iterator[Metric]:
    here = GaugeMetricFamily(
        f"{ROOT}_device", "Whether a device below is registered and alive", labels=["device"]
    )
    lacks = GaugeMetricFamily(
        f"{ROOT}_missing", "Configured codes that a device's own catalog does not have", labels=["device"]
    )
    for code, device in _devices(bridge).items():
        is_here = device is not None and device.state(time.monotonic()) == "registered"
        here.add_metric([code], float(is_here))
        lacks.add_metric([code], len(device.missing) if device and device.listed else 0)
    yield from (here, lacks)


def _live(bridge: Bridge) -> dict[str, Above]:
    return {one.config.platform: one for one in bridge.above}


def _state(side: Above | None) -> str:
    """Of a platform; while the bridge itself cannot begin, nobody is registered."""
    return side.state if side else "away"


def _devices(bridge: Bridge) -> dict[str, Device | None]:
    """Everyone who is configured, whether the bridge lives or not."""
    told = bridge.config.below.devices if bridge.config.below else ()
    live = bridge.below.devices if bridge.below else {}
    return {one.code: live.get(one.code) for one in told}
