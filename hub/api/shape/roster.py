"""Shapes of guards' rosters: a month of a workroom, drafts and their solver, covers, loans, days off."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from hub.api.shape.base import Given, Pair, Shown, Slug, When
from hub.api.shape.people import Day, Named, Word

MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"
MonthName = Annotated[str, Field(pattern=MONTH)]
ShiftName = Annotated[str, Field(pattern=r"^[a-z]{1,20}$")]
YearDays = Annotated[list[date], Field(min_length=1, max_length=366)]


class ShiftShown(Word):
    """A shift by the wall clock, HH:MM; `ends` 00:00 is the next day's."""

    begins: str
    ends: str
    night: bool
    least: int
    wanted: int


class RosterDay(Shown):
    """A day of the month; `off`: a weekend or holiday, None where the calendar of its year is not known."""

    day: str
    off: bool | None
    today: bool


class RosterCell(Shown):
    """What a person has on a day; a day that is free has none.

    plain: a shift · cover: came in for `covers` · leave: granted · lent: at another workroom, `at`.
    """

    day: str
    state: Literal["plain", "cover", "leave", "lent"]
    shift: str | None
    covers: Named | None = None
    at: Named | None = None


class RosterGuard(Named):
    """Somebody of the roster with what they have in it; `lent_by`: the workroom that lends them."""

    armband: str | None
    leader: bool
    lent_by: Named | None
    cells: list[RosterCell]
    nights: int
    weekends: int
    hours: float
    target_h: float
    told_at: When | None
    read_at: When | None


class ShiftTotal(Shown):
    """How many a shift of a day has, against how many it needs."""

    day: str
    shift: str
    count: int
    least: int
    missing: int


class RosterGap(Shown):
    """A shift that lacks guards or its leader; `words` names day, shift and count, `why` the causes."""

    day: str
    shift: str
    missing: int
    leader: bool
    begins: When
    ends: When
    past: bool
    words: Pair
    why: list[Pair]


class RuleBroken(Shown):
    """A rule that somebody's cells break on a day."""

    rule: Word
    person: str
    day: str
    words: Pair


class BareShown(Shown):
    """Minutes in which fewer than needed are there."""

    begins: When
    ends: When


class RosterFairness(Word):
    """nights, weekends or hours: the most and least that somebody has, people on leave apart."""

    most: float | None
    least: float | None
    spread: float | None
    target: float
    over: float


class RosterJob(Shown):
    """How a solver stands: waiting, running, done, failed or stopped."""

    state: str
    stage: str
    seconds: float
    best: float | None = None
    bound: float | None = None
    share: float | None = None
    zh: str | None = None
    en: str | None = None


class RosterFigures(Shown):
    """What the solver said of what it made; prices without a unit."""

    proved: bool
    objective: float
    bound: float
    baseline: float
    seconds: float


class CalendarState(Shown):
    """Whether the days off of a year are known; the question where they are not."""

    year: int
    known: bool
    words: Pair | None


class ChangeShown(Shown):
    """One person's day: another shift than before; null is free."""

    person: Named
    day: str
    before: str | None
    after: str | None


class CoverConsent(Named):
    """Whether somebody has agreed, and when."""

    agreed_at: When | None


class Cover(Shown):
    """Somebody is asked to come in; `mine`: the visitor is asked and has not answered."""

    id: str
    roster: str
    absent: Named
    day: str
    shift: Word
    state: Word
    changes: list[ChangeShown]
    consents: list[CoverConsent]
    asked_by: Named
    asked_at: When
    mine: bool
    may_withdraw: bool


class RosterMay(Shown):
    """What the visitor may do at this workroom."""

    change: bool
    approve: bool
    calendar: bool


class RosterMonth(Shown):
    """One workroom's month: the draft if it is asked for, else what holds; `id` null: there is none."""

    grid: Named
    room: Pair | None
    month: str
    id: str | None
    state: Literal["none", "draft", "published"]
    revision: int
    draft: str | None
    published: str | None
    published_at: When | None
    published_by: Named | None
    days: list[RosterDay]
    shifts: list[ShiftShown]
    people: list[RosterGuard]
    totals: list[ShiftTotal]
    gaps: list[RosterGap]
    broken: list[RuleBroken]
    bare: list[BareShown]
    fairness: list[RosterFairness]
    covers: list[Cover]
    calendars: list[CalendarState]
    figures: RosterFigures | None
    job: RosterJob | None
    may: RosterMay


