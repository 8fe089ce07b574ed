"""How a camera was drawn: the versions that changed it, and no more of them read than are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from hub.service import scene
from hub.store.order import Desired
from tests.hub.town import MARKET, NOON, actor
from wire.message import new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

YARD = {"id": "yard", "polygon": [[0, 0], [1, 0], [1, 1]], "rules": [{"kind": "linger"}]}
DRAWN = {"zones": [YARD]}


def draw(s: Session, each: list[Any]) -> None:
    """Versions of a device that drew a camera so, oldest first."""
    for version, fields in enumerate(each, 1):
        s.add(
            Desired(
                id=new_id(),
                market=MARKET,
                device="edge-1",
                version=version,
                digest="",
                fields={"cameras": {"c-3-1": fields}},
                state="replaced",
                made_by="zhou",
                made_at=NOON,
                next_at=NOON,
            )
        )
    s.flush()
    s.expunge_all()


def shown(s: Session) -> list[int]:
    return [row["version"] for row in scene.versions(s, actor(s, "zhou"), "c-3-1")]


def test_whoever_changed_nothing_is_not_told_as_the_one_who_drew_it(s: Session) -> None:
    draw(s, [DRAWN] * (scene.MOST_LOOKED + 1))
    assert shown(s) == []


def test_the_first_of_all_versions_is_told_even_as_the_last_that_is_looked_at(s: Session) -> None:
    draw(s, [DRAWN] * scene.MOST_LOOKED)
    assert shown(s) == [1]


def test_once_enough_are_found_no_older_ones_are_read(s: Session) -> None:
    draw(s, [DRAWN if n % 2 else {} for n in range(200)])
    read: list[object] = []
    event.listen(s, "loaded_as_persistent", lambda _, row: read.append(row))
    assert shown(s) == list(range(200, 200 - scene.MOST_VERSIONS, -1))
    configurations = [row for row in read if isinstance(row, Desired)]
    assert scene.MOST_VERSIONS < len(configurations) <= 2 * scene.MOST_VERSIONS
