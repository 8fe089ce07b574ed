"""What cannot be taken is set aside with its reason and sinks nobody; trouble of the database only delays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import event as hook
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from hub.ingest import Ingest, door
from hub.ports import Heard
from hub.service import evidence
from hub.store.alert import AlarmRecord, Alert
from hub.store.device import DeadLetter, Inbox
from tests.hub.gear.listener import eventually
from tests.hub.ingest.ear import Ear, Noon, count, letter, numbered, reasons
from tests.hub.town import MARKET, event
from wire import message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    import pytest
    from sqlalchemy.orm import Session, sessionmaker

    from hub.service.evidence import Entry


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
