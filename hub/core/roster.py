"""What rosters of a workroom's guards are asked and what they answer, as values; a sick call, too.

Days are the market's own. Prices are whole numbers without a unit: what is dearer is kept longer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date  # noqa: TC003 - the child reads what it is asked by these types

from hub.core.glossary import Pair
from hub.core.planned import Proof  # noqa: TC001
from hub.core.shift import NEEDS, SHIFTS, Need, ShiftKind


@dataclass(frozen=True, slots=True)
class Prices:
    """What it costs to leave a soft rule once; a wish costs its own weight."""

    missing: int = 1000
    """One guard fewer on a shift than it needs."""
    leader: int = 120
    """A night without a leader."""
    wanted: int = 10
    """One guard fewer than wanted."""
    hours: int = 2
    """One shift more or fewer than a guard's hours make."""
    nights: int = 12
    """One night more or fewer than a guard's fair share."""
    weekends: int = 12
    """One day off work more or fewer that is worked."""


@dataclass(frozen=True, slots=True)
class RosterRule:
    """What a roster keeps to: the first six always, the others at a price."""

    rest_h: float = 11.0
    """Between two shifts of one person."""
    most_in_7: int = 6
    nights_running: int = 4
    tiring_nights: int = 2
    """After so many nights running, or more, come `off_after_nights` days off."""
    off_after_nights: int = 2
    week_h: float = 40.0
    leader_at_night: bool = True
    prices: Prices = field(default_factory=Prices)


RULES: dict[str, Pair] = {
    "leave": Pair("请假当天不排班", "Nobody on leave is on duty"),
    "lent": Pair("借调到别处的日子不排班", "Nobody lent elsewhere is on duty here"),
    "lapsed": Pair("证书过期后不排班", "Nobody whose certificate has lapsed is on duty"),
    "one_a_day": Pair("一人一天一班", "One shift a day"),
    "rest_h": Pair("两班之间休息够", "Rest between two shifts"),
    "most_in_7": Pair("连续七天的班数上限", "Most shifts in any 7 days"),
    "nights_running": Pair("连续夜班上限", "Most nights running"),
    "off_after_nights": Pair("连上夜班后休息", "Days off after nights running"),
    "least": Pair("每班最少人数", "Least guards a shift"),
    "leader_at_night": Pair("夜班要有负责人", "A leader at night"),
    "bare": Pair("每一分钟都有人", "No minute uncovered"),
    "wanted": Pair("每班希望人数", "Guards wanted a shift"),
    "week_h": Pair("每周工时", "Hours a week"),
    "nights": Pair("夜班公平", "Nights shared fairly"),
    "weekends": Pair("周末和节假日公平", "Weekends and holidays shared fairly"),
    "wishes": Pair("个人意愿", "Wishes"),
}
"""Every rule by name; those up to `bare` are never broken by a solver without saying so."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A guard would like that shift on that day (`wanted`), or would like not to; shift None is any shift."""

    day: date
    shift: str | None
    wanted: bool
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Cell:
    """One person has one shift on one day 排班格."""

    person: str
    day: date
    shift: str


@dataclass(frozen=True, slots=True)
class GuardAsked:
    """One who may be put on the roster."""

    person: str
    name: Pair | None = None
    """For sentences; None: the person's id stands there."""
    leader: bool = False
    leave: frozenset[date] = frozenset()
    lent: frozenset[date] = frozenset()
    """Days on which another workroom has this person."""
    here: frozenset[date] | None = None
    """Where another workroom lends this person: the only days on which it does."""
    lapses: date | None = None
    """First day on which a certificate that duty needs is no longer valid."""
    wishes: tuple[Wish, ...] = ()
    before: tuple[Cell, ...] = ()
    """What this person had in the last 14 days before the roster."""
    elsewhere: tuple[Cell, ...] = ()
    """What other rosters have of this person on its days and in the 14 days after; it stays as it is."""
    nights: int = 0
    """Nights more (or fewer: below 0) than the mean of the months before."""
    weekends: int = 0
    """Days off work that were worked, in the same way."""
    hours: float | None = None
    """Hours a week, where they are not the rule's."""

    @property
    def called(self) -> Pair:
        """What sentences call this person."""
        return self.name or Pair(self.person, self.person)


