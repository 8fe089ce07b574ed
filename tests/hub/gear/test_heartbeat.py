from __future__ import annotations

import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from hub.gear.heartbeat import Heartbeat

if TYPE_CHECKING:
    from collections.abc import Iterator


class Watch(HTTPServer):
    """Somebody outside."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.asked: list[str] = []
        self.status = 200


class Answers(BaseHTTPRequestHandler):
    server: Watch

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def watch() -> Iterator[Watch]:
    with Watch() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_somebody_outside_is_told(watch: Watch) -> None:
    assert Heartbeat(f"http://127.0.0.1:{watch.server_port}/ping/a-secret").beat()
    assert watch.asked == ["/ping/a-secret"]


def test_one_who_does_not_hear_is_logged_once_without_the_secret(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    beats = Heartbeat(f"http://127.0.0.1:{watch.server_port}/ping/a-secret")
    watch.status = 404
    with caplog.at_level(logging.INFO):
        assert not beats.beat()
        assert not beats.beat()
        watch.status = 200
        assert beats.beat()
    assert [line.message for line in caplog.records] == [
        "the outside watch does not hear us: it answers 404",
        "the outside watch hears us again",
    ]
    assert "a-secret" not in caplog.text


def test_one_who_is_gone_ends_nothing(watch: Watch, caplog: pytest.LogCaptureFixture) -> None:
    beats = Heartbeat(f"http://127.0.0.1:{watch.server_port}/ping/a-secret")
    watch.server_close()
    assert not beats.beat()
    assert "a-secret" not in caplog.text


@pytest.mark.parametrize("url", ["ftp://h/x", "file:///etc/passwd", "hub.example", "http://"])
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="begins with https://"):
        Heartbeat(url)
