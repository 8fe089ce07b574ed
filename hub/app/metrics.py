"""Figures for Prometheus, for programs on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Depends, Response
from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from hub.api.guard import Guarded, Loopback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client.metrics_core import Metric

    from hub.app.hub import Hub

TOLD = {
    "taken": "Messages that took effect",
    "repeated": "Messages that were known already",
    "dead": "Messages set aside with a reason",
    "ignored": "Retained messages that tell old news",
    "batches": "Batches committed",
    "troubles": "Times that a batch had to be tried again",
}


class HubCollector(Collector):
    """Reads the hub's own counts when asked."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def collect(self) -> Iterator[Metric]:
        """Each figure."""
        if ingest := self._hub.ingest:
            for name, what in TOLD.items():
                yield CounterMetricFamily(f"lianfang_ingest_{name}", what, getattr(ingest.counts, name))
        yield GaugeMetricFamily("lianfang_feed_pages", "Pages that listen", self._hub.api.feed.pages)
        for part, works in self._hub.healthy().items():
            yield GaugeMetricFamily(f"lianfang_{part}_up", f"Whether the {part} works", float(works))


def metrics(hub: Hub) -> Guarded:
    """The route /metrics."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    registry.register(HubCollector(hub))
    router = Guarded(most=0)

    @router.get("/metrics", dependencies=[Depends(Loopback())], include_in_schema=False)
    def figures() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router
