"""Engines, sessions and moments, on both databases."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError

from hub.store.base import engine, readings, sessions
from hub.store.camera import Camera
from hub.store.device import DeadLetter, Inbox
from hub.store.market import Market
from tests.hub import town
from tests.hub.town import NOON

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

SHANGHAI = timezone(timedelta(hours=8))


def test_a_moment_comes_back_aware_and_in_utc(database: Engine) -> None:
    local = datetime(2026, 11, 22, 12, 0, 0, 123456, SHANGHAI)
    with sessions(database).begin() as s:
        s.get_one(Camera, "c-3-1").since = local
    with sessions(database)() as s:
        since = s.get_one(Camera, "c-3-1").since
    assert since == local
    assert since.utcoffset() == timedelta()
    assert since.tzinfo is UTC


def test_moments_compare_in_the_database(database: Engine) -> None:
    with sessions(database).begin() as s:
        s.get_one(Camera, "c-3-1").since = NOON
        s.get_one(Camera, "c-3-2").since = NOON + timedelta(microseconds=1)
    with sessions(database)() as s:
        late = s.scalars(select(Camera.id).where(Camera.since > NOON.astimezone(SHANGHAI))).all()
    assert late == ["c-3-2"]


def test_a_moment_without_a_zone_is_refused(database: Engine) -> None:
    with sessions(database)() as s, pytest.raises(StatementError, match="has no zone"):
        s.execute(select(Camera).where(Camera.since > datetime(2026, 11, 22)))  # noqa: DTZ001 - the fault


def test_a_reference_to_nothing_is_refused(database: Engine) -> None:
    with sessions(database)() as s:
        s.get_one(Camera, "c-3-1").device = "no-such-box"
        with pytest.raises(IntegrityError):
            s.flush()


def test_a_numbered_message_is_taken_once(database: Engine) -> None:
    row = {"device": "edge-1", "epoch": town.EPOCH, "seq": 2**53, "received_at": NOON}
    with sessions(database).begin() as s:
        s.add(Inbox(**row))
    with sessions(database)() as s:
        s.add(Inbox(**row))
        with pytest.raises(IntegrityError):
            s.flush()


def test_bytes_of_a_bad_message_are_kept_as_they_are(database: Engine) -> None:
    payload = bytes(range(256))
    with sessions(database).begin() as s:
        s.add(
            DeadLetter(
                id="d",
                market=town.MARKET,
                topic="t",
                reason="r",
                payload=payload,
                received_at=NOON,
                device=None,
            )
        )
    with sessions(database)() as s:
        assert s.get_one(DeadLetter, "d").payload == payload


def test_sqlite_keeps_what_it_promised(tmp_path: Path) -> None:
    on = engine(f"sqlite:///{tmp_path / 'new.db'}")
    with on.connect() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout", "recursive_triggers")
        }
    assert asked == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 30_000,
        "recursive_triggers": 1,
    }
    on.dispose()


def test_a_reader_sees_the_old_state_while_somebody_writes(sqlite: Engine) -> None:
    with sessions(sqlite)() as writer:
        writer.get_one(Market, town.MARKET).name_en = "New name"
        writer.flush()
        with readings(sqlite)() as reader:
            assert reader.get_one(Market, town.MARKET).name_en == "Yunda Market"
        writer.commit()
    with readings(sqlite)() as reader:
        assert reader.get_one(Market, town.MARKET).name_en == "New name"


def test_a_second_writer_waits_instead_of_failing_half_way(sqlite: Engine) -> None:
    order: list[str] = []
    begun = threading.Event()

    def second() -> None:
        begun.wait(60)
        with sessions(sqlite).begin() as s:
            s.get_one(Camera, "c-3-1").reason = "second"
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with sessions(sqlite).begin() as s:
        s.execute(text("SELECT 1"))
        begun.set()
        thread.join(0.1)
        s.get_one(Camera, "c-3-1").reason = "first"
        order.append("first")
    thread.join(60)
    assert order == ["first", "second"]
    with sessions(sqlite)() as s:
        assert s.get_one(Camera, "c-3-1").reason == "second"


def test_a_rollback_leaves_nothing(tmp_path: Path, sqlite: Engine) -> None:
    assert sqlite.url.database == str(tmp_path / "hub.db")
    with sessions(sqlite)() as s:
        s.get_one(Camera, "c-3-1").reason = "gone"
        s.flush()
        s.rollback()
        assert s.get_one(Camera, "c-3-1").reason is None


def test_an_engine_makes_its_file(tmp_path: Path) -> None:
    made = engine(f"sqlite:///{tmp_path / 'new.db'}")
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE t (x)"))
    made.dispose()
    assert (tmp_path / "new.db").exists()
    assert not (tmp_path / "new.db-wal").exists()
