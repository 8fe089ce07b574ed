"""`make run`: hub, cameras and edges as processes of their own, until Ctrl-C."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from queue import Empty, Queue
from threading import Thread
from typing import TYPE_CHECKING, Any

from launch import alert, keys, lock, port, space
from launch import camera as cameras
from launch.refuse import Refused, Stopped
from launch.setup import Done, setup
from launch.steps.footage import CLIPS
from launch.supervise import Program, Supervisor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from threading import Event

    from launch.camera import Camera
    from launch.place import Place
    from launch.supervise import Kept

EDGES = ("edge-west", "edge-east")
OWN = "edge-own"
"""The configuration with one camera alone; its device is edge-west."""
_RTSP = range(20_000, 30_000)
"""The sample cameras' port is drawn from these: they take it seconds later, when their clip is ready."""
_READY_SECONDS = 60.0
_STARTS_BEFORE_GIVING_UP = 2


@dataclass(frozen=True, slots=True)
class Ports:
    """Loopback ports of this run; the edges keep theirs when a program starts again."""

    http: int
    mqtt: int
    rtsp: int


class Ready:
    """Hears the one JSON line by which a program says that it serves."""

    def __init__(self, key: str) -> None:
        self._key, self._said = key, Queue[dict[str, Any]]()

    def hear(self, line: str) -> None:
        """One line of the program's output."""
        if line.startswith("{"):
            try:
                said = json.loads(line)
            except ValueError:
                return
            if self._key in said:
                self._said.put(said)

    def wait(self, kept: Kept, stop: Event, log: str) -> dict[str, Any]:
        """What it said.

        Raises:
            Refused: it does not come up.
            Stopped: the person stopped us.
        """
        until = time.monotonic() + _READY_SECONDS
        while time.monotonic() < until and kept.starts <= _STARTS_BEFORE_GIVING_UP:
            try:
                return self._said.get(timeout=0.05)
            except Empty:
                if stop.is_set():
                    raise Stopped from None
        raise Refused(f"{kept.program.name} does not come up: {kept.last}\nAll that it said stands in {log}.")


def run(place: Place, stop: Event, *, camera: str | None, began: float) -> None:
    """Set up, start everything, and keep it going until `stop`.

    Raises:
        Refused: something is in the way; the text says what to do.
        Stopped: during the set-up.
    """
    space.linux()
    own = cameras.read(camera) if camera else None
    held = lock.data(place.data)
    try:
        _ports()  # a taken port is said now, not after minutes of set-up
        space.enough(place.data, space.DATA, "a day's data")
        if own and (silent := cameras.silence(own)):
            print(silent, flush=True)
        done = setup(place, stop, dev=False)
        Run(place, stop, _ports(), own, held).keep(done, began)
    finally:
        lock.release(held)


def clean(place: Place) -> None:
    """Remove the data, so that the next run starts anew.

    Raises:
        Refused: a run works on them.
    """
    if place.data.exists():
        held = lock.data(place.data)
        shutil.rmtree(place.data)
        lock.release(held)
    print(f"{place.data} is empty", flush=True)


def _ports() -> Ports:
    http = port.claim(port.read(os.environ.get("LIANFANG_PORT") or "8080", "LIANFANG_PORT"))
    mqtt = port.read(os.environ.get("LIANFANG_MQTT_PORT") or "1883", "LIANFANG_MQTT_PORT")
    return Ports(http, port.free_from(mqtt), port.free_from(secrets.choice(_RTSP)))


