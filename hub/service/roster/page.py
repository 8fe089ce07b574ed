"""A workroom's month as its page shows it: people and cells, totals, gaps with words, fairness."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from hub.core import monthly, policy
from hub.core.policy import Target
from hub.core.roster_check import checked
from hub.core.roster_offer import why
from hub.core.roster_row import rows
from hub.service import duty, number, people, scope, workday
from hub.service.registered import person_of
from hub.service.roster import covered, right, view
from hub.service.roster.asked import cells_of, room, values
from hub.service.roster.draw import KINDS
from hub.service.roster.view import Seen
from hub.service.shape import maybe_iso, name, pair
from hub.service.workroom import living, of_grid
from hub.store.market import Grid
from hub.store.roster import Roster, RosterRead

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.core.roster import Cell, GuardsAsked, RosterChecked
    from hub.ports import Workdays

View = dict[str, Any]
MOST_WHY = 10
"""So many gaps are explained at length; of an empty draft every shift is one."""


def look(s: Session, grid: Grid, row: Roster | None, first: date, workdays: Workdays, now: datetime) -> Seen:
    """A workroom's month, from `first`, as it is."""
    days = monthly.days(*monthly.span(f"{first:%Y-%m}"))
    cells = tuple(cells_of(s, row.id)) if row else ()
    today = number.day_of(s, grid.market, now)
    found = room(s, grid, days, workdays, values(cells), today)
    return Seen(
        grid,
        days,
        row,
        cells,
        found,
        _explained(found.asked, values(cells), today),
        number.zone_of(s, grid.market),
        now,
    )


def _explained(asked: GuardsAsked, cells: tuple[Cell, ...], today: date) -> RosterChecked:
    """What is wrong; the next gaps say what keeps whom from them, the others only what they lack."""
    made, found = checked(asked, cells), rows(asked, cells)
    next_ = [gap for gap in made.gaps if gap.day >= today][:MOST_WHY]
    gaps = tuple(
        replace(gap, why=tuple(islice(why(asked, found, gap), None if gap in next_ else 1)))
        for gap in made.gaps
    )
    return replace(made, gaps=gaps)


def month(
    s: Session,
    actor: Actor,
    grid: str,
    wanted: str,
    workdays: Workdays,
    now: datetime,
    *,
    draft: bool = False,
) -> View:
    """A workroom's month: what holds, or with `draft` the draft of it.

    Raises:
        Refused: there is no such workroom, or the actor may not see it.
    """
    at = right.seen_grid(s, actor, grid)
    first = monthly.span(wanted)[0]
    row = right.drawn(s, at.id, first) if draft and right.may(actor, "duty.change", at.id) else None
    return shown(s, actor, look(s, at, row or right.holds(s, at.id, first), first, workdays, now))


def of(s: Session, actor: Actor, row: Roster, workdays: Workdays, now: datetime) -> View:
    """The month of one roster."""
    return shown(s, actor, look(s, s.get_one(Grid, row.grid), row, row.begins, workdays, now))


def shown(s: Session, actor: Actor, seen: Seen) -> View:
    """A month as the actor sees it."""
    row, at, first = seen.row, seen.grid, seen.days[0]
    change = right.may(actor, "duty.change", at.id)
    drawn, held = right.drawn(s, at.id, first), right.holds(s, at.id, first)
    workroom = of_grid(s, at.id)
    who = people.names(s, [row.published_by] if row else [])
    return {
        "grid": {"id": at.id, "name": name(at)},
        "room": name(workroom) if workroom else None,
        "month": f"{first:%Y-%m}",
        "id": row.id if row else None,
        "state": row.state if row else "none",
        "revision": row.revision if row else 0,
        "draft": drawn.id if drawn and change else None,
        "published": held.id if held else None,
        "published_at": maybe_iso(row.published_at) if row else None,
        "published_by": person_of(who, row.published_by) if row else None,
        "days": view.days(seen),
        "shifts": [view.shift(one) for one in KINDS],
        "people": view.guards(s, seen),
        "totals": view.totals(seen) if row else [],
        "gaps": [view.gap(seen.zone, one, seen.now) for one in seen.checked.gaps] if row else [],
        "broken": [view.broken(one) for one in seen.checked.broken],
        "bare": view.bare(seen) if row else [],
        "fairness": view.fairness(seen) if row else [],
        "covers": covered.views(s, actor, covered.open_of(s, row.id)) if row else [],
        "calendars": [
            {"year": year, "known": False, "words": pair(workday.question(year))}
            for year in seen.room.off.unknown
        ],
        "figures": (row.figures or None) if row else None,
        "job": _job(row) if row else None,
        "may": {
            "change": change,
            "approve": right.may(actor, "duty.approve", at.id),
            "calendar": workday.may_put(actor),
        },
    }


def overview(s: Session, actor: Actor, wanted: str, workdays: Workdays, now: datetime) -> list[View]:
    """Every workroom whose roster the actor may see, with its month in a line.

    Raises:
        Refused: the actor may see none.
    """
    policy.authorize(actor, "duty.see", Target(scope.first(actor, "duty.see")))
    first = monthly.span(wanted)[0]
    on_duty = duty.now_on(s, actor.market, now)
    found = []
    for grid in living(s, actor.market, number.day_of(s, actor.market, now)):
        if not right.may(actor, "duty.see", grid.id):
            continue
        held, workroom = right.holds(s, grid.id, first), of_grid(s, grid.id)
        drawn = right.drawn(s, grid.id, first) if right.may(actor, "duty.change", grid.id) else None
        seen = look(s, grid, held, first, workdays, now)
        told, read = _reads(s, held)
        found.append(
            {
                "grid": {"id": grid.id, "name": name(grid)},
                "room": name(workroom) if workroom else None,
                "people": len(seen.room.members),
                "state": "published" if held else "draft" if drawn else "none",
                "gaps": sum(not view.gap(seen.zone, one, now)["past"] for one in seen.checked.gaps)
                if held
                else 0,
                "told": told,
                "read": read,
                "on": [
                    {"id": one.person.id, "name": name(one.person)}
                    for one in on_duty
                    if one.crew is not None and one.crew.grid == grid.id
                ],
            }
        )
    return found


def _job(row: Roster) -> View | None:
    return dict(row.job) if row.job is not None else None


def _reads(s: Session, row: Roster | None) -> tuple[int, int]:
    if row is None:
        return 0, 0
    query = select(func.count(), func.count(RosterRead.read_at)).where(RosterRead.roster == row.id)
    told, read = s.execute(query).one()
    return told, read
