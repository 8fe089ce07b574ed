from __future__ import annotations

import itertools
import logging
import os
import signal
import socket
from threading import Event
from typing import TYPE_CHECKING

import pytest

from edge.envelope import lane, seal
from edge.link import BEAT, WINDOW, Link
from edge.link.window import ALARMS
from edge.outbox import Outbox
from edge.silence import WITHIN, Silence
from tests.conftest import comes_back, ended
from tests.edge.deaf import Deaf
from tests.edge.market import DEVICE, KEY, Hub, config, wait_for
from tests.wire.samples import BODIES, EVENT
from wire.message import Beat, Manifest, Sos, State, Up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from hub.gear.broker import Broker

MANIFEST = next(body for body in BODIES if isinstance(body, Manifest))
SOS = next(body for body in BODIES if isinstance(body, Sos))


@pytest.fixture
def connect(tmp_path: Path, running: Broker, outbox: Outbox) -> Iterator[Callable[..., Link]]:
    links: list[Link] = []

    def one(key: str = KEY, port: int = 0, beat_every: float = BEAT) -> Link:
        links.append(Link(config(tmp_path, port or running.port), key, outbox, health, beat_every=beat_every))
        links[-1].start()
        return links[-1]

    yield one
    for link in links:
        link.stop()


def health() -> Beat:
    return Beat(uptime_s=1.0, rss_mb=100.0, queued=0, dropped=0)


def stumble() -> None:
    raise RuntimeError("a fault")


def turned(link: Link) -> None:
    """Wait until it has sent whatever is due."""
    for _ in range(2):
        round_ = Event()
        link._heard.put(round_.set)
        assert round_.wait(60)


def put(outbox: Outbox, body: Up = EVENT) -> int:
    return outbox.put(seal(DEVICE, outbox.epoch, body), lane(body))


def test_it_says_that_it_is_there_and_how_it_is_at_once(
    hub: Hub, outbox: Outbox, connect: Callable[..., Link]
) -> None:
    connect()
    wait_for(lambda: hub.of("beat"))
    state, beat = hub.of("state")[-1], hub.of("beat")[0]
    assert (state.body, state.epoch, state.seq) == (State(online=True), outbox.epoch, None)
    assert (beat.body, beat.epoch, beat.seq) == (health(), outbox.epoch, None)


def test_it_beats_on(hub: Hub, connect: Callable[..., Link]) -> None:
    connect(beat_every=0.3)
    wait_for(lambda: len(hub.of("beat")) >= 4)


def test_what_changes_is_not_kept_for_the_next_beat(hub: Hub, connect: Callable[..., Link]) -> None:
    link = connect()
    wait_for(lambda: len(hub.of("beat")) == 1)
    told = Event()
    link._heard.put(lambda: None if told.wait(60) else stumble())
    for _ in range(5):
        link.beat_soon()
    told.set()
    wait_for(lambda: len(hub.of("beat")) == 2)
    assert link._next_beat - link._last_beat == pytest.approx(BEAT), "one tells all that changed meanwhile"


def test_an_event_is_forgotten_when_the_hub_has_receipted_it_and_not_before(
    hub: Hub, outbox: Outbox, connect: Callable[..., Link]
) -> None:
    link = connect()
    put(outbox)
    link.wake()
    wait_for(lambda: set(hub.seqs()) == {1})
    wait_for(lambda: not link._sender.window)
    assert outbox.counts().queued == 1, "the broker has acknowledged it and the hub has not"
    hub.receipt(outbox.epoch, 1, 1)
    wait_for(lambda: outbox.counts().queued == 0)


def test_a_call_for_help_comes_before_what_waited_longer(
    hub: Hub, outbox: Outbox, connect: Callable[..., Link]
) -> None:
    for _ in range(60):
        put(outbox, MANIFEST)
        put(outbox)
    put(outbox, SOS)
    connect()
    hub.receipting = True
    wait_for(lambda: outbox.counts().queued == 0)
    order = [kind for kind, _, envelope in hub.heard if envelope.seq]
    assert order.index("sos") < WINDOW
    assert order.index("manifest") >= 40


def test_a_lost_receipt_brings_it_again_under_the_same_number(
    hub: Hub, outbox: Outbox, connect: Callable[..., Link]
) -> None:
    outbox._again = 0.4
    connect()
    put(outbox)
    wait_for(lambda: len(hub.seqs()) >= 3)
    assert set(hub.seqs()) == {1}
    assert len({envelope.id for envelope in hub.of("event")}) == 1


