"""While the solver draws or checks a plan, nobody holds the database for it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import QueuePool

from hub.demo.ground import small
from tests.hub.api.drawing import collection, put
from tests.hub.api.test_ground import in_degrees
from tests.hub.api.test_imports import send
from tests.hub.api.test_imports_drawn import doors
from tests.hub.solved import Here

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from hub.api.parts import Parts
    from tests.hub.api.conftest import Someone


@dataclass
class Watching(Here):
    """Answers, and counts the connections that are in use meanwhile."""

    on: Engine
    held: list[int] = field(default_factory=list)

    def quick(self, ask: Any, asked: Any) -> Any:
        assert isinstance(self.on.pool, QueuePool)
        self.held.append(self.on.pool.checkedout())
        return super().quick(ask, asked)


@pytest.fixture
def watching(on: Engine) -> Watching:
    return Watching(on)


@pytest.fixture
def parts(parts: Parts, watching: Watching) -> Parts:
    return replace(parts, solver=watching)


DEGREES = json.dumps(in_degrees(collection(small()), "wgs84")).encode()


@pytest.mark.parametrize(
    "ask",
    [
        lambda who: send(who, "shops", doors(measured=True)),
        lambda who: who.post("/api/imports/shops/refused", content=doors(measured=True).encode()),
        lambda who: put(who, DEGREES, frame="wgs84"),
        lambda who: put(who, DEGREES, apply=True, frame="wgs84"),
        lambda who: who.get("/api/market/faults"),
    ],
)
def test_no_reading_is_held_while_the_solver_is_at_work(
    fresh: Someone, watching: Watching, ask: Callable[[Someone], Any]
) -> None:
    assert ask(fresh).status_code == 200
    assert watching.held
    assert set(watching.held) == {0}


def test_no_reading_is_held_while_a_plan_is_laid_onto_the_earth(fresh: Someone, watching: Watching) -> None:
    assert put(fresh, DEGREES, apply=True, frame="wgs84").status_code == 200
    watching.held.clear()
    assert fresh.get("/api/exports/plan.geojson?frame=wgs84").status_code == 200
    assert watching.held == [0]