class RosterOverview(Shown):
    """A workroom's month in a line; `gaps` are those to come."""

    grid: Named
    room: Pair | None
    people: int
    state: Literal["none", "draft", "published"]
    gaps: int
    told: int
    read: int
    on: list[Named]
    """Who is on duty now."""


class NewDraft(Given):
    """Of which month."""

    month: MonthName


class MadeDraft(Shown):
    """The id of a draft."""

    id: str
    revision: int


class CellEdit(Given):
    """A person's day: which shift, or null for none. Not to be kept, it is only tried."""

    person: Slug
    day: Day
    shift: ShiftName | None
    keep: bool = True


class CellEdited(Shown):
    """What the edit broke that was whole, and what it mended, with the month as it is then."""

    kept: bool
    broke: list[RuleBroken]
    opened: list[RosterGap]
    closed: list[RosterGap]
    month: RosterMonth


class RosterSolving(Given):
    """How long the solver may take, in seconds."""

    seconds: Annotated[float, Field(ge=1, le=300)] = 60.0


class Publishing(Given):
    """How many gaps to come the publisher saw and puts up with."""

    gaps: Annotated[int, Field(ge=0, le=200)] = 0


class RestShown(Shown):
    """Hours between this shift and the person's one before and after; null: none within a fortnight."""

    before_h: float | None
    after_h: float | None


class LoadStep(Shown):
    """A count as it is and as it would be."""

    before: float
    after: float


class CoverCandidate(Shown):
    """Who could come in, what it changes and who has to agree; or `why` not."""

    person: Named
    can: bool
    rest: RestShown
    nights: LoadStep
    weekends: LoadStep
    hours: LoadStep
    how: Pair | None
    changes: list[ChangeShown]
    consents: list[Named]
    why: Pair | None
    asked: Cover | None


class CoverCandidates(Shown):
    """Who can cover a shift, the best first, then those who cannot."""

    roster: str
    absent: Named | None
    day: str
    shift: ShiftShown
    begins: When
    ends: When
    people: list[CoverCandidate]


class Sick(Given):
    """Somebody cannot come on these days, all of one roster; why is not asked."""

    person: Slug
    days: Annotated[list[Day], Field(min_length=1, max_length=31)]


class SickShown(Shown):
    """`gaps` are open now; the least change that keeps every rule, and the gaps that it would leave."""

    changes: list[ChangeShown]
    consents: list[Named]
    proved: bool
    seconds: float
    gaps: list[RosterGap]
    left: list[RosterGap]


class ChangeGiven(Given):
    """One person's day as it would be."""

    person: Slug
    day: Day
    after: ShiftName | None


class NewCover(Given):
    """Whose shift, and the cells that change besides their own; nobody's: a gap is filled."""

    absent: Slug | None = None
    day: Day
    changes: Annotated[list[ChangeGiven], Field(min_length=1, max_length=60)]


class NewLoan(Given):
    """Who is to stand in which workroom's roster, from the first to the last day."""

    person: Slug
    grid: Slug
    begins: Day
    ends: Day


class Loan(Shown):
    """A loan; it holds once the person and the workroom that lends have agreed."""

    id: str
    person: Named
    grid_from: Named
    grid_to: Named
    begins: str
    ends: str
    state: Word
    lent: bool
    agreed: bool
    asked_by: Named
    asked_at: When
    may: list[Literal["agree", "lend", "decline", "end"]]


class YearOff(Shown):
    """Days off work of a year, weekends among them; not known: the question, to be answered with a list."""

    year: int
    known: bool
    source: Literal["calendar", "market"] | None
    days: list[str]
    words: Pair | None


class NewYearOff(Given):
    """Every day of the year that is off work, weekends among them."""

    days: YearDays


class NewGuardLeave(Given):
    """Own leave, of whole days, or a wish of a shift or any; no reason is asked."""

    kind: Literal["leave", "wanted", "unwanted"] = "leave"
    first: Day
    last: Day
    shift: ShiftName | None = None


class GuardLeave(Shown):
    """A leave or wish of a guard, and what the visitor may do to it."""

    id: str
    person: Named
    kind: Word
    first: str
    last: str
    shift: str | None
    state: Word
    asked_at: When
    decided_at: When | None
    may_decide: bool
    may_withdraw: bool
