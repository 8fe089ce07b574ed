"""Runs the project's own RTSP cameras, and waits for what cameras do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

USER, PASSWORD = "guard", "p@ss word"


@contextmanager
def served(cache: Path, **films: Path) -> Iterator[dict[str, str]]:
    """Films as RTSP cameras behind a log-in: name to address. Ends with SIGTERM, which must end it well."""
    cameras = (f"{name}={path}" for name, path in films.items())
    server = subprocess.Popen(
        (sys.executable, "-W", "error", "-m", "edge.rtsp", "--user", USER, "--cache", str(cache), *cameras),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "LF_RTSP_PASSWORD": PASSWORD},
    )
    assert server.stdout is not None
    try:
        addresses: dict[str, str] = json.loads(server.stdout.readline())["cameras"]
        who = f"rtsp://{USER}:{quote(PASSWORD)}@"
        yield {name: address.replace("rtsp://", who) for name, address in addresses.items()}
    finally:
        server.terminate()
        _, said = server.communicate(timeout=60)
    assert server.returncode == 0
    assert b"Traceback" not in said, said.decode()


def until(what: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Whether `what` becomes true within so many seconds."""
    over = time.monotonic() + seconds
    while not what():
        if time.monotonic() > over:
            return False
        time.sleep(0.02)
    return True
