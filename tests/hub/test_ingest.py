from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
import pytest
from sqlalchemy import event as hook
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from hub.gear.broker import Broker
from hub.gear.mqtt import MqttLink
from hub.gear.password import hash_key
from hub.gear.permissions import HOST, HUB_USER, Peer
from hub.ingest import Ingest, door
from hub.ingest.receipt import receipts
from hub.ports import Heard
from hub.service import evidence
from hub.store.alert import AlarmRecord, Alert
from hub.store.base import sessions
from hub.store.camera import Camera
from hub.store.device import DeadLetter, Device, Inbox
from hub.store.evidence import Media
from tests.hub.gear.listener import Listener, eventually
from tests.hub.town import MARKET, NOON, envelope, event
from wire import message
from wire.message import Beat, CameraHealth, Manifest, MediaRef, Range, Sos, State, new_id
from wire.topic import Topic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

    from hub.service.evidence import Entry
    from wire.message import Envelope

KEY = "key-of-edge-1"
EPOCH = new_id()


class Noon:
    def now(self) -> datetime:
        return NOON


def numbered(said: Envelope, seq: int) -> Envelope:
    return msgspec.structs.replace(said, seq=seq, epoch=EPOCH)


def letter(said: Envelope, topic: str = "") -> Heard:
    kind = said.body.__struct_config__.tag
    return Heard(topic or f"lf/v1/{MARKET}/{said.device}/{kind}", message.encode(said))


class Ear:
    """Port Hearing in memory: what was published and acknowledged, in order."""

    ready = True

    def __init__(self) -> None:
        self.done: list[object] = []

    def start(self) -> None:
        raise NotImplementedError

    def wait_ready(self, seconds: float) -> bool:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def hear(self, seconds: float) -> Heard | None:
        raise NotImplementedError

    def publish(self, topic: str, data: bytes, *, qos: int = 1, retain: bool = False) -> None:
        assert (qos, retain) == (0, False)
        self.done.append((topic, message.decode_receipt(data).ranges))

    def acknowledge(self, batch: Sequence[Heard]) -> None:
        self.done.extend(batch)

    @property
    def receipted(self) -> set[int]:
        ranges = [one for done in self.done if isinstance(done, tuple) for one in done[1]]
        return {seq for one in ranges for seq in range(one.first, one.last + 1)}


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
def ingest(ear: Ear, store: sessionmaker[Session]) -> Ingest:
    return Ingest([MARKET], ear, store, Noon())


@pytest.fixture
def both(database: Engine) -> sessionmaker[Session]:
    """Sessions on SQLite, then on PostgreSQL: a broken statement spoils a transaction only there."""
    return sessions(database)


def count(store: sessionmaker[Session], table: type) -> int:
    with store() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def reasons(store: sessionmaker[Session]) -> list[str]:
    with store() as session:
        return list(session.scalars(select(DeadLetter.reason).order_by(DeadLetter.id)))


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


def doubled(seq: int, name: bytes, before: bytes) -> Heard:
    heard = letter(numbered(event(), seq))
    return replace(heard, data=heard.data.replace(name, before + name, 1))


def poison() -> dict[str, Heard]:
    good = numbered(event(), 20)
    text = message.encode(good).decode()
    where = f"lf/v1/{MARKET}/edge-1/event"
    return {
        "not a message": Heard(where, b"\xff\x00 garbage"),
        "not a message of": Heard(where, text.replace('"score":0.8', '"score":7').encode()),
        "not a message of this": Heard(where, b"[" * 5000),
        "control character": letter(numbered(event(reason="a\x00b"), 23)),
        "over the limit": Heard(where, b" " * 70_000 + text.encode()),
        "the payload says device": Heard(f"lf/v1/{MARKET}/edge-2/event", text.encode()),
        "on the topic of": Heard(f"lf/v1/{MARKET}/edge-1/beat", text.encode()),
        "without a number": letter(event()),
        "not a topic": Heard("lf/v1/other", text.encode()),
        "said twice: kind": doubled(22, b'"kind":', b'"kind":"crowd",'),
        "said twice: seq": doubled(24, b'"seq":', b'"seq":30,'),
        "market elsewhere": Heard("lf/v1/elsewhere/edge-1/event", text.encode()),
        "has no camera": letter(numbered(event(camera="c-9-9"), 21)),
        "device edge-9 is unknown": letter(msgspec.structs.replace(good, device="edge-9")),
    }


def test_poison_is_set_aside_with_its_reason_and_sinks_nobody(ear: Ear, both: sessionmaker[Session]) -> None:
    ingest = Ingest([MARKET], ear, both, Noon())
    bad = poison()
    heard = [letter(numbered(event(), 1)), *bad.values(), letter(numbered(event("crowd"), 99))]
    ingest.once(heard)
    assert count(both, AlarmRecord) == 2
    assert ingest.counts.dead == len(bad) == count(both, DeadLetter)
    told = reasons(both)
    assert [part for part in bad if not any(part in reason for reason in told)] == []
    assert [done for done in ear.done if isinstance(done, Heard)] == heard
    # What is kept as a dead letter need not be sent again, if it says which number it is.
    assert {1, 99, 20, 21, 22, 23} == ear.receipted


