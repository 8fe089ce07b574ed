"""A device of the reference market that tells events without seeing anything: real outbox, real link."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from edge.config import CameraConfig, DetectorConfig, EdgeConfig, HubConfig
from edge.envelope import lane, seal
from edge.key import read_key
from edge.link import Link
from edge.outbox import Outbox
from tests.bench.footage import ROOT
from tests.edge.market import wait_for
from wire.message import Beat, Box, Event, new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.hub.app.running import Running

NAME, CAMERA = "edge-west", "c-2-01"
MODEL = ROOT / "models" / "nanodet_g" / "int8_352x288.onnx"


def config(hub: Running, folder: Path, *cameras: CameraConfig) -> EdgeConfig:
    """What the device is told; `folder` holds the hub's data below `data`."""
    key = folder / "data" / "keys" / f"{NAME}.key"
    return EdgeConfig(
        device=NAME,
        market="yunda",
        hub=HubConfig(hub.ready["mqtt"], hub.ready["url"], str(key)),
        data=str(folder / "edge"),
        detector=DetectorConfig(model=str(MODEL)),
        cameras=cameras or (CameraConfig(id=CAMERA, url=0),),
    )


class Device:
    """Tells of one person in each of `zones` zones, again and again."""

    def __init__(self, outbox: Outbox, link: Link, zones: int) -> None:
        self._outbox, self._link = outbox, link
        self._events = [new_id() for _ in range(zones)]
        self._began = datetime.now(UTC)
        self._told = 0

    def tell(self) -> None:
        """The next zone's event: new at first, then an update."""
        turn, zone = divmod(self._told, len(self._events))
        event = Event(
            event=self._events[zone],
            phase="update" if turn else "new",
            kind="intrusion",
            camera=CAMERA,
            began=self._began,
            at=datetime.now(UTC),
            score=0.9,
            zone=f"zone-{zone}",
            boxes=(Box(320, 120, 64, 240, "person", 0.9),),
            picture=(768, 576),
            count=1,
            seconds=float(turn),
        )
        self._told += 1
        self._outbox.put(seal(NAME, self._outbox.epoch, event), lane(event))
        self._link.wake()

    def flood(self, events: int, each_second: float) -> None:
        """Tell so many events, evenly."""
        start = time.monotonic()
        for number in range(events):
            time.sleep(max(0.0, start + number / each_second - time.monotonic()))
            self.tell()

    def settled(self) -> bool:
        """Whether the hub has receipted everything."""
        return self._outbox.counts().queued == 0


@contextmanager
def device(hub: Running, folder: Path, zones: int) -> Iterator[Device]:
    """Connected until the end of the block."""
    told = config(hub, folder)
    (folder / "edge").mkdir()
    with ExitStack() as stack:
        outbox = Outbox(folder / "edge" / "outbox.sqlite")
        stack.callback(outbox.close)
        link = Link(told, read_key(Path(told.hub.password_file)), outbox, lambda: Beat(0, 0, 0, 0))
        stack.callback(link.stop)
        link.start()
        wait_for(lambda: link.connected)
        yield Device(outbox, link, zones)
