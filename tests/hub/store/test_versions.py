"""A market from before there were versions: what stood before has stood always."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from sqlalchemy import text

import hub.store
from hub.service import placement
from hub.store.base import engine, migrate, sessions

if TYPE_CHECKING:
    from sqlalchemy import Connection

BEFORE = "0013"
ROWS = (
    (
        "INSERT INTO market (id, name_zh, name_en, x0, y0, x1, y1, zone)"
        " VALUES ('m', '市', 'M', 0, 0, 9, 9, 'UTC')"
    ),
    "INSERT INTO grid (id, market, number, name_zh, name_en, tint) VALUES ('g', 'm', 1, '格', 'G', 0)",
    "INSERT INTO shop_group (id, market, grid, number, centre) VALUES ('t', 'm', 'g', 1, 'a')",
    (
        'INSERT INTO shop (id, market, grid, "group", name_zh, name_en, ring, door_x, door_y, open)'
        " VALUES ('a', 'm', 'g', 't', 'A', 'A', '[]', 0, 0, true)"
    ),
    (
        "INSERT INTO shop (id, market, grid, name_zh, name_en, ring, door_x, door_y, open)"
        " VALUES ('b', 'm', 'g', 'B', 'B', '[]', 1, 0, false)"
    ),
)


def as_it_was(connection: Connection) -> None:
    """A database of the version before, with a small market in it."""
    config = Config()
    config.set_main_option("script_location", str(Path(hub.store.__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, BEFORE)
    for row in ROWS:
        connection.execute(text(row))


def test_what_stood_before_there_were_versions_has_stood_always(tmp_path: Path) -> None:
    on = engine(f"sqlite:///{tmp_path / 'old.db'}")
    with on.begin() as connection:
        as_it_was(connection)
    migrate(on)
    with sessions(on)() as s:
        for day in (date(1990, 1, 1), date(2030, 1, 1)):
            held = placement.seats(s, "m", day)
            assert {shop: (seat.grid, seat.group) for shop, seat in held.items()} == {
                "a": ("g", "t"),
                "b": ("g", None),
            }
            assert placement.centres(s, "m", day) == {"t": "a"}
        assert placement.settle(s, "m", date(2026, 11, 22)) == 0
    on.dispose()
