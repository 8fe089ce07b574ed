"""Cells of a published roster that change together: held against the rules, then written with duties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from hub.core import monthly
from hub.core.refuse import Refused
from hub.core.roster import Cell
from hub.core.roster_check import checked
from hub.core.shift import SHIFTS
from hub.service.roster import duties
from hub.service.roster.asked import cells_of, values
from hub.service.roster.draw import KINDS
from hub.store.roster import RosterCell
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from sqlalchemy.orm import Session

    from hub.core.roster import RosterChecked
    from hub.service.roster.view import Seen
    from hub.store.roster import Roster

ORDER = {shift.id: number for number, shift in enumerate(SHIFTS)}


@dataclass(frozen=True, slots=True)
class Step:
    """One person's day: another shift than before, None is free; `covers` is whose shift it was."""

    person: str
    day: date
    before: str | None
    after: str | None
    covers: str | None = None

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "person": self.person,
            "day": self.day.isoformat(),
            "before": self.before,
            "after": self.after,
            "covers": self.covers,
        }


def steps(kept: Iterable[dict[str, Any]]) -> list[Step]:
    """The same from JSON."""
    return [Step(**one | {"day": date.fromisoformat(one["day"])}) for one in kept]


def applied(cells: Iterable[Cell], changes: Iterable[Step]) -> tuple[Cell, ...]:
    """The cells as they would be."""
    found = {(cell.person, cell.day): cell for cell in cells}
    for one in changes:
        found.pop((one.person, one.day), None)
        if one.after is not None:
            found[one.person, one.day] = Cell(one.person, one.day, one.after)
    return tuple(sorted(found.values(), key=lambda cell: (cell.day, ORDER[cell.shift], cell.person)))


def refuse_worse(seen: Seen, changes: Sequence[Step]) -> RosterChecked:
    """What is wrong with the cells as they would be.

    Raises:
        Refused: a rule would be broken that is not, or a shift would lack more than it does.
    """
    before = seen.checked
    after = checked(seen.room.asked, applied(values(seen.cells), changes))
    known = {(one.rule, one.person, one.day, one.value) for one in before.broken}
    for one in after.broken:
        if (one.rule, one.person, one.day, one.value) not in known:
            en, zh = f"{one.words.en}. Ask somebody else.", f"{one.words.zh}，请换人。"
            raise Refused("state", "roster.broken", en, zh)
    lacked = {(gap.day, gap.shift): gap.missing for gap in before.gaps if not gap.leader}
    for gap in after.gaps:
        if not gap.leader and gap.missing > lacked.get((gap.day, gap.shift), 0):
            kind = KINDS[gap.shift]
            en = f"That would leave {kind.en} of {gap.day} short. Choose another change."
            raise Refused("state", "roster.short", en, f"这样 {gap.day} {kind.zh}会缺人，请换一种换法。")
    return after


def is_over(seen: Seen, day: date, shift: str | None) -> bool:
    """Whether a shift of a day has ended."""
    return shift is not None and monthly.moments(seen.zone, day, KINDS[shift])[1] <= seen.now


def any_over(zone: ZoneInfo, changes: Iterable[Step], now: datetime) -> bool:
    """Whether a shift that somebody would give away or take has ended."""
    shifts = [(one.day, each) for one in changes for each in (one.before, one.after) if each]
    return any(monthly.moments(zone, day, KINDS[each])[1] <= now for day, each in shifts)


def fits(s: Session, row: Roster, changes: Iterable[Step]) -> bool:
    """Whether everybody still has what they had when they were asked."""
    had = {(cell.person, cell.day): cell.shift for cell in cells_of(s, row.id)}
    return all(had.get((one.person, one.day)) == one.before for one in changes)


def write(s: Session, row: Roster, changes: Iterable[Step], now: datetime) -> None:
    """Change a published roster's cells, and its duties with them."""
    had = {(cell.person, cell.day): cell for cell in cells_of(s, row.id)}
    changes = list(changes)
    for one in changes:
        if (one.person, one.day) in had:
            s.delete(had[one.person, one.day])
    s.flush()
    for one in changes:
        if one.after is not None:
            given = {"person": one.person, "day": one.day, "shift": one.after, "covers": one.covers}
            s.add(RosterCell(id=new_id(), roster=row.id, **given))
    row.revision += 1
    duties.sync(s, row, now)