@dataclass(frozen=True, slots=True)
class GuardsAsked:
    """Make the roster of one workroom; `fixed` cells stay as they are, `off` ones stay empty."""

    days: tuple[date, ...]
    """One after the other, without a hole."""
    guards: tuple[GuardAsked, ...]
    shifts: tuple[ShiftKind, ...] = SHIFTS
    needs: tuple[Need, ...] = NEEDS
    rule: RosterRule = field(default_factory=RosterRule)
    fixed: tuple[Cell, ...] = ()
    off: tuple[tuple[str, date], ...] = ()
    """Person and day, where a person has decided that it stays free."""
    holidays: frozenset[date] = frozenset()
    """Days off work: weekends and public holidays, without those that are worked in exchange."""
    seconds: float = 60.0
    gap: float = 0.0
    """Share that may stay unproved: it is enough, then, and no more time is spent."""

    def need(self, day: date, shift: str) -> Need:
        """What a shift needs on a day; nothing where nobody says."""
        usual = Need(shift, 0, 0)
        for need in self.needs:
            if need.shift == shift and need.day == day:
                return need
            if need.shift == shift and need.day is None:
                usual = need
        return usual


@dataclass(frozen=True, slots=True)
class RosterGap:
    """A shift that lacks `missing` guards, or its leader; `why` says what keeps the others from it."""

    day: date
    shift: str
    missing: int
    leader: bool = False
    """It has enough guards but no leader."""
    why: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class RosterBroken:
    """A rule that a person's cells break on a day; `value` is what it is instead of what it should be."""

    rule: str
    person: str
    day: date
    value: float
    words: Pair


@dataclass(frozen=True, slots=True)
class Bare:
    """Nobody is there from..to, in minutes after the roster's first midnight."""

    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Load:
    """What a person has in a roster; `nights_all` and `weekends_all` with what was carried over."""

    person: str
    shifts: int
    hours: float
    target_h: float
    nights: int
    weekends: int
    nights_all: int
    weekends_all: int


@dataclass(frozen=True, slots=True)
class RosterChecked:
    """Everything that is wrong with cells, and what each person has; made without a solver."""

    gaps: tuple[RosterGap, ...]
    broken: tuple[RosterBroken, ...]
    bare: tuple[Bare, ...]
    loads: tuple[Load, ...]
    short: int
    """Guards that are wanted and not there, in sum."""
    unmet: int
    """Weight of wishes that are not met."""
    price: int
    """What all soft rules that are left cost."""
    nights_spread: int
    weekends_spread: int


@dataclass(frozen=True, slots=True)
class GuardsMade:
    """A roster and how it compares; `baseline` is the usual fixed cycle in the same days."""

    cells: tuple[Cell, ...]
    checked: RosterChecked
    proof: Proof
    first_s: float
    """Seconds until the first roster was found."""
    baseline: RosterChecked


@dataclass(frozen=True, slots=True)
class RosterCheckAsked:
    """Why do these cells have gaps, and what would close them?"""

    asked: GuardsAsked
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class SickAsked:
    """`person` cannot come on `days`: who covers, so that the fewest cells change? Earlier days are fixed."""

    asked: GuardsAsked
    cells: tuple[Cell, ...]
    person: str
    days: tuple[date, ...]
    seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class Change:
    """One person's day: another shift than before; None is free."""

    person: str
    day: date
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class SickMade:
    """The least change: the sick person's own cells are not counted in it."""

    cells: tuple[Cell, ...]
    changes: tuple[Change, ...]
    agree: tuple[str, ...]
    """Whose consent is needed: everybody whose cells change, without the sick person."""
    proved: bool
    """No roster within the rules changes fewer."""
    checked: RosterChecked
    seconds: float
