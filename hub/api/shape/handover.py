"""Shapes of the handover book and of attendance."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hub.api.shape.base import Given, Id, Pair, Shown, When, Words
from hub.api.shape.people import Named, Word, Worn

Note = Annotated[Words, Field(max_length=1000)]


class Matter(Shown):
    """An open case or alert of the grid; `at`: since when."""

    id: str
    kind: Literal["case", "alert"]
    words: Pair
    at: When


class Kit(Shown):
    """A piece of equipment as the book has it: where it is, and whether it was in order."""

    asset: str
    label: str
    kind: Word
    state: Word
    holder: Named | None
    ok: bool
    note: str


class HandoverPage(Shown):
    """A page of the book: what one shift leaves to the next.

    Of one that was not given yet, matters and kit are those of this moment.
    """

    id: str | None
    grid: Named
    at: When
    matters: list[Matter]
    kit: list[Kit]
    note: str
    given_by: Named | None
    given_at: When | None
    taken_by: Named | None
    taken_at: When | None
    answer: str
    late: bool
    """Not given or not taken half an hour after the shifts changed."""
    may_give: bool
    may_take: bool


class KitGiven(Given):
    """What whoever gives found of a piece of equipment."""

    asset: Id
    ok: bool
    note: Annotated[Words, Field(max_length=200)] = ""


class GivenOver(Given):
    """What is handed over besides the open matters."""

    note: Note = ""
    kit: Annotated[list[KitGiven], Field(max_length=200, default_factory=list)]


class TakenOver(Given):
    """What whoever takes over found otherwise; empty: all as written."""

    answer: Note = ""


class SignIn(Given):
    """The number of the armband that is worn."""

    armband: Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,16}$")]


class Attended(Shown):
    """A duty as it was kept: to_come, due, in, out, late or missed."""

    duty: str
    person: Worn
    grid: Named | None
    begins: When
    ends: When
    worn: str | None
    in_at: When | None
    out_at: When | None
    state: Word
    late_min: int
