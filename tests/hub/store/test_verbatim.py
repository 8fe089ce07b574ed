"""Rows leave a database as lines and come back as they were, whatever their columns hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Boolean, Date, Float, Integer, LargeBinary, String, Time

from hub.store import verbatim
from hub.store.base import Moment

if TYPE_CHECKING:
    from sqlalchemy import Column, Table

SAMPLES: tuple[tuple[type[Any], Any], ...] = (
    (Moment, datetime(2026, 11, 22, 4, 0, 0, 120, tzinfo=UTC)),
    (Date, date(2026, 11, 22)),
    (Time, time(8, 30)),
    (LargeBinary, b"\x00\xff"),
    (Boolean, True),
    (Integer, 7),
    (Float, 0.25),
    (verbatim.Document, '{"a": [1, "二"]}'),
    (String, "一"),
)


def sample(column: Column[Any]) -> Any:
    found = [value for kind, value in SAMPLES if isinstance(column.type, kind)]
    assert found, f"{column} is of a kind that no backup has seen: {column.type!r}"
    return found[0]


@pytest.mark.parametrize("table", verbatim.every(), ids=lambda table: str(table.name))
def test_a_row_of_every_table_comes_back_as_it_was(table: Table) -> None:
    row = [sample(column) for column in table.columns]
    assert verbatim.reader(table)(verbatim.line_of(row)) == row
