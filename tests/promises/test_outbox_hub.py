"""Outbox, link and hub together: calls by either way, numbers given up, and a hub that falls silent."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from edge.call import Caller
from edge.carrier import Carrier
from edge.config import TerminalConfig
from edge.config.patrol import PatrolConfig, ReaderConfig
from edge.envelope import lane, seal
from edge.key import read_key
from edge.link import Link
from edge.outbox import Outbox
from edge.patrol.terminal import Terminal
from edge.silence import Silence
from tests.bench.device import NAME, config
from tests.edge.market import wait_for
from tests.edge.patrol.desk import line
from tests.hub.app.running import Running
from tests.wire.samples import BODIES
from wire.message import Beat, Manifest, Sos, Up, new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx2

    from edge.config import EdgeConfig

MANIFEST = next(body for body in BODIES if isinstance(body, Manifest))
SILENT = 8.0
"""Seconds; the hub pulses every 5."""


class Edge:
    """Everything of an edge that promises, for one test."""

    def __init__(self, told: EdgeConfig, folder: Path, most_bytes: int = 256 << 20) -> None:
        key = read_key(Path(told.hub.password_file))
        self.outbox = Outbox(folder / "outbox.sqlite", most_bytes=most_bytes)
        self.silence = Silence(within=SILENT)
        self.link = Link(told, key, self.outbox, self.beat, silence=self.silence, beat_every=0.5)
        self.caller = Caller(self.outbox, Carrier(told.hub, NAME, key), self.silence.heard)

    def beat(self) -> Beat:
        return Beat(1.0, 1.0, 0, self.outbox.counts().dropped, given_up=self.outbox.given_up())

    def put(self, body: Up) -> int:
        seq = self.outbox.put(seal(NAME, self.outbox.epoch, body), lane(body))
        self.link.wake()
        self.caller.wake()
        return seq

    def stop(self) -> None:
        self.caller.stop()
        self.link.stop()
        self.outbox.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("market")


@pytest.fixture(scope="module")
def hub(folder: Path) -> Iterator[Running]:
    with Running(folder / "data") as one:
        yield one


@pytest.fixture(scope="module")
def desk(hub: Running) -> Iterator[httpx2.Client]:
    with hub.sign_in("desk") as person:
        yield person


@pytest.fixture
def made() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


@pytest.fixture
def edge(hub: Running, folder: Path, tmp_path: Path, made: ExitStack) -> Edge:
    one = Edge(config(hub, folder), tmp_path)
    made.callback(one.stop)
    return one


def calls(desk: httpx2.Client) -> int:
    """Alerts of a pressed panic button that the wall shows."""
    return sum(alert["kind"] == "panic" for alert in desk.get("/api/wall").json()["alerts"])


def panic() -> Sos:
    return Sos(call=new_id(), button="panic")


def test_with_no_way_by_mqtt_a_call_is_on_the_wall_by_http(edge: Edge, desk: httpx2.Client) -> None:
    before = calls(desk)
    edge.caller.start()  # the link is not even begun
    edge.put(panic())
    wait_for(lambda: edge.outbox.counts().queued == 0)
    assert calls(desk) == before + 1


def test_calls_by_both_ways_at_once_are_one_alert_each(edge: Edge, desk: httpx2.Client) -> None:
    before = calls(desk)
    edge.link.start()
    edge.caller.start()
    wait_for(lambda: edge.link.connected)
    for _ in range(12):
        edge.put(panic())
    wait_for(lambda: edge.outbox.counts().queued == 0)
    wait_for(lambda: calls(desk) >= before + 12)
    edge.put(MANIFEST)
    wait_for(lambda: edge.outbox.counts().queued == 0)  # what went by MQTT before it has been counted, too
    assert calls(desk) == before + 12
    assert edge.caller.made + edge.link.figures.published > 12, "both ways were taken"


def test_what_a_patrol_terminal_reads_is_committed_and_its_call_is_on_the_wall_once(
    hub: Running, folder: Path, tmp_path: Path, desk: httpx2.Client, made: ExitStack
) -> None:
    told = config(hub, folder)
    with line() as reader:
        patrol = PatrolConfig(readers=(ReaderConfig("nfc", serial=reader.node),))
        terminal = Terminal(
            TerminalConfig(NAME, told.market, told.hub, str(tmp_path), patrol),
            read_key(Path(told.hub.password_file)),
        )
        made.callback(terminal.stop)
        before = calls(desk)
        terminal.start()
        wait_for(lambda: terminal.parts[0].is_there)
        reader.say(b"04A2B3C4D5E680\r\n")
        wait_for(lambda: terminal.outbox.counts().queued or terminal.link.figures.published)
        terminal.walk.call("panic")
        terminal.walk.call("panic")
        wait_for(lambda: terminal.outbox.counts().queued == 0)
        assert calls(desk) == before + 1
        assert terminal.link.figures.published > 0


def test_numbers_that_were_given_up_are_told_until_the_hub_will_not_miss_them(
    hub: Running, folder: Path, tmp_path: Path, made: ExitStack
) -> None:
    edge = Edge(config(hub, folder), tmp_path, most_bytes=6_000)
    made.callback(edge.stop)
    for _ in range(40):
        edge.put(MANIFEST)
    given = edge.outbox.counts().given_up
    assert given > 20
    assert [(span.first, span.last) for span in edge.outbox.given_up()] == [(1, given)]
    edge.link.start()
    wait_for(lambda: edge.outbox.counts().given_up == 0)
    wait_for(lambda: edge.outbox.counts().queued == 0)


@pytest.mark.long
def test_a_hub_that_stands_still_is_silent_and_one_that_goes_on_is_heard_again(
    edge: Edge, hub: Running
) -> None:
    edge.link.start()
    wait_for(lambda: edge.link.connected)
    wait_for(lambda: edge.link.figures.receipts >= 2)  # it pulses though nobody says anything
    hub.child.send_signal(signal.SIGSTOP)
    try:
        wait_for(lambda: edge.silence.is_silent)
        assert edge.link.connected, "the broker alone proves nothing"
    finally:
        hub.child.send_signal(signal.SIGCONT)
    wait_for(lambda: not edge.silence.is_silent)
