"""The database is locked, full or killed: what is receipted is kept, nothing is lost, and it goes on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from shutil import copy
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, func, make_url, select, text

from hub.ingest import Ingest
from hub.ingest import door as door_room
from hub.store import base
from hub.store.alert import AlarmRecord
from hub.store.base import engine, migrate, readings, sessions
from hub.store.device import Inbox
from hub.store.evidence import Line
from tests.hub import town
from tests.hub.gear.listener import eventually
from tests.hub.town import MARKET, event
from tests.promises.door import Ear, Noon, numbered
from tests.promises.postgres import NoPostgresError, Postgres
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine

    from hub.ports import Heard

MB = 1 << 20
DISK = 24 * MB


class Waiting(Ear):
    """Port Hearing: gives what it was told, in order."""

    def __init__(self) -> None:
        super().__init__()
        self._told: SimpleQueue[Heard] = SimpleQueue()

    def tell(self, count: int, thumb: bytes | None = None) -> None:
        """So many new events of one boot."""
        said = [event(zone=f"z{number % 7}", thumb=thumb) for number in range(count)]
        for heard in numbered(said, new_id()):
            self._told.put(heard)

    def hear(self, seconds: float) -> Heard | None:
        try:
            return self._told.get(timeout=seconds)
        except Empty:
            return None


@contextmanager
def listening(on: Engine) -> Iterator[tuple[Ingest, Waiting]]:
    """The hub's door at work on this database."""
    ear = Waiting()
    door = Ingest([MARKET], ear, sessions(on), Noon())
    door.start()
    yield door, ear
    door.stop(60)


def kept(on: Engine) -> int:
    with readings(on)() as s:
        return s.scalar(select(func.count()).select_from(AlarmRecord)) or 0


def whole(on: Engine, ear: Waiting, count: int) -> None:
    """What was receipted is what was told, and each is kept once, in a ledger without a gap or step back."""
    assert len(ear.receipted) == kept(on) == count
    with readings(on)() as s:
        assert {(row.epoch, row.seq) for row in s.execute(select(Inbox.epoch, Inbox.seq))} == ear.receipted
        ids = s.scalars(select(Line.id).where(Line.market == MARKET).order_by(Line.id)).all()
        moments = s.scalars(select(Line.at).order_by(Line.id)).all()
    assert len(set(ids)) == len(ids)
    assert list(moments) == sorted(moments)


@contextmanager
def locked(on: Engine) -> Iterator[None]:
    """Somebody holds what every writer needs."""
    with on.begin() as connection:
        if on.dialect.name == "postgresql":
            connection.execute(text("LOCK TABLE alarm_record IN SHARE MODE"))
        yield


def barred(on: Engine, door: Ingest) -> bool:
    """Whether the door stands before the lock: SQLite says so, and PostgreSQL lets it wait."""
    if on.dialect.name == "sqlite":
        return door.counts.troubles > 0
    with readings(on)() as s:
        return bool(s.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))


def test_a_locked_database_delays_and_loses_nothing(
    database: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "BUSY_MS", 200)
    with listening(database) as (door, ear):
        with locked(database):
            ear.tell(40)
            assert eventually(lambda: barred(database, door))
            assert kept(database) == 0, "who reads waits for nobody"
            assert ear.receipted == set()
        assert eventually(lambda: len(ear.receipted) == 40)
        whole(database, ear, 40)


@pytest.mark.long
def test_a_database_locked_for_thirty_seconds_delays_and_loses_nothing(database: Engine) -> None:
    with listening(database) as (_, ear):
        with locked(database):
            ear.tell(400)
            time.sleep(31)
            assert ear.receipted == set()
        assert eventually(lambda: len(ear.receipted) == 400)
        whole(database, ear, 400)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ("mount", "-t", "tmpfs", "-o", f"size={DISK},mode=777", "none", str(folder))
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("a small disk can be mounted by root on Linux only")
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this machine does not let a test mount a small disk")
    for part in folder.parents:
        if part.owner() == "root" and part != part.parent:
            part.chmod(part.stat().st_mode | 0o011)
    yield folder
    subprocess.run(("umount", "-l", str(folder)), check=True)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def small(request: pytest.FixtureRequest, disk: Path) -> Iterator[Engine]:
    """The small market on a small disk: SQLite's file, or PostgreSQL's tables."""
    if request.param == "sqlite":
        copy(request.getfixturevalue("template"), disk / "hub.db")
        opened = engine(f"sqlite:///{disk / 'hub.db'}")
    else:
        opened = engine(_tablespace(request.getfixturevalue("postgres"), disk))
        with opened.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("CHECKPOINT"))
    yield opened
    opened.dispose()


def _tablespace(postgres: Callable[[], str], disk: Path) -> str:
    """A database whose tables lie on `disk`; its log lies elsewhere, as an operator would have it."""
    url = make_url(postgres())
    where = disk / "tables"
    where.mkdir()
    admin = create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        owner = Path(str(connection.scalar(text("SHOW data_directory")))).stat()
        os.chown(where, owner.st_uid, owner.st_gid)
        connection.execute(text(f"CREATE TABLESPACE small LOCATION '{where}'"))
        connection.execute(text(f"ALTER DATABASE {url.database} SET TABLESPACE small"))
    admin.dispose()
    return url.render_as_string(hide_password=False)


def test_a_full_disk_is_said_and_when_there_is_room_again_nothing_is_lost(small: Engine, disk: Path) -> None:
    with listening(small) as (door, ear):
        ear.tell(10)
        assert eventually(lambda: len(ear.receipted) == 10)
        hog = _fill(disk)
        ear.tell(200, thumb=os.urandom(20_000))
        assert eventually(lambda: door.counts.troubles > 0)
        assert kept(small) == len(ear.receipted)
        assert kept(small) < 210
        hog.unlink()
        assert eventually(lambda: len(ear.receipted) == 210)
        assert door.counts.dead == 0
        whole(small, ear, 210)


def _fill(disk: Path, leave: int = 1 * MB) -> Path:
    """Let somebody else take all the room but a little."""
    free = os.statvfs(disk)
    hog = disk / "hog"
    with hog.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize - leave)
    return hog


@pytest.mark.long
@pytest.mark.postgres
def test_postgresql_is_killed_twice_and_what_was_receipted_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door_room, "BACK_OFF", (0.1, 0.3))
    try:
        server = Postgres()
    except NoPostgresError as why:
        pytest.skip(str(why))
    with server:
        opened = engine(server.made("killed", "template1"))
        migrate(opened)
        with sessions(opened).begin() as s:
            town.found(s)
        with listening(opened) as (door, ear):
            for kill in range(2):
                ear.tell(150)
                assert eventually(lambda told=150 * kill: len(ear.receipted) > told)  # type: ignore[misc]
                assert server.process.kill()
            ear.tell(10)
            assert eventually(lambda: len(ear.receipted) == 310)
            assert door.counts.troubles > 0
            whole(opened, ear, 310)
        opened.dispose()
