"""Shapes of tasks of the staff, and of equipment out and in."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hub.api.shape.base import Given, Name, Shown, Slug, When, Words
from hub.api.shape.people import Day, Named, Word

Kind = Annotated[str, Field(pattern=r"^[a-z_]{1,20}$")]


class StaffTask(Shown):
    """Something due by a day; `standing`: done, overdue, soon or open."""

    id: str
    kind: Word
    title: str
    grid: Named | None
    person: Named | None
    certificate: Word | None
    due: str
    standing: Word
    by_itself: bool
    done_at: When | None
    done_by: Named | None
    took_part: list[Named]
    note: str
    may: bool


class NewTask(Given):
    """A drill, a training or something else; without a grid it is the whole market's."""

    kind: Literal["drill", "training", "other"]
    title: Name
    grid: Slug | None = None
    due: Day


class TaskDone(Given):
    """Who was there, and when it was."""

    took_part: Annotated[list[Slug], Field(max_length=300, default_factory=list)]
    note: Annotated[Words, Field(max_length=1000)] = ""


class AssetShown(Shown):
    """A piece of equipment, where it is and since when."""

    id: str
    grid: Named
    kind: Word
    label: str
    state: Word
    person: Named | None
    since: When
    may: bool


class NewAsset(Given):
    """A piece of equipment of a workroom; `label` is what stands on it."""

    grid: Slug
    kind: Kind
    label: Name


class NewMove(Given):
    """Out to `person`, back in, to be mended, or used no more."""

    state: Literal["in", "out", "repair", "retired"]
    person: Slug | None = None
    note: Annotated[Words, Field(max_length=200)] = ""


class AssetMoved(Shown):
    """What became of it at a moment, and who had it."""

    state: Word
    person: Named | None
    by: Named
    at: When
    note: str
