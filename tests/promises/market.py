"""A market that can be broken: hub, broker, database and promising devices, each a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import httpx2
import msgspec

from tests.promises.lasting import Lasting
from tests.promises.promiser import Spec

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from tests.promises.postgres import Postgres

DEVICES = {"edge-west": "c-2-01", "edge-east": "c-3-17"}
"""Device of the reference market → one of its cameras."""
START_SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return int(held.getsockname()[1])


def wait_for(what: str, truth: Callable[[], object], seconds: float, every: float = 0.05) -> float:
    """How many seconds it took to become true; fails when it takes longer than allowed."""
    began = time.monotonic()
    while not truth():
        if time.monotonic() - began > seconds:
            raise AssertionError(f"not within {seconds:.0f} s: {what}")
        time.sleep(every)
    return time.monotonic() - began


class Device:
    """A promising device, run again whenever it is killed."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        folder = Path(spec.folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "spec.json").write_bytes(msgspec.json.encode(spec))
        argv = [sys.executable, "-m", "tests.promises.promiser", str(folder / "spec.json")]
        self.process = Lasting(argv, folder / "log")

    @property
    def queued(self) -> int | None:
        """What waits in its outbox; None before it has said so."""
        try:
            return int(self.spec.counts.read_text(encoding="ascii"))
        except (FileNotFoundError, ValueError):
            return None

    def quiet(self) -> None:
        """Promise no more; when everything is receipted its process ends."""
        self.spec.quiet.touch()

    def promised(self) -> list[list[str]]:
        """Kind, mark, envelope, epoch, seq, second of each promise."""
        if not self.spec.promised.exists():
            return []
        lines = self.spec.promised.read_text(encoding="ascii").splitlines()
        return [words for line in lines if len(words := line.split()) == 6]


class Market:
    """The reference market below `folder`: start, break, end."""

    def __init__(self, folder: Path, postgres: Postgres | None = None, **environment: str) -> None:
        self.folder, self.data = folder, folder / "data"
        self.port, self.mqtt_port = free_port(), free_port()
        self.database = postgres.url if postgres else f"sqlite:///{self.data / 'hub.db'}"
        self.postgres = postgres
        self.devices: list[Device] = []
        argv = [sys.executable, "-m", "hub", "serve", "--demo", "--data", str(self.data)]
        argv += ["--port", str(self.port), "--mqtt-port", str(self.mqtt_port), "--database", self.database]
        self.hub = Lasting(argv, folder / "hub.log", environment=environment)
        self._stack = ExitStack()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def answers(self) -> bool:
        """Whether every part of the hub says that it works."""
        try:
            return httpx2.get(f"{self.url}/api/health", timeout=2).status_code == 200
        except httpx2.HTTPError:
            return False

    def start(self) -> None:
        """Until it serves."""
        self.hub.start()
        try:
            wait_for("the hub serves", lambda: self.answers, START_SECONDS)
        except AssertionError as error:
            error.add_note(self.hub.words())
            raise

    def device(self, name: str, **what: Any) -> Device:
        """One more promising device, not yet started."""
        key, own = self.data / "keys" / f"{name}.key", self.folder / name
        mqtt = f"mqtt://127.0.0.1:{self.mqtt_port}"
        made = Device(Spec(name, DEVICES[name], mqtt, str(key), str(own), **what))
        made.spec.quiet.unlink(missing_ok=True)
        self.devices.append(made)
        return made

    def kill_broker(self) -> bool:
        """kill -9 of the hub's nats-server; whether there was one."""
        pid = self.broker_pid()
        if pid is None:
            return False
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            return True
        return False

    def broker_pid(self) -> int | None:
        """Of the nats-server that runs on this market's configuration."""
        try:
            pid = int((self.data / "broker" / "pid").read_text(encoding="ascii"))
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return None
        return pid if os.fsencode(self.data / "broker" / "nats.conf") in words else None

    def quiet(self) -> None:
        """Let every device promise no more."""
        for device in self.devices:
            device.quiet()

    def drained(self, seconds: float) -> float:
        """How many seconds it took until nothing waits at any device."""
        try:
            return wait_for(
                "every promise is receipted",
                lambda: all(device.process.over for device in self.devices),
                seconds,
            )
        except AssertionError as error:
            left = {device.spec.device: device.queued for device in self.devices}
            error.add_note(f"still waiting: {left}\n{self.hub.words()}")
            error.add_note("\n".join(device.process.words(600) for device in self.devices))
            raise

    def end(self) -> None:
        """Nothing of it runs any more."""
        for device in self.devices:
            device.process.end()
        self.hub.end()
        self.kill_broker()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.end()
