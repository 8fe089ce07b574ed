"""What is stated of a camera's masks holds for the masks that were drawn then, and for no others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hub.store.evidence import Line

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.api.conftest import Someone

    As = Callable[[str], Someone]

ROOM = {
    "kind": "fitting",
    "ring": [[40, 14], [45, 14], [45, 18], [40, 18]],
    "name_zh": "C-8 试衣间",
    "name_en": "Fitting room of C-8",
}
MASK = [[0.0, 0.0], [0.25, 0.0], [0.25, 0.5]]
YARD = {"id": "yard", "polygon": [[0.25, 0.25], [0.75, 0.25], [0.5, 0.75]], "rules": [{"kind": "linger"}]}


@pytest.fixture
def zhou(as_: As) -> Someone:
    """Has masked the picture of C-3-3, which looks into a fitting room, and states that this covers it."""
    one = as_("zhou")
    draw(one, {"masks": [MASK]}, 0)
    room = one.post("/api/zones", ROOM).json()["id"]
    stated = one.post(f"/api/zones/{room}/masks", {"camera": "c-3-3", "text": "all black"})
    assert stated.status_code == 204, stated.text
    assert looking(one) == [("c-3-3", True)]
    return one


def send(one: Someone, url: str, body: Any, match: int) -> None:
    headers = {"X-CSRF": one.csrf, "If-Match": f'"{match}"'}
    answer = one.request("PUT", url, content=json.dumps(body), headers=headers)
    assert answer.status_code == 200, answer.text


def draw(one: Someone, drawn: Any, match: int, camera: str = "c-3-3") -> None:
    send(one, f"/api/scenes/{camera}", drawn, match)


def looking(one: Someone) -> list[tuple[str, bool]]:
    (zone,) = one.get("/api/zones").json()
    return [(camera["id"], camera["masked"]) for camera in zone["cameras"]]


@pytest.mark.parametrize(
    "drawn",
    [{"zones": [YARD]}, {"masks": [[*MASK[:2], [0.5, 0.5]]]}, None],
    ids=["none", "other", "own file"],
)
def test_masks_that_are_drawn_anew_take_the_statement_with_them_and_the_sheet_says_so(
    zhou: Someone, drawn: Any, store: sessionmaker[Session]
) -> None:
    draw(zhou, drawn, 1)
    assert looking(zhou) == [("c-3-3", False)]
    entered = {row["id"]: bool(row["enters"]) for row in zhou.get("/api/filing").json()["cameras"]}
    assert entered == {"c-3-1": False, "c-3-2": False, "c-3-3": True}
    with store() as s:
        line = s.scalars(select(Line).where(Line.act == "zone.lapse")).one()
        assert (line.actor, line.public["camera"]) == ("zhou", "c-3-3")


def test_a_configuration_without_the_masks_does_so_as_well(zhou: Someone) -> None:
    send(zhou, "/api/devices/edge-2/config", {"cameras": {"c-3-3": {"fps": 4}}}, 1)
    assert looking(zhou) == [("c-3-3", False)]


def test_a_zone_that_is_drawn_beside_the_same_masks_leaves_the_statement(zhou: Someone) -> None:
    draw(zhou, {"masks": [MASK], "zones": [YARD]}, 1)
    assert looking(zhou) == [("c-3-3", True)]
