"""Figures for Prometheus, for programs on this machine; deploy/observability has a dashboard that shows them.

A name once given stays: dashboards and alarms of others stand on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import Depends, Response
from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy import QueuePool
from sqlalchemy.exc import SQLAlchemyError

from hub.api.guard import Guarded, Loopback
from hub.service.figures import figures
from hub.service.market import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from prometheus_client.metrics_core import Metric

    from hub.api.measure import Times
    from hub.app.hub import Hub
    from hub.core.spread import Spread
    from hub.ingest import Counts
    from hub.service.figures import CanaryFigures, DeviceFigures, Figures

TOLD = {
    "taken": "Messages that took effect",
    "repeated": "Messages that were known already",
    "dead": "Messages set aside with a reason",
    "ignored": "Retained messages that tell old news",
    "batches": "Batches committed",
    "troubles": "Times that a batch had to be tried again",
    "receipts": "Receipts sent to devices, each of many numbers",
}
RELAYED = {
    "taken": "Live pictures that edges brought",
    "taken_bytes": "Bytes of them",
    "given": "Live pictures that pages took",
    "given_bytes": "Bytes of them",
    "dropped": "Live pictures that a page was too slow for",
    "refused": "Messages of relaying edges that are no picture of theirs",
}
SPREADS: dict[str, tuple[str, Callable[[Counts], Spread]]] = {
    "batch_size": ("Messages of one transaction", lambda counts: counts.sizes),
    "seconds": ("From the first word of a batch to its commit", lambda counts: counts.seconds),
    "lag_seconds": ("From a device's saying, by its clock, to the commit", lambda counts: counts.lags),
}
COUNTED: dict[str, tuple[str, str, Callable[[Figures], dict[str, int]]]] = {
    "alerts_open": (
        "Open alerts",
        "severity",
        lambda one: {f"p{at}": many for at, many in one.alerts.items()},
    ),
    "cases_open": ("Open cases", "stage", lambda one: dict(one.cases)),
    "cameras": ("Cameras", "state", lambda one: dict(one.cameras)),
}
CANARIES = {
    "sent": "Drill alarms that the hub ordered of cameras by itself",
    "failed": "Those of them that did not come",
}
DEVICE: dict[str, tuple[str, Callable[[DeviceFigures], float | None]]] = {
    "online": ("Whether it is connected", lambda one: float(one.online)),
    "outbox_rows": ("Rows of its outbox without a receipt, as it last told", lambda one: one.queued),
    "outbox_dropped": ("Rows that it gave up since its start", lambda one: one.dropped),
    "clock_offset_seconds": ("How far its clock is off", lambda one: one.clock_offset_ms / 1000),
    "silent_seconds": ("Since it was last heard", lambda one: one.silent_s),
}


class HubCollector(Collector):
    """Reads the hub's own counts when asked; never fails, whatever is away."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def collect(self) -> Iterator[Metric]:
        """Each figure."""
        hub = self._hub
        yield _gauge("up", "Whether the part works", "part", hub.healthy())
        yield _gauge("lives", "Whether the door goes on by itself", "door", hub.lives())
        yield GaugeMetricFamily("lianfang_disk_free_bytes", "Room left for data", hub.ground.free)
        yield from self._of_pool()
        yield from self._of_ingest()
        yield from self._of_timer()
        yield from self._of_pages()
        yield from self._of_relay()
        yield from self._of_market()

    def _of_pool(self) -> Iterator[Metric]:
        pool = self._hub.ground.engine.pool
        if isinstance(pool, QueuePool):
            states = {"used": pool.checkedout(), "idle": pool.checkedin()}
            yield _gauge("database_connections", "Connections to the database", "state", states)

    def _of_ingest(self) -> Iterator[Metric]:
        if (ingest := self._hub.ingest) is None:
            return
        for name, what in TOLD.items():
            yield CounterMetricFamily(f"lianfang_ingest_{name}", what, getattr(ingest.counts, name))
        for name, (what, spread) in SPREADS.items():
            yield _histogram(f"ingest_{name}", what, [], [((), spread(ingest.counts))])

    def _of_timer(self) -> Iterator[Metric]:
        """By task: Prometheus itself calls `job` what it asked."""
        if (timer := self._hub.timer) is None:
            return
        done = timer.done
        late = [((job,), went.late) for job, went in done.items()]
        yield _histogram("timer_late_seconds", "From when a job was due until it began", ["task"], late)
        took = [((job,), went.took) for job, went in done.items()]
        yield _histogram("timer_seconds", "How long a job took", ["task"], took)
        failed = CounterMetricFamily("lianfang_timer_failed", "Jobs that failed", labels=["task"])
        for job, went in done.items():
            failed.add_metric([job], went.failed)
        yield failed

    def _of_pages(self) -> Iterator[Metric]:
        feed = self._hub.api.feeds
        yield GaugeMetricFamily("lianfang_feed_pages", "Pages that listen", feed.pages)
        yield CounterMetricFamily("lianfang_feed_resyncs", "Pages that did not keep up", feed.resyncs)
        told = "From what happened until it was given to the pages"
        yield _histogram("feed_seconds", told, [], [((), feed.delays)])
        asked: Times = self._hub.app.state.times
        times = [((method, route, str(status)), one) for (method, route, status), one in asked.copy().items()]
        yield _histogram(
            "http_seconds", "From a request until its answer began", ["method", "route", "status"], times
        )

    def _of_relay(self) -> Iterator[Metric]:
        streams = self._hub.api.streams
        yield _gauge("relay", "Live pictures: what is connected and watched here", "what", streams.counts)
        for name, what in RELAYED.items():
            yield CounterMetricFamily(f"lianfang_relay_{name}", what, getattr(streams.numbers, name))
        told = "From a picture's arrival until a page's connection took it"
        yield _histogram("relay_seconds", told, [], [((), streams.numbers.seconds)])

    def _of_market(self) -> Iterator[Metric]:
        ground = self._hub.ground
        try:
            with ground.reading() as session:
                now = ground.clock.now()
                found = {market: figures(session, market, now) for market in names(session)}
        except SQLAlchemyError:
            return
        yield from _markets(found)


