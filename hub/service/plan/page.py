"""A plan as pages show it: in the list, and with all that it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hub.core import policy
from hub.core.glossary import Pair
from hub.core.versions import FIGURE, KIND, ODDITY, REASON, STATE, WITHDRAW_WITHIN, State
from hub.service import people, placement
from hub.service.plan import right
from hub.service.plan.cut import changes_of
from hub.service.plan.row import label_of, rows_of
from hub.service.plan.tell import duties, telling, unchanged
from hub.service.shape import iso, maybe_iso, name, pair
from hub.store.market import Shop
from hub.store.placement import Placement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.store.plan import Plan, PlanChange

View = dict[str, Any]
STAGE = {
    "": Pair("排队", "Waits its turn"),
    "grids": Pair("划网格", "Cutting grids"),
    "groups": Pair("编十户组", "Cutting groups"),
    "groups-bound": Pair("求下界", "Looking for the bound"),
    "centres": Pair("选网格中心", "Choosing the grids' centres"),
    "bound": Pair("求下界", "Looking for the bound"),
    "sharing": Pair("分配通道段", "Sharing out runs of aisles"),
    "moved": Pair("求最少改动", "Looking for the fewest moves"),
}
"""What a solver is at; a stage that is not in it is shown by its name."""


def listing(s: Session, actor: Actor, now: datetime) -> list[View]:
    """The plans that the actor may see, newest first.

    Raises:
        Refused: they may see none.
    """
    return [head(s, actor, row, now) for row in right.of_market(s, actor)]


def one(s: Session, actor: Actor, plan: str, now: datetime) -> View:
    """One plan with all that it changes; of the changes those in the actor's reach.

    Raises:
        Refused: there is none, or they may not see it.
    """
    row = right.seen(s, actor, plan)
    changes = in_reach(actor, row, changes_of(s, row))
    shops = shops_of(s, changes)
    figures: View = row.figures
    return head(s, actor, row, now) | {
        "before": _before(s, row),
        "figures": [
            _figure(key, *figures["figures"][key]) for key in FIGURE if key in figures.get("figures", {})
        ],
        "proofs": figures.get("proofs", []),
        "oddities": [_odd(one) for one in figures.get("oddities", [])],
        "broken": figures.get("broken", []),
        "rows": [one | {"reason_words": pair(REASON[one["reason"]])} for one in rows_of(changes, shops)],
        "changes": [change_view(one, shops) for one in changes],
        "grids": figures.get("grids", []),
        "groups": figures.get("groups", []),
        "tell": telling(s, row, changes),
        "duties": duties(s, row),
        "unchanged": unchanged(s, row, changes),
    }


def head(s: Session, actor: Actor, row: Plan, now: datetime) -> View:
    """A plan in the list."""
    ids = [row.made_by, row.submitted_by, row.decided_by, row.undone_by]
    known = people.names(s, (one for one in ids if one))
    figures = row.figures.get("figures", {})
    who = {one: {"id": one, "name": name(known[one])} for one in ids if one}
    withdrawable = row.state in {State.SUBMITTED, State.APPROVED} and row.submitted_at is not None
    return {
        "id": row.id,
        "number": row.number,
        "kind": row.kind,
        "kind_words": pair(KIND[row.kind]),
        "state": row.state,
        "state_words": pair(STATE[row.state]),
        "title": row.title,
        "effective": row.effective.isoformat(),
        "revision": row.revision,
        "made_by": who[row.made_by],
        "made_at": iso(row.made_at),
        "submitted_by": who.get(row.submitted_by or ""),
        "submitted_at": maybe_iso(row.submitted_at),
        "decided_by": who.get(row.decided_by or ""),
        "decided_at": maybe_iso(row.decided_at),
        "applied_at": maybe_iso(row.applied_at),
        "undone_by": who.get(row.undone_by or ""),
        "undone_at": maybe_iso(row.undone_at),
        "reason": row.reason,
        "moved_grid": int(figures.get("moved_grid", (None, 0))[1]),
        "moved_group": int(figures.get("moved_group", (None, 0))[1]),
        "job": job(row),
        "may": right.may(s, actor, row, now),
        "withdraw_until": iso(row.submitted_at + WITHDRAW_WITHIN)
        if withdrawable and row.submitted_at
        else None,
    }


def job(row: Plan) -> View | None:
    """How its solver stands."""
    if row.job is None:
        return None
    best, bound = row.job.get("best"), row.job.get("bound")
    gap = None if best is None or bound is None or best <= 0 else max(0.0, (best - bound) / best)
    stage = row.job["stage"]
    return {
        "state": row.job["state"],
        "stage": stage,
        "stage_words": pair(STAGE.get(stage, Pair(stage, stage))),
        "seconds": row.job["seconds"],
        "best": best,
        "bound": bound,
        "gap": gap,
        "share": row.job.get("share"),
        "reason": {"zh": row.job["zh"], "en": row.job["en"]} if "en" in row.job else None,
    }


def in_reach(actor: Actor, row: Plan, changes: Sequence[PlanChange]) -> list[PlanChange]:
    """The changes that leave or come to where the actor may see plans."""
    nodes = policy.scope(actor, "plan.see")
    return [one for one in changes if right.is_near(one, row.market, nodes)]


def change_view(one: PlanChange, shops: dict[str, Shop]) -> View:
    """One shop that gets another grid or group."""
    return {
        "shop": one.shop,
        "name": label_of(shops[one.shop]),
        "grid_from": one.grid_from,
        "grid_to": one.grid_to,
        "group_from": one.group_from,
        "group_to": one.group_to,
        "reason": one.reason,
        "walk_from": one.walk_from,
        "walk_to": one.walk_to,
    }


def edited(s: Session, actor: Actor, row: Plan, *, kept: bool) -> View:
    """A draft after moves."""
    changes = in_reach(actor, row, changes_of(s, row))
    shops = shops_of(s, changes)
    return {
        "kept": kept,
        "revision": row.revision,
        "broken": row.figures.get("broken", []),
        "changes": [change_view(one, shops) for one in changes],
        "grids": row.figures.get("grids", []),
        "groups": row.figures.get("groups", []),
    }


def _figure(key: str, before: float | None, after: float | None) -> View:
    words, unit = FIGURE[key]
    same = before is None or after is None or before == after
    better = None if same or before is None or after is None else after < before
    return {"id": key, "words": pair(words), "unit": unit, "before": before, "after": after, "better": better}


def _odd(view: View) -> View:
    rule = view["rule"]
    words = ODDITY.get(rule, Pair(rule, rule))
    count = f"{view['count']:g}"
    return view | {"zh": words.zh.format(count=count), "en": words.en.format(count=count)}


def _before(s: Session, row: Plan) -> str | None:
    query = select(func.max(Placement.begins)).where(Placement.market == row.market)
    day = s.scalar(query.where(Placement.begins < row.effective))
    return day.isoformat() if day else None


def shops_of(s: Session, changes: Sequence[PlanChange]) -> dict[str, Shop]:
    """The shops that change."""
    ids = [one.shop for one in changes]
    found: dict[str, Shop] = {}
    for start in range(0, len(ids), placement.MOST_NAMES):
        some = ids[start : start + placement.MOST_NAMES]
        found |= {shop.id: shop for shop in s.scalars(select(Shop).where(Shop.id.in_(some)))}
    return found
