"""The migration makes the tables that the rooms above think they have."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from hub.service import alert, evidence
from hub.service.evidence import Entry
from hub.store import partition, tables
from hub.store.alert import AlarmRecord
from hub.store.base import engine, migrate, sessions
from hub.store.case import CasePart
from hub.store.evidence import Line
from tests.hub import town
from tests.hub.service.steps import confirmed
from tests.hub.town import NOON

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sqlalchemy import Engine
    from sqlalchemy.schema import SchemaItem

LINE_KEYS = {"uq_line_case_case_seq", "ix_line_case_case_seq"}
"""SQLite's key of a case's lines, and the index that PostgreSQL has beside the table `line_case`."""
KEPT = (AlarmRecord.__tablename__, Line.__tablename__)
REFUSED_WORDS = re.compile(
    r"id_?card|ethnic|relig|health|criminal|native_?place|face|plate|template|trajectory|watch_?list|key_?person"
    r"|social|score_of|birth|gender|pregnan"
)


def by_month(thing: SchemaItem, name: str | None, *_: object) -> bool:
    """Whether models can know of it: PostgreSQL's parts, and the key that they cannot hold, they do not."""
    table: str = getattr(getattr(thing, "table", thing), "name", "")
    return not partition.PART.search(table) and "line_case" not in {table, name} and name not in LINE_KEYS


def test_models_and_migration_agree(database: Engine) -> None:
    options: dict[str, Any] = {"compare_type": True}
    if database.dialect.name == "postgresql":
        options["include_object"] = by_month
    with database.connect() as connection:
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, tables.METADATA) == []


def test_migrating_again_changes_nothing(database: Engine) -> None:
    migrate(database)
    with sessions(database)() as s:
        assert s.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1


def test_two_hubs_that_start_at_once_migrate_once(tmp_path: Path) -> None:
    url, faults = f"sqlite:///{tmp_path / 'new.db'}", []

    def start() -> None:
        made = engine(url)
        try:
            migrate(made)
        except DatabaseError as error:
            faults.append(error)
        made.dispose()

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_an_interrupted_migration_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = engine(f"sqlite:///{tmp_path / 'new.db'}")
    from alembic import op  # noqa: PLC0415 - the one that the migration uses

    def power_cut(*_: object) -> None:
        raise RuntimeError("power cut")

    with monkeypatch.context() as patch:
        patch.setattr(op, "execute", power_cut)
        with pytest.raises(RuntimeError, match="power cut"):
            migrate(made)
    assert inspect(made).get_table_names() == []
    migrate(made)
    assert "line" in inspect(made).get_table_names()
    made.dispose()


@pytest.mark.parametrize("table", KEPT)
@pytest.mark.parametrize("statement", ["UPDATE {} SET market = market", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_what_is_kept(
    database: Engine, table: str, statement: str
) -> None:
    with sessions(database).begin() as s:
        alert.receive(s, town.MARKET, "edge-1", town.event(), NOON)
    with sessions(database)() as s, pytest.raises(DatabaseError, match="append only"):
        s.execute(text(statement.format(table)))


def test_a_line_is_not_replaced_past_the_trigger(sqlite: Engine) -> None:
    with sessions(sqlite).begin() as s:
        line = evidence.append(s, town.MARKET, Entry("test"), NOON)
    replace = text("INSERT OR REPLACE INTO line SELECT * FROM line WHERE id = :id")
    with sessions(sqlite)() as s, pytest.raises(DatabaseError, match="append only"):
        s.execute(replace, {"id": line.id})


@pytest.mark.postgres
@pytest.mark.parametrize("table", KEPT)
def test_a_table_that_is_kept_is_not_truncated(postgres: Callable[[], str], table: str) -> None:
    on = engine(postgres())
    for whole_or_part in (table, f"{table}_default"):
        with sessions(on)() as s, pytest.raises(DatabaseError, match="append only"):
            s.execute(text(f"TRUNCATE {whole_or_part}"))
    on.dispose()


def test_one_person_stands_on_one_side_of_a_case_by_its_key(database: Engine) -> None:
    with sessions(database).begin() as s:
        case = confirmed(s)
        s.add(CasePart(case=case.id, person="qin", side="handling", part="dispatch", at=NOON, opened_at=NOON))
    with sessions(database)() as s:
        s.add(
            CasePart(case=case.id, person="qin", side="supervision", part="accept", at=NOON, opened_at=NOON)
        )
        with pytest.raises(IntegrityError):
            s.flush()
        s.rollback()
        s.add(CasePart(case=case.id, person="he", side="both", part="accept", at=NOON, opened_at=NOON))
        with pytest.raises(IntegrityError):
            s.flush()


def test_no_table_keeps_what_must_not_be_kept_of_people() -> None:
    names = [
        f"{table.name}.{column.name}" for table in tables.METADATA.sorted_tables for column in table.columns
    ]
    assert not [name for name in names if REFUSED_WORDS.search(name)]