class Run:
    """One run of the whole product."""

    def __init__(self, place: Place, stop: Event, ports: Ports, own: Camera | None, held: int) -> None:
        self._place, self._stop, self._ports, self._own = place, stop, ports, own
        self._all = Supervisor(place.root, place.logs, lambda text: print(text, flush=True), (held,))
        self._rtsp_key = keys.secret(place.data / "rtsp.key")

    def keep(self, done: Done, began: float) -> None:
        """Start, say where the page is, then wait for the end."""
        try:
            for edge in EDGES:
                keys.secret(self._place.keys / f"{edge}.key")
            since = datetime.now(UTC)
            said = self._start()
            page = time.monotonic() - began
            print(_welcome(said, page, self._place), flush=True)
            before = f"page after {page:.1f} s, of which set-up {done}"
            Thread(target=self._tell_first, args=(said, since, before, began), daemon=True).start()
            self._stop.wait()
        except Stopped:
            pass
        finally:
            began_end = time.monotonic()
            self._all.stop()
            print(f"everything ended in {time.monotonic() - began_end:.1f} s", flush=True)

    def _tell_first(self, said: Mapping[str, Any], since: datetime, before: str, began: float) -> None:
        """On a thread of its own, since an answer that takes long must not keep Ctrl-C waiting."""
        seen = alert.first(said, since, self._stop)
        if seen is not None and not self._stop.is_set():
            text = f"first real alert after {time.monotonic() - began:.1f} s: {seen}"
            print(f"\n{text}\n  {before}", flush=True)

    def _start(self) -> dict[str, Any]:
        hub = Ready("ready")
        kept = self._all.start(self._program("hub", self._hub(), wave=1, hear=hub.hear))
        if self._own is None:
            self._all.start(self._program("cameras", self._cameras(), wave=1))
        said = hub.wait(kept, self._stop, f"{self._place.logs}/hub.log")
        for name, config in self._edges():
            self._all.start(self._program(name, ("edge", "run", "--config", config)))
        return said

    def _edges(self) -> Iterator[tuple[str, str]]:
        """Each edge's name and its configuration; one's own camera is written into a private copy."""
        if self._own is None:
            yield from ((edge, f"firmware_configs/edges/{edge}.yaml") for edge in EDGES)
            return
        text = (self._place.root / f"firmware_configs/edges/{OWN}.yaml").read_text()
        copy = self._place.data / f"{OWN}.yaml"
        keys.private(copy, text.replace("${LF_CAMERA}", json.dumps(self._own.source)))
        yield OWN, str(copy)

    def _program(
        self,
        name: str,
        words: tuple[str, ...],
        *,
        wave: int = 0,
        hear: Callable[[str], None] = lambda _: None,
    ) -> Program:
        argv = (str(self._place.python), "-m", *words)
        return Program(name, argv, self._environment(), wave=wave, hear=hear)

    def _environment(self) -> Mapping[str, str]:
        """What the configurations leave open."""
        return {
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "",
            "LIANFANG_PORT": str(self._ports.http),
            "LIANFANG_MQTT_PORT": str(self._ports.mqtt),
            "LF_HTTP": f"http://127.0.0.1:{self._ports.http}",
            "LF_MQTT": f"mqtt://127.0.0.1:{self._ports.mqtt}",
            "LF_DATA": str(self._place.data),
            "LF_RTSP_PASSWORD": self._rtsp_key,
            "LF_RTSP": f"rtsp://lianfang:{self._rtsp_key}@127.0.0.1:{self._ports.rtsp}",
        }

    def _hub(self) -> tuple[str, ...]:
        data, device_keys = str(self._place.data), str(self._place.keys)
        return ("hub", "serve", "--demo", "--data", data, "--device-keys", device_keys)

    def _cameras(self) -> tuple[str, ...]:
        clip = next(file for name in CLIPS if (file := self._place.footage / name).exists())
        access = ("--port", str(self._ports.rtsp), "--user", "lianfang")
        return ("edge.rtsp", *access, "--cache", str(self._place.cache / "rtsp"), f"square={clip}")


def _welcome(said: Mapping[str, Any], page: float, place: Place) -> str:
    rows = [
        f"    {who.get('user', ''):<12} {who.get('password', ''):<16} {who.get('role', '')}"
        for who in said["logins"]
    ]
    return "\n".join(
        [
            "",
            f"Lianfang 联防 is on  {said['url']}  (ready after {page:.1f} s)",
            "  demo log-ins (user, password, role):",
            *rows,
            f"  Ctrl-C ends everything. The data stay in {place.data}; `make clean-data` starts anew.",
            f"  what each program says: {place.logs}",
        ]
    )
