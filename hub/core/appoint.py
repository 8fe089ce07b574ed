"""Appointments: who leads a grid, who stands in, for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from hub.core.glossary import Pair

if TYPE_CHECKING:
    from datetime import date

OFFICE: dict[str, Pair] = {
    "leader": Pair("网格长", "Grid leader"),
    "deputy": Pair("副网格长", "Deputy grid leader"),
}
Standing = Literal["coming", "current", "soon", "over"]
STANDING: dict[Standing, Pair] = {
    "coming": Pair("未到任期", "Begins later"),
    "current": Pair("任期内", "In office"),
    "soon": Pair("快到期", "Ends soon"),
    "over": Pair("已到期", "Term is over"),
}
SOON_DAYS = 30
"""So long before its last day a term is said to end soon."""


def standing(begins: date, ends: date | None, today: date) -> Standing:
    """Where a term stands on a day; `ends` is its last day, None where it is open."""
    if today < begins:
        return "coming"
    if ends is None:
        return "current"
    if ends < today:
        return "over"
    return "soon" if (ends - today).days < SOON_DAYS else "current"


def overlap(one: tuple[date, date | None], other: tuple[date, date | None]) -> bool:
    """Whether two terms share a day."""
    return (other[1] is None or one[0] <= other[1]) and (one[1] is None or other[0] <= one[1])
