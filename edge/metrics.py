"""Figures for Prometheus and the edge's health in words, for programs on this machine."""

from __future__ import annotations

import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from edge.bridge.gb28181 import figures as gb28181
from edge.clock import WALL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from prometheus_client.metrics_core import Metric

    from edge.bridge.gb28181.bridge import Bridge
    from edge.bridge.onvif.ear import Ear
    from edge.link import Link
    from edge.order.build import Orders
    from edge.outbox import Outbox
    from edge.record.keeper import Keeper
    from edge.relay import Relay
    from edge.silence import Silence
    from edge.spool import Spool
    from edge.watch import Watch

log = logging.getLogger(__name__)

LANES = ("alarm", "state", "bulk")
OUTBOX = {
    "dropped": "Bulk messages given up because outbox or disk was full",
    "thinned": "Events that went without their thumbnail for want of room",
    "refused": "Messages that could not be promised: the disk took nothing",
    "spoilt": "Messages that the disk altered, lost",
    "salvaged": "Messages read out of a damaged outbox",
}
LINK = {
    "published": "Messages handed to the broker",
    "acknowledged": "Messages that the broker acknowledged",
    "receipts": "Receipts and pulses heard from the hub",
    "connections": "Times that the broker let this edge in",
    "stalls": "Connections given up because nothing was acknowledged",
}


class Vitals(Collector):
    """Reads the edge's parts when asked."""

    def __init__(
        self,
        outbox: Outbox,
        link: Link,
        silence: Silence,
        spool: Spool,
        watches: Sequence[Watch],
        orders: Orders,
        *,
        relay: Relay,
    ) -> None:
        self._relay = relay
        self.keeper: Keeper | None = None
        """Who keeps recordings."""
        self.ear: Ear | None = None
        """Who hears the cameras' own alarms."""
        self.bridge: Bridge | None = None
        """Who speaks GB/T 28181."""
        self._outbox, self._link, self._silence, self._orders = outbox, link, silence, orders
        self._spool, self._watches = spool, watches

    def collect(self) -> Iterator[Metric]:
        """Each figure."""
        yield from self._of_outbox()
        for name, what in LINK.items():
            yield CounterMetricFamily(f"lianfang_edge_link_{name}", what, getattr(self._link.figures, name))
        for name, what, value in (
            ("link_connected", "Whether the broker is there", float(self._link.connected)),
            ("hub_silent_seconds", "Since the hub's last receipt or pulse", self._silence.seconds),
            ("hub_silent", "Whether that is an emergency", float(self._silence.is_silent)),
            ("relay_connected", "Whether live pictures have a way to the hub", float(self._relay.connected)),
            ("relay_streams", "Streams that somebody watches live", float(len(self._relay.streams))),
            ("spool_files", "Stills and clips that wait for the hub", float(len(self._spool.waiting()))),
        ):
            yield GaugeMetricFamily(f"lianfang_edge_{name}", what, value)
        yield CounterMetricFamily("lianfang_edge_spool_dropped", "Files given up", self._spool.dropped)
        yield CounterMetricFamily("lianfang_edge_relay_sent", "Live pictures sent", self._relay.sent)
        yield CounterMetricFamily("lianfang_edge_relay_lost", "Without a way to the hub", self._relay.lost)
        yield CounterMetricFamily("lianfang_edge_clock_steps", "Times the wall clock was set", WALL.steps)
        yield from self._of_orders()
        yield from self._of_cameras()
        yield from self._of_recordings()
        yield from self._of_ear()
        if self.bridge:
            yield from gb28181.figures(self.bridge)

    def health(self) -> dict[str, Any]:
        """What works: `good` when the hub hears it, the disk keeps and every camera gives pictures.

        `skipped` says of each camera whose pictures the box has no time for how many, and what would help.
        """
        counts = self._outbox.counts()
        cameras = {watch.camera.id: watch.eye.health().state for watch in self._watches}
        told = self._link.connected and not self._silence.is_silent
        return {
            "good": told and counts.works and all(state == "live" for state in cameras.values()),
            "connected": self._link.connected,
            "hub_silent_s": round(self._silence.seconds, 1),
            "queued": counts.queued,
            "disk": counts.works,
            "cameras": cameras,
            "skipped": {w.camera.id: w.tally.sentence for w in self._watches if w.tally.sentence},
            **({"gb28181": gb28181.health(self.bridge)} if self.bridge else {}),
        }

    def _of_outbox(self) -> Iterator[Metric]:
        counts = self._outbox.counts()
        queued = GaugeMetricFamily("lianfang_edge_outbox_rows", "Without a receipt", labels=["lane"])
        for lane, number in zip(LANES, counts.lanes, strict=True):
            queued.add_metric([lane], number)
        yield queued
        for name, what, value in (
            ("under_way", "Rows that were sent and not receipted", counts.under_way),
            ("bytes", "Of all rows", counts.size),
            ("held", "Alarms that no disk took, sent from memory", counts.held),
            ("works", "Whether the disk took the last message that matters", float(counts.works)),
            ("given_up", "Numbers given up that the hub has not receipted", counts.given_up),
        ):
            yield GaugeMetricFamily(f"lianfang_edge_outbox_{name}", what, value)
        for name, what in OUTBOX.items():
            yield CounterMetricFamily(f"lianfang_edge_outbox_{name}", what, getattr(counts, name))

    def _of_orders(self) -> Iterator[Metric]:
        """Nothing where nothing is obeyed."""
        if desk := self._orders.desk:
            told = CounterMetricFamily("lianfang_edge_orders", "Orders of the hub", labels=["outcome"])
            for outcome in ("done", "refused", "ignored"):
                told.add_metric([outcome], getattr(desk.counts, outcome))
            yield told
            what = "Version of the hub's configuration that holds; 0: its own file alone"
            yield GaugeMetricFamily("lianfang_edge_config_version", what, desk.twin().version)

    def _of_ear(self) -> Iterator[Metric]:
        tallies = self.ear.tallies if self.ear else {}
        said = CounterMetricFamily(
            "lianfang_edge_onvif_notes", "What cameras said by ONVIF", labels=["camera", "known"]
        )
        up = GaugeMetricFamily("lianfang_edge_onvif_heard", "Whether it is listened to", labels=["camera"])
        for camera, tally in tallies.items():
            said.add_metric([camera, "yes"], tally.heard - tally.unknown)
            said.add_metric([camera, "no"], tally.unknown)
            up.add_metric([camera], float(tally.is_heard))
        yield from (said, up) if tallies else ()

    def _of_recordings(self) -> Iterator[Metric]:
        if self.keeper is None:
            return
        kept = GaugeMetricFamily("lianfang_edge_recording_bytes", "Recordings kept", labels=["camera"])
        for camera, size in self.keeper.archive.sizes().items():
            kept.add_metric([camera], size)
        holes = GaugeMetricFamily(
            "lianfang_edge_recording_hole", "Whether a camera is not recorded now", labels=["camera"]
        )
        cores = GaugeMetricFamily(
            "lianfang_edge_recording_cores", "CPU seconds a second that recording takes", labels=["camera"]
        )
        for scribe in self.keeper.scribes():
            holes.add_metric([scribe.camera], float(scribe.hole is not None))
            cores.add_metric([scribe.camera], scribe.cores)
        yield from (kept, holes, cores)
        if self.keeper.plan.days is not None:
            what = "Days for which recordings have room, as they are made now"
            yield GaugeMetricFamily("lianfang_edge_recording_days", what, self.keeper.plan.days)

    def _of_cameras(self) -> Iterator[Metric]:
        live = GaugeMetricFamily("lianfang_edge_camera_live", "Whether it gives pictures", labels=["camera"])
        rate = GaugeMetricFamily("lianfang_edge_camera_fps", "Pictures a second", labels=["camera"])
        late = GaugeMetricFamily(
            "lianfang_edge_camera_delay_seconds", "From stream time to arrival", labels=["camera"]
        )
        clock = GaugeMetricFamily(
            "lianfang_edge_camera_clock_seconds", "How far its own clock is off", labels=["camera"]
        )
        taken = CounterMetricFamily(
            "lianfang_edge_camera_pictures", "Pictures taken of it", labels=["camera", "outcome"]
        )
        for watch in self._watches:
            health = watch.eye.health()
            for outcome in ("looked", "detected", "skipped"):
                taken.add_metric([watch.camera.id, outcome], getattr(watch.tally, outcome))
            if health.clock_off is not None:
                clock.add_metric([watch.camera.id], health.clock_off)
            live.add_metric([watch.camera.id], float(health.state == "live"))
            rate.add_metric([watch.camera.id], health.fps)
            late.add_metric([watch.camera.id], health.delay)
        yield from (live, rate, late, clock, taken)


