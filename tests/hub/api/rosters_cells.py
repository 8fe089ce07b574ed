"""The routes of rosters, the handover book, tasks and equipment: what it takes to be let in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hub.store.asset import Asset, AssetMove, Task
from hub.store.duty import Crew, Duty
from hub.store.handover import Handover
from hub.store.roster import Cover, Roster
from hub.store.turn import Leave
from tests.hub.api.cells import One, at, says
from tests.hub.town import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.hub.api.world import Spot4

ID = "0000000{n}-0000-7000-8000-00000000000{n}"
ROSTER = f"/api/roster/{ID}"
DAY = timedelta(days=1)
LATER = {"begins": "2026-11-25", "ends": "2026-11-26"}


def fill(s: Session, one: Spot4) -> None:
    """November of the place's workroom, somebody on duty, a page of its book, a task and a radio."""
    id_, guard = ID.format(n=one.number), f"guard-{one.tag}"
    first, last = NOON.date().replace(day=1), NOON.date().replace(day=30)
    span = {"market": one.market, "grid": one.grid, "begins": first, "ends": last}
    signed = {"made_by": guard, "made_at": NOON, "published_by": guard, "published_at": NOON}
    s.add(Roster(id=id_, state="published", figures={}, job=None, base=None, **span, **signed))
    s.add(Crew(id=f"crew-{one.tag}", market=one.market, grid=one.grid, number=90 + one.number))
    s.flush()
    hours = {"begins": NOON + 2 * DAY, "ends": NOON + 2 * DAY + DAY / 3}
    s.add(
        Duty(
            id=f"duty-{one.tag}",
            market=one.market,
            person=guard,
            crew=f"crew-{one.tag}",
            post="guard",
            **hours,
        )
    )
    asked = {"consents": {guard: None}, "changes": [], "asked_by": f"shop-{one.tag}", "asked_at": NOON}
    when = {"day": last, "shift": "day"}
    s.add(Cover(id=id_, market=one.market, roster=id_, absent=guard, **when, **asked))
    page = {"matters": [], "kit": [], "given_by": guard, "given_at": NOON, "made_at": NOON}
    s.add(Handover(id=id_, market=one.market, grid=one.grid, at=NOON - DAY, **page))
    due = {"kind": "drill", "title": f"task of {one.tag}", "due": last, "made_at": NOON, "took_part": []}
    s.add(Task(id=id_, market=one.market, grid=one.grid, made_by=guard, **due))
    asked = {"kind": "leave", "reason": "", "state": "asked", "asked_by": guard, "asked_at": NOON}
    s.add(Leave(id=f"absence-{one.tag}", market=one.market, person=guard, first=last, last=last, **asked))
    s.add(Asset(id=id_, market=one.market, grid=one.grid, kind="radio", label=f"radio-{one.tag}", since=NOON))
    s.flush()
    s.add(AssetMove(id=id_, asset=id_, state="in", by=guard, at=NOON))


def sick(one: Spot4) -> Any:
    """Lists, which `says` does not fill in."""
    return {"person": f"guard-{one.tag}", "days": ["2026-11-25"]}


def covered(one: Spot4) -> Any:
    """Somebody of the place's comes in for themselves, on a day that is no change."""
    change = {"person": f"guard-{one.tag}", "day": "2026-11-25", "after": None}
    return {"absent": f"guard-{one.tag}", "day": "2026-11-25", "changes": [change]}


def loan(one: Spot4) -> Any:
    """Somebody of the place's own, who cannot be lent to it."""
    return {"person": f"guard-{one.tag}", "grid": one.grid, **LATER}


