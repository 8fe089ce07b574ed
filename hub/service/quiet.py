"""Hours in which a person wants nothing that can wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core.refuse import Refused
from hub.store.notify import Quiet

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hub.core.policy import Actor


def page(s: Session, actor: Actor) -> dict[str, str] | None:
    """The actor's own, as HH:MM; None: never quiet."""
    row = s.get(Quiet, actor.person)
    return {"begins": _of_day(row.begins), "ends": _of_day(row.ends)} if row else None


def keep(s: Session, actor: Actor, hours: tuple[str, str] | None) -> None:
    """Let nothing that can wait come between two times of the market's day; None: never quiet.

    Raises:
        Refused: they are the same.
    """
    row = s.get(Quiet, actor.person)
    if hours is None:
        if row is not None:
            s.delete(row)
        return
    begins, ends = map(_minute, hours)
    if begins == ends:
        en = "Quiet hours begin and end at different times."
        raise Refused("input", "quiet.same", en, "免打扰的起止时间不能相同。")
    if row is None:
        s.add(Quiet(person=actor.person, begins=begins, ends=ends))
    else:
        row.begins, row.ends = begins, ends


def _of_day(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _minute(of_day: str) -> int:
    hour, minute = of_day.split(":")
    return int(hour) * 60 + int(minute)
