"""The routes of plans and of premises that change: what it takes to be let in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.store.plan import Plan, PlanChange
from tests.hub.api.cells import One, at, says
from tests.hub.town import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.hub.api.world import Spot4

PLAN = "/api/plans/0000000{n}-0000-7000-8000-00000000000{n}"
NEW = {"title": "调整", "effective": "2026-11-23"}
MADE = {"name_zh": "新铺", "name_en": "New", "ring": [[0, 0], [1, 0], [1, 0.5]], "door": [0, 0]}


def fill(s: Session, one: Spot4) -> None:
    """A plan by hand that was rejected: it gives the place's shop a group of its own."""
    plan = PLAN.format(n=one.number).rpartition("/")[2]
    who = {"made_by": f"guard-{one.tag}", "submitted_by": f"guard-{one.tag}", "decided_by": f"shop-{one.tag}"}
    row = Plan(
        id=plan,
        market=one.market,
        number=f"19700101-000{one.number}",
        kind="hand",
        state="rejected",
        title="不行",
        effective=NOON.date(),
        made_at=NOON,
        hands=[],
        asked={},
        made={},
        figures={},
        job=None,
        **who,
    )
    s.add(row)
    s.flush()
    seat = {"grid_from": one.grid, "grid_to": one.grid, "group_from": f"g-{one.tag}", "group_to": "group-new"}
    s.add(PlanChange(plan=plan, shop=f"shop-{one.tag}", reason="hand", walk_from=None, walk_to=None, **seat))


def moves(one: Spot4) -> Any:
    """A list, which `says` does not fill in: the place's shop goes to a group of its own."""
    return {"moves": [{"shops": [f"shop-{one.tag}"], "group": "new"}]}


def joined(one: Spot4) -> Any:
    """One shop named twice: whoever may hears that it takes two."""
    return {"shops": [f"shop-{one.tag}"] * 2, "into": MADE | {"id": "part-c"}}


ONES = [
    One("POST", "/api/plans", "plan.change", at("/api/plans"), says(kind="grids", **NEW), whole=True),
    One("GET", "/api/plans/{plan}", "plan.see", at(PLAN)),
    One("PUT", "/api/plans/{plan}", "plan.change", at(PLAN), says(**NEW)),
    One("DELETE", "/api/plans/{plan}", "plan.change", at(PLAN)),
    One("GET", "/api/plans/{plan}/changes.csv", "plan.see", at(PLAN + "/changes.csv")),
    One("GET", "/api/plans/{plan}/job", "plan.see", at(PLAN + "/job")),
    One("POST", "/api/plans/{plan}/job", "plan.change", at(PLAN + "/job"), says()),
    One("DELETE", "/api/plans/{plan}/job", "plan.change", at(PLAN + "/job")),
    One("POST", "/api/plans/{plan}/submit", "plan.change", at(PLAN + "/submit")),
    One("POST", "/api/plans/{plan}/withdraw", "plan.change", at(PLAN + "/withdraw")),
    One("POST", "/api/plans/{plan}/approve", "plan.approve", at(PLAN + "/approve")),
    One("POST", "/api/plans/{plan}/reject", "plan.approve", at(PLAN + "/reject"), says(reason="不行")),
    One("POST", "/api/plans/{plan}/undo", "plan.approve", at(PLAN + "/undo"), says(reason="不行")),
    One("POST", "/api/plans/{plan}/moves", "plan.change", at(PLAN + "/moves"), moves),
    One("DELETE", "/api/plans/{plan}/moves", "plan.change", at(PLAN + "/moves")),
    One("POST", "/api/shops/joined", "market.change", at("/api/shops/joined"), joined),
    One("PUT", "/api/shops/{shop}/open", "market.change", at("/api/shops/shop-{tag}/open"), says(open=False)),
    One(
        "POST",
        "/api/shops/{shop}/parts",
        "market.change",
        at("/api/shops/shop-{tag}/parts"),
        says(parts=[MADE | {"id": "part-a"}, MADE | {"id": "part-b"}]),
    ),
]
LISTS = {"/api/plans": ("plan.see", "0000000{n}-0000-7000-8000-00000000000{n}", False)}
ELSEWHERE = {("GET", "/api/versions"): "days of the market, which is everybody's; test_plans"}
