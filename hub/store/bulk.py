"""Many rows by one statement: what a batch writes is written once, not row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection, Dialect

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
    names = list(rows[0])
    arrays = {name: _array(table, name, rows, connection.dialect) for name in names}
    if connection.dialect.name != "postgresql":
        written = connection.exec_driver_sql(
            _insert(table, names, connection.dialect, or_skip=or_skip),
            list(zip(*arrays.values(), strict=True)),
        )
        return written.rowcount
    statement = _unnest(table, names, connection.dialect, or_skip=or_skip)
    return connection.exec_driver_sql(statement, tuple(arrays.values())).rowcount


def _insert(table: Table, names: Sequence[str], dialect: Dialect, *, or_skip: bool) -> str:
    """INSERT … VALUES (?, …), as the driver wants it."""
    quote = dialect.identifier_preparer
    columns, marks = ", ".join(quote.quote(name) for name in names), ", ".join("?" * len(names))
    end = " ON CONFLICT DO NOTHING" if or_skip else ""
    return f"INSERT INTO {quote.format_table(table)} ({columns}) VALUES ({marks}){end}"  # noqa: S608 - our own names


def _unnest(table: Table, names: Sequence[str], dialect: Dialect, *, or_skip: bool) -> str:
    """INSERT … SELECT … FROM unnest(one array a column), each in the binary form: text costs thrice."""
    quote = dialect.identifier_preparer
    columns = ", ".join(quote.quote(name) for name in names)
    arrays = ", ".join(f"CAST(%b AS {table.c[name].type.compile(dialect)}[])" for name in names)
    end = " ON CONFLICT DO NOTHING" if or_skip else ""
    into = quote.format_table(table)
    return f"INSERT INTO {into} ({columns}) SELECT * FROM unnest({arrays}){end}"  # noqa: S608 - our own names


def _array(table: Table, name: str, rows: Sequence[Row], dialect: Dialect) -> list[Any]:
    process = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
    values = [row[name] for row in rows]
    return list(_each(process, values)) if process else values


def _each(process: Callable[[Any], Any], values: Iterable[Any]) -> Iterator[Any]:
    """Each value for the driver; of one that stands in rows on end, as a moment does, made once."""
    last: Any = object()
    done: Any = None
    for value in values:
        if value is not last:
            last, done = value, process(value)
        yield done
