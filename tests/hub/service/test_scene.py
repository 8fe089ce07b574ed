"""How a camera was drawn: the versions that changed it, and no more of them read than are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from hub.service import scene
from hub.store.order import Desired
from tests.hub.town import MARKET, NOON, actor
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

YARD = {"id": "yard", "polygon": [[0, 0], [1, 0], [1, 1]], "rules": [{"kind": "linger"}]}
DRAWN = {"zones": [YARD]}


@pytest.fixture
def drawn(store: sessionmaker[Session]) -> Callable[[list[object]], Session]:
    """A session on a device whose versions drew a camera so, oldest first."""

    def one(each: list[object]) -> Session:
        with store.begin() as s:
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
        return store()

    return one


def shown(s: Session) -> list[int]:
    return [row["version"] for row in scene.versions(s, actor(s, "zhou"), "c-3-1")]


def test_whoever_changed_nothing_is_not_told_as_the_one_who_drew_it(
    drawn: Callable[[list[object]], Session],
) -> None:
    assert shown(drawn([DRAWN] * (scene.MOST_LOOKED + 1))) == []


def test_the_first_of_all_versions_is_told_even_as_the_last_that_is_looked_at(
    drawn: Callable[[list[object]], Session],
) -> None:
    assert shown(drawn([DRAWN] * scene.MOST_LOOKED)) == [1]


def test_once_enough_are_found_no_older_ones_are_read(drawn: Callable[[list[object]], Session]) -> None:
    s = drawn([DRAWN if n % 2 else {} for n in range(200)])
    read: list[object] = []
    event.listen(s, "loaded_as_persistent", lambda _, row: read.append(row))
    assert shown(s) == list(range(200, 200 - scene.MOST_VERSIONS, -1))
    configurations = [row for row in read if isinstance(row, Desired)]
    assert scene.MOST_VERSIONS < len(configurations) <= 2 * scene.MOST_VERSIONS
