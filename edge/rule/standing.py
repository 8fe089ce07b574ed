"""Which of the things that came or went concern a rule, and for how long each is believed to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from edge.rule.change import MOST_BOXES, box_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from edge.rule.scene import Scene, Thing
    from wire.message import Box

GRACE = 3.0
"""Seconds for which a thing that is not seen is believed to be where it was."""


class Standing:
    """The things of one kind and size."""

    def __init__(self, kind: Literal["came", "went"], *, least: float = 0.0, most: float = 1.0) -> None:
        """Count those whose area is between `least` and `most`, as shares of the picture's."""
        self._kind = kind
        self._least, self._most = least, most
        self._seen: dict[int, tuple[Thing, float]] = {}

    def step(self, scene: Scene, now: float) -> list[Thing]:
        """All that are there at stream second `now`, the longest there first."""
        picture = scene.size[0] * scene.size[1]
        for thing in scene.still:
            self._seen.pop(thing.id, None)
            if thing.kind == self._kind and self._least <= thing.area / picture <= self._most:
                self._seen[thing.id] = (thing, now)
        self._seen = {id_: seen for id_, seen in self._seen.items() if now - seen[1] <= GRACE}
        return sorted((thing for thing, _ in self._seen.values()), key=lambda thing: (thing.since, thing.id))

    def sees(self, thing: Thing, now: float) -> bool:
        """Whether a thing is seen at `now`, and not only believed: what is just gone begins no event."""
        return thing.id in self._seen and self._seen[thing.id][1] == now

    def clear(self) -> None:
        """Forget all."""
        self._seen.clear()


def boxes_of_things(things: Iterable[Thing]) -> tuple[Box, ...]:
    """The things as the wire tells them, in their order; what they are, nobody knows."""
    return tuple(box_of(thing.box, "thing", thing.score, thing.id) for thing in list(things)[:MOST_BOXES])
