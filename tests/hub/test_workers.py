"""Two workers pull from one stream: whatever each of them gets, the market comes out the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from hub.gear.broker import Broker
from hub.gear.jetstream import JetStreamLink
from hub.gear.password import hash_key
from hub.gear.permissions import HUB_USER, Peer
from hub.gear.stream import Bounds
from hub.ingest import Ingest
from hub.store.alert import AlarmRecord, Alert, AlertEvent
from hub.store.base import sessions
from hub.store.device import DeadLetter, Inbox, ScanRecord
from hub.store.evidence import Line
from tests.hub.gear.listener import Listener, eventually
from tests.hub.ingest.ear import KEY, Noon, letter, numbered, say, told
from tests.hub.town import MARKET, envelope, event
from wire.message import Scan, new_id
from wire.topic import Topic

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

    from wire.message import Envelope

EVENTS, PHASES = 60, ("new", "update", "end")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path / "broker", again_s=2)
    made.start([Peer(MARKET, "edge-1", hash_key(KEY))])
    yield made
    made.stop()


@pytest.fixture
def store(database: Engine) -> sessionmaker[Session]:
    return sessions(database)


@pytest.fixture
def workers(broker: Broker, store: sessionmaker[Session]) -> Iterator[list[Ingest]]:
    made = []
    for _ in range(2):
        link = JetStreamLink(broker.nats, HUB_USER, broker.password, bounds=Bounds(again_s=2))
        link.start()
        assert link.wait_ready(10)
        made.append((link, Ingest([], link, store, Noon())))
        made[-1][1].start()
    yield [ingest for _, ingest in made]
    for link, ingest in made:
        ingest.stop()
        link.stop()


def night() -> list[Envelope]:
    """Three phases of many events in four places, and scans between them, numbered as one device does."""
    said: list[Envelope] = []
    for number in range(EVENTS):
        name, zone = new_id(), f"z{number % 4}"
        said += [event(event=name, phase=phase, zone=zone) for phase in PHASES]
        said.append(envelope(Scan("nfc", "gate-1")))
    return [numbered(one, seq) for seq, one in enumerate(said, 1)]


def test_two_workers_at_the_events_of_one_device_end_right(
    broker: Broker, workers: list[Ingest], store: sessionmaker[Session]
) -> None:
    edge = Listener(broker.port, "edge-1", KEY)
    assert edge.may_hear(str(Topic(MARKET, "edge-1", "receipt")))
    said = night()
    for one in [*said, *said[::3]]:  # a third of it is said twice
        edge.client.publish(letter(one).topic, letter(one).data, 1)
    assert eventually(lambda: told(edge) == set(range(1, len(said) + 1)), 60)
    say(edge, said[0])
    assert eventually(lambda: sum(one.counts.repeated for one in workers) > 0)
    edge.leave()
    with store() as s:
        found = {
            table: s.scalar(select(func.count()).select_from(table))
            for table in (AlarmRecord, AlertEvent, ScanRecord, Inbox, DeadLetter)
        }
        assert found == {
            AlarmRecord: EVENTS * 3,
            AlertEvent: EVENTS,
            ScanRecord: EVENTS,
            Inbox: len(said),
            DeadLetter: 0,
        }
        alerts = s.scalars(select(Alert)).all()
        assert sorted(alert.zone or "" for alert in alerts) == ["z0", "z1", "z2", "z3"]  # one a place
        assert sum(alert.count for alert in alerts) == EVENTS
        news = s.scalars(select(Line.alert).where(Line.act == "alert.new")).all()
        assert sorted(filter(None, news)) == sorted(alert.id for alert in alerts)
    assert all(one.counts.taken for one in workers)
