"""Replays as a hub orders them: one at a time, told while they go on, stopped when nobody wants them."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import msgspec
import pytest

from edge.carrier import Carrier
from edge.config import HubConfig
from edge.order.desk import Unable
from edge.replay.replays import SCRATCH, Replays
from tests.edge.market import DEVICE, KEY, config, wait_for
from tests.edge.scene import watched
from wire.order import Replay
from wire.replay import Replayed, decode_replayed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from wire.scene import Masks

ARGS = Replay("c-2-01", datetime(2026, 11, 22, 4, 0, tzinfo=UTC), 60.0)
GOOD = """
import sys
sys.stdin.readline()
for line in ('{"state":"running","share":0.5}', '{"state":"done","share":1.0}'):
    print(line, flush=True)
"""
ENDLESS = """
import sys, time
sys.stdin.readline()
while True:
    print('{"state":"running","share":0.5}', flush=True)
    time.sleep(0.02)
"""
DYING = """
import sys
sys.stdin.readline()
print('{"state":"running","share":0.25}', flush=True)
"""


class Desk(ThreadingHTTPServer):
    """A hub that takes reports."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.said: list[tuple[str, Replayed]] = []
        self.answer = 204


class _Taking(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Desk

    def log_message(self, *_: object) -> None:
        pass

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.said.append((self.path, decode_replayed(data)))
        self.send_response(self.server.answer)
        self.send_header("Content-Length", "0")
        self.end_headers()


@pytest.fixture
def desk() -> Iterator[Desk]:
    with Desk() as one:
        thread = Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield one
        one.shutdown()
        thread.join()


@pytest.fixture
def replays(desk: Desk, tmp_path: Path) -> Iterator[Callable[[str], Replays]]:
    made: list[Replays] = []
    http = f"http://127.0.0.1:{desk.server_port}"
    hub = HubConfig(mqtt="mqtt://127.0.0.1", http=http, password_file="key")

    def one(program: str, *child: str) -> Replays:
        edge = config(tmp_path, 1, 1, watched())
        carrier = lambda: Carrier(hub, DEVICE, KEY)  # noqa: E731
        made.append(Replays(lambda: edge, tmp_path, carrier, child or (sys.executable, "-c", program)))
        return made[-1]

    yield one
    for each in made:
        each.stop()


def test_how_far_it_is_and_how_it_ended_is_told(
    desk: Desk, replays: Callable[[str], Replays], tmp_path: Path
) -> None:
    one = replays(GOOD)
    one.begin(ARGS, watched(), "n-1")
    wait_for(lambda: not one.is_running)
    assert [(path, said.state) for path, said in desk.said] == [
        ("/edge/v1/replays/n-1", "running"),
        ("/edge/v1/replays/n-1", "done"),
    ]
    assert not list(tmp_path.iterdir()), "nothing of it stays on the disk"


def test_a_second_one_is_refused_while_one_goes_on(desk: Desk, replays: Callable[[str], Replays]) -> None:
    one = replays(ENDLESS)
    one.begin(ARGS, watched(), "n-1")
    wait_for(lambda: desk.said)
    with pytest.raises(Unable, match="goes on already"):
        one.begin(ARGS, watched(), "n-2")


def test_it_ends_once_the_hub_says_that_nobody_wants_it(
    desk: Desk, replays: Callable[[str], Replays]
) -> None:
    one = replays(ENDLESS)
    one.begin(ARGS, watched(), "n-1")
    wait_for(lambda: desk.said)
    desk.answer = 410
    wait_for(lambda: not one.is_running)
    assert desk.said[-1][1].state == "stopped"


def test_one_that_breaks_off_is_told_to_have_failed(desk: Desk, replays: Callable[[str], Replays]) -> None:
    one = replays(DYING)
    one.begin(ARGS, watched(), "n-1")
    wait_for(lambda: not one.is_running)
    last = desk.said[-1][1]
    assert (last.state, last.reason, last.share) == ("failed", "the replay broke off", 0.25)


def test_what_one_that_was_killed_has_cut_out_goes_and_no_recording_with_it(
    replays: Callable[[str], Replays], tmp_path: Path
) -> None:
    for name in (f"{SCRATCH}x1", "replay-gate"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "piece.mp4").touch()
    replays(GOOD)
    assert [path.name for path in tmp_path.iterdir()] == ["replay-gate"], "a camera may be called so"


def test_one_that_cannot_begin_is_told_with_the_reason(
    desk: Desk, replays: Callable[..., Replays], tmp_path: Path
) -> None:
    one = replays("", str(tmp_path / "nothing"))
    one.begin(ARGS, watched(), "n-1")
    wait_for(lambda: not one.is_running)
    reason = "this device cannot begin it: No such file or directory"
    assert [(said.state, said.reason) for _, said in desk.said] == [("failed", reason)]


def test_masks_that_are_too_many_with_those_in_force_are_refused_with_a_sentence(
    replays: Callable[[str], Replays],
) -> None:
    def drawn(first: int) -> Masks:
        return tuple(((0.0, 0.0), (n / 100, 0.0), (1.0, 1.0)) for n in range(first, first + 20))

    held = msgspec.structs.replace(watched(), masks=drawn(1))
    one = replays(GOOD)
    with pytest.raises(Unable, match="40 are too many masks together with those in force"):
        one.begin(msgspec.structs.replace(ARGS, masks=drawn(21)), held, "n-1")
    one.begin(msgspec.structs.replace(ARGS, masks=drawn(13)), held, "n-2")


def test_an_edge_that_ends_ends_its_replay(desk: Desk, replays: Callable[[str], Replays]) -> None:
    one = replays(ENDLESS)
    one.begin(ARGS, watched(), "n-1")
    wait_for(lambda: desk.said)
    one.stop()
    wait_for(lambda: not one.is_running)
