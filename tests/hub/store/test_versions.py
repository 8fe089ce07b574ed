"""A market from before there were versions: what stood before has stood always."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import text

import hub.store
from hub.service import placement
from hub.store.base import engine, migrate, sessions
from hub.store.camera import Camera

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

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
    (
        "INSERT INTO camera (id, market, name_zh, name_en, place_zh, place_en, grid, x, y, bearing, fov,"
        " range_m, critical, state)"
        " VALUES ('c', 'm', 'C', 'C', '巷', 'Aisle', 'g', 1, 1, 0, 60, 9, false, 'live')"
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


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the version before on each engine, brought up to today's."""
    if request.param == "sqlite":
        on = engine(f"sqlite:///{tmp_path / 'old.db'}")
    else:
        on = engine(request.getfixturevalue("postgres")("template0"))
    with on.begin() as connection:
        as_it_was(connection)
    migrate(on)
    yield on
    on.dispose()


def test_what_stood_before_there_were_versions_has_stood_always(old: Engine) -> None:
    with sessions(old)() as s:
        for day in (date(1990, 1, 1), date(2030, 1, 1)):
            held = placement.seats(s, "m", day)
            assert {shop: (seat.grid, seat.group) for shop, seat in held.items()} == {
                "a": ("g", "t"),
                "b": ("g", None),
            }
            assert placement.centres(s, "m", day) == {"t": "a"}
        assert placement.settle(s, "m", date(2026, 11, 22)) == 0


def test_a_camera_from_before_it_was_a_lens_is_a_usual_one(old: Engine) -> None:
    with sessions(old)() as s:
        camera = s.get_one(Camera, "c")
        assert (camera.height_m, camera.width_px, camera.sign) == (3.2, 1920, False)
        assert (camera.kind, camera.retention_days, camera.measured) == (None, None, None)
