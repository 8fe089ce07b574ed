"""Rows that grow without end are kept by month, and every list has its index."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from hub.store import partition
from hub.store.base import Moment

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BY_MONTH = {"alarm_record": "received_at", "line": "at"}
"""Table → column that tells the month."""
KEYS = {"alarm_record": ("market",), "line": ("actor", "alert", "case", "market")}
"""Table → columns that refer to other tables."""
REFERS = {"actor": "person"}
"""Column → table, where the two have other names."""
INDEXES = {
    "ix_alarm_record_event": ("alarm_record", ("event",)),
    "ix_alarm_record_received_at": ("alarm_record", ("received_at",)),
    "ix_line_alert": ("line", ("alert",)),
    "ix_line_case_case_seq": ("line", ("case", "case_seq")),
    "ix_line_market_id": ("line", ("market", "id")),
}
LISTS = {
    "alert": (
        ["market", "received_at", "id"],
        ["market", "grid", "received_at", "id"],
        ["market", "grid", "group", "received_at", "id"],
        ["market", "key", "last_at"],
    ),
    "case": (
        ["market", "opened_at", "id", "words"],
        ["market", "stage", "opened_at", "id"],
        ["market", "grid", "opened_at", "id"],
        ["market", "grid", "group", "opened_at", "id"],
        ["market", "unit_kind", "unit", "opened_at", "id"],
        ["market", "reporter", "opened_at", "id"],
    ),
    "case_part": (["person", "opened_at", "case"],),
    "dead_letter": (["market", "received_at", "id"],),
}
BEFORE = {
    "ix_alert_market_received_at": "alert",
    "ix_alert_market_key_first_at": "alert",
    "ix_case_grid": "case",
    "ix_case_market_opened_at": "case",
    "ix_case_market_stage_opened_at": "case",
    "ix_dead_letter_market": "dead_letter",
}
"""Indexes that those of the lists replace."""


def upgrade() -> None:
    case_columns()
    for table, indexes in LISTS.items():
        for columns in indexes:
            op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
    for name, table in BEFORE.items():
        op.drop_index(name, table)
    if op.get_bind().dialect.name == "postgresql":
        for table, column in BY_MONTH.items():
            divide(table, column)
        key_the_lines()


def case_columns() -> None:
    """What a case is searched by, and by what a person's cases are listed."""
    op.add_column("case", sa.Column("words", sa.String(), nullable=False, server_default=""))
    parts = "number, title_zh, title_en, place_zh, place_en".replace(", ", " || char(10) || ")
    if op.get_bind().dialect.name == "postgresql":
        parts = parts.replace("char(10)", "chr(10)")
    op.execute(f'UPDATE "case" SET words = substr(lower({parts}), 1, 600)')  # noqa: S608 - our own names
    op.add_column("case_part", sa.Column("opened_at", Moment(), nullable=False, server_default="1970-01-01"))
    opened = 'SELECT opened_at FROM "case" WHERE "case".id = case_part."case"'
    op.execute(f"UPDATE case_part SET opened_at = ({opened})")  # noqa: S608


def divide(table: str, column: str) -> None:
    """Make `table` anew, by month, with the rows that it has."""
    old = f"{table}_whole"
    op.rename_table(table, old)
    op.execute(f"DROP TRIGGER {table}_no_change ON {old}")
    op.execute(f"ALTER TABLE {old} DROP CONSTRAINT pk_{table}")
    op.execute(f"CREATE TABLE {table} (LIKE {old} INCLUDING DEFAULTS) PARTITION BY RANGE ({column})")
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT pk_{table} PRIMARY KEY (id, {column})")
    partition.begin(op.get_bind(), table)
    partition.make(op.get_bind(), table, partition.filled(op.get_bind(), old, column))
    op.execute(f"INSERT INTO {table} SELECT * FROM {old}")  # noqa: S608
    if table == "line":
        op.execute("ALTER SEQUENCE line_id_seq OWNED BY line.id")
    op.drop_table(old)
    for name, (of, columns) in INDEXES.items():
        if of == table:
            op.create_index(name, table, list(columns))
    for key in KEYS[table]:
        other = REFERS.get(key, key)
        op.create_foreign_key(f"fk_{table}_{key}_{other}", table, other, [key], ["id"])
    refuse_change(table)


def refuse_change(table: str) -> None:
    """Refuse as before, and in each part too: a trigger of the whole does not fire for a part alone."""
    refuse = f"EXECUTE FUNCTION {table}_refuse()"
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT {refuse}"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_row_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {refuse}"
    )


def key_the_lines() -> None:
    """Have the database itself refuse a second line of the same number in a case."""
    op.execute(
        'CREATE TABLE line_case ("case" VARCHAR NOT NULL, case_seq INTEGER NOT NULL, '
        'CONSTRAINT pk_line_case PRIMARY KEY ("case", case_seq))'
    )
    op.execute('INSERT INTO line_case SELECT "case", case_seq FROM line WHERE "case" IS NOT NULL')
    op.execute(
        "CREATE FUNCTION line_key() RETURNS trigger LANGUAGE plpgsql AS "
        '$$ BEGIN INSERT INTO line_case VALUES (NEW."case", NEW.case_seq); RETURN NULL; END $$'
    )
    op.execute(
        "CREATE TRIGGER line_key AFTER INSERT ON line FOR EACH ROW "
        'WHEN (NEW."case" IS NOT NULL) EXECUTE FUNCTION line_key()'
    )
