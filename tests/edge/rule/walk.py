"""People who walk through a picture of 100 x 100 pixels, for the tests of rules."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from edge.rule.scene import Scene
from edge.rule.scope import Scope
from edge.rule.timetable import Timetable
from edge.rule.zone import Zone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from edge.rule.change import Change, Rule

LEFT = Zone("yard", [(0.0, 0.0), (0.5, 0.0), (0.5, 1.0), (0.0, 1.0)], (100, 100))
"""The left half of the picture."""
ALWAYS = Timetable((), ZoneInfo("Asia/Shanghai"))
INSIDE, OUTSIDE = 20.0, 80.0


@dataclass(frozen=True)
class Seen:
    """A track as a tracker gives it."""

    id: int
    box: NDArray[np.float32]
    last: float
    label: str = "person"
    score: float = 0.8
    hits: int = 5


def at(x: float, now: float, who: int = 1, label: str = "person") -> Seen:
    """Somebody 20 pixels tall whose foot stands at `x` on the line y = 60."""
    return Seen(who, np.array([x - 4, 40, x + 4, 60], np.float32), now, label)


def scope(cooldown: float = 0.0, armed: Timetable = ALWAYS, labels: Iterable[str] = ("person",)) -> Scope:
    numbers = count(1)
    return Scope(LEFT, frozenset(labels), armed, cooldown, lambda: f"event-{next(numbers)}")


def walk(
    rule: Rule, begin: float, end: float, who: Callable[[float], Sequence[Seen]], rate: float = 5.0
) -> list[Change]:
    """Everything that `rule` says from second `begin` to before `end`, at `rate` pictures a second."""
    times = np.arange(begin, end, 1 / rate)
    return [change for now in times for change in rule.step(seen(who(float(now))), float(now))]


def seen(who: Sequence[Seen]) -> Scene:
    """A picture that shows `who`."""
    return Scene(size=LEFT.size, tracks=tuple(who))


def phases(changes: Iterable[Change]) -> list[str]:
    return [change.phase for change in changes]
