"""The hub under systemd, as far as a socket of ours can stand for it."""

from __future__ import annotations

import os
import signal
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx2
import pytest

from tests.hub.app.running import Running
from tests.hub.gear.listener import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator


class Systemd:
    """Listens as systemd does."""

    def __init__(self, path: Path) -> None:
        self._ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._ear.bind(str(path))
        self.environment = {"NOTIFY_SOCKET": str(path), "WATCHDOG_USEC": "600000"}

    def hears(self, word: str, seconds: float = 60.0) -> bool:
        """Whether `word` comes within so many seconds."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._ear.settimeout(left)
            try:
                if word in self._ear.recv(1000).decode().splitlines():
                    return True
            except TimeoutError:
                break
        return False

    def forget(self) -> None:
        """What was said until now."""
        self._ear.setblocking(False)
        while True:
            try:
                self._ear.recv(1000)
            except BlockingIOError:
                return

    def close(self) -> None:
        self._ear.close()


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Systemd]:
    one = Systemd(tmp_path / "notify")
    yield one
    one.close()


def stands(pid: int) -> bool:
    """Whether a process is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"


def test_systemd_hears_ready_then_life_and_nothing_while_it_hangs(tmp_path: Path, systemd: Systemd) -> None:
    with Running(tmp_path / "data", demo=False, **systemd.environment) as hub:
        assert systemd.hears("READY=1")
        assert systemd.hears("WATCHDOG=1")
        os.kill(hub.child.pid, signal.SIGSTOP)
        try:
            assert eventually(lambda: stands(hub.child.pid))
            systemd.forget()
            assert not systemd.hears("WATCHDOG=1", 0.6)
        finally:
            os.kill(hub.child.pid, signal.SIGCONT)
        assert systemd.hears("WATCHDOG=1")
        hub.stop()
        assert systemd.hears("STOPPING=1")


def test_it_tells_the_truth_when_its_disk_is_nearly_full(tmp_path: Path) -> None:
    with Running(tmp_path / "data", demo=False, LIANFANG_DISK_FREE_MB="1000000") as hub:
        url = hub.ready["url"]
        assert eventually(lambda: httpx2.get(f"{url}/api/health/live").status_code == 200)
        answer = httpx2.get(f"{url}/api/health/ready")
        assert answer.status_code == 503
        assert [trouble["part"] for trouble in answer.json()["troubles"]] == ["disk"]
        assert answer.json()["parts"].items() >= {"database": True, "broker": True, "timer": True}.items()
