"""What devices say takes effect once, and is receipted when it has."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from hub.ingest import Ingest
from hub.store.alert import AlarmRecord, Alert
from hub.store.camera import Camera
from hub.store.device import Device, Inbox
from hub.store.evidence import Media
from tests.hub.ingest.ear import EPOCH, Ear, Noon, count, letter, numbered, reasons
from tests.hub.town import MARKET, NOON, envelope, event
from wire import message
from wire.message import Beat, CameraHealth, Manifest, MediaRef, Range, Sos, State, new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker


def test_what_a_device_says_takes_effect_and_is_receipted_then_acknowledged(
    ingest: Ingest, ear: Ear, store: sessionmaker[Session]
) -> None:
    heard = [letter(numbered(event(), 1)), letter(numbered(event("crowd"), 2))]
    ingest.once(heard)
    assert (count(store, Alert), count(store, AlarmRecord), count(store, Inbox)) == (2, 2, 2)
    assert ear.done == [(f"lf/v1/{MARKET}/edge-1/receipt", (Range(EPOCH, 1, 2),)), *heard]


def test_three_times_the_same_is_once(ear: Ear, both: sessionmaker[Session]) -> None:
    ingest = Ingest([MARKET], ear, both, Noon())
    said = letter(numbered(event(), 1))
    ingest.once([said, said])
    ingest.once([said])
    assert (count(both, AlarmRecord), count(both, Inbox)) == (1, 1)
    assert (ingest.counts.taken, ingest.counts.repeated) == (1, 2)
    assert len(ear.done) == 5  # every time it is receipted anew: the first receipt may have been lost


def test_whatever_the_order_of_arrival_one_event_is_one_alert(
    ingest: Ingest, store: sessionmaker[Session]
) -> None:
    name = new_id()
    phases = [
        numbered(event(event=name, phase=phase), seq) for seq, phase in enumerate(("new", "update", "end"))
    ]
    ingest.once([letter(phases[2])])
    ingest.once([letter(phases[1]), letter(phases[0])])
    with store() as session:
        assert session.scalars(select(Alert.count)).all() == [1]
    assert count(store, AlarmRecord) == 3


@pytest.mark.parametrize("standing", ["planned", "suspended", "revoked"])
def test_a_device_that_may_not_speak_is_dropped_message_by_message(
    ingest: Ingest, ear: Ear, store: sessionmaker[Session], standing: str
) -> None:
    ingest.once([letter(numbered(event(), 1))])
    with store.begin() as session:
        session.get_one(Device, "edge-1").status = standing
    ingest.once([letter(numbered(event(), 2))])
    assert count(store, AlarmRecord) == 1
    assert reasons(store) == [f"device edge-1 is {standing}"]
    assert ear.receipted == {1}


def test_an_enrolled_device_is_active_once_it_has_spoken(
    ingest: Ingest, store: sessionmaker[Session]
) -> None:
    with store.begin() as session:
        session.get_one(Device, "edge-1").status = "enrolled"
    ingest.once([letter(numbered(event(), 1)), letter(envelope(State(online=True)))])
    with store() as session:
        device = session.get_one(Device, "edge-1")
        assert (device.status, device.online, device.seen_at) == ("active", True, NOON)


def test_a_retained_event_is_old_news_but_a_retained_state_is_taken(
    ingest: Ingest, ear: Ear, store: sessionmaker[Session]
) -> None:
    old = replace(letter(numbered(event(), 1)), retained=True)
    state = replace(letter(envelope(State(online=True))), retained=True)
    ingest.once([old, state])
    assert (count(store, AlarmRecord), ingest.counts.ignored) == (0, 1)
    assert ear.done == [old, state]
    with store() as session:
        assert session.get_one(Device, "edge-1").online


def test_beats_manifests_and_calls_for_help_find_their_acts(ear: Ear, both: sessionmaker[Session]) -> None:
    ingest = Ingest([MARKET], ear, both, Noon())
    said = event()
    still = MediaRef("still", "a" * 64, 10, "image/jpeg")
    assert isinstance(said.body, message.Event)
    manifest = Manifest(said.body.event, "c-3-1", NOON, NOON, (still,))
    beat = Beat(1, 1, 7, 0, (CameraHealth("c-3-1", "covered", NOON),))
    ingest.once(
        [
            letter(numbered(envelope(Sos(new_id(), "panic")), 3)),
            letter(numbered(envelope(manifest), 2)),
            letter(numbered(said, 1)),
            letter(envelope(State(online=True))),
            letter(envelope(beat)),
        ]
    )
    assert reasons(both) == []
    assert (count(both, Alert), count(both, Media)) == (2, 1)
    with both() as session:
        assert session.get_one(Camera, "c-3-1").state == "covered"
        assert session.get_one(Device, "edge-1").queued == 7
