"""Patrols in the matrix: of each place a checkpoint, a plan and a round, and the routes to them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hub.store.patrol import Checkpoint, PatrolPlan, Round
from tests.hub.api.cells import One, at, says
from tests.hub.town import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.hub.api.world import Spot4

POINT = {"grid": "{grid}", "name_zh": "点", "name_en": "Point", "x": 0.5, "y": 0.5}
PLAN = {
    "grid": "{grid}",
    "kind": "danger",
    "name_zh": "查",
    "name_en": "Check",
    "times": ["12:00"],
    "points": [],
    "solve": False,
}

ONES = [
    One("GET", "/api/patrol/rounds/{one}", "patrol.see", at("/api/patrol/rounds/round-{tag}")),
    One("POST", "/api/patrol/rounds/{one}/start", "patrol.walk", at("/api/patrol/rounds/round-{tag}/start")),
    One("POST", "/api/patrol/checkpoints", "patrol.change", at("/api/patrol/checkpoints"), says(**POINT)),
    One(
        "PUT",
        "/api/patrol/checkpoints/{one}",
        "patrol.change",
        at("/api/patrol/checkpoints/point-{tag}"),
        says(**POINT),
    ),
    One(
        "POST",
        "/api/patrol/codes",
        "patrol.change",
        at("/api/patrol/codes"),
        lambda one: {"checkpoints": [f"point-{one.tag}"]},
    ),
    One("GET", "/api/patrol/sheet", "patrol.change", at("/api/patrol/sheet?grid={grid}")),
    One(
        "DELETE",
        "/api/patrol/checkpoints/{one}",
        "patrol.change",
        at("/api/patrol/checkpoints/point-{tag}"),
    ),
    One("POST", "/api/patrol/plans", "patrol.change", at("/api/patrol/plans"), says(**PLAN)),
    One("PUT", "/api/patrol/plans/{one}", "patrol.change", at("/api/patrol/plans/beat-{tag}"), says(**PLAN)),
    One("DELETE", "/api/patrol/plans/{one}", "patrol.change", at("/api/patrol/plans/beat-{tag}")),
]
LISTS = {
    "/api/patrol": ("patrol.see", '"round-{tag}"', False),
    "/api/patrol/checkpoints": ("patrol.see", '"point-{tag}"', False),
    "/api/patrol/plans": ("patrol.see", '"beat-{tag}"', False),
}
ELSEWHERE = dict.fromkeys(
    (
        ("POST", "/api/phone/said"),
        ("PUT", "/api/phone/photos/{sha256}"),
        ("GET", "/api/phone/today"),
    ),
    "one's own, each thing asks its own right; test_phone_said",
)


def fill(s: Session, one: Spot4) -> None:
    """A checkpoint, a plan and a round that may be begun."""
    tag, here = one.tag, {"market": one.market, "grid": one.grid}
    names = {"name_zh": tag, "name_en": tag}
    hung = {"x": 0.5, "y": 0.5, "key": False, "dwell_s": 0, "made_at": NOON}
    s.add(
        Checkpoint(
            id=f"point-{tag}", number=1 if one.market != "yunda" else one.number, **here, **names, **hung
        )
    )
    s.flush()
    s.add(
        PatrolPlan(
            id=f"beat-{tag}",
            kind="round",
            times=["12:00"],
            minutes=120,
            points=[f"point-{tag}"],
            drawn=False,
            mix=None,
            begins=NOON.date(),
            made_at=NOON,
            **here,
            **names,
        )
    )
    s.flush()
    s.add(
        Round(
            id=f"round-{tag}",
            plan=f"beat-{tag}",
            kind="round",
            day=NOON.date(),
            due_at=NOON,
            opens_at=NOON,
            closes_at=NOON + timedelta(hours=2),
            points=[f"point-{tag}"],
            seed="0",
            state="planned",
            **here,
        )
    )
    s.flush()
