"""What a published roster means for everybody else: its rows of `duty`, changed only from now on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from hub.core import monthly
from hub.service import number
from hub.service.roster.asked import cells_of
from hub.service.roster.draw import KINDS
from hub.store.duty import Crew, Duty
from hub.store.market import Market
from hub.store.roster import Roster
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

POST = "guard"


@dataclass(frozen=True, slots=True)
class Stood:
    """A cell as it is on duty."""

    id: str
    person: str
    begins: datetime
    ends: datetime


def sync(s: Session, row: Roster, now: datetime) -> int:
    """Make the duties of a workroom's month those of its published roster; how many changed.

    What is over stays. Who goes in the middle of a shift goes now, and who comes then comes now.
    """
    s.flush()
    wanted = {(one.person, one.begins): one for one in stood(s, row) if one.ends > now}
    of_month = select(Roster.id).where(Roster.grid == row.grid, Roster.begins == row.begins)
    query = select(Duty).where(Duty.roster.in_(of_month), Duty.ends > now).order_by(Duty.id)
    changed = 0
    for duty in s.scalars(query).all():
        one = _of(wanted, duty)
        if one is None:
            _end(s, duty, now)
            changed += 1
        else:
            duty.roster = row.id
            del wanted[one.person, one.begins]
    crew = crew_of(s, row) if wanted else None
    for one in wanted.values():
        begins = max(one.begins, now)
        s.add(
            Duty(
                id=one.id,
                market=row.market,
                person=one.person,
                crew=crew,
                post=POST,
                begins=begins,
                ends=one.ends,
                roster=row.id,
            )
        )
        changed += 1
    s.flush()
    return changed


def crew_of(s: Session, row: Roster) -> str:
    """The crew of a roster's grid, to which cases are given; made where there is none."""
    query = select(Crew.id).where(Crew.grid == row.grid).order_by(Crew.number).limit(1)
    crew = s.scalar(query)
    if crew is not None:
        return crew
    s.execute(select(Market.id).where(Market.id == row.market).with_for_update())  # two count the same last
    last = s.scalar(select(func.max(Crew.number)).where(Crew.market == row.market)) or 0
    made = Crew(id=new_id(), market=row.market, grid=row.grid, number=last + 1)
    s.add(made)
    s.flush()
    return made.id


def stood(s: Session, row: Roster) -> list[Stood]:
    """Every cell with its moments."""
    zone = number.zone_of(s, row.market)
    return [
        Stood(cell.id, cell.person, *monthly.moments(zone, cell.day, KINDS[cell.shift]))
        for cell in cells_of(s, row.id)
    ]


def _of(wanted: dict[tuple[str, datetime], Stood], duty: Duty) -> Stood | None:
    """The cell that a duty stands for, also one whose person came in after it had begun."""
    return next(
        (
            one
            for one in wanted.values()
            if one.person == duty.person and one.begins <= duty.begins and one.ends == duty.ends
        ),
        None,
    )


def _end(s: Session, duty: Duty, now: datetime) -> None:
    if duty.begins < now:
        duty.ends = now
    else:
        s.delete(duty)
        s.flush()
