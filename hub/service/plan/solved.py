"""What the solver of a plan is asked, and what it made.

Groups are cut of the shops that are open; closed premises stay with the group that they had, or go with their
nearest neighbour.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core.planned import GridsAsked, GroupsAsked
from hub.core.refuse import Refused
from hub.core.versions import Seat, State
from hub.service import ground as grounds
from hub.service import number, placement
from hub.service.placement import holds
from hub.service.plan import rules
from hub.service.plan.cut import Cut, numbered, recognised, today
from hub.service.plan.draw import Drawing, draw
from hub.store.market import Grid
from hub.store.plan import Plan
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.ground import Ground
    from hub.core.planned import EditMade, GridRule, GridsMade, GroupRule, GroupsMade

TINTS = 5
"""Colours of grids on the plan."""


@dataclass(frozen=True, slots=True)
class Question:
    """All that the solver has to know, taken at one moment."""

    plan: str
    job: str
    """Of the plan's jobs the one that this is, as it may be given up and begun again."""
    kind: str
    ground: Ground
    before: Cut
    grids: GridsAsked | None
    grid_rule: GridRule
    group_rule: GroupRule
    groups_anew: bool
    new_grids: Mapping[str, Any]
    seconds: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What it made."""

    grids: GridsMade | None
    groups: GroupsMade | None
    ways: Mapping[tuple[str, str], float]
    walked: tuple[EditMade, EditMade] | None = None
    """What the market and the answer break for whoever walks them."""


def begin(s: Session, plan: str, now: datetime) -> Question | None:
    """The question of a plan that waits; None where nobody waits for it any more, or somebody is at it."""
    row = s.get(Plan, plan, with_for_update=True, populate_existing=True)
    if row is None or row.job is None or row.job["state"] != "waiting":
        return None
    row.job = row.job | {"state": "running", "at": now.isoformat()}
    day = number.day_of(s, row.market, now)
    placement.settle(s, row.market, day)
    ground, before = grounds.of(s, row.market, day), today(s, row.market, day)
    new, asked = _grids(s, row, ground, before, day) if row.kind == "grids" else ({}, None)
    return Question(
        row.id,
        row.job["id"],
        row.kind,
        ground,
        before,
        asked,
        rules.grid_rule(row),
        rules.group_rule(row),
        rules.is_anew(row, "group"),
        new,
        rules.seconds_of(row),
    )


def _grids(
    s: Session, row: Plan, ground: Ground, before: Cut, day: date
) -> tuple[dict[str, Any], GridsAsked]:
    there = s.scalars(
        select(Grid).where(Grid.market == row.market, holds(Grid, day)).order_by(Grid.number)
    ).all()
    wanted = rules.count_of(row) or len(there)
    size = {grid.id: sum(seat.grid == grid.id for seat in before.seats.values()) for grid in there}
    # The smallest are given up first, since the fewest shops then have to move.
    kept = sorted(there, key=lambda grid: (-size[grid.id], grid.number))[:wanted]
    ids = [grid.id for grid in sorted(kept, key=lambda grid: grid.number)]
    begun = numbered(s, row.market, Grid, (f"grid-{new_id()[-12:]}" for _ in range(wanted - len(ids))))
    new = {}
    for name, number_ in begun.items():
        new[name] = {"zh": f"第 {number_} 网格", "en": f"Grid {number_}", "tint": (number_ - 1) % TINTS}
    # With another number of grids hardly a shop can be held: all are cut anew, and known by what they keep.
    anew = rules.is_anew(row, "grid") or bool(new) or len(ids) < len(there)
    held = {} if anew else {shop: grid for shop, grid in before.grids.items() if grid in ids}
    same = not new and not anew and len(ids) == len(there)
    centres = before.grid_centres if same else {}
    return new, GridsAsked(
        ground,
        (*ids, *new),
        rules.grid_rule(row),
        held,
        {grid: shop for grid, shop in centres.items() if grid in ids},
        rules.seconds_of(row),
    )


def named(question: Question, made: GridsMade) -> GridsMade:
    """The answer with the grids called as they were; where they were held they are so already."""
    if question.grids is None or question.grids.held:
        return made
    names = recognised(made.grid_of, question.before.grids)
    return replace(
        made,
        grid_of={shop: names[grid] for shop, grid in made.grid_of.items()},
        centres={names[grid]: shop for grid, shop in made.centres.items()},
        oddities=tuple(replace(one, subject=names.get(one.subject, one.subject)) for one in made.oddities),
    )


def groups_asked(question: Question, grids: GridsMade | None) -> GroupsAsked | None:
    """What is asked of groups once the grids are known; None where every shop keeps its own."""
    before, opened = question.before, {shop.id for shop in question.ground.shops if shop.open}
    cut = grids.grid_of if grids else before.grids
    grid_of = {shop: grid for shop, grid in cut.items() if shop in opened}
    held = (
        {} if question.groups_anew else {shop: one for shop, one in before.groups.items() if shop in opened}
    )
    torn = {shop for shop, grid in grid_of.items() if before.grids.get(shop) != grid}
    loose = set(grid_of) - set(before.groups)
    if grids and held and not torn | loose:
        return None
    return GroupsAsked(
        question.ground,
        grid_of,
        question.group_rule,
        held,
        before.centres if held else {},
        # Of grids that are cut anew, all groups are: so few would stay as they are.
        frozenset(torn | loose) if held and question.grids and question.grids.held else frozenset(),
        question.seconds,
    )


def ways_between(before: Cut, wanted: Cut) -> tuple[tuple[str, str], ...]:
    """From each shop that is moved to the centre of its grid before and after, each pair once."""
    pairs = [
        (shop, centre)
        for shop, seat in wanted.seats.items()
        if before.seats[shop] != seat
        for centre in (before.grid_centres.get(before.seats[shop].grid), wanted.grid_centres.get(seat.grid))
        if centre is not None
    ]
    return tuple(dict.fromkeys(pairs))


def wanted_of(question: Question, answer: Answer) -> Cut:
    """The market as it was cut by the answer; groups that are new get ids that stay theirs."""
    before, grids = question.before, answer.grids
    grid_of = before.grids | (grids.grid_of if grids else {})
    group_of, centres = dict(before.groups), dict(before.centres)
    if answer.groups is not None:
        named = {_own(question, group.id): group for group in answer.groups.groups}
        centres |= {name: group.centre for name, group in named.items()}
        placed = {shop: name for name, group in named.items() for shop in group.shops}
        group_of = placed | _closed(question, grid_of, placed)
    seats = {shop: Seat(grid_of[shop], group_of.get(shop)) for shop in before.seats}
    return Cut(seats, centres, before.grid_centres | (grids.centres if grids else {}))


def _closed(question: Question, grid_of: Mapping[str, str], placed: Mapping[str, str]) -> dict[str, str]:
    """The groups of premises that the solver was not asked about."""
    doors = {shop.id: shop.door for shop in question.ground.shops}
    grid_of_group = {group: grid_of[shop] for shop, group in placed.items()}
    held, found = question.before.groups, {}
    for shop in question.before.seats:
        if shop in placed:
            continue
        group = held.get(shop)
        if group is None or grid_of_group.get(group) != grid_of[shop]:
            group = nearest_group(
                shop, doors, {one: g for one, g in placed.items() if grid_of[one] == grid_of[shop]}
            )
        if group is not None:
            found[shop] = group
    return found


def nearest_group(
    shop: str, doors: Mapping[str, tuple[float, float]], among: Mapping[str, str]
) -> str | None:
    """The group of the shop whose door is nearest, of those in `among`; None where there is none."""
    x, y = doors[shop]
    near = min(among, key=lambda one: (doors[one][0] - x) ** 2 + (doors[one][1] - y) ** 2, default=None)
    return among[near] if near is not None else None


def take(s: Session, question: Question, answer: Answer, now: datetime) -> Plan | None:
    """Write the answer into the draft; None where the draft does not wait for it any more.

    It was thrown away or submitted, or the job was given up, and maybe another begun or shops moved by hand.

    Raises:
        Refused: shops came, went or moved while it was solved.
    """
    row = s.get(Plan, question.plan, with_for_update=True, populate_existing=True)
    if row is None or row.state != State.DRAFT or not _is_at(row, question):
        return None
    now_cut = today(s, row.market, number.day_of(s, row.market, now))
    if now_cut.seats != question.before.seats:
        en = "Shops came, went or moved while it was solved. Solve it again."
        raise Refused("conflict", "plan.moved", en, "求解期间商铺有变动，请重新求解。")
    grids, groups = answer.grids, answer.groups
    drawing = Drawing(
        question.before,
        wanted_of(question, answer),
        question.ground,
        question.new_grids,
        ways=answer.ways,
        proofs={what: made.proof for what, made in (("grids", grids), ("groups", groups)) if made},
        least_moved=grids.least_moved if grids else None,
        oddities=tuple(one for made in (grids, groups) if made for one in made.oddities),
        measured=_measured(grids, groups),
        walked=answer.walked,
    )
    draw(s, row, drawing)
    stopped = any(made.proof.stopped for made in (grids, groups) if made)
    row.job = (row.job or {}) | {"state": "stopped" if stopped else "done", "at": now.isoformat()}
    return row


def _is_at(row: Plan, question: Question) -> bool:
    return row.job is not None and (row.job["id"], row.job["state"]) == (question.job, "running")


def _own(question: Question, group: str) -> str:
    """The id of a group; what the solver calls new-1 is this plan's own new group."""
    there = set(question.before.groups.values())
    return group if group in there else f"group-{question.plan[-12:]}-{group.removeprefix('new-')}"


def _measured(
    grids: GridsMade | None, groups: GroupsMade | None
) -> dict[str, tuple[float | None, float | None]]:
    found: dict[str, tuple[float | None, float | None]] = {}
    if grids:
        found |= {
            "apart": (None, grids.apart),
            "halls_cut": (None, grids.halls_cut),
            "runs_cut": (None, grids.runs_cut),
            "walk_m": (None, grids.walk_m),
        }
    if groups:
        found["broken"] = (None, groups.broken)
    return found
