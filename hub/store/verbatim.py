"""Rows exactly as they lie in a database, the same from SQLite and from PostgreSQL.

What is moved, backed up or compared goes through here: a row is one line of JSON, and a table is counted by
its rows and by the sum of its lines' hashes, for which their order does not matter.
"""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    JSON,
    Column,
    Date,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Time,
    cast,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.types import UserDefinedType

from hub.store import partition, tables
from hub.store.base import Moment
from hub.store.evidence import Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sqlalchemy import ColumnElement
    from sqlalchemy.engine import Connection, Engine

AT_ONCE = 2000
"""Rows that are read, and written, together."""
HASH_BYTES = 8
SUM = 1 << 64


class Document(UserDefinedType[str]):
    """A JSON column as the text that lies in it, so that null and nothing stay apart."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        """JSON, in which both databases keep text."""
        return "JSON"

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Read it as text."""
        return cast(column, Text)


@dataclass(slots=True)
class Tally:
    """How many rows a table has, and the sum of their hashes."""

    rows: int = 0
    digest: int = 0

    def add_all(self, lines: Iterable[bytes]) -> None:
        """Count rows, by their lines."""
        for line in lines:
            self.rows += 1
            hashed = hashlib.blake2b(line, digest_size=HASH_BYTES).digest()
            self.digest = (self.digest + int.from_bytes(hashed)) % SUM


def snapshot(on: Engine) -> Connection:
    """A connection that reads the database as it is at its first read, and keeps no writer waiting."""
    options: dict[str, Any] = {"reading": True}
    if on.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    return on.execution_options(**options).connect()


def every() -> list[Table]:
    """All tables, those that others refer to first; their columns give values as they lie."""
    apart = MetaData()
    return [_verbatim(table, apart) for table in tables.METADATA.sorted_tables]


def _verbatim(table: Table, apart: MetaData) -> Table:
    keys = {column.name for column in table.primary_key}
    columns = (
        Column(
            column.name,
            Document() if isinstance(column.type, JSON) else column.type,
            primary_key=column.name in keys,
            autoincrement=False,
        )
        for column in table.columns
    )
    return Table(table.name, apart, *columns)


def own_references(table: Table) -> list[str]:
    """Columns by which rows of a table refer to others of the same, which may come later."""
    real = tables.METADATA.tables[table.name]
    return sorted(key.parent.name for key in real.foreign_keys if key.column.table is real)


def rows(connection: Connection, table: Table, after: list[Any] | None = None) -> Iterator[list[list[Any]]]:
    """Rows in the order of their keys, from behind the key `after` on, some thousand at a time."""
    keys = list(table.primary_key)
    while True:
        query = select(table).order_by(*keys).limit(AT_ONCE)
        if after is not None:
            given = (literal(value, key.type) for key, value in zip(keys, after, strict=True))
            query = query.where(tuple_(*keys) > tuple_(*given))
        found = [list(row) for row in connection.execute(query)]
        if found:
            yield found
        if len(found) < AT_ONCE:
            return
        after = key_of(table, found[-1])


def key_of(table: Table, row: list[Any]) -> list[Any]:
    """The values of the row's key."""
    return [value for column, value in zip(table.columns, row, strict=True) if column.primary_key]


def line_of(row: list[Any]) -> bytes:
    """A row as a line of JSON, without its end."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_plain).encode()


def _plain(value: object) -> str:
    if isinstance(value, date | time):
        return value.isoformat()
    assert isinstance(value, bytes)
    return b64encode(value).decode()


def reader(table: Table) -> Callable[[bytes], list[Any]]:
    """What makes a row of this table of its line again.

    Raises:
        ValueError: when called with a line that is no row of this table.
    """
    made = [_made(column) for column in table.columns]

    def read(line: bytes) -> list[Any]:
        values = json.loads(line)
        return [
            value if value is None or make is None else make(value)
            for value, make in zip(values, made, strict=True)
        ]

    return read


def _made(column: Column[Any]) -> Callable[[Any], Any] | None:
    if isinstance(column.type, Moment):
        return datetime.fromisoformat
    if isinstance(column.type, Date):
        return date.fromisoformat
    if isinstance(column.type, Time):
        return time.fromisoformat
    return b64decode if isinstance(column.type, LargeBinary) else None


def tally(connection: Connection, table: Table, told: Callable[[int], None] = lambda _: None) -> Tally:
    """Count a table; `told` hears of every piece that is read."""
    found = Tally()
    for piece in rows(connection, table):
        found.add_all(map(line_of, piece))
        told(len(piece))
    return found


def months(connection: Connection) -> dict[str, list[str]]:
    """The first day of each month of which the tables kept by month have rows."""
    return {
        table: [str(month) for month in partition.filled(connection, table, column)]
        for table, column in partition.BY_MONTH.items()
    }


def heads(connection: Connection) -> dict[str, int]:
    """Id of each market's newest ledger line."""
    query = select(Line.market, func.max(Line.id)).group_by(Line.market).order_by(Line.market)
    return {row[0]: row[1] for row in connection.execute(query)}
