"""A camera's own alarms as our events: one life an alarm, believed a little, and bounded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edge.rule.change import Facts
from edge.rule.episode import Episode
from wire.message import BLIND

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.bridge.onvif.topic import Sign
    from edge.rule.change import Change
    from edge.rule.hand import Arming

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


class Signs:
    """One camera's; for one thread. Times are wall seconds of this machine, since a camera's may be wrong."""

    def __init__(self, armed: Arming, *, cooldown: float, name: Callable[[], str]) -> None:
        """Begin with nothing going on.

        Args:
            armed: when alarms count that are no fault of its sight.
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
            if len(self._going) >= MOST:
                self.dropped += 1
                return ()
            blind = sign.kind in BLIND
            news = NO_NEWS if blind else NEWS
            episode = Episode(sign.kind, None, cooldown=self._cooldown, name=self._name, news=news)
            going = self._going[key] = _Going(episode, blind)
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

    def _say(self, going: _Going, now: float) -> tuple[Change, ...]:
        counts = going.always or self._armed.armed(now)
        return going.episode.step(going.facts if counts else None, going.began, now)
