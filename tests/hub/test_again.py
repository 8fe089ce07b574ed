"""The ingest beside its messages: letters tried again, scans kept, its pulse, what devices have given up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.ingest import Ingest
from hub.service import letter
from hub.store.alert import AlarmRecord
from hub.store.base import sessions
from hub.store.camera import Camera
from hub.store.device import DeadLetter, InboxGiven, ScanRecord
from hub.store.evidence import Line
from tests.hub.ingest.ear import EPOCH, Ear, Noon, count, numbered
from tests.hub.ingest.ear import letter as heard
from tests.hub.town import MARKET, NOON, actor, envelope, event
from wire import topic
from wire.message import Beat, Range, Scan, new_id

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker


@pytest.fixture
def store(database: Engine) -> sessionmaker[Session]:
    return sessions(database)


@pytest.fixture
def ear() -> Ear:
    return Ear()


def buried(ingest: Ingest, store: sessionmaker[Session]) -> str:
    """An event of a camera that nobody has registered; somebody wants it tried again."""
    ingest.once([heard(numbered(event(camera="c-new"), 5))])
    with store.begin() as s:
        row = s.scalars(select(DeadLetter)).one()
        letter.decide(s, actor(s, "ji"), row.id, "retry", NOON)
        return row.id


def test_what_can_be_taken_after_all_is_taken(ear: Ear, store: sessionmaker[Session]) -> None:
    ingest = Ingest([MARKET], ear, store, Noon())
    id_ = buried(ingest, store)
    with store.begin() as s:
        columns = {c.name: getattr(s.get_one(Camera, "c-3-1"), c.name) for c in Camera.__table__.columns}
        s.add(Camera(**(columns | {"id": "c-new"})))
    ingest._turn([])
    with store() as s:
        assert s.get_one(DeadLetter, id_).state == "taken"
        assert s.scalars(select(Line.act).order_by(Line.id)).all()[-1] == "letter.tried"
    assert (count(store, AlarmRecord), count(store, DeadLetter)) == (1, 1)
    assert ear.receipted == {5}
    ingest.once([heard(numbered(event(camera="c-new"), 5))])
    assert count(store, AlarmRecord) == 1  # the device may still have it, and it is known now


def test_what_still_cannot_be_taken_is_open_again_with_the_reason(
    ear: Ear, store: sessionmaker[Session]
) -> None:
    ingest = Ingest([MARKET], ear, store, Noon())
    id_ = buried(ingest, store)
    ingest._turn([])
    with store() as s:
        row = s.get_one(DeadLetter, id_)
        assert (row.state, "has no camera c-new" in row.reason) == ("open", True)
    assert (count(store, AlarmRecord), count(store, DeadLetter)) == (0, 1)


def test_a_scan_is_kept_as_the_fact_that_it_is_and_once(ear: Ear, store: sessionmaker[Session]) -> None:
    ingest = Ingest([MARKET], ear, store, Noon())
    said = [heard(numbered(envelope(Scan("nfc", "gate-1", new_id())), seq)) for seq in (1, 2)]
    ingest.once([*said, said[0]])
    ingest.once(said)
    with store() as s:
        rows = s.scalars(select(ScanRecord)).all()
    assert [(row.checkpoint, row.by, row.device, row.at) for row in rows] == 2 * [
        ("gate-1", "nfc", "edge-1", NOON)
    ]
    assert (ingest.counts.taken, ingest.counts.repeated, ingest.counts.dead) == (2, 3, 0)


def test_given_up_numbers_are_receipted_and_not_missed(ear: Ear, store: sessionmaker[Session]) -> None:
    ingest = Ingest([MARKET], ear, store, Noon())
    ingest.once([heard(envelope(Beat(1, 1, 0, 3, given_up=(Range(EPOCH, 4, 6),))))])
    assert ear.done[0] == (f"lf/v1/{MARKET}/edge-1/receipt", (Range(EPOCH, 4, 6),))
    assert count(store, InboxGiven) == 1


def test_one_door_takes_every_market_and_receipts_each_device_in_its_own(
    ear: Ear, store: sessionmaker[Session]
) -> None:
    ingest = Ingest([], ear, store, Noon())
    ours = heard(numbered(event(), 1))
    theirs = heard(numbered(event(), 2), "lf/v1/elsewhere/edge-1/event")
    ingest.once([ours, theirs])
    with store() as s:
        rows = s.scalars(select(DeadLetter)).all()
        assert [(row.market, row.reason) for row in rows] == [("elsewhere", "device edge-1 is unknown")]
    assert ear.receipted == {1}


def test_the_pulse_is_told_to_every_market_while_database_and_link_stand(
    ear: Ear, store: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest = Ingest([], ear, store, Noon())
    monkeypatch.setattr(Ear, "ready", False)
    ingest._turn([])
    assert ear.done == []
    monkeypatch.setattr(Ear, "ready", True)
    ingest._turn([])
    ingest._turn([])
    assert ear.done == [(topic.pulse(MARKET), ())]
