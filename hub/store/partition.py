"""Tables that grow without end are kept by month on PostgreSQL: a part a month, made ahead of its time.

A row of a month that has no part goes to the table's default part, so nothing is ever refused. A partitioned
table cannot hold a unique key without its month, so heads beside it do: the inbox for what was received, and
`line_case` for the lines of a case. SQLite keeps each table whole.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sqlalchemy.engine import Connection

AHEAD = timedelta(days=92)
"""Parts are made for every month that begins within this time."""
LOCK = 0x4C_46_0002
"""Key of the advisory lock that lets one program make parts at a time."""
PATIENCE = "2s"
"""So long a part may wait for a table that a long reader holds; everybody else would wait behind it."""
PART = re.compile(r"_(\d{4}_\d{2}|default)$")

BY_MONTH = {"alarm_record": "received_at", "line": "at", "scan_record": "received_at"}
"""Tables that are kept by month, with the moment that tells the month."""
DIVIDED = """
SELECT c.relname, a.attname FROM pg_partitioned_table p
JOIN pg_class c ON c.oid = p.partrelid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
WHERE p.partstrat = 'r' AND c.relnamespace = current_schema()::regnamespace
ORDER BY c.relname
"""
PARTS = """
SELECT child.relname FROM pg_inherits i JOIN pg_class child ON child.oid = i.inhrelid
WHERE i.inhparent = CAST(:table AS regclass)
"""


def divided(connection: Connection) -> dict[str, str]:
    """Each table that is kept by month, with the column that tells the month; none on SQLite."""
    if connection.dialect.name != "postgresql":
        return {}
    return {row.relname: row.attname for row in connection.execute(text(DIVIDED))}


def begin(connection: Connection, table: str) -> None:
    """Give a newly partitioned table its default part."""
    connection.execute(text(f"CREATE TABLE {table}_default PARTITION OF {table} DEFAULT"))
    _keep(connection, table, f"{table}_default")


def ahead(connection: Connection, now: datetime) -> list[str]:
    """Make the parts of the months from `now` on; the names of those made.

    One program at a time does it; another one finds nothing to do.
    """
    if connection.dialect.name != "postgresql":
        return []
    if not connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": LOCK}):
        return []
    wanted = list(months(now, now + AHEAD))
    return [part for table in divided(connection) for part in make(connection, table, wanted)]


def make(connection: Connection, table: str, months: Iterable[date]) -> list[str]:
    """Make the parts of these months (first days) that are missing; their names.

    A month whose rows have already gone to the default part stays there. A table kept whole gets no parts.
    """
    column = divided(connection).get(table)
    if column is None:
        return []
    made, there = [], set(connection.scalars(text(PARTS), {"table": table}))
    for begins in months:
        name, ends = f"{table}_{begins:%Y_%m}", _next(begins)
        if name not in there and not _strayed(connection, table, column, begins, ends):
            _part(connection, table, name, begins, ends)
            made.append(name)
    return made


def months(first: datetime, last: datetime) -> Iterator[date]:
    """The first day of each month from `first` to `last` (UTC)."""
    begins = first.astimezone(UTC).date().replace(day=1)
    while begins <= last.astimezone(UTC).date():
        yield begins
        begins = _next(begins)


def filled(connection: Connection, table: str, column: str) -> list[date]:
    """The first day of each month of which a table has rows."""
    month = f"to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM')"
    if connection.dialect.name == "sqlite":
        month = f"strftime('%Y-%m', {column})"
    found = connection.scalars(text(f"SELECT DISTINCT {month} FROM {table} ORDER BY 1"))  # noqa: S608 - our own names
    return [date.fromisoformat(f"{month}-01") for month in found]


def _next(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _strayed(connection: Connection, table: str, column: str, begins: date, ends: date) -> bool:
    found = text(
        f"SELECT EXISTS (SELECT FROM {table}_default WHERE {column} >= :begins AND {column} < :ends)"  # noqa: S608 - names of our own tables
    )
    return bool(connection.scalar(found, {"begins": _midnight(begins), "ends": _midnight(ends)}))


def _part(connection: Connection, table: str, name: str, begins: date, ends: date) -> None:
    connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}'"))
    bounds = f"FROM ('{begins} 00:00+00') TO ('{ends} 00:00+00')"
    connection.execute(text(f"CREATE TABLE {name} PARTITION OF {table} FOR VALUES {bounds}"))
    _keep(connection, table, name)
    connection.execute(text("SET LOCAL lock_timeout = DEFAULT"))


def _keep(connection: Connection, table: str, part: str) -> None:
    """Let a part of a table that refuses to be changed refuse to be emptied: that is not inherited."""
    refuse = f"{table}_refuse"
    if connection.scalar(text("SELECT to_regproc(:name)"), {"name": refuse}) is not None:
        trigger = f"CREATE TRIGGER {part}_no_truncate BEFORE TRUNCATE ON {part} FOR EACH STATEMENT"
        connection.execute(text(f"{trigger} EXECUTE FUNCTION {refuse}()"))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)
