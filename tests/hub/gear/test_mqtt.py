"""What only the MQTT gear has: numbers of a connection, and messages that a broker kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.gear.mqtt import MqttLink, session_name
from hub.gear.permissions import HOST, HUB_USER
from tests.hub.gear.conftest import KEYS
from tests.hub.gear.listener import Listener, eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hub.gear.broker import Broker
    from hub.ports import Heard

WEST = "lf/v1/yunda/edge-west"
MOST_OF_A_SESSION = 1024
"""Messages without acknowledgement that nats-server allows a session."""
FLOOD = 1500


@pytest.fixture
def links(broker: Broker) -> Iterator[Callable[[], MqttLink]]:
    made: list[MqttLink] = []

    def one() -> MqttLink:
        link = MqttLink(["yunda"], HOST, broker.port, HUB_USER, broker.password)
        link.start()
        assert link.wait_ready(60)
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


def heard(link: MqttLink, count: int) -> list[Heard]:
    found = [link.hear(60) for _ in range(count)]
    assert link.hear(0.1) is None
    return [one for one in found if one]


def test_an_old_number_is_never_acknowledged_on_a_new_connection(
    links: Callable[[], MqttLink], west: Listener
) -> None:
    link = links()
    west.say(f"{WEST}/event", b"one")
    (before,) = heard(link, 1)
    ear = next(ear for ear in link._ears if ear.session == before.session)
    ear.client.reconnect()
    assert link.wait_ready(60)
    assert eventually(lambda: ear.session > before.session)
    link.acknowledge([before])
    (again,) = heard(link, 1)
    assert (again.data, again.session) == (b"one", ear.session)


def test_what_one_end_hears_is_receipted_while_another_is_away(
    links: Callable[[], MqttLink], west: Listener
) -> None:
    link = links()
    assert west.may_hear(f"{WEST}/receipt")
    link._ears[-1].client.disconnect()
    assert eventually(lambda: not link.ready)
    west.say(f"{WEST}/event", b"one")
    assert [one.data for one in heard(link, 1)] == [b"one"]
    link.publish(f"{WEST}/receipt", b"committed", qos=0)
    assert eventually(lambda: (f"{WEST}/receipt", b"committed") in west.heard)


def test_a_retained_message_is_marked(links: Callable[[], MqttLink], west: Listener) -> None:
    west.say(f"{WEST}/state", b"online", retain=True)
    found = heard(links(), 1)
    assert [(one.data, one.retained) for one in found] == [(b"online", True)]


def test_a_hub_that_cannot_commit_stops_reading_and_hears_the_rest_later(
    links: Callable[[], MqttLink], west: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.gear.mqtt.MOST_WAITING", 20)
    link = links()
    for number in range(100):
        west.client.publish(f"{WEST}/event", b"%d" % number, 1)
    assert eventually(lambda: link._heard.qsize() >= 20)
    assert not eventually(lambda: link._heard.qsize() > 21, 0.5)
    found: set[bytes] = set()

    def takes() -> bool:
        while said := link.hear(0.02):
            found.add(said.data)
            link.acknowledge([said])
        return len(found) == 100

    assert eventually(takes)


def test_a_flood_of_what_can_wait_does_not_hold_up_who_calls_for_help(
    links: Callable[[], MqttLink], west: Listener
) -> None:
    link = links()
    for number in range(FLOOD):
        west.client.publish(f"{WEST}/scan", b"%d" % number, 1)
    assert eventually(lambda: link._heard.qsize() >= MOST_OF_A_SESSION)
    west.say(f"{WEST}/event", b'{"prio":"p1","body":{"phase":"new"}}')
    west.say(f"{WEST}/sos", b"help")
    assert eventually(lambda: link._heard.qsize() >= MOST_OF_A_SESSION + 2)
    assert [one.topic for one in (link.hear(60), link.hear(60)) if one] == [f"{WEST}/sos", f"{WEST}/event"]


def test_a_session_belongs_to_its_markets() -> None:
    names = [session_name(markets) for markets in ([], ["a"], ["a", "b"], ["a", "c"])]
    assert names[:2] == ["hub", "hub-a"]
    assert len(set(names)) == 4
    assert session_name(["b", "a"]) == session_name(["a", "b"])
