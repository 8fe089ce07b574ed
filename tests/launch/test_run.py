"""One run: the page's address, the first alert, one's own camera; the programs are stand-ins here."""

from __future__ import annotations

import json
import re
import shutil
import socket
import sys
import time
from pathlib import Path
from threading import Event, Thread

import pytest

from launch import lock, port
from launch.camera import Camera
from launch.place import Place
from launch.refuse import Refused
from launch.run import Ports, Run
from launch.setup import Done
from tests.hub.gear.listener import eventually
from tests.launch.family import gone

ROOT = Path(__file__).parents[2]
HUB = """
import json, os, sys
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer

PLACE = {"zh": "北广场", "en": "north square"}
OLD = {"received_at": "2020-01-01T00:00:00Z", "kind": "crowd", "boxes": [1], "place": PLACE}
NEW = {"place": PLACE}
asked = []

class Hub(BaseHTTPRequestHandler):
    def answer(self, body):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def do_GET(self):
        asked.append(1)
        new = {**NEW, "received_at": datetime.now(timezone.utc).isoformat()}
        fresh = [{**new, "kind": "lost", "boxes": []}, {**new, "kind": "linger", "boxes": [1]}]
        self.answer([OLD] if len(asked) < 3 else fresh)

    def do_POST(self):
        self.answer({"csrf": "c"})

    def do_DELETE(self):
        print("signed out", self.headers["X-CSRF"], flush=True)
        self.answer({})

    def log_message(self, *words):
        pass

server = HTTPServer(("127.0.0.1", int(os.environ["LIANFANG_PORT"])), Hub)
print("{not json", flush=True)
logins = [{"user": "monitor", "password": "p", "role": "monitor"}]
url = f"http://127.0.0.1:{server.server_port}"
ready = {"ready": True, "url": url, "mqtt": os.environ["LIANFANG_MQTT_PORT"], "logins": logins}
print(json.dumps(ready), flush=True)
server.serve_forever()
"""
WAITS = """
import os, sys, time
print(os.getpid(), *sys.argv[1:], flush=True)
time.sleep(3600)
"""


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """A tree whose programs are stand-ins."""
    place = Place(tmp_path / "tree", tmp_path / "data")
    for room, source in {"hub": HUB, "edge": WAITS, "edge/rtsp": WAITS}.items():
        (place.root / room).mkdir(parents=True)
        (place.root / room / "__main__.py").write_text(source)
        (place.root / room / "__init__.py").touch()
    shutil.copytree(ROOT / "firmware_configs", place.root / "firmware_configs")
    place.footage.mkdir(parents=True)
    (place.footage / "vtest.avi").touch()
    place.python.parent.mkdir(parents=True)
    place.python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    place.python.chmod(0o755)
    return place


def ports() -> Ports:
    """Three that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as a, socket.create_server(("127.0.0.1", 0)) as b:
        return Ports(a.getsockname()[1], b.getsockname()[1], port.free_from(20_000))


class Running:
    """A run on a thread of its own."""

    def __init__(self, place: Place, own: Camera | None = None) -> None:
        self.place, self.stop = place, Event()
        self._held = lock.data(place.data)
        run = Run(place, self.stop, ports(), own, self._held)
        took = Done(40.0, 30.0, 20.0, 8)
        self._thread = Thread(target=run.keep, args=(took, time.monotonic()))
        self._thread.start()

    def log(self, name: str, what: str) -> str:
        file, until = self.place.logs / f"{name}.log", time.monotonic() + 60
        while not (file.exists() and what in file.read_text()):
            assert time.monotonic() < until, f"no {what!r} in {file}"
            time.sleep(0.02)
        return file.read_text()

    def pid(self, name: str, what: str) -> int:
        return int(self.log(name, what).splitlines()[0].split(" | ")[1].split()[0])

    def end(self) -> None:
        self.stop.set()
        self._thread.join(60)
        lock.release(self._held)


def test_a_run_says_where_the_page_is_who_may_log_in_when_the_first_alert_came_and_leaves_nothing(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    running = Running(place)
    pids = [running.pid(edge, f"firmware_configs/edges/{edge}.yaml") for edge in ("edge-west", "edge-east")]
    pids.append(running.pid("cameras", "square="))
    running.log("hub", "signed out c")
    said = ""

    def alarmed() -> bool:
        nonlocal said
        said += capsys.readouterr().out
        return "first real alert" in said

    assert eventually(alarmed)
    running.end()
    said += capsys.readouterr().out
    assert re.search(r"is on  http://127\.0\.0\.1:\d+  \(ready after \d+\.\d s\)", said)
    assert re.search(r"^    monitor +p +monitor$", said, re.MULTILINE)
    assert re.search(r"first real alert after \d+\.\d s: linger · 北广场 north square", said), (
        "neither the old one nor a lost picture"
    )
    assert (
        "set-up 40.0 s: 30.0 s with downloads under way, 10.0 s our own steps alone (20.0 s added up" in said
    )
    assert re.search(r"everything ended in \d+\.\d s", said)
    assert gone(pids, 0)


def test_keys_and_the_cameras_password_are_drawn_and_private(place: Place) -> None:
    running = Running(place)
    running.log("edge-east", "edges/edge-east.yaml")
    running.end()
    drawn = [*place.keys.glob("*.key"), place.data / "rtsp.key"]
    assert sorted(file.name for file in drawn) == ["edge-east.key", "edge-west.key", "rtsp.key"]
    assert all(file.stat().st_mode & 0o777 == 0o600 for file in drawn)


def test_ones_own_camera_takes_the_place_of_the_samples(place: Place) -> None:
    source = 'rtsp://u:p"w@10.0.0.8/1'
    running = Running(place, Camera(source, "rtsp://10.0.0.8/1"))
    running.log("edge-own", str(place.data / "edge-own.yaml"))
    running.end()
    copy = place.data / "edge-own.yaml"
    assert f"url: {json.dumps(source)}" in copy.read_text()
    assert "${LF_CAMERA}" not in copy.read_text()
    assert copy.stat().st_mode & 0o777 == 0o600
    assert sorted(file.stem for file in place.logs.iterdir()) == ["edge-own", "hub"]


def test_a_webcam_stays_a_number(place: Place) -> None:
    running = Running(place, Camera(0, "webcam 0"))
    running.log("edge-own", "edge-own.yaml")
    running.end()
    assert re.search(r"^    url: 0$", (place.data / "edge-own.yaml").read_text(), re.MULTILINE)


def test_a_hub_that_does_not_come_up_is_told_with_where_its_last_words_stand(place: Place) -> None:
    (place.root / "hub" / "__main__.py").write_text(
        "raise SystemExit('the database is from a later version')"
    )
    held = lock.data(place.data)
    run = Run(place, Event(), ports(), None, held)
    with pytest.raises(
        Refused, match="hub does not come up: the database is from a later version"
    ) as refused:
        run.keep(Done(), time.monotonic())
    lock.release(held)
    assert str(refused.value).endswith(f"stands in {place.logs}/hub.log.")
