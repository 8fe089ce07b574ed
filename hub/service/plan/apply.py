"""A plan takes effect on the market, or is taken back: placements, groups, grids, cameras and rights follow.

Cases and alerts keep the grid in which they happened.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hub.core.refuse import Refused
from hub.core.versions import Act, Seat, State, apart, moved
from hub.service import evidence, number, placement
from hub.service.evidence import Entry
from hub.service.plan import follow, right
from hub.service.plan.cut import changes_of, numbered
from hub.service.plan.stale import refuse_stale, stale
from hub.store.market import Grid, ShopGroup
from hub.store.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor, Role
    from hub.core.versions import Seats

log = logging.getLogger(__name__)

STALE = "stale"
"""The reason of a draft that was approved, and could not be applied since shops were changed meanwhile."""
SINCE = (
    "Since then shops were moved, or premises made of others. Draw up a new plan instead.",
    "此后商铺又有调整或拆并，无法撤销，请另拟方案。",
)


def due(s: Session, now: datetime) -> int:
    """Apply every approved plan whose day has come; one that is stale by now becomes a draft again.

    One that fails holds up no other: it is logged, and tried again the next time.
    """
    approved = select(Plan.id).where(Plan.state == State.APPROVED).order_by(Plan.effective, Plan.id)
    done = 0
    for plan in s.scalars(approved).all():
        try:
            with s.begin_nested():
                done += _due(s, plan, now)
        except Exception:
            log.exception("plan %s could not be applied", plan)
    return done


def _due(s: Session, plan: str, now: datetime) -> bool:
    row = s.get_one(Plan, plan, with_for_update=True, populate_existing=True)
    day = number.day_of(s, row.market, now)
    if row.state != State.APPROVED or row.effective > day:
        return False
    if stale(s, row, day):
        row.state, row.reason = State.DRAFT, STALE
        row.revision += 1
        public = {"plan": row.id, "number": row.number}
        evidence.append(s, row.market, Entry("plan.stale", public=public), now)
    else:
        apply(s, row, now)
    return True


def apply(s: Session, row: Plan, now: datetime, actor: Actor | None = None, role: Role | None = None) -> None:
    """Let the market be cut as the plan says, from today on.

    Raises:
        Refused: it is not approved, its day has not come, or it is stale.
    """
    # Cameras are rows that devices' messages change too: the ledger first, as they do.
    evidence.hold(s, row.market)
    row.state = moved(State(row.state), Act.APPLY)
    day = number.day_of(s, row.market, now)
    if row.effective > day:
        en = f"It holds from {row.effective.isoformat()} on, and not before."
        raise Refused("state", "plan.early", en, f"方案自 {row.effective.isoformat()} 起生效。")
    refuse_stale(s, row, now)
    row.effective, row.applied_at = day, now
    changes = changes_of(s, row)
    wanted = {one.shop: Seat(one.grid_to, one.group_to) for one in changes}
    before = {one.shop: Seat(one.grid_from, one.group_from) for one in changes}
    _begin(s, row, day)
    centres = _undecided(s, row, day, row.made.get("centres", {}), row.made.get("stood", {}))
    grid_centres: dict[str, str] = row.made.get("grid_centres", {})
    kept = _seat(s, row, before, wanted, centres, day)
    seated = placement.centres(s, row.market, day)
    was = {"centres": kept, "grid_centres": _center(s, grid_centres)}
    row.made = row.made | {"was": was, "left": {group: seated.get(group) for group in kept}}
    follow.all_of(s, row.market, before, wanted)
    public = {"plan": row.id, "number": row.number, "effective": day.isoformat(), "shops": len(changes)}
    evidence.append(
        s, row.market, Entry("plan.apply", actor, str(role) if role else None, public=public), now
    )


def undo(s: Session, actor: Actor, plan: str, reason: str, now: datetime) -> Plan:
    """Take back what was approved: shops go back to where they were, from today on.

    Raises:
        Refused: the actor may not, a later plan holds, or shops were changed since.
    """
    row = right.locked(s, actor, plan)
    evidence.hold(s, row.market)
    held = row.state == State.APPLIED
    state = moved(State(row.state), Act.UNDO)
    role = right.role_for(s, actor, row, Act.UNDO)
    if held:
        _back(s, row, number.day_of(s, row.market, now))
    row.state, row.undone_by, row.undone_at, row.reason = state, actor.person, now, reason
    public = {"plan": row.id, "number": row.number}
    evidence.append(s, row.market, Entry("plan.undo", actor, role, public=public, text=reason), now)
    return row


def _back(s: Session, row: Plan, day: date) -> None:
    changes = changes_of(s, row)
    wanted = {one.shop: Seat(one.grid_from, one.group_from) for one in changes}
    before = {one.shop: Seat(one.grid_to, one.group_to) for one in changes}
    seats = placement.seats(s, row.market, day)
    if any(seats.get(shop) != seat for shop, seat in before.items()) or _is_followed(s, row):
        raise Refused("state", "plan.since", *SINCE)
    if set(_ended(row)) & {seat.group for shop, seat in seats.items() if shop not in wanted}:
        raise Refused("state", "plan.since", *SINCE)
    if set(apart(seats | wanted)) - set(apart(seats)):
        raise Refused("state", "plan.since", *SINCE)
    was: dict[str, dict[str, str]] = row.made.get("was", {})
    centres = _undecided(s, row, day, was.get("centres", {}), row.made.get("left", {}))
    _revive(s, wanted)
    _seat(s, row, before, wanted, centres, day)
    _center(s, was.get("grid_centres", {}))
    follow.all_of(s, row.market, before, wanted)


def _undecided(
    s: Session, row: Plan, day: date, centres: Mapping[str, str], stood: Mapping[str, str | None]
) -> dict[str, str]:
    """The centres without those of groups that have elected another since they had the one that `stood`."""
    seated = placement.centres(s, row.market, day)
    return {group: shop for group, shop in centres.items() if seated.get(group) == stood.get(group)}


def _is_followed(s: Session, row: Plan) -> bool:
    """Whether another plan was applied after it and still holds."""
    later = (Plan.market == row.market, Plan.state == State.APPLIED, Plan.applied_at > row.applied_at)
    return bool(s.scalar(select(func.count()).select_from(Plan).where(*later)))


def _ended(row: Plan) -> list[str]:
    """The groups that were new with the plan."""
    return list(row.made.get("groups", {}))


def _begin(s: Session, row: Plan, day: date) -> None:
    """New grids and groups come to be, each with the next number, which no other ever had."""
    grids: dict[str, dict[str, Any]] = row.made.get("grids", {})
    for grid, at in numbered(s, row.market, Grid, grids).items():
        words = grids[grid]
        names = {"name_zh": words["zh"], "name_en": words["en"], "tint": words["tint"]}
        s.add(Grid(id=grid, market=row.market, number=at, begins=day, **names))
    s.flush()
    groups: dict[str, str] = row.made.get("groups", {})
    for group, at in numbered(s, row.market, ShopGroup, groups).items():
        s.add(ShopGroup(id=group, market=row.market, grid=groups[group], number=at, centre=None, begins=day))
    s.flush()


def _seat(
    s: Session, row: Plan, before: Seats, wanted: Seats, centres: Mapping[str, str], day: date
) -> dict[str, str]:
    """Place shops and centres, end what is empty, and let the register follow; the centres that were."""
    placement.put(s, row.market, wanted, day, row.id)
    seats = placement.seats(s, row.market, day)
    seated = placement.centres(s, row.market, day)
    was: dict[str, str] = {}
    for group in {*seated, *centres}:
        shop = centres.get(group, seated.get(group))
        stays = shop if shop in seats and seats[shop].group == group else None
        if stays != seated.get(group):
            was |= {group: seated[group]} if group in seated else {}
            placement.seat_centre(s, group, stays, day, row.id)
    placement.end_empty(s, before.values(), seats, day)
    placement.project(s, row.market, day)
    return was


def _revive(s: Session, wanted: Mapping[str, Seat]) -> None:
    """Groups and grids to which shops go back stand again."""
    for seat in wanted.values():
        s.get_one(Grid, seat.grid).ends = None
        if seat.group is not None:
            s.get_one(ShopGroup, seat.group).ends = None
    s.flush()


def _center(s: Session, centres: Mapping[str, str]) -> dict[str, str]:
    """Give grids their centres; those that they had."""
    was: dict[str, str] = {}
    for grid, shop in centres.items():
        found = s.get_one(Grid, grid)
        was |= {grid: found.centre} if found.centre else {}
        found.centre = shop
    return was
