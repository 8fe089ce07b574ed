from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.gear.mqtt import MqttLink
from hub.gear.permissions import HOST, HUB_USER
from tests.hub.gear.conftest import KEYS
from tests.hub.gear.listener import Listener, eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hub.gear.broker import Broker
    from hub.ports import Heard

WEST = "lf/v1/yunda/edge-west"


@pytest.fixture
def links(broker: Broker) -> Iterator[Callable[[], MqttLink]]:
    made: list[MqttLink] = []

    def one() -> MqttLink:
        link = MqttLink("yunda", HOST, broker.port, HUB_USER, broker.password)
        link.start()
        assert link.wait_ready(10)
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
    found = [link.hear(5) for _ in range(count)]
    assert link.hear(0.1) is None
    return [one for one in found if one]


def test_every_kind_that_goes_up_is_heard(links: Callable[[], MqttLink], west: Listener) -> None:
    link = links()
    for kind in ("state", "event", "sos", "scan", "manifest", "reply"):
        west.say(f"{WEST}/{kind}", kind.encode())
    west.say(f"{WEST}/beat", b"beat", qos=0)
    assert sorted(one.data.decode() for one in heard(link, 7)) == [
        "beat", "event", "manifest", "reply", "scan", "sos", "state",
    ]  # fmt: skip


def test_what_was_not_acknowledged_comes_again_to_the_next_hub(
    links: Callable[[], MqttLink], west: Listener
) -> None:
    link = links()
    west.say(f"{WEST}/event", b"committed")
    west.say(f"{WEST}/event", b"not committed")
    first, _ = heard(link, 2)
    link.acknowledge(first)
    assert eventually(lambda: not link._client.want_write())
    link.stop()
    assert [one.data for one in heard(links(), 1)] == [b"not committed"]


def test_what_is_said_while_the_hub_is_away_waits_for_it(
    links: Callable[[], MqttLink], west: Listener
) -> None:
    links().stop()
    west.say(f"{WEST}/event", b"meanwhile")
    assert [one.data for one in heard(links(), 1)] == [b"meanwhile"]


def test_an_old_number_is_never_acknowledged_on_a_new_connection(
    links: Callable[[], MqttLink], west: Listener
) -> None:
    link = links()
    west.say(f"{WEST}/event", b"one")
    (before,) = heard(link, 1)
    link._client.reconnect()
    assert link.wait_ready(10)
    assert eventually(lambda: link._session > before.session)
    link.acknowledge(before)
    (again,) = heard(link, 1)
    assert (again.data, again.session) == (b"one", before.session + 1)


def test_what_waits_to_be_committed_is_not_heard_twice(links: Callable[[], MqttLink], west: Listener) -> None:
    link = links()
    west.say(f"{WEST}/event", b"slow")
    (one,) = heard(link, 1)
    assert link.hear(2.5) is None  # the broker has repeated it twice by now
    link.acknowledge(one)
    west.say(f"{WEST}/event", b"next")
    assert [one.data for one in heard(link, 1)] == [b"next"]


def test_a_retained_message_is_marked(links: Callable[[], MqttLink], west: Listener) -> None:
    west.say(f"{WEST}/state", b"online", retain=True)
    found = heard(links(), 1)
    assert [(one.data, one.retained) for one in found] == [(b"online", True)]


def test_a_receipt_reaches_its_device(links: Callable[[], MqttLink], west: Listener) -> None:
    assert west.may_hear(f"{WEST}/receipt")
    links().publish(f"{WEST}/receipt", b"1-3", qos=0)
    assert eventually(lambda: west.heard == [(f"{WEST}/receipt", b"1-3")])
