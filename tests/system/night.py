"""The whole product for a test: `launch run` on data of its own, as a market office would start it."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
LOGIN = re.compile(r"^ {4}(\S+)\s+(\S+)\s+(\S+)\s*$")
READY = re.compile(r"is on\s+(\S+)\s+\(ready after ([\d.]+) s\)")


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


def until(seconds: float, what: str, ask: Callable[[], T | None]) -> T:
    """The first true answer within `seconds`; asks five times a second."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer := ask():
            return answer
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} s: {what}")


class Night:
    """One running market."""

    def __init__(self, data: Path, camera: str | None = None) -> None:
        self.data, self.said = data, list[str]()
        self.url, self.ready_s, self.logins = "", 0.0, dict[str, str]()
        env = {
            **os.environ,
            "LIANFANG_DATA": str(data),
            "LIANFANG_PORT": str(free_port()),
            "LIANFANG_MQTT_PORT": str(free_port()),
        }
        argv = [sys.executable, "-m", "launch", "run", *([f"CAMERA={camera}"] if camera else [])]
        self.process = subprocess.Popen(
            argv, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if match := READY.search(line):
                self.url, self.ready_s = match[1], float(match[2])
            elif match := LOGIN.match(line):
                self.logins[match[1]] = match[2]

    def wait(self, seconds: float = 150) -> Night:
        """Until its page can be reached."""
        try:
            until(seconds, "the page's address", lambda: self.logins or self.process.poll() is not None)
            assert self.url, "it ended before its page could be reached"
        except AssertionError as error:
            error.add_note("\n".join(self.said[-12:]))
            raise
        return self

    def log(self, name: str) -> str:
        file = self.data / "logs" / f"{name}.log"
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    def children(self) -> dict[int, str]:
        """Every process below this run, with its command line."""
        found, queue = dict[int, str](), [self.process.pid]
        below = parents()
        while queue:
            for pid, words in below.get(queue.pop(), []):
                found[pid] = words
                queue.append(pid)
        return found

    def pids(self, *words: str) -> set[int]:
        """Those whose command line holds every word; python itself and not the leash that holds it."""
        found = self.children().items()
        return {pid for pid, line in found if all(word in line for word in words) and "leash.py" not in line}

    def end(self) -> float:
        """Press Ctrl-C; how many seconds it took."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.wait(60)
        self._reader.join(60)
        if self.process.stdout is not None:
            self.process.stdout.close()
        return time.monotonic() - began


def parents() -> dict[int, list[tuple[int, str]]]:
    """Parent pid → its children with their command lines, as /proc tells now."""
    table: dict[int, list[tuple[int, str]]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            stat = (entry / "stat").read_text()
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        table.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append((int(entry.name), words))
    return table


@contextmanager
def night(data: Path, camera: str | None = None) -> Iterator[Night]:
    """A market that is over when the block is."""
    running = Night(data, camera)
    try:
        yield running.wait()
    finally:
        running.end()
