"""What people are told when the database or the disk is in trouble: a sentence and 503, never a fault."""

from __future__ import annotations

import errno
import socket
import sqlite3
from dataclasses import replace
from typing import TYPE_CHECKING

import psycopg.errors
import pytest
from fastapi import Depends
from fastapi.testclient import TestClient
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from hub.api.build import build
from hub.api.guard import Guarded, Public
from hub.store.base import engine, readings, sessions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine

    from hub.api.parts import Parts
    from tests.hub.api.conftest import Someone


def full() -> sqlite3.OperationalError:
    """What SQLite says when a page cannot be had: a real one, by a limit on its pages."""
    with sqlite3.connect(":memory:") as small:
        small.execute("CREATE TABLE a (b)")
        small.execute("PRAGMA max_page_count = 2")
        with pytest.raises(sqlite3.OperationalError) as caught:
            small.execute("INSERT INTO a VALUES (zeroblob(100000))")
    small.close()
    return caught.value


TROUBLES: dict[str, tuple[Exception, int, str]] = {
    "gone": (OperationalError("SELECT", {}, psycopg.errors.AdminShutdown()), 503, "hub.database"),
    "locked": (OperationalError("SELECT", {}, sqlite3.OperationalError("locked")), 503, "hub.database"),
    "closed": (InterfaceError("SELECT", {}, psycopg.InterfaceError()), 503, "hub.database"),
    "standby": (InternalError("X", {}, psycopg.errors.ReadOnlySqlTransaction()), 503, "hub.database"),
    "overrun": (PoolTimeoutError(), 503, "hub.database"),
    "full": (OperationalError("INSERT", {}, full()), 503, "hub.full"),
    "full-postgres": (OperationalError("INSERT", {}, psycopg.errors.DiskFull()), 503, "hub.full"),
    "full-disk": (OSError(errno.ENOSPC, "No space left on device"), 503, "hub.full"),
    "file": (OSError(errno.EIO, "Input/output error"), 500, "hub.fault"),
    "ours": (IntegrityError("INSERT", {}, Exception("unique")), 500, "hub.fault"),
}


@pytest.fixture
def broken(parts: Parts, tmp_path: Path) -> TestClient:
    routes = Guarded()

    @routes.post("/api/{which}/trouble", dependencies=[Depends(Public())])
    def trouble(which: str) -> None:
        raise TROUBLES[which][0]

    return TestClient(build(parts, tmp_path, more=(routes,)), raise_server_exceptions=False)


@pytest.mark.parametrize("which", TROUBLES)
def test_trouble_outside_is_503_in_words_and_a_fault_of_ours_500(broken: TestClient, which: str) -> None:
    _, status, code = TROUBLES[which]
    answer = broken.post(f"/api/{which}/trouble")
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) == {"code", "en", "zh"}
    assert ("retry-after" in answer.headers) == (status == 503)


def test_a_database_that_is_away_is_said_on_every_screen(parts: Parts, tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = engine(f"postgresql+psycopg://hub@127.0.0.1:{nobody.getsockname()[1]}/hub")
        gone = replace(parts, sessions=sessions(away), readings=readings(away))
        client = TestClient(build(gone, tmp_path), raise_server_exceptions=False)
        client.cookies["lf_session"] = "known"
        for path in ("/api/wall", "/api/cases", "/api/alerts", "/api/session"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (503, "hub.database"), path
        login = {"user": "he", "password": "he"}
        assert client.post("/api/session", json=login).json()["code"] == "hub.database"
        away.dispose()


def test_a_full_database_refuses_in_words_and_takes_acts_again_when_there_is_room(
    as_: Callable[[str], Someone], sqlite: Engine, alarm: Callable[..., str]
) -> None:
    lin = as_("lin")
    waiting = [alarm(zone=f"z{number}") for number in range(60)]
    with sqlite.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    def narrow(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {pages}")

    event.listen(sqlite, "checkout", narrow)
    while (answer := lin.post(f"/api/alerts/{waiting[0]}/confirm")).status_code == 200:
        waiting.pop(0)
    assert (answer.status_code, answer.json()["code"]) == (503, "hub.full")
    assert lin.get(f"/api/alerts/{waiting[0]}").json()["case"] is None, "refused whole, and still shown"
    event.remove(sqlite, "checkout", narrow)
    sqlite.dispose()
    assert lin.post(f"/api/alerts/{waiting[0]}/confirm").status_code == 200
