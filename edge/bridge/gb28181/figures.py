"""The bridge's figures for Prometheus, and its state in words."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from edge.bridge.gb28181.counts import WHAT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric

    from edge.bridge.gb28181.bridge import Bridge

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
    now = time.monotonic()
    devices = bridge.below.devices if bridge.below else {}
    return {
        "listens": bridge.port,
        "above": {one.config.platform: one.state for one in bridge.above},
        "below": {code: "registered" if one.is_registered(now) else "away" for code, one in devices.items()},
    }


def _above(bridge: Bridge) -> Iterator[Metric]:
    held = GaugeMetricFamily(f"{ROOT}_registered", "Whether a platform above has us", labels=["platform"])
    anew = CounterMetricFamily(f"{ROOT}_registrations", "Times registered anew", labels=["platform"])
    waits = GaugeMetricFamily(
        f"{ROOT}_waiting", "Alarms that a platform has not been told", labels=["platform"]
    )
    for one in bridge.above:
        held.add_metric([one.config.platform], float(one.state == "registered"))
        anew.add_metric([one.config.platform], one.registrations)
        waits.add_metric([one.config.platform], one.waiting)
    yield from (held, anew, waits)


def _below(bridge: Bridge) -> Iterator[Metric]:
    here = GaugeMetricFamily(f"{ROOT}_device", "Whether a device below is registered", labels=["device"])
    lacks = GaugeMetricFamily(
        f"{ROOT}_missing", "Configured codes that a device's own catalog does not have", labels=["device"]
    )
    for code, one in (bridge.below.devices if bridge.below else {}).items():
        here.add_metric([code], float(one.is_registered(time.monotonic())))
        if one.listed:
            lacks.add_metric([code], len(one.missing))
    yield from (here, lacks)
