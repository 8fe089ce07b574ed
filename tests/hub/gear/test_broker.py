from __future__ import annotations

import os
import signal
import socket
import stat
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hub.gear import broker as brokers
from hub.gear.broker import Broker, BrokerError
from tests.hub.gear.conftest import KEYS, PEERS
from tests.hub.gear.listener import Listener, eventually
from wire import topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WEST, EAST = "lf/v1/yunda/edge-west", "lf/v1/yunda/edge-east"


@pytest.fixture
def connect(broker: Broker) -> Iterator[Callable[..., Listener]]:
    made: list[Listener] = []

    def one(user: str, key: str | None = None, client: str = "") -> Listener:
        made.append(Listener(broker.port, user, KEYS[user] if key is None else key, client))
        return made[-1]

    yield one
    for listener in made:
        listener.leave()


@pytest.fixture
def hub(broker: Broker, connect: Callable[..., Listener]) -> Listener:
    listener = connect("hub", broker.password)
    assert all(listener.may_hear(text, 1) for text in topic.upward("yunda"))
    return listener


def test_a_device_speaks_for_itself_and_for_nobody_else(
    hub: Listener, connect: Callable[..., Listener]
) -> None:
    west = connect("edge-west")
    west.say(f"{EAST}/event", b"forged")
    west.say(f"{WEST}/receipt", b"self-made")
    west.say("lf/v1/yunda/hub/event", b"as the hub")
    west.say(f"{WEST}/event", b"own")
    assert eventually(lambda: hub.heard)
    assert hub.heard == [(f"{WEST}/event", b"own")]


def test_a_device_hears_only_what_is_meant_for_it(hub: Listener, connect: Callable[..., Listener]) -> None:
    west = connect("edge-west")
    own = (f"{WEST}/receipt", f"{WEST}/config", f"{WEST}/command", f"{WEST}/command/#")
    others = (f"{EAST}/receipt", f"{WEST}/event", "lf/v1/yunda/+/receipt", "#", "$MQTT/sub/#", "$SYS/#")
    assert [west.may_hear(text) for text in own] == [True] * 4
    assert [west.may_hear(text, qos) for text in others for qos in (0, 1)] == [False] * 12
    hub.say(f"{EAST}/receipt", b"for east")
    hub.say(f"{WEST}/receipt", b"for west")
    assert eventually(lambda: west.heard)
    assert west.heard == [(f"{WEST}/receipt", b"for west")]


@pytest.mark.parametrize(
    ("user", "key"), [("edge-west", "wrong"), ("edge-west", ""), ("stranger", "key"), ("hub", "")]
)
def test_a_stranger_is_not_let_in(connect: Callable[..., Listener], user: str, key: str) -> None:
    assert connect(user, key).answer == "Not authorized"


def test_a_device_that_is_no_longer_admitted_is_thrown_out(
    broker: Broker, connect: Callable[..., Listener]
) -> None:
    west, east = connect("edge-west"), connect("edge-east")
    broker.admit(PEERS[:1])
    assert eventually(lambda: not east.client.is_connected())
    assert eventually(lambda: east.answer == "Not authorized")
    assert west.client.is_connected()


def test_a_killed_broker_comes_back_with_what_it_kept(
    broker: Broker, hub: Listener, connect: Callable[..., Listener]
) -> None:
    pid = broker.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: broker.pid not in (None, pid))
    west = connect("edge-west")
    assert eventually(hub.client.is_connected)
    assert eventually(lambda: hub.may_hear(f"{WEST}/event", 1))
    west.say(f"{WEST}/event", b"after")
    assert eventually(lambda: (f"{WEST}/event", b"after") in hub.heard)
    assert broker.restarts == 1


def test_keys_stand_nowhere_in_clear_and_only_the_owner_reads_the_configuration(broker: Broker) -> None:
    config = broker.folder / "nats.conf"
    assert stat.S_IMODE(config.stat().st_mode) == 0o600
    written = config.read_text()
    assert broker.password not in written
    assert not any(key in written for key in KEYS.values())


def test_the_broker_listens_on_loopback_alone(broker: Broker) -> None:
    lines = Path("/proc/net/tcp").read_text().splitlines()
    listening = {line.split()[1] for line in lines[1:] if line.split()[3] == "0A"}
    assert f"0100007F:{broker.port:04X}" in listening
    assert f"00000000:{broker.port:04X}" not in listening


def test_a_broker_left_behind_by_a_killed_hub_is_ended(tmp_path: Path) -> None:
    first = Broker(tmp_path)
    first.start(PEERS)
    orphan = first.pid
    assert orphan is not None
    first._stopping.set()  # the hub is gone: nobody watches the child any more
    second = Broker(tmp_path, first.port)
    second.start(PEERS)
    try:
        assert second.pid not in (None, orphan)
        assert first.pid is None
    finally:
        second.stop()
    assert second.pid is None


def test_a_taken_port_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(BrokerError, match="give another with --mqtt-port"):
            Broker(tmp_path, other.getsockname()[1]).start()


def test_a_broker_that_cannot_start_says_where_its_words_are(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file where its folder should be")
    with pytest.raises(BrokerError, match="last words"):
        Broker(tmp_path).start()


def test_a_port_of_its_own_that_another_program_took_is_given_up_for_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = iter([brokers._free_port(), other.getsockname()[1]])
        free = brokers._free_port
        monkeypatch.setattr(brokers, "_free_port", lambda: next(taken, None) or free())
        made = Broker(tmp_path)
        made.start()
        try:
            assert made.pid
            assert made.nats_port != other.getsockname()[1]
        finally:
            made.stop()
