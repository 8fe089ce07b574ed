"""What is said of a plan: figures before and after, its grids and groups, rules that it breaks."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core.breach import apart_on_foot, breaches, unbalanced
from hub.core.glossary import Pair
from hub.core.planned import EditAsked, EditMade
from hub.core.versions import deviation, load, sizes, sums
from hub.service.plan.cut import numbered
from hub.service.plan.rules import grid_rule, group_rule
from hub.store.market import Grid, ShopGroup

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hub.core.breach import Breach
    from hub.core.ground import Ground
    from hub.core.planned import GridRule, GroupRule, Oddity, Proof
    from hub.core.versions import Seats
    from hub.service.plan.cut import Cut
    from hub.service.plan.draw import Drawing
    from hub.store.plan import Plan

View = dict[str, Any]
WALKED = {"apart": "grid.apart", "runs_cut": "run.cut", "broken": "group.apart"}
"""Figure → the rule whose breaches it counts."""


def written(s: Session, row: Plan, drawing: Drawing, wanted: Cut) -> View:
    """All that the page of the plan says of it, as it was when it was drawn."""
    groups = _groups(s, row, drawing.before, wanted)
    broken = _broken(s, row, drawing, wanted)
    return {
        "figures": _figures(drawing, wanted, groups, group_rule(row)),
        "proofs": [_proof(what, one, drawing.least_moved) for what, one in drawing.proofs.items()],
        "oddities": [_oddity(one) for one in drawing.oddities],
        "broken": broken,
        "grids": _grids(s, row, drawing, wanted),
        "groups": groups,
    }


def tell_breach(breach: Breach, known: set[tuple[str, str]]) -> View:
    """A broken rule as the page shows it."""
    return asdict(breach) | {"new": (breach.rule, breach.subject) not in known}


def _broken(s: Session, row: Plan, drawing: Drawing, wanted: Cut) -> list[View]:
    walked = drawing.walked or (EditMade(()), EditMade(()))
    known = {(one.rule, one.subject) for one in _told(s, row, drawing, drawing.before, walked[0])}
    return [tell_breach(one, known) for one in _told(s, row, drawing, wanted, walked[1])]


def _told(s: Session, row: Plan, drawing: Drawing, cut: Cut, walked: EditMade) -> list[Breach]:
    seats = _trading(drawing, cut)
    grids = s.scalars(select(Grid).where(Grid.market == row.market))
    called = {grid.id: Pair(grid.name_zh, grid.name_en) for grid in grids}
    groups = numbers(s, row.market)
    both = called | {group: Pair(f"第 {at} 联防小组", f"Shop group {at}") for group, at in groups.items()}
    loads = {shop.id: load(shop) for shop in drawing.ground.shops}
    return [
        *unbalanced(seats, loads, grid_rule(row), called),
        *breaches(seats, group_rule(row), groups),
        *apart_on_foot(walked.broken, both),
    ]


def edit_asked(ground: Ground, cut: Cut, rule: GridRule) -> EditAsked:
    """Asks what a cut breaks for whoever walks it; groups are of the shops that are open."""
    opened = {shop.id for shop in ground.shops if shop.open}
    groups = {shop: group for shop, group in cut.groups.items() if shop in opened}
    return EditAsked(ground, cut.grids, groups, rule)


def _figures(
    drawing: Drawing, wanted: Cut, groups: list[View], rule: GroupRule
) -> dict[str, list[float | None]]:
    before = drawing.before
    loads = {shop.id: load(shop) for shop in drawing.ground.shops}
    pairs = [(before.seats[shop], seat) for shop, seat in wanted.seats.items()]
    found: dict[str, list[float | None]] = {
        "moved_grid": [None, sum(held.grid != seat.grid for held, seat in pairs)],
        "work_deviation": [deviation(sums(cut.grids, loads)) for cut in (before, wanted)],
        "moved_group": [None, sum(held.group != seat.group for held, seat in pairs)],
        "groups": [len(sizes(cut.seats)) for cut in (before, wanted)],
        "odd_sizes": [_odd(_trading(drawing, cut), rule) for cut in (before, wanted)],
        "elect": [None, sum(group["elect"] for group in groups)],
    }
    return found | {name: list(pair) for name, pair in drawing.measured.items()} | _walked(drawing)


def _walked(drawing: Drawing) -> dict[str, list[float | None]]:
    """How often each rule of those who walk is broken, before and after."""
    if drawing.walked is None:
        return {}
    counts = [Counter(one.rule for one in made.broken) for made in drawing.walked]
    return {name: [count[rule] for count in counts] for name, rule in WALKED.items()}


def _odd(seats: Seats, rule: GroupRule) -> int:
    return sum(not rule.least <= count <= rule.most for count in sizes(seats).values())


def _trading(drawing: Drawing, cut: Cut) -> Seats:
    """Shops that are open: closed premises do not fill a group."""
    return {
        shop.id: cut.seats[shop.id] for shop in drawing.ground.shops if shop.open and shop.id in cut.seats
    }


def _grids(s: Session, row: Plan, drawing: Drawing, wanted: Cut) -> list[View]:
    rows = {grid.id: grid for grid in s.scalars(select(Grid).where(Grid.market == row.market))}
    ones, loads = {}, {}
    for shop in drawing.ground.shops:
        ones[shop.id], loads[shop.id] = 1.0, load(shop)
    count = [sums(cut.grids, ones) for cut in (drawing.before, wanted)]
    work = [sums(cut.grids, loads) for cut in (drawing.before, wanted)]
    there = {*count[0], *count[1]}
    new, found = numbered(s, row.market, Grid, there - set(rows)), []
    for grid in there:
        known = rows.get(grid)
        words = {"zh": known.name_zh, "en": known.name_en} if known else drawing.new_grids[grid]
        found.append(
            {
                "id": grid,
                "number": known.number if known else new[grid],
                "name": {"zh": words["zh"], "en": words["en"]},
                "shops": int(count[1].get(grid, 0)),
                "shops_before": int(count[0].get(grid, 0)),
                "work": work[1].get(grid, 0.0),
                "work_before": work[0].get(grid, 0.0),
                "centre": wanted.grid_centres.get(grid),
                "new": grid not in count[0],
                "gone": grid not in count[1],
            }
        )
    return sorted(found, key=lambda one: one["number"])


def _groups(s: Session, row: Plan, before: Cut, wanted: Cut) -> list[View]:
    """Those that would be other than they are."""
    rows = {one.id: one for one in s.scalars(select(ShopGroup).where(ShopGroup.market == row.market))}
    here, there = _members(before), _members(wanted)
    both = {*here, *there}
    new, found = numbered(s, row.market, ShopGroup, both - set(rows)), []
    grids = before.grid_of_group | wanted.grid_of_group
    for group in both:
        centres = before.centres.get(group), wanted.centres.get(group)
        if here.get(group) == there.get(group) and centres[0] == centres[1]:
            continue
        found.append(
            {
                "id": group,
                "grid": grids[group],
                "number": rows[group].number if group in rows else new[group],
                "shops": len(there.get(group, ())),
                "shops_before": len(here.get(group, ())),
                "centre": centres[1] if group in there else None,
                "centre_before": centres[0],
                "elect": group in there and centres[0] not in there[group],
                "new": group not in here,
                "gone": group not in there,
            }
        )
    return sorted(found, key=lambda one: one["number"])


def numbers(s: Session, market: str) -> dict[str, str]:
    """Group → its number, as people call it."""
    rows = s.execute(select(ShopGroup.id, ShopGroup.number).where(ShopGroup.market == market))
    return {row.id: str(row.number) for row in rows}


def _members(cut: Cut) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for shop, group in cut.groups.items():
        found.setdefault(group, set()).add(shop)
    return found


def _proof(what: str, proof: Proof, least_moved: int | None) -> View:
    least = least_moved if what == "grids" else None
    return asdict(proof) | {"what": what, "gap": proof.gap, "least_moved": least}


def _oddity(oddity: Oddity) -> View:
    return {"rule": oddity.rule, "subject": oddity.subject, "count": oddity.count}
