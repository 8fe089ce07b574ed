"""The hub as a process of its own, as `make run` starts it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import httpx2

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

ROOT = Path(__file__).parents[3]
PATIENCE = 120
"""Tries to sign in, half a second apart."""


class Running:
    """`python -m hub serve …`, or another role, until the end of the block."""

    def __init__(
        self, data: Path, *words: str, demo: bool = True, role: str = "serve", **environment: str
    ) -> None:
        self.data = data
        self._log = (data.parent / f"{data.name}.log").open("a")
        given = ["--data", str(data), "--port", "0"]
        if role in {"serve", "ingest"}:
            given += ["--mqtt-port", "0"]
        if demo:
            environment["LIANFANG_DEMO"] = "1"
        self.began = time.monotonic()
        self.child = subprocess.Popen(
            [sys.executable, "-m", "hub", role, *given, *words],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            env=os.environ | environment,
        )
        assert self.child.stdout is not None
        line = self.child.stdout.readline()
        self.took = time.monotonic() - self.began
        if not line:
            self.child.wait(60)
            self.__exit__(None, None, None)
            raise AssertionError(Path(self._log.name).read_text())
        self.ready: dict[str, Any] = json.loads(line)

    @property
    def mqtt_port(self) -> int:
        return int(self.ready["mqtt"].rpartition(":")[2])

    @contextmanager
    def sign_in(self, user: str) -> Iterator[httpx2.Client]:
        """A signed-in person's browser."""
        with httpx2.Client(base_url=self.ready["url"], timeout=60) as client:
            said = {"user": user, "password": f"{user}-demo"}
            for _ in range(PATIENCE):
                answer = client.post("/api/session", json=said)
                if answer.status_code != 429:
                    break
                time.sleep(0.5)  # a whole shift signs in at once
            assert answer.status_code == 200, answer.text
            client.headers["X-CSRF"] = answer.json()["csrf"]
            yield client

    def stop(self) -> tuple[int, float]:
        """Its exit code, and the seconds that it took."""
        began = time.monotonic()
        self.child.terminate()
        return self.child.wait(60), time.monotonic() - began

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self.child.poll() is None:
            self.stop()
        if self.child.stdout:
            self.child.stdout.close()
        self._log.close()
