"""Shapes of workrooms, the four levels, and appointments."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hub.api.shape.base import Given, Name, Pair, Shown, Slug, When
from hub.api.shape.component import Code, Note, Spot
from hub.api.shape.people import Day, Named, Word, Worn


class Room(Shown):
    """Where a workroom is, and the telephone that stands there."""

    name: Pair
    spot: str
    phone: str


class Item(Word):
    """One of the five items: what it `asks` for, whether it is there, and whether somebody looked lately."""

    asks: Pair
    ready: bool
    stale: bool
    note: str
    at: When | None
    by: Named | None


class Workroom(Shown):
    """A grid with its workroom, or without one; `missing` are the items that it lacks."""

    grid: Named
    room: Room | None
    items: list[Item]
    missing: list[str]
    may: bool


class NewWorkroom(Given):
    """What is entered of a workroom."""

    name_zh: Name
    name_en: Name
    spot: Spot
    phone: Annotated[str, Field(pattern=r"^(\+?[0-9][0-9 -]{4,22})?$")] = ""


class NewItem(Given):
    """Whether a workroom has an item."""

    ready: bool
    note: Note = ""


class Task(Shown):
    """Something that a level does, and how often."""

    words: Pair
    every: Word


class Leader(Worn):
    """Somebody who leads a place: in which office, by which letter."""

    office: Pair | None
    letter: str | None


class Led(Named):
    """A place of a level with whoever leads there; `unlettered`: offices for which there is no letter."""

    people: list[Leader]
    unlettered: list[Pair]


class Level(Word):
    """One of the four levels."""

    leads: Pair
    tasks: list[Task]
    places: list[Led]


class NewAppointment(Given):
    """Who is appointed to which office of which grid, from the first to the last day."""

    person: Slug
    office: Code
    grid: Slug
    begins: Day
    ends: Day | None = None


class Appointment(Shown):
    """A letter of appointment; `granted`: whether the person also holds a leader's rights at the grid."""

    id: str
    number: str
    grid: Named
    office: Word
    person: Named
    begins: str
    ends: str | None
    standing: Word
    revoked: bool
    granted: bool
    made_by: Named | None
    may: bool


class AppointmentLetter(Appointment):
    """The same as it is printed."""

    market: Pair
    made_at: When
