"""Whatever people do to a roster: duties are its cells, nobody's rest is broken, and what lacks is told."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from hub.core import monthly
from hub.core.refuse import Refused
from hub.core.shift import NEEDS, SHIFTS
from hub.service.roster import cover, covered, draw, duties, offer, page, publish, sick, watch
from hub.service.roster.asked import cells_of
from hub.store.duty import Duty
from hub.store.market import Grid
from hub.store.roster import Roster
from tests.hub.service.roster.room import CALENDAR, DAY, EVE, FIRST, GUARDS, MONTH, gaps, published
from tests.hub.town import actor

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from hub.service.roster.view import Seen

WHO, DAYS = st.integers(0, 9), st.integers(0, 30)
SHIFT = st.sampled_from([shift.id for shift in SHIFTS])
ACTS = st.one_of(
    st.tuples(st.just("sick"), WHO, DAYS),
    st.tuples(st.just("cover"), WHO, DAYS, st.booleans()),
    st.tuples(st.just("swap"), WHO, WHO, DAYS),
    st.tuples(st.just("edit"), WHO, DAYS, st.one_of(st.none(), SHIFT)),
    st.tuples(st.just("wait"), st.integers(1, 90)),
)
HARD = ("leave", "lent", "lapsed", "one_a_day", "rest_h", "most_in_7", "nights_running", "off_after_nights")


class Month:
    """December as it goes on, with one act after another."""

    def __init__(self, s: Session) -> None:
        self.s, self.now = s, EVE
        published(s)

    @property
    def row(self) -> Roster:
        return self.s.scalars(select(Roster).where(Roster.state == "published")).one()

    def sick(self, who: int, day: int) -> None:
        sick.call(
            self.s, actor(self.s, "shen"), self.row.id, GUARDS[who], [FIRST + day * DAY], CALENDAR, self.now
        )

    def cover(self, who: int, day: int, agrees: bool) -> None:
        """The first who can comes in for somebody, or says no."""
        s, row, on = self.s, self.row, FIRST + day * DAY
        had = {(cell.person, cell.day): cell.shift for cell in cells_of(s, row.id)}
        shift = had.get((GUARDS[who], on), "night")
        absent = GUARDS[who]
        found = offer.candidates(s, actor(s, "shen"), row.id, (on, shift), absent, CALENDAR, self.now)[
            "people"
        ]
        other = found[0]["person"]["id"]
        made = cover.ask(s, actor(s, "shen"), row.id, (absent, on), [(other, on, shift)], CALENDAR, self.now)
        self.answered(made.id, agrees=agrees)

    def swap(self, who: int, other: int, day: int) -> None:
        s, row, on = self.s, self.row, FIRST + day * DAY
        had = {(cell.person, cell.day): cell.shift for cell in cells_of(s, row.id)}
        one, two = GUARDS[who], GUARDS[other]
        both = [(one, on, had.get((two, on))), (two, on, had.get((one, on)))]
        made = cover.ask(s, actor(s, one), row.id, (one, on), both, CALENDAR, self.now)
        self.answered(made.id, agrees=True)

    def edit(self, who: int, day: int, shift: str | None) -> None:
        """By hand on a draft, which is published at once if it may be."""
        s, leader = self.s, actor(self.s, "shen")
        row = draw.begin(s, leader, "east", MONTH, self.now)
        draw.put(s, leader, row.id, 1, (GUARDS[who], FIRST + day * DAY, shift), self.now)
        publish.publish(s, leader, row.id, 2, gaps(s, row, self.now), CALENDAR, self.now)

    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        watch.look(self.s, self.now)

    def answered(self, id_: str, *, agrees: bool) -> None:
        for one in covered.open_of(self.s, self.row.id):
            if one.id == id_:
                for person in [person for person, at in one.consents.items() if at is None]:
                    if one.state == "asked":
                        cover.answer(self.s, actor(self.s, person), id_, CALENDAR, self.now, agrees=agrees)


def holds(month: Month) -> None:
    s, row, now = month.s, month.row, month.now
    s.flush()
    held = s.scalars(select(Duty).where(Duty.roster.is_not(None), Duty.ends > now)).all()
    coming = {(one.person, one.begins, one.ends) for one in held if one.begins > now}
    stood = duties.stood(s, row)
    assert coming == {(one.person, one.begins, one.ends) for one in stood if one.begins > now}
    assert {(one.person, one.ends) for one in held} == {
        (one.person, one.ends) for one in stood if one.ends > now
    }
    seen = page.look(s, s.get_one(Grid, "east"), row, FIRST, CALENDAR, now)
    assert [one for one in seen.checked.broken if one.rule in HARD] == []
    _covered(month, seen)


def _covered(month: Month, seen: Seen) -> None:
    """Shifts that are short by their cells are those that are short by their duties, and no others."""
    least = {need.shift: need.least for need in NEEDS}
    short = {
        (gap.day, gap.shift): least[gap.shift] - gap.missing
        for gap in seen.checked.gaps
        if not gap.leader and monthly.moments(seen.zone, gap.day, draw.KINDS[gap.shift])[0] > month.now
    }
    span = (month.now, datetime(2027, 1, 1, tzinfo=EVE.tzinfo))
    thin = watch.uncovered(month.s, seen.grid, span)
    assert {(day, shift): one.there for day, shift, one in thin if one.begins > month.now} == short


def lived(on: Engine, acts: list[tuple[object, ...]]) -> int:
    """How many of the acts were let through; what is refused leaves nothing behind."""
    done = 0
    with Session(on) as s:
        month = Month(s)
        for name, *words in acts:
            try:
                with s.begin_nested():
                    getattr(month, str(name))(*words)
                done += 1
            except Refused:
                s.expire_all()
            holds(month)
        s.rollback()
    return done


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ACTS, min_size=1, max_size=5))
def test_duties_are_the_roster_and_rules_hold_after_whatever_people_do(
    sqlite: Engine, acts: list[tuple[object, ...]]
) -> None:
    lived(sqlite, acts)


@pytest.mark.long
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ACTS, min_size=2, max_size=8))
def test_the_same_over_many_lives_on_both_databases(database: Engine, acts: list[tuple[object, ...]]) -> None:
    lived(database, acts)


def test_the_acts_of_those_lives_are_not_all_refused(database: Engine) -> None:
    acts: list[tuple[object, ...]] = [
        ("sick", 1, 4),
        ("wait", 30),
        ("cover", 1, 4, True),
        ("cover", 2, 7, False),
        ("edit", 3, 20, None),
        ("swap", 7, 3, 12),
        ("swap", 8, 6, 12),
    ]
    assert lived(database, acts) == len(acts)