def test_a_fault_of_our_own_in_one_message_leaves_no_trace_of_it_and_the_others_whole(
    ear: Ear, both: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest = Ingest([MARKET], ear, both, Noon())
    whole = evidence.append_all

    def breaks(s: Session, market: str, entries: Sequence[Entry], now: datetime) -> list[int]:
        lines = whole(s, market, entries, now)
        return lines if all(one.public["kind"] == "intrusion" for one in entries) else [0 // 0]

    monkeypatch.setattr(evidence, "append_all", breaks)
    ingest.once([letter(numbered(event("crowd" if seq == 2 else "intrusion"), seq)) for seq in (1, 2, 3)])
    with both() as session:
        assert session.scalars(select(Alert.kind)).all() == ["intrusion"]
    assert reasons(both) == ["ZeroDivisionError: integer division or modulo by zero"]
    assert count(both, Inbox) == 2


def test_a_sound_copy_takes_effect_after_a_damaged_one(ingest: Ingest, store: sessionmaker[Session]) -> None:
    sound = letter(numbered(event(), 1))
    damaged = replace(sound, data=sound.data.replace(b'"score":0.8', b'"score":8'))
    ingest.once([damaged])
    ingest.once([damaged, sound])
    assert (count(store, AlarmRecord), count(store, DeadLetter)) == (1, 2)


def test_what_fails_only_at_the_commit_is_found_and_buried_alone(
    ear: Ear, both: sessionmaker[Session]
) -> None:
    ingest = Ingest([MARKET], ear, both, Noon())

    def refuses(session: Session) -> None:
        if not session.in_nested_transaction() and 2 in session.scalars(select(Inbox.seq)).all():
            raise RuntimeError("cannot be committed")

    hook.listen(both.class_, "before_commit", _flushed(refuses))
    try:
        ingest.once([letter(numbered(event(), seq)) for seq in (1, 2, 3)])
    finally:
        hook.remove(both.class_, "before_commit", _LISTENING.pop())
    assert count(both, AlarmRecord) == 2
    assert reasons(both) == ["it cannot be committed"]
    assert ear.receipted == {1, 2, 3}


_LISTENING: list[Callable[[Session], None]] = []


def _flushed(then: Callable[[Session], None]) -> Callable[[Session], None]:
    """A listener that sees what is about to be committed."""

    def listen(session: Session) -> None:
        session.flush()
        then(session)

    _LISTENING.append(listen)
    return listen


def test_while_the_database_is_in_trouble_nothing_is_promised_and_nothing_is_lost(
    ear: Ear, store: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "BACK_OFF", (0.01,))
    waiting = [letter(numbered(event(), seq)) for seq in (1, 2)]
    troubles: list[list[object]] = []

    class Once(Ear):
        def hear(self, seconds: float) -> Heard | None:  # noqa: ARG002 - the port's
            return waiting.pop(0) if waiting else None

    def locked(_session: Session) -> None:
        if len(troubles) < 3:
            troubles.append(list(once.done))
            raise OperationalError("INSERT", {}, Exception("database is locked"))

    once = Once()
    hook.listen(store.class_, "before_commit", locked)
    ingest = Ingest([MARKET], once, store, Noon())
    ingest.start()
    try:
        assert eventually(lambda: once.receipted == {1, 2})
    finally:
        ingest.stop()
        hook.remove(store.class_, "before_commit", locked)
    assert troubles == [[], [], []]
    assert ingest.counts.troubles == 3
    assert (count(store, AlarmRecord), count(store, DeadLetter)) == (2, 0)
    assert ear.done == []


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


def test_numbers_that_follow_one_another_are_one_range_and_no_receipt_is_too_long() -> None:
    keys = [("d", EPOCH, seq) for seq in (5, 1, 2, 2, 3, 9)]
    assert [receipt.ranges for _, receipt in receipts(keys)] == [
        (Range(EPOCH, 1, 3), Range(EPOCH, 5, 5), Range(EPOCH, 9, 9))
    ]
    scattered = list(receipts([("d", new_id(), 2 * seq) for seq in range(600)]))
    assert [len(receipt.ranges) for _, receipt in scattered] == [128, 128, 128, 128, 88]
    assert all(message.encode(receipt) for _, receipt in scattered)


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
    assert made.wait_ready(10)
    yield made
    made.stop()


@pytest.fixture
def edge(broker: Broker) -> Iterator[Listener]:
    listener = Listener(broker.port, "edge-1", KEY)
    assert listener.may_hear(str(Topic(MARKET, "edge-1", "receipt")))
    yield listener
    listener.leave()


def say(edge: Listener, said: Envelope) -> None:
    heard = letter(said)
    edge.say(heard.topic, heard.data, qos=0 if said.seq is None else 1)


def told(edge: Listener) -> set[int]:
    ranges = [one for _, data in edge.heard for one in json.loads(data)["ranges"]]
    return {seq for one in ranges for seq in range(one["first"], one["last"] + 1)}


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
    assert link.hear(5) is not None  # heard, and then the hub is gone
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
        assert eventually(lambda: told(edge) == set(range(200)), 20)
        assert eventually(lambda: ingest.counts.dead >= 20)
        assert eventually(lambda: ingest.counts.repeated >= 200)
    finally:
        ingest.stop()
    assert (count(store, AlarmRecord), count(store, Inbox)) == (200, 200)
    with store() as session:
        kept = session.scalars(select(DeadLetter.payload)).all()
    assert set(kept) == {heard.data for heard in bad}  # a slow hub may be sent some of it twice
