"""Shapes of shop groups' lives: members, centre shops, elections."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hub.api.shape.base import Given, Shown, Slug, When
from hub.api.shape.component import Note
from hub.api.shape.people import Named, Word

Votes = Annotated[int, Field(ge=0, le=1000)]


class GroupLine(Shown):
    """A group as the list shows it; `term`: of its centre shop; `open`: an election is going on."""

    id: str
    number: int
    grid: str
    shops: int
    centre: Named | None
    deputy: Named | None
    begins: str | None
    ends: str | None
    term: Word
    open: bool


class Candidate(Named):
    """A shop that stands; its votes once they are counted."""

    votes: int | None


class Election(Shown):
    """An election with what was counted; nobody can see who voted how."""

    id: str
    way: Word
    state: Literal["called", "decided", "cancelled"]
    electors: int
    blank: int
    by_lot: bool
    candidates: list[Candidate]
    centre: str | None
    deputy: str | None
    begins: str | None
    ends: str | None
    called_at: When
    called_by: Named | None
    decided_at: When | None
    decided_by: Named | None


class Span(Shown):
    """A shop over a time, from `begins` to before `ends`."""

    shop: Named
    begins: str
    ends: str | None


class GroupPage(Shown):
    """One group; `own` are the shops for which the visitor speaks."""

    id: str
    number: int
    grid: Named
    centre: Named | None
    term: Word
    ends: str | None
    members: list[Named]
    elections: list[Election]
    history: list[Span]
    centres: list[Span]
    term_months: int
    may: bool
    own: list[str]


class NewElection(Given):
    """How is voted, and which shops stand."""

    way: Annotated[str, Field(pattern=r"^[a-z]{1,20}$")]
    candidates: Annotated[list[Slug], Field(min_length=1, max_length=20)]


class NewCount(Given):
    """What was counted; `lot`: candidates in the order in which they were drawn, where votes are equal."""

    votes: Annotated[dict[Slug, Votes], Field(min_length=1, max_length=20)]
    blank: Votes = 0
    lot: Annotated[tuple[Slug, ...], Field(max_length=20)] = ()


class CalledOff(Given):
    """Why an election is called off."""

    reason: Note = ""
