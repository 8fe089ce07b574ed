"""Messages that could not be taken."""

from __future__ import annotations

from typing import Literal

from hub.api.shape.base import Pair, Shown, When

State = Literal["open", "again", "taken", "dropped"]


class Head(Shown):
    """One message in the list."""

    id: str
    device: str | None
    """As its topic names it; none where the topic is no good."""
    topic: str
    reason: str
    size: int
    """Bytes."""
    received_at: When
    state: State
    """again: it shall be tried; taken: it took effect in the end."""
    person: Pair | None
    """Who decided."""
    decided_at: When | None


class Letter(Head):
    """One message, opened."""

    payload: str
    """Its bytes as text; what is none is shown as \\xNN."""
    cut: bool
    """Whether there is more than is shown."""
    acts: list[Literal["retry", "drop"]]
    """What the visitor may do with it now."""


class Counts(Shown):
    """How many there are in each state."""

    open: int
    again: int
    taken: int
    dropped: int


class Letters(Shown):
    """A page of the list."""

    letters: list[Head]
    counts: Counts
