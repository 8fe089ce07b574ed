"""Many rows by one statement: what a batch writes is written once, and what a list asks for is asked once."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, JSON, String, any_, literal
from sqlalchemy.exc import DBAPIError, IntegrityError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import ColumnElement, Table
    from sqlalchemy.engine import Connection, Dialect
    from sqlalchemy.orm import InstrumentedAttribute, Session
    from sqlalchemy.types import TypeEngine

Row = dict[str, Any]
COPIED = {
    "BIGINT": "int8",
    "BOOLEAN": "bool",
    "BYTEA": "bytea",
    "DATE": "date",
    "DOUBLE PRECISION": "float8",
    "INTEGER": "int4",
    "JSON": "text",
    "TIMESTAMP WITH TIME ZONE": "timestamptz",
    "VARCHAR": "varchar",
}
"""What PostgreSQL's types are called where bytes are copied; JSON that is text already goes as text."""


def pour(connection: Connection, table: Table, rows: Sequence[Row], *, or_skip: bool = False) -> int:
    """Insert `rows`, which all name the same columns, in their order; how many were new.

    With `or_skip` a row whose key is there already is passed over. SQLite gets one prepared statement run
    through; PostgreSQL a COPY, or one statement with an array a column where a row is to be passed over.

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
    try:
        with connection.begin_nested() if or_skip else nullcontext():
            _copy(connection, table, arrays)
    except IntegrityError:
        if not or_skip:
            raise
        statement = _unnest(table, names, connection.dialect)
        return connection.exec_driver_sql(statement, tuple(arrays.values())).rowcount
    return len(rows)


def among(
    s: Session,
    column: InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    values: Collection[str],
) -> ColumnElement[bool]:
    """That `column` is one of many values.

    PostgreSQL gets them as one array: with a parameter each, driver and server read two hundred of them anew
    every time.
    """
    if s.get_bind().dialect.name != "postgresql":
        return column.in_(values)
    return column == any_(literal(list(values), ARRAY(String)))


def _insert(table: Table, names: Sequence[str], dialect: Dialect, *, or_skip: bool) -> str:
    """INSERT … VALUES (?, …), as the driver wants it."""
    quote = dialect.identifier_preparer
    columns, marks = ", ".join(quote.quote(name) for name in names), ", ".join("?" * len(names))
    end = " ON CONFLICT DO NOTHING" if or_skip else ""
    return f"INSERT INTO {quote.format_table(table)} ({columns}) VALUES ({marks}){end}"  # noqa: S608 - our own names


def _copy(connection: Connection, table: Table, arrays: Mapping[str, Sequence[Any]]) -> None:
    """COPY … FROM STDIN in the binary form: a third less work than arrays, on both sides."""
    dialect = connection.dialect
    quote = dialect.identifier_preparer
    into, names = quote.format_table(table), ", ".join(quote.quote(name) for name in arrays)
    statement = f"COPY {into} ({names}) FROM STDIN (FORMAT BINARY)"
    types = [_copied(table.c[name].type, dialect) for name in arrays]
    columns = [
        _floats(values) if type_ == "float8" else values
        for type_, values in zip(types, arrays.values(), strict=True)
    ]
    base, driver = dialect.loaded_dbapi.Error, connection.connection.driver_connection
    assert driver is not None
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            copy.set_types(types)
            for row in zip(*columns, strict=True):
                copy.write_row(row)
    except base as error:  # the driver is spoken to past SQLAlchemy, which would have said it in its words
        raise DBAPIError.instance(statement, None, error, base, dialect=dialect) from error


def _copied(kind: TypeEngine[Any], dialect: Dialect) -> str:
    """What a column's values are dumped as: those of SQLAlchemy's JSON come wrapped and become text here."""
    return "json" if isinstance(kind, JSON) else COPIED[kind.compile(dialect)]


def _floats(values: Iterable[float | None]) -> list[float | None]:
    """Whole numbers among them as what the column holds; a copy turns nothing into something else."""
    return [None if value is None else float(value) for value in values]


def _unnest(table: Table, names: Sequence[str], dialect: Dialect) -> str:
    """INSERT … SELECT … FROM unnest(one array a column), each in the binary form: text costs thrice."""
    quote = dialect.identifier_preparer
    columns = ", ".join(quote.quote(name) for name in names)
    arrays = ", ".join(f"CAST(%b AS {table.c[name].type.compile(dialect)}[])" for name in names)
    into, end = quote.format_table(table), "ON CONFLICT DO NOTHING"
    return f"INSERT INTO {into} ({columns}) SELECT * FROM unnest({arrays}) {end}"  # noqa: S608 - our own names


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