def test_a_killed_broker_costs_nothing(
    hub: Hub,
    outbox: Outbox,
    connect: Callable[..., Link],
    running: Broker,
) -> None:
    # The broker takes what the edge sends while the hub is not back yet, and nobody hears it.
    outbox._again = 2.0
    link = connect()
    hub.receipting = True
    wait_for(lambda: link.connected)
    for seq in range(1, 61):
        assert put(outbox) == seq
        link.wake()
        if seq in {20, 40}:
            wait_for(lambda: link.connected and running.pid)
            os.kill(running.pid or 0, signal.SIGKILL)
            wait_for(lambda: not link.connected)
    wait_for(lambda: outbox.counts().queued == 0)
    assert set(hub.seqs()) == set(range(1, 61))


def test_what_an_earlier_start_promised_is_sent_by_the_next(
    hub: Hub, tmp_path: Path, running: Broker
) -> None:
    before = Outbox(tmp_path / "earlier.sqlite")
    put(before)
    before.close()
    after = Outbox(tmp_path / "earlier.sqlite")
    link = Link(config(tmp_path, running.port), KEY, after, health)
    link.start()
    try:
        hub.receipting = True
        wait_for(lambda: after.counts().queued == 0)
        assert [envelope.epoch for envelope in hub.of("event")] == [before.epoch]
    finally:
        link.stop()
        after.close()


def test_a_power_cut_is_told_by_the_last_will(hub: Hub, connect: Callable[..., Link]) -> None:
    link = connect()
    wait_for(lambda: hub.of("beat"))
    link._client._thread_terminate = True
    link._client.reconnect_delay_set(60, 60)
    wire = link._client.socket()
    assert isinstance(wire, socket.socket)
    wire.shutdown(socket.SHUT_RDWR)
    wait_for(lambda: hub.of("state")[-1].body == State(online=False, reason="last will"))


def test_an_edge_that_is_stopped_says_so(hub: Hub, connect: Callable[..., Link]) -> None:
    link = connect()
    wait_for(lambda: link.connected)
    link.stop()
    wait_for(lambda: hub.of("state") and hub.of("state")[-1].body == State(online=False, reason="stopped"))


def test_whoever_comes_later_still_learns_the_state(
    hub: Hub, running: Broker, connect: Callable[..., Link]
) -> None:
    connect()
    wait_for(lambda: any(body.online for e in hub.of("state") if isinstance(body := e.body, State)))
    later = Hub(running)
    wait_for(lambda: later.of("state"))
    assert later.heard[0][:2] == ("state", True)
    later.close()


def test_a_wrong_key_is_said_and_nothing_is_sent(
    hub: Hub, outbox: Outbox, connect: Callable[..., Link], caplog: pytest.LogCaptureFixture
) -> None:
    put(outbox)
    with caplog.at_level(logging.INFO):
        link = connect(key="another key")
        wait_for(lambda: "refuses edge-west" in caplog.text)
    assert not link.connected
    assert hub.of("event") == []
    assert "another key" not in caplog.text


@pytest.mark.parametrize("data", [b"", b"{", b'{"type":"receipt"}', b"\xff" * 100, b"[" * 5000])
def test_a_receipt_that_cannot_be_read_harms_nobody(
    hub: Hub, outbox: Outbox, connect: Callable[..., Link], data: bytes
) -> None:
    link = connect()
    wait_for(lambda: link._listening)
    hub.say("receipt", data)
    put(outbox)
    link.wake()
    wait_for(lambda: set(hub.seqs()) == {1})
    hub.receipt(outbox.epoch, 1, 1)
    wait_for(lambda: outbox.counts().queued == 0)


def test_a_fault_of_its_own_does_not_deafen_it(
    hub: Hub, outbox: Outbox, connect: Callable[..., Link], caplog: pytest.LogCaptureFixture
) -> None:
    link = connect()
    wait_for(lambda: link.connected)
    link._heard.put(stumble)
    wait_for(lambda: "stumbled" in caplog.text)
    put(outbox)
    wait_for(lambda: set(hub.seqs()) == {1})


