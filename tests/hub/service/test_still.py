from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hub.service import still
from hub.store.base import readings, sessions
from tests.hub.town import NOON

if TYPE_CHECKING:
    from sqlalchemy import Engine

LATER = NOON + timedelta(seconds=2)


def test_the_later_picture_of_a_camera_stays_whichever_came_first(database: Engine) -> None:
    write = sessions(database)
    with write.begin() as s:
        still.keep(s, {"c-3-1": (LATER, b"later"), "c-3-2": (NOON, b"first")})
    with write.begin() as s:
        still.keep(s, {"c-3-2": (LATER, b"second"), "c-3-1": (NOON, b"earlier")})
    with readings(database)() as s:
        assert still.times(s) == {"c-3-1": LATER, "c-3-2": LATER}
        assert still.pictures(s, ["c-3-1", "c-3-2"]) == {
            "c-3-1": (LATER, b"later"),
            "c-3-2": (LATER, b"second"),
        }
    with write.begin() as s:
        still.keep(s, {})
        assert len(still.times(s)) == 2
