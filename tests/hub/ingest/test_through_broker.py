"""The door behind a real broker: what is receipted was committed, and what was not comes again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event as hook
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from hub.gear.broker import Broker
from hub.gear.mqtt import MqttLink
from hub.gear.password import hash_key
from hub.gear.permissions import HOST, HUB_USER, Peer
from hub.ingest import Ingest
from hub.ports import Heard
from hub.store.alert import AlarmRecord
from hub.store.device import DeadLetter, Inbox
from tests.hub.gear.listener import Listener, eventually
from tests.hub.ingest.ear import KEY, Noon, count, letter, numbered, say, told
from tests.hub.town import MARKET, event
from wire.topic import Topic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy.orm import Session, sessionmaker


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path / "broker", again_s=1)
    made.start([Peer(MARKET, "edge-1", hash_key(KEY))])
    yield made
    made.stop()


@pytest.fixture
def link(broker: Broker) -> Iterator[MqttLink]:
    made = MqttLink([MARKET], HOST, broker.port, HUB_USER, broker.password)
    made.start()
    assert made.wait_ready(60)
    yield made
    made.stop()


@pytest.fixture
def edge(broker: Broker) -> Iterator[Listener]:
    listener = Listener(broker.port, "edge-1", KEY)
    assert listener.may_hear(str(Topic(MARKET, "edge-1", "receipt")))
    yield listener
    listener.leave()


def test_through_a_real_broker_a_receipt_comes_only_after_the_commit(
    link: MqttLink, edge: Listener, store: sessionmaker[Session]
) -> None:
    early: list[set[int]] = []

    def slow(_session: Session) -> None:
        early.append(told(edge))
        if len(early) < 3:
            raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    hook.listen(store.class_, "before_commit", slow)
    ingest = Ingest([MARKET], link, store, Noon())
    ingest.start()
    try:
        say(edge, numbered(event(), 1))
        assert eventually(lambda: told(edge) == {1})
    finally:
        ingest.stop()
        hook.remove(store.class_, "before_commit", slow)
    assert early[:3] == [set(), set(), set()]
    assert count(store, AlarmRecord) == 1


def test_what_the_hub_took_but_did_not_commit_before_it_died_comes_again(
    broker: Broker, link: MqttLink, edge: Listener, store: sessionmaker[Session]
) -> None:
    say(edge, numbered(event(), 1))
    assert link.hear(60) is not None  # heard, and then the hub is gone
    link.stop()
    second = MqttLink([MARKET], HOST, broker.port, HUB_USER, broker.password)
    ingest = Ingest([MARKET], second, store, Noon())
    second.start()
    ingest.start()
    try:
        assert eventually(lambda: told(edge) == {1})
    finally:
        ingest.stop()
        second.stop()
    assert count(store, AlarmRecord) == 1


def test_a_storm_with_poison_repeats_and_disorder_loses_nothing(
    link: MqttLink, edge: Listener, store: sessionmaker[Session]
) -> None:
    ingest = Ingest([MARKET], link, store, Noon())
    ingest.start()
    said = [letter(numbered(event(), seq)) for seq in range(200)]
    bad = [Heard(said[0].topic, f"garbage {number}".encode()) for number in range(20)]
    try:
        for heard in [*reversed(said), *bad, *said]:
            edge.client.publish(heard.topic, heard.data, 1)
        assert eventually(lambda: told(edge) == set(range(200)))
        assert eventually(lambda: ingest.counts.dead >= 20)
        assert eventually(lambda: ingest.counts.repeated >= 200)
    finally:
        ingest.stop()
    assert (count(store, AlarmRecord), count(store, Inbox)) == (200, 200)
    with store() as session:
        kept = session.scalars(select(DeadLetter.payload)).all()
    assert set(kept) == {heard.data for heard in bad}  # a slow hub may be sent some of it twice