def _markets(found: Mapping[str, Figures]) -> Iterator[Metric]:
    for name, (what, label, counted) in COUNTED.items():
        family = GaugeMetricFamily(f"lianfang_{name}", what, labels=["market", label])
        for market, one in found.items():
            for key, number in counted(one).items():
                family.add_metric([market, key], number)
        yield family
    letters = {market: one.letters for market, one in found.items()}
    yield _gauge("dead_letters", "Messages set aside and not seen to", "market", letters)
    yield from _canaries({market: one.canaries for market, one in found.items()})
    devices = [device for one in found.values() for device in one.devices]
    for name, (what, figure) in DEVICE.items():
        told = {one.id: value for one in devices if (value := figure(one)) is not None}
        yield _gauge(f"device_{name}", what, "device", told)


def _canaries(found: Mapping[str, CanaryFigures]) -> Iterator[Metric]:
    for name, what in CANARIES.items():
        family = CounterMetricFamily(f"lianfang_canaries_{name}", what, labels=["market"])
        for market, one in found.items():
            family.add_metric([market], getattr(one, name))
        yield family
    ages = {market: one.oldest_s for market, one in found.items() if one.oldest_s is not None}
    told = "Since the last good canary of the live camera that has waited longest"
    yield _gauge("canary_oldest_seconds", told, "market", ages)


def _gauge(name: str, what: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(f"lianfang_{name}", what, labels=[label])
    for key, value in values.items():
        family.add_metric([str(key)], float(value))
    return family


def _histogram(
    name: str, what: str, labels: Sequence[str], spreads: Iterable[tuple[tuple[str, ...], Spread]]
) -> Metric:
    family = HistogramMetricFamily(f"lianfang_{name}", what, labels=labels)
    for key, spread in spreads:
        family.add_metric(list(key), spread.below(), spread.sum)
    return family


def metrics(hub: Hub) -> Guarded:
    """The route /metrics."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    registry.register(HubCollector(hub))
    router = Guarded(most=0)

    @router.get("/metrics", dependencies=[Depends(Loopback())], include_in_schema=False)
    def figures_now() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router
