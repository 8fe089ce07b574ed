"""Move everything from one database into an empty one, and prove that it arrived.

Each table is copied in the order of its keys, some thousand rows a transaction; how far it came is written in
the same transaction, so a move that was stopped goes on where it was. At the end every table is counted and
summed on both sides, and the ledgers' heads are compared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    func,
    inspect,
    select,
    text,
    update,
)

from hub.store import partition, verbatim
from hub.store.base import migrate
from hub.store.bulk import pour
from hub.store.tables import METADATA

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection, Engine

    from hub.store.verbatim import Tally

STATE = Table(
    "moving",
    MetaData(),
    Column("table", String, primary_key=True),
    Column("after", String, nullable=False),
    Column("rows", Integer, nullable=False),
)
"""In the target while a move is under way: the last key copied of each table, and how many rows."""


class CannotMoveError(RuntimeError):
    """The move is refused or did not arrive; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What arrived, the same on both sides: rows of each table, and the head of each market's ledger."""

    rows: dict[str, int]
    heads: dict[str, int]


def move(source: Engine, target: Engine, told: Callable[[str, int], None]) -> Moved:
    """Copy all rows of `source` into `target`, which is migrated first; nobody may write to either meanwhile.

    Args:
        source: A migrated database, of this program's version; it is only read.
        target: An empty database, or one in which this move was begun.
        told: Hears the table's name and how many of its rows were just copied or compared.

    Raises:
        CannotMoveError: the target has rows of its own, the source is of another version, or the two differ.
    """
    migrate(target)
    _refuse_another_version(source, target)
    _begin(target)
    with verbatim.snapshot(source) as snapshot:
        with target.begin() as connection:
            make_room_for(connection, verbatim.months(snapshot))
        for table in verbatim.every():
            _copy(snapshot, target, table, told)
    finish(target)
    moved = compare(source, target, told)
    with target.begin() as connection:
        STATE.drop(connection)
    return moved


def is_empty(connection: Connection) -> bool:
    """Whether no table has a row."""
    return not any(
        connection.scalar(select(table).limit(1).exists().select()) for table in METADATA.sorted_tables
    )


def _refuse_another_version(source: Engine, target: Engine) -> None:
    versions = []
    for on in (source, target):
        with verbatim.snapshot(on) as connection:
            known = inspect(connection).has_table("alembic_version")
            versions.append(
                connection.scalar(text("SELECT version_num FROM alembic_version")) if known else ""
            )
    if versions[0] != versions[1]:
        raise CannotMoveError(
            f"the database to be moved is of version {versions[0] or 'none'}, this program of {versions[1]}: "
            "start this hub on it once, end it, and move again"
        )


def _begin(target: Engine) -> None:
    with target.begin() as connection:
        if inspect(connection).has_table(STATE.name):
            return
        if not is_empty(connection):
            raise CannotMoveError("the target has rows already; give an empty database")
        STATE.create(connection)


def make_room_for(target: Connection, months: dict[str, list[str]]) -> None:
    """Make parts for the months (first days) of which rows will come."""
    for table, days in months.items():
        partition.make(target, table, [date.fromisoformat(day) for day in days])


def _copy(source: Connection, target: Engine, table: Table, told: Callable[[str, int], None]) -> None:
    own = verbatim.own_references(table)
    with target.connect() as connection:
        state = connection.execute(select(STATE).where(STATE.c.table == table.name)).one_or_none()
    after = verbatim.reader(_keys(table))(state.after.encode()) if state else None
    if state:
        told(table.name, state.rows)
    for piece in verbatim.rows(source, table, after):
        with target.begin() as connection:
            put(connection, table, piece, own)
            _note(connection, table, piece)
        told(table.name, len(piece))
    if own:
        _refer(source, target, table, own)


def put(connection: Connection, table: Table, piece: list[list[Any]], own: list[str]) -> None:
    """Write a piece of a table; references to rows of the same table stay open until all are there."""
    names = [column.name for column in table.columns]
    none = dict.fromkeys(own)
    pour(connection, table, [dict(zip(names, row, strict=True)) | none for row in piece])


def _note(connection: Connection, table: Table, piece: list[list[Any]]) -> None:
    after = verbatim.line_of(verbatim.key_of(table, piece[-1])).decode()
    there = update(STATE).where(STATE.c.table == table.name)
    found = connection.execute(there.values(after=after, rows=STATE.c.rows + len(piece)))
    if not found.rowcount:
        connection.execute(STATE.insert().values(table=table.name, after=after, rows=len(piece)))


def _keys(table: Table) -> Table:
    """The key's columns alone."""
    return Table(table.name, MetaData(), *(Column(c.name, c.type) for c in table.primary_key))


def _refer(source: Connection, target: Engine, table: Table, own: list[str]) -> None:
    for name in own:
        keys = list(table.primary_key)
        found = source.execute(select(*keys, table.c[name]).where(table.c[name].is_not(None))).all()
        with target.begin() as connection:
            refer(connection, table, name, [list(row) for row in found])


def refer(connection: Connection, table: Table, name: str, found: list[list[Any]]) -> None:
    """Set the column `name`, that was left open, to the last value of each row; the others are its key."""
    keys = list(table.primary_key)
    here = [key == bindparam(f"key_{key.name}") for key in keys]
    names = [*(f"key_{key.name}" for key in keys), "value"]
    if found:
        statement = update(table).where(*here).values({name: bindparam("value")})
        connection.execute(statement, [dict(zip(names, row, strict=True)) for row in found])


def finish(target: Engine) -> None:
    """Let the next id be greater than every one that came along, and the planner know what is there."""
    if target.dialect.name != "postgresql":
        return
    with target.begin() as connection:
        for table in METADATA.sorted_tables:
            counted = table.autoincrement_column
            if counted is not None:
                newest = connection.scalar(select(func.max(counted)))
                sequence = func.pg_get_serial_sequence(table.name, counted.name)
                if newest is not None:
                    connection.execute(select(func.setval(sequence, newest)))
        connection.execute(text("ANALYZE"))


def compare(source: Engine, target: Engine, told: Callable[[str, int], None]) -> Moved:
    """Count and sum every table on both sides.

    Raises:
        CannotMoveError: with the names of the tables that differ.
    """
    counted: dict[str, int] = {}
    differ: list[str] = []
    with verbatim.snapshot(source) as one, verbatim.snapshot(target) as other:
        for table in verbatim.every():
            here, there = (
                verbatim.tally(connection, table, lambda rows, name=table.name: told(name, rows))  # type: ignore[misc]
                for connection in (one, other)
            )
            counted[table.name] = there.rows
            differ += [] if here == there else [said(table.name, here, there)]
        heads = verbatim.heads(one), verbatim.heads(other)
    if differ or heads[0] != heads[1]:
        raise CannotMoveError(
            f"what arrived differs: {'; '.join(differ) or f'heads {heads}'}; "
            "end every hub that still runs and move again into an empty database"
        )
    return Moved(counted, heads[1])


def said(name: str, here: Tally, there: Tally) -> str:
    """How a table differs."""
    if here.rows != there.rows:
        return f"{name} has {there.rows} rows instead of {here.rows}"
    return f"{name} has other values"