def test_with_no_broker_it_says_so_once_and_stops_quickly(
    connect: Callable[..., Link], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries, unreachable = itertools.count(1), Link.unreachable
    thrice = Event()

    def counted(link: Link) -> None:
        unreachable(link)
        if next(tries) == 3:
            thrice.set()

    monkeypatch.setattr(Link, "unreachable", counted)
    monkeypatch.setattr("edge.link.client.BACK_OFF", (0.05, 0.05))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with caplog.at_level(logging.INFO):
            link = connect(port=taken.getsockname()[1])
            assert thrice.wait(60)
        assert comes_back(link.stop)
        assert ended(link._worker)
    assert caplog.text.count("nobody answers") == 1


def test_a_broker_that_never_answers_does_not_hold_up_the_stop(
    connect: Callable[..., Link], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.link.client.KEEPALIVE", 3600)
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        link = connect(port=mute.getsockname()[1])
        asking, _ = mute.accept()
        with asking:
            assert asking.recv(1)
            assert comes_back(link.stop)
            assert ended(link._worker)


def test_no_more_is_under_way_than_the_window_holds_and_the_last_places_are_for_alarms(
    outbox: Outbox, tmp_path: Path
) -> None:
    with Deaf() as deaf:
        link = Link(config(tmp_path, deaf.port), KEY, outbox, health)
        for _ in range(3 * WINDOW):
            put(outbox)
        link.start()
        wait_for(lambda: len(deaf.heard["event"]) == WINDOW - ALARMS)
        for _ in range(2 * ALARMS):
            put(outbox, SOS)
        link.wake()
        wait_for(lambda: len(deaf.heard["sos"]) == ALARMS)
        turned(link)
        assert link.figures.published == WINDOW
        assert {kind: len(heard) for kind, heard in deaf.heard.items()} == {
            "event": WINDOW - ALARMS,
            "sos": ALARMS,
        }
        link.stop()


def test_a_broker_that_acknowledges_nothing_is_left_for_a_better_one_and_what_was_sent_is_sent_there(
    outbox: Outbox, tmp_path: Path
) -> None:
    with Deaf() as deaf:
        link = Link(config(tmp_path, deaf.port), KEY, outbox, health, stalled=0.5)
        for _ in range(3):
            put(outbox, SOS)
        link.start()
        wait_for(lambda: len(deaf.heard["sos"]) == 3)
        deaf.answers = True
        wait_for(lambda: len(deaf.heard["sos"]) >= 6)
        assert link.figures.stalls >= 1
        wait_for(lambda: not len(link._sender.window))
        assert outbox.counts().queued == 3, "acknowledged is not receipted"
        link.stop()


def test_what_was_sent_since_the_connection_stands_is_not_sent_twice(
    hub: Hub, outbox: Outbox, connect: Callable[..., Link]
) -> None:
    link = connect()
    wait_for(lambda: link._listening)
    put(outbox)
    link.wake()
    wait_for(lambda: hub.seqs() == [1])
    wait_for(lambda: link._sender._again_at == float("inf"))
    turned(link)
    assert link.figures.published == 1
    assert hub.seqs() == [1]


def test_a_silent_hub_is_not_sent_everything_again_but_alarms_and_a_few_are(
    hub: Hub, outbox: Outbox, tmp_path: Path, running: Broker
) -> None:
    outbox._again = 0.3
    silence = fallen_silent()
    for _ in range(2 * WINDOW):
        put(outbox)
    link = Link(config(tmp_path, running.port), KEY, outbox, health, silence=silence)
    link.start()
    try:
        wait_for(lambda: len(set(hub.seqs())) == 2 * WINDOW)
        put(outbox, SOS)
        wait_for(lambda: len(hub.of("sos")) >= 3)
        assert len(hub.seqs()) <= 4 * WINDOW, "a probe of the silent hub, not the whole backlog each time"
        hub.pulse()
        wait_for(lambda: not silence.is_silent)
    finally:
        link.stop()


def fallen_silent() -> Silence:
    """Of a hub that was last heard long ago, on a clock that stands still."""
    moments = itertools.chain((0.0,), itertools.repeat(WITHIN + 1))
    return Silence(clock=lambda: next(moments))


def test_the_hubs_pulse_ends_the_silence_and_receipts_nothing(
    hub: Hub, outbox: Outbox, tmp_path: Path, running: Broker
) -> None:
    silence = fallen_silent()
    link = Link(config(tmp_path, running.port), KEY, outbox, health, silence=silence)
    link.start()
    try:
        put(outbox)
        wait_for(lambda: link._listening)
        assert silence.is_silent
        hub.pulse()
        wait_for(lambda: not silence.is_silent)
        assert outbox.counts().queued == 1
    finally:
        link.stop()
