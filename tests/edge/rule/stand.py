"""Things that stand in, or are gone from, a picture of 100 x 100 pixels, for the tests of rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from edge.rule.scene import Flame, Scene, Thing
from tests.edge.rule.walk import LEFT

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.rule.change import Change, Rule
    from tests.edge.rule.walk import Seen


def thing(
    since: float, x: float = 20.0, kind: Literal["came", "went"] = "came", side: float = 6.0, who: int = 1
) -> Thing:
    """A square thing whose foot stands at `x` on the line y = 60."""
    box = np.array([x - side / 2, 60 - side, x + side / 2, 60], np.float32)
    return Thing(id=who, box=box, since=since, area=side * side, kind=kind, score=0.8)


def flame(
    since: float, x: float = 20.0, score: float = 0.7, kind: Literal["fire", "smoke"] = "fire"
) -> Flame:
    return Flame(1, np.array([x - 4, 40, x + 4, 60], np.float32), since, score, kind)


def shown(*what: Seen | Thing | Flame) -> Scene:
    """A picture that shows all that."""
    return Scene(
        size=LEFT.size,
        tracks=tuple(each for each in what if not isinstance(each, Thing | Flame)),
        still=tuple(each for each in what if isinstance(each, Thing)),
        flames=tuple(each for each in what if isinstance(each, Flame)),
    )


def live(rule: Rule, begin: float, end: float, scene: Callable[[float], Scene]) -> list[Change]:
    """Everything that `rule` says from second `begin` to before `end`, at five pictures a second."""
    return [
        change for now in np.arange(begin, end, 0.2) for change in rule.step(scene(float(now)), float(now))
    ]
