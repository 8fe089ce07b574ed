"""Many rows by one statement: what a batch writes is written once, not row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.dialects.sqlite import insert

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection, Dialect
    from sqlalchemy.sql.expression import TextClause

Row = dict[str, Any]


def pour(connection: Connection, table: Table, rows: Sequence[Row], *, or_skip: bool = False) -> int:
    """Insert `rows`, which all name the same columns, in their order; how many were new.

    With `or_skip` a row whose key is there already is passed over. PostgreSQL gets one statement with an
    array a column, SQLite one prepared statement run through.

    Raises:
        IntegrityError: a key is there already and `or_skip` is not given, or a reference names nothing.
    """
    if not rows:
        return 0
    if connection.dialect.name != "postgresql":
        statement = insert(table).on_conflict_do_nothing() if or_skip else insert(table)
        return connection.execute(statement, rows).rowcount
    names = list(rows[0])
    arrays = {name: _array(table, name, rows, connection.dialect) for name in names}
    return connection.execute(_unnest(table, names, connection.dialect, or_skip=or_skip), arrays).rowcount


def _unnest(table: Table, names: Sequence[str], dialect: Dialect, *, or_skip: bool) -> TextClause:
    """INSERT … SELECT … FROM unnest(one array a column)."""
    quote = dialect.identifier_preparer
    columns = ", ".join(quote.quote(name) for name in names)
    arrays = ", ".join(f"CAST(:{name} AS {table.c[name].type.compile(dialect)}[])" for name in names)
    end = " ON CONFLICT DO NOTHING" if or_skip else ""
    into = quote.format_table(table)
    return text(f"INSERT INTO {into} ({columns}) SELECT * FROM unnest({arrays}){end}")  # noqa: S608 - our own names


def _array(table: Table, name: str, rows: Sequence[Row], dialect: Dialect) -> list[Any]:
    process = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    values = [row[name] for row in rows]
    return [process(value) for value in values] if process else values