CELL = says(person="guard-{tag}", day="2026-11-25", shift="day")
ONES = [
    One("GET", "/api/rosters/{grid}", "duty.see", at("/api/rosters/{grid}?month=2026-11")),
    One("POST", "/api/rosters/{grid}", "duty.change", at("/api/rosters/{grid}"), says(month="2026-12")),
    One("DELETE", "/api/roster/{roster}", "duty.change", at(ROSTER)),
    One("PUT", "/api/roster/{roster}/cells", "duty.change", at(ROSTER + "/cells"), CELL),
    One("GET", "/api/roster/{roster}/job", "duty.see", at(ROSTER + "/job")),
    One("POST", "/api/roster/{roster}/job", "duty.change", at(ROSTER + "/job"), says()),
    One("DELETE", "/api/roster/{roster}/job", "duty.change", at(ROSTER + "/job")),
    One("POST", "/api/roster/{roster}/publish", "duty.approve", at(ROSTER + "/publish"), says()),
    One("POST", "/api/roster/{roster}/sick", "duty.change", at(ROSTER + "/sick"), sick),
    One("POST", "/api/roster/{roster}/covers", "duty.change", at(ROSTER + "/covers"), covered),
    One(
        "GET",
        "/api/roster/{roster}/covers",
        "duty.swap",
        at(ROSTER + "/covers?day=2026-11-25&shift=day&absent=guard-{tag}"),
    ),
    One("DELETE", "/api/covers/{cover_id}", "duty.change", at(f"/api/covers/{ID}")),
    One("POST", "/api/leaves/{one}/grant", "duty.approve", at("/api/leaves/absence-{tag}/grant")),
    One("POST", "/api/leaves/{one}/refuse", "duty.approve", at("/api/leaves/absence-{tag}/refuse")),
    One("POST", "/api/loans", "duty.change", at("/api/loans"), loan),
    One("GET", "/api/handovers/{grid}", "handover", at("/api/handovers/{grid}")),
    One("POST", "/api/handovers/{grid}", "handover", at("/api/handovers/{grid}"), says(note="无")),
    One("POST", "/api/handover/{page}/take", "handover", at(f"/api/handover/{ID}/take"), says(answer="")),
    One(
        "POST",
        "/api/tasks",
        "task.change",
        at("/api/tasks"),
        says(kind="drill", title="演练", grid="{grid}", due="2026-12-01"),
    ),
    One("POST", "/api/tasks/{task_id}/done", "task.change", at(f"/api/tasks/{ID}/done"), says(note="")),
    One(
        "POST",
        "/api/assets",
        "asset.change",
        at("/api/assets"),
        says(grid="{grid}", kind="radio", label="new {tag}"),
    ),
    One("GET", "/api/assets/{asset_id}/moves", "asset.see", at(f"/api/assets/{ID}/moves")),
    One(
        "POST",
        "/api/assets/{asset_id}/moves",
        "asset.change",
        at(f"/api/assets/{ID}/moves"),
        says(state="repair"),
    ),
]
LISTS = {
    "/api/leaves": ("duty.approve", "absence-{tag}", False),
    "/api/rosters?month=2026-11": ("duty.see", '"id":"{grid}"', False),
    "/api/attendance?day=2026-11-24": ("duty.see", "duty-{tag}", False),
    "/api/tasks": ("task.see", "task of {tag}", False),
    "/api/assets": ("asset.see", "radio-{tag}", False),
}
OWN = "one's own; test_rosters"
ELSEWHERE = {
    ("POST", "/api/roster/{roster}/read"): OWN,
    ("GET", "/api/covers"): OWN,
    ("POST", "/api/leaves"): OWN,
    ("DELETE", "/api/leaves/{one}"): OWN,
    ("POST", "/api/covers/{cover_id}/agree"): OWN,
    ("POST", "/api/covers/{cover_id}/decline"): OWN,
    ("POST", "/api/me/attendance"): OWN,
    ("DELETE", "/api/me/attendance"): OWN,
    ("GET", "/api/me/tasks"): OWN,
    **dict.fromkeys(
        (
            ("GET", "/api/loans"),
            ("POST", "/api/loans/{loan_id}/agree"),
            ("POST", "/api/loans/{loan_id}/decline"),
            ("DELETE", "/api/loans/{loan_id}"),
        ),
        "between two workrooms; test_rosters",
    ),
    **dict.fromkeys(
        (("GET", "/api/workdays/{year}"), ("PUT", "/api/workdays/{year}")),
        "days of the whole market; test_rosters",
    ),
}
