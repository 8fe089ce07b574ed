"""What rules count goes to the hub while somebody watches, and no longer; veiled pictures stay here."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np
import pytest
from msgspec.structs import replace

from edge.camera.frame import Frame
from edge.carrier import Carrier
from edge.config import HubConfig, ZoneConfig
from edge.glass import PAUSE, Glass
from edge.see.seen import NOTHING
from edge.veil import Veil
from edge.watch import Watch
from tests.edge.market import DEVICE, KEY, config
from tests.edge.scene import BEGIN, Pointer, StillEye, crossing, frame, watched
from wire.rule import CrowdRule, IntrusionRule, LineRule, LingerRule
from wire.shown import decode_shown

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from edge.camera.mask import Picture
    from edge.see.seen import Seen

WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
ZONES = (
    ZoneConfig(id="yard", polygon=WHOLE, rules=(LingerRule(seconds=20.0), CrowdRule(count=3, clear=1))),
    ZoneConfig(id="shut", polygon=WHOLE, rules=(IntrusionRule(armed="by-hand"),)),
    ZoneConfig(id="gate", line=((0.3, 1.0), (0.3, 0.0)), rules=(LineRule(),)),
)


class Pane(ThreadingHTTPServer):
    """A hub that answers each picture with `answer`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.shown: list[tuple[str, bytes]] = []
        self.answer = 204

    @property
    def hub(self) -> HubConfig:
        http = f"http://127.0.0.1:{self.server_port}"
        return HubConfig(mqtt="mqtt://127.0.0.1", http=http, password_file="key")


class _Taking(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Pane

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.shown.append((self.path, data))
        self.send_response(self.server.answer)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def pane() -> Iterator[Pane]:
    with Pane() as one:
        thread = Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield one
        one.shutdown()
        thread.join()


class Nobody:
    def detect(self, picture: Picture) -> Seen:  # noqa: ARG002
        return NOTHING


def watch(folder: Path) -> Watch:
    camera = replace(watched(), zones=ZONES)
    return Watch(camera, config(folder, 1, 1, camera), StillEye())


def test_each_rule_tells_how_far_it_has_come(tmp_path: Path) -> None:
    looks, seen = watch(tmp_path), Pointer()
    frames = crossing(seconds=5.6)
    for each in frames:
        looks.look(each, seen)
    made = looks.shown(frames[-1])
    assert made is not None
    linger, crowd, intrusion, line = made.gauges
    assert (linger.zone, linger.kind, linger.needed) == ("yard", "linger", 20.0)
    assert 4.0 < linger.seconds < 5.6
    assert (crowd.number, crowd.enough, crowd.seconds) == (1, 3, 0.0)
    assert (intrusion.armed, intrusion.open) == (False, False)
    assert intrusion.seconds > intrusion.needed, "it counts though it is not armed"
    assert (line.number, line.open) == (1, True)
    assert [box.label for box in made.boxes] == ["person"]
    assert made.picture == (160, 120)
    assert made.still.startswith(b"\xff\xd8")


def test_of_a_picture_that_was_not_looked_at_nothing_is_shown(tmp_path: Path) -> None:
    looks = watch(tmp_path)
    assert looks.shown(frame(BEGIN)) is None
    looks.look(frame(BEGIN), Nobody())
    assert looks.shown(frame(BEGIN + 1)) is None


def test_what_is_shown_ends_once_the_hub_says_that_nobody_watches(pane: Pane, tmp_path: Path) -> None:
    looks = watch(tmp_path)
    looks.look(frame(BEGIN), Nobody())
    made = looks.shown(frame(BEGIN))
    assert made is not None
    glass = Glass(Carrier(pane.hub, DEVICE, KEY), Veil())
    glass.offer("c-2-01", made)
    glass.once(0.0)
    assert pane.shown == [], "nobody ordered it"
    glass.begin("c-2-01", 60.0)
    assert glass.wants("c-2-01")
    glass.offer("c-2-01", made)
    glass.once(0.0)
    ((path, data),) = pane.shown
    assert path == "/edge/v1/shown/c-2-01"
    assert decode_shown(data) == made
    assert "still" in json.loads(data)
    pane.answer = 410
    glass.offer("c-2-01", made)
    glass.once(0.0)
    assert not glass.wants("c-2-01")
    glass.stop()


def test_a_picture_under_old_masks_is_not_shown(pane: Pane, tmp_path: Path) -> None:
    veil = Veil()
    glass = Glass(Carrier(pane.hub, DEVICE, KEY), veil)
    looks = watch(tmp_path)
    picture = np.zeros((120, 160, 3), np.uint8)
    looks.look(Frame("c-2-01", BEGIN, 1, picture), Nobody())
    made = looks.shown(Frame("c-2-01", BEGIN, 1, picture))
    assert made is not None
    glass.begin("c-2-01", 60.0)
    glass.offer("c-2-01", made)
    veil.draw("c-2-01")
    glass.once(0.0)
    assert pane.shown == []
    glass.offer("c-2-01", made)
    veil.lift("c-2-01")
    glass.once(0.0)
    assert pane.shown == [], "it waited while they changed"
    glass.offer("c-2-01", made)
    glass.once(0.0)
    assert len(pane.shown) == 1
    glass.stop()


def test_a_hub_that_is_away_is_left_alone_for_a_moment_however_many_pictures_come(
    pane: Pane, tmp_path: Path
) -> None:
    looks = watch(tmp_path)
    looks.look(frame(BEGIN), Nobody())
    made = looks.shown(frame(BEGIN))
    assert made is not None
    gone = replace(pane.hub, http="http://127.0.0.1:1")
    carrier = Carrier(gone, DEVICE, KEY)
    glass = Glass(carrier, Veil())
    glass.begin("c-2-01", 60.0)
    glass.offer("c-2-01", made)
    assert glass.once(10.0) == PAUSE
    glass.offer("c-2-01", made)
    assert glass.once(10.25) == PAUSE - 0.25
    assert glass._newest, "it was not tried"
    assert glass.once(10.0 + PAUSE) == PAUSE
    assert not glass._newest
    glass.stop()
