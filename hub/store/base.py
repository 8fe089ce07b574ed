"""How rows reach a database: the declarative base, moments, engines, sessions and migration.

SQLite by default (WAL, synchronous FULL: what is promised is on the disk); PostgreSQL by psycopg 3.
"""

from __future__ import annotations

import json
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from alembic import command
from alembic.config import Config
from sqlalchemy import JSON, DateTime, MetaData, create_engine, event, func, select, text
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from hub.store import partition

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Dialect, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
    from sqlalchemy.pool import ConnectionPoolEntry

BUSY_MS = 30_000
PATIENCE = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""libpq's words: a PostgreSQL that is unplugged is given up in seconds (the last in ms), not in minutes."""
MIGRATION_LOCK = 0x4C_46_0001
"""Key of the PostgreSQL advisory lock that lets one hub migrate at a time."""


class Moment(TypeDecorator[datetime]):
    """An aware UTC datetime, in and out, on both databases; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC for the driver; SQLite keeps no zone, so it gets none.

        Raises:
            ValueError: the moment has no zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value.isoformat()} has no zone; give an aware datetime")
        utc = value if value.tzinfo is UTC else value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """An aware UTC datetime from either driver."""
        if value is None or value.tzinfo is UTC:
            return value
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table; constraints are named, so that a later migration can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class JsonText(str):
    """A value of a JSON column that is JSON already; it is written as it stands."""

    __slots__ = ()


def _json(value: object) -> str:
    return value if isinstance(value, JsonText) else json.dumps(value)


def engine(url: str) -> Engine:
    """An engine for `url` (`sqlite:///file` or `postgresql+psycopg://…`)."""
    sqlite = url.startswith("sqlite")
    # The last one that came back goes out first: what it has cached and prepared is of use again, and where
    # few are needed few fill their caches.
    made = create_engine(
        url,
        pool_use_lifo=True,
        pool_pre_ping=not sqlite,
        connect_args={} if sqlite else PATIENCE,
        json_serializer=_json,
    )
    if made.dialect.name == "sqlite":
        event.listen(made, "connect", _prepare_sqlite)
        event.listen(made, "begin", _begin_sqlite)
    return made


def sessions(on: Engine) -> sessionmaker[Session]:
    """Sessions that write: on SQLite each begins as the one writer, so that it cannot fail half-way."""
    return sessionmaker(on, expire_on_commit=False)


def readings(on: Engine) -> sessionmaker[Session]:
    """Sessions that only read: they wait for no writer and no writer waits for them."""
    return sessionmaker(on.execution_options(reading=True), expire_on_commit=False)


def migrate(on: Engine) -> None:
    """Bring the database to the newest version; safe to call at every start and by several hubs at once."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with on.begin() as connection:
        prepare_alone(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        if on.dialect.name == "postgresql":
            partition.ahead(connection, connection.execute(select(func.now())).scalar_one())


def prepare_alone(connection: Connection) -> None:
    """Let no other process prepare this database until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": MIGRATION_LOCK})


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own transactions begin late and never immediately; we begin them ourselves below.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
    _write_ahead(cursor)
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    # Without this, INSERT OR REPLACE would delete past the triggers that keep the ledger.
    cursor.execute("PRAGMA recursive_triggers = ON")
    cursor.close()


def _write_ahead(cursor: DBAPICursor) -> None:
    """Two that open a new file at once both turn it to WAL, and for this SQLite does not wait by itself."""
    until = time.monotonic() + BUSY_MS / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get("reading", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
