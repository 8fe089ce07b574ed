"""A camera's own alarms as our events: one life an alarm, believed a little, and bounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edge.bridge.onvif.topic import URGENT
from edge.rule.change import Facts
from edge.rule.episode import Episode
from wire.message import BLIND

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.bridge.onvif.topic import Sign
    from edge.rule.change import Change
    from edge.rule.hand import Arming

ALWAYS = URGENT.union(BLIND)
"""Kinds that count at any hour; all others while they are armed."""
MOST = 64
"""Alarms of one camera that are told apart; one that has more is at fault."""
MOMENT = 5.0
"""Seconds that an alarm goes on which only says that it happens."""
NEWS, NO_NEWS = 30.0, 3600.0
"""Seconds between two words of an alarm that goes on. A fault of sight is told once: whether the camera sees,
our own look at its pictures says with every beat, and the two must not take turns."""
SCORE = 0.5
"""Nobody knows how sure a camera is."""


@dataclass(slots=True)
class _Going:
    episode: Episode
    always: bool
    """Whether it counts at any hour."""
    facts: Facts | None = None
    """While it goes on."""
    until: float = float("inf")
    began: float = 0.0

    @property
    def is_over(self) -> bool:
        """Whether nothing of it goes on."""
        return self.facts is None and not self.episode.is_open


class Signs:
    """One camera's; for one thread. Times are wall seconds of this machine, since a camera's may be wrong."""

    def __init__(self, armed: Arming, *, cooldown: float, name: Callable[[], str]) -> None:
        """Begin with nothing going on.

        Args:
            armed: when alarms count that do not always.
            cooldown: seconds from the end of one to the next.
            name: gives a new event id.
        """
        self._armed, self._cooldown, self._name = armed, cooldown, name
        self._going: dict[tuple[str, str], _Going] = {}
        self.dropped = 0
        """Alarms that were too many to be told apart."""

    def step(self, sign: Sign, now: float) -> tuple[Change, ...]:
        """The camera says so at wall second `now`."""
        key = (sign.topic, sign.source)
        going = self._going.get(key)
        if going is None:
            if not self._has_room():
                self.dropped += 1
                return ()
            news = NO_NEWS if sign.kind in BLIND else NEWS
            episode = Episode(sign.kind, None, cooldown=self._cooldown, name=self._name, news=news)
            going = self._going[key] = _Going(episode, sign.kind in ALWAYS)
        if sign.on is False:
            going.facts = None
        else:
            going.began = now if going.facts is None else going.began
            words = f"the camera says {sign.topic}" + (f" ({sign.source})" if sign.source else "")
            going.facts = Facts(SCORE, trust="low", reason=words[:200])
            going.until = now + MOMENT if sign.on is None else float("inf")
        return self._say(going, now)

    def tick(self, now: float) -> tuple[Change, ...]:
        """Time goes on: end what is over, and what is not armed any more."""
        changes: tuple[Change, ...] = ()
        for going in self._going.values():
            if now >= going.until:
                going.facts = None
            changes += self._say(going, now)
        return changes

    def close(self, now: float) -> tuple[Change, ...]:
        """The camera is not heard any more: nobody knows what goes on, so all of it ends."""
        for going in self._going.values():
            going.facts = None
        return self.tick(now)

    def _has_room(self) -> bool:
        """Whether one more can be told apart; what is over for the longest gives its place."""
        if len(self._going) >= MOST and (over := self._oldest_over()):
            del self._going[over]
        return len(self._going) < MOST

    def _oldest_over(self) -> tuple[str, str] | None:
        over = (key for key, going in self._going.items() if going.is_over)
        return min(over, key=lambda key: self._going[key].began, default=None)

    def _say(self, going: _Going, now: float) -> tuple[Change, ...]:
        counts = going.always or self._armed.armed(now)
        return going.episode.step(going.facts if counts else None, going.began, now)