class Metrics:
    """Serves /metrics and /health on loopback; `start` and `stop` once each."""

    def __init__(self, address: str, vitals: Vitals) -> None:
        """Take the address, such as 127.0.0.1:0 for any port; raises OSError."""
        registry = CollectorRegistry()
        ProcessCollector(registry=registry, namespace="lianfang_edge")
        registry.register(vitals)
        host, _, port = address.rpartition(":")

        def health() -> tuple[int, str, bytes]:
            found = vitals.health()
            return (200 if found["good"] else 503), "application/json", json.dumps(found).encode()

        routes: dict[str, Callable[[], tuple[int, str, bytes]]] = {
            "/metrics": lambda: (200, CONTENT_TYPE_LATEST, generate_latest(registry)),
            "/health": health,
        }
        self._server = _Server((host, int(port)), routes)
        self.port: int = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, name="metrics", daemon=True)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()
        log.info("figures at http://127.0.0.1:%d/metrics, health at /health", self.port)

    def stop(self) -> None:
        """End."""
        if self._thread.ident:
            self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(
        self, address: tuple[str, int], routes: dict[str, Callable[[], tuple[int, str, bytes]]]
    ) -> None:
        super().__init__(address, _Asked)
        self.routes = routes


class _Asked(BaseHTTPRequestHandler):
    server: _Server
    timeout = 5.0

    def do_GET(self) -> None:
        route = self.server.routes.get(self.path, lambda: (404, "text/plain", b"/metrics or /health\n"))
        status, kind, data = route()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """A scrape is no news."""
