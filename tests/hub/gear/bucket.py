"""A real S3 API on this machine, whose buckets live as long as the block."""

from __future__ import annotations

import logging
import time
import urllib.request
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from hub.gear.s3 import Bucket, bucket

if TYPE_CHECKING:
    from collections.abc import Iterator


class S3:
    """Makes buckets."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self._made = 0

    def url(self) -> str:
        """A new bucket with a prefix."""
        self._made += 1
        name = f"media-{self._made}-{time.monotonic_ns()}"
        request = urllib.request.Request(f"{self.endpoint}/{name}", method="PUT")
        urllib.request.urlopen(request).close()
        return f"s3://{name}/yunda/media"

    def open(self, url: str) -> Bucket:
        return bucket(url, self.endpoint, "us-east-1", "key", "secret")


@contextmanager
def s3_here() -> Iterator[S3]:
    server = pytest.importorskip("moto.server", reason="moto is not installed: run make setup-dev")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield S3(f"http://{host}:{port}")
    running.stop()
