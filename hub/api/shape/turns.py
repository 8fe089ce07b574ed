"""Shapes of turns: the phone's day, the month of a group, swaps, leave, closed days."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from hub.api.shape.base import Given, Pair, Shown, Slug, When
from hub.api.shape.component import Note
from hub.api.shape.people import Named, Word

Days = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]
Item = Literal["opening", "noon", "closing", "buddy"]
RowId = Annotated[str, Field(pattern=r"^[a-z0-9-]{1,80}$")]


class TurnLine(Shown):
    """One day of a group. `why`: why nobody has it; `to`: with whom a swap is asked for."""

    id: str
    day: str
    shop: Named | None
    buddy: Named | None
    mine: bool
    fixed: bool
    state: Word
    why: Pair | None
    to: Named | None


class TurnThing(Shown):
    """One of the day's things; `by` is the market's own time, HH:MM; `may`: the visitor may tick it now."""

    id: Item
    zh: str
    en: str
    by: str
    due: When
    done_at: When | None
    note: str
    may: bool


class TurnToday(TurnLine):
    """Today's turn. `buddy_mine`: the visitor's shop checks at closing; `may`: confirm, swap, help."""

    begins: When
    ends: When
    hours: tuple[str, str]
    confirm_by: When
    confirmed_at: When | None
    buddy_mine: bool
    may: list[str]


class TurnGroup(Shown):
    """The group of a phone's person."""

    id: str
    number: int
    grid: Named
    shops: int
    centre: Named | None


class MonthCount(Shown):
    """How often a shop has the month's turns; `mine` is None for who speaks for no shop."""

    first: str
    last: str
    least: int
    most: int
    spread: int
    mine: int | None
    words: Pair


class SwapTurn(Shown):
    """A day that changes hands."""

    id: str
    day: str


class Swap(Shown):
    """One shop asks another. `may`: what the visitor may do now: agree, refuse, withdraw."""

    id: str
    state: Word
    asker: Named
    asked: Named
    given: SwapTurn
    taken: SwapTurn | None
    note: str
    asked_at: When
    decided_at: When | None
    may: list[str]


class Today(Shown):
    """A phone's day; without a group all is empty. `next`: the shop's next turn after today."""

    day: str
    group: TurnGroup | None
    shop: Named | None
    turn: TurnToday | None
    things: list[TurnThing]
    week: list[TurnLine]
    month: MonthCount | None
    next: SwapTurn | None
    swaps: list[Swap]


class Checked(Given):
    """A thing is done; a note says what was not in order."""

    item: Item
    note: Note = ""


class Partner(Shown):
    """A shop of the group that could take a day. `turn`: what it would give; `month`: turns this month."""

    shop: Named
    turn: SwapTurn | None
    month: int
    may: bool
    why: Pair | None


class Partners(Shown):
    """Who could take a day, fewest turns first; `month`: the own turns of its month."""

    turn: TurnLine
    month: int
    partners: list[Partner]


class NewSwap(Given):
    """Whom to ask, and which of their turns is taken for it; none: they stand in."""

    shop: Slug
    taken: RowId | None = None
    note: Note = ""


class HelpAsked(Given):
    """The group's coordinator is asked to arrange it."""

    note: Note = ""


class NewLeave(Given):
    """From the first to the last day, both included; `shop`: None is the visitor's own."""

    first: Days
    last: Days
    reason: Note = ""
    shop: Slug | None = None


class ShopLeave(Shown):
    """A shop's leave. `turns`: days on which it has a turn all the same; `may`: grant, refuse, withdraw.

    `reason` and `answer` are empty for all but the shop's own people and who decides.
    """

    id: str
    shop: Named
    group: str | None
    first: str
    last: str
    reason: str
    state: Word
    asked_at: When
    decided_at: When | None
    answer: str
    turns: list[str]
    may: list[str]


class Answered(Given):
    """What the decision on a leave adds."""

    answer: Note = ""


class ConfirmSaid(Given):
    """In a phone's queue: the shop that has the turn will be there."""

    turn: RowId


class CheckSaid(Checked):
    """In a phone's queue: one of the day's things is done."""

    turn: RowId
