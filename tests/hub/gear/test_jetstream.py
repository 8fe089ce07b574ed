"""What JetStream alone can do: several workers, a bounded stream, and a server that has lost everything."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import nats
import pytest
from nats.js.api import DiscardPolicy

from hub.gear.broker import Broker
from hub.gear.jetstream import JetStreamLink
from hub.gear.mqtt import MqttLink, forget
from hub.gear.permissions import HOST, HUB_USER
from hub.gear.stream import MQTT_STORE, NAME, Bounds, settle
from tests.conftest import alone, aside
from tests.hub.gear.conftest import KEYS, PEERS
from tests.hub.gear.listener import Listener, eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from nats.js.api import StreamInfo

WEST = "lf/v1/yunda/edge-west/event"


@pytest.fixture
def workers(broker: Broker) -> Iterator[Callable[..., JetStreamLink]]:
    made: list[JetStreamLink] = []

    def one(*markets: str, store_mb: int = 1024, again_s: int = 1) -> JetStreamLink:
        bounds = Bounds(store_mb, again_s=again_s)
        link = JetStreamLink(broker.nats, HUB_USER, broker.password, markets=markets, bounds=bounds)
        link.start()
        made.append(link)
        return link

    yield one
    for link in made:
        link.stop()


@pytest.fixture
def west(broker: Broker) -> Iterator[Listener]:
    listener = Listener(broker.port, "edge-west", KEYS["edge-west"])
    yield listener
    listener.leave()


def info(broker: Broker, stream: str) -> StreamInfo:
    async def ask() -> StreamInfo:
        client = await nats.connect(list(broker.nats), user=HUB_USER, password=broker.password)
        try:
            return await client.jetstream().stream_info(stream)
        finally:
            await client.close()

    return alone(ask())


def take(link: JetStreamLink, into: list[bytes]) -> None:
    while said := link.hear(0.02):
        into.append(said.data)
        link.acknowledge([said])


def test_two_workers_share_what_is_said_and_no_message_goes_to_both(
    workers: Callable[..., JetStreamLink], west: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.gear.jetstream.MOST_WAITING", 2000)
    pair = workers(again_s=600), workers(again_s=600)
    assert all(link.wait_ready(60) for link in pair)
    for number in range(3000):
        west.client.publish(WEST, b"%d" % number, 1)
    assert eventually(lambda: sum(link._heard.qsize() for link in pair) >= 3000)
    shares: tuple[list[bytes], list[bytes]] = ([], [])
    for link, share in zip(pair, shares, strict=True):
        take(link, share)
    assert sorted(map(int, shares[0] + shares[1])) == list(range(3000))
    assert min(map(len, shares)) >= 1000


def test_what_a_killed_worker_had_at_hand_goes_to_the_other(
    workers: Callable[..., JetStreamLink], west: Listener
) -> None:
    dies, lives = workers(), workers()
    assert dies.wait_ready(60)
    assert lives.wait_ready(60)
    for number in range(600):
        west.client.publish(WEST, b"%d" % number, 1)
    assert dies.hear(60)  # it has some, acknowledges none of them, and is seen no more
    dies.stop()
    found: list[bytes] = []

    def whole() -> bool:
        take(lives, found)
        return len(set(found)) == 600

    assert eventually(whole)


def test_a_market_is_served_by_its_own_workers_and_a_second_claim_on_it_waits(
    workers: Callable[..., JetStreamLink], west: Listener
) -> None:
    own, other = workers("yunda"), workers("qingyun")
    assert own.wait_ready(60)
    assert other.wait_ready(60)
    west.say(WEST, b"ours")
    assert other.hear(0.3) is None
    assert own.hear(60)
    assert not workers().wait_ready(1)  # every market, of which two have their own


def test_what_was_acknowledged_is_kept_no_longer(
    workers: Callable[..., JetStreamLink], west: Listener, broker: Broker
) -> None:
    link = workers()
    assert link.wait_ready(60)
    west.say(WEST, b"one")
    west.say(WEST, b"two")
    first = link.hear(60)
    assert first
    assert link.hear(60)
    link.acknowledge([first])
    assert eventually(lambda: info(broker, NAME).state.messages == 1)


def test_a_full_stream_refuses_the_new_and_keeps_the_old(
    workers: Callable[..., JetStreamLink], west: Listener, broker: Broker
) -> None:
    link = workers(store_mb=2)
    assert link.wait_ready(60)
    link.stop()
    for number in range(40):
        west.say(WEST, b"%d" % number + b" " * 60_000)
    kept = info(broker, NAME)
    assert 10 < kept.state.messages < 20
    assert kept.state.bytes <= 1024 * 1024
    later = workers(store_mb=2)
    assert later.wait_ready(60)
    oldest = later.hear(60)
    assert oldest
    assert oldest.data.startswith(b"0 ")


def test_a_server_that_lost_its_store_is_given_the_stream_again(
    workers: Callable[..., JetStreamLink], broker: Broker, west: Listener
) -> None:
    link = workers()
    assert link.wait_ready(60)
    child = broker._child
    assert child
    restarts = broker.restarts
    child.kill()
    child.wait()
    shutil.rmtree(broker.folder / "store", ignore_errors=True)
    assert eventually(lambda: broker.restarts > restarts)

    def heard_again() -> bool:
        west.client.publish(WEST, b"after", 1)
        said = link.hear(0.2)
        return said is not None and said.data == b"after"

    assert eventually(heard_again)


def bounded(broker: Broker, mb: int) -> bool:
    config = info(broker, MQTT_STORE).config
    return (config.max_bytes, config.discard) == (mb * 1024 * 1024, DiscardPolicy.NEW)


def test_the_servers_own_store_for_mqtt_gets_its_limit_from_a_worker(
    workers: Callable[..., JetStreamLink], broker: Broker, west: Listener
) -> None:
    west.say(WEST, b"a device has come")
    assert workers(store_mb=512).wait_ready(60)
    assert eventually(lambda: bounded(broker, 128))


def test_and_from_a_hub_that_hears_by_mqtt_and_a_restart_keeps_it(broker: Broker) -> None:
    assert not aside(
        settle, broker.nats, HUB_USER, broker.password, Bounds(512)
    )  # there is no store of its yet
    link = MqttLink(["yunda"], HOST, broker.port, HUB_USER, broker.password)
    link.start()
    assert link.wait_ready(60)
    assert aside(settle, broker.nats, HUB_USER, broker.password, Bounds(512))
    child = broker._child
    assert child
    child.kill()
    assert eventually(lambda: broker.restarts == 1)
    assert eventually(lambda: link.ready)
    assert bounded(broker, 128)
    link.stop()
    assert not aside(settle, ["nats://127.0.0.1:1"], HUB_USER, broker.password, Bounds())


def test_what_the_other_gear_left_at_the_broker_is_forgotten(broker: Broker, west: Listener) -> None:
    link = MqttLink(["yunda"], HOST, broker.port, HUB_USER, broker.password)
    link.start()
    assert link.wait_ready(60)
    link.stop()
    west.say(WEST, b"kept for whoever hears by MQTT")
    assert info(broker, MQTT_STORE).state.messages == 1
    forget(["yunda"], HOST, broker.port, HUB_USER, broker.password)
    west.say(WEST, b"kept for nobody")
    assert eventually(lambda: info(broker, MQTT_STORE).state.messages == 0)


def test_devices_are_let_in_once_the_stream_stands(tmp_path: Path) -> None:
    broker = Broker(tmp_path / "broker")
    broker.start()
    link = JetStreamLink(broker.nats, HUB_USER, broker.password)
    link.start()
    assert link.wait_ready(60)
    broker.admit(PEERS)

    def let_in() -> bool:
        early = Listener(broker.port, "edge-west", KEYS["edge-west"])
        early.leave()
        return early.answer == "Success"

    assert eventually(let_in)
    link.stop()
    broker.stop()
