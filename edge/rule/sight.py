"""A camera that gives pictures and yet does not see: covered, defocused, moved, dazzled or frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from edge.rule.change import Facts
from edge.rule.episode import Episode
from wire.message import BLIND, Blind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from edge.rule.change import Change

NEWS = 60.0
EASE = 0.8
"""A fault that is told ends only when the picture is better than its limit by this factor."""
BACK = 2.0
"""Seconds of good pictures before a camera is believed again."""
SETTLED = 3600.0
"""Seconds after which a view that was moved is what the camera is meant to show."""

BLANK = 0.012
"""Contrast below which there is nothing to be seen."""
LOST_EDGES = 0.3
"""Edges less alike than this lie somewhere else."""
LOST_ROUGH = 0.6
"""Light and dark less alike than this lie somewhere else."""
BLURRED = 0.4
"""Less than this share of the usual detail is a lens out of focus, or smeared."""
HIDDEN = 0.25
"""Less than this share, with the edges gone, is something before the lens."""
GLARE = (0.78, 0.4)
"""Mean grey, or share of blinded pixels, from which on light drowns the picture."""
SAME = 0.0005
"""Fewer changed pixels than this are none: a sensor's own noise changes more."""


class Look(Protocol):
    """One picture beside what the camera usually shows."""

    @property
    def detail(self) -> float:
        """Fine detail as a share of the usual."""

    @property
    def sharp(self) -> float:
        """The same for its contrast."""

    @property
    def edges(self) -> float:
        """How far edges lie where they usually do, -1..1."""

    @property
    def rough(self) -> float:
        """How far light and dark lie where they usually do, -1..1."""

    @property
    def light(self) -> float:
        """Mean grey, 0..1."""

    @property
    def contrast(self) -> float:
        """Standard deviation of grey, 0..0.5."""

    @property
    def white(self) -> float:
        """Share of blinded pixels, 0..1."""

    @property
    def changed(self) -> float:
        """Share of pixels that changed since the look before, 0..1."""


class Sight:
    """One camera's sight; at most one fault is told at a time, the one that lasts."""

    def __init__(
        self,
        *,
        seconds: float,
        frozen: float,
        name: Callable[[], str],
        kinds: Collection[Blind] = BLIND,
    ) -> None:
        """Begin with a camera that sees.

        Args:
            seconds: how long a fault must last before it is told.
            frozen: the same for pictures that do not change, which a quiet night may look like.
            name: gives a new event id.
            kinds: what is told; a camera that turns by itself is never `moved`.
        """
        self._after = dict.fromkeys(BLIND, seconds) | {"frozen": frozen}
        self._kinds = frozenset(kinds)
        self._episodes = {kind: Episode(kind, None, cooldown=0.0, name=name, news=NEWS) for kind in BLIND}
        self._kind: Blind | None = None
        """What it looks like now, and since when."""
        self._since = 0.0
        self._well_since: float | None = None
        self._told: Blind | None = None

    @property
    def told(self) -> Blind | None:
        """The fault that goes on."""
        return self._told

    @property
    def is_well(self) -> bool:
        """Whether nothing is wrong and nothing looks like it: such pictures are the usual ones."""
        return self._told is None and self._kind is None

    def is_settled(self, now: float) -> bool:
        """Whether a camera has pointed elsewhere for so long that it is meant to."""
        return self._told == "moved" and self._kind == "moved" and now - self._since >= SETTLED

    def step(self, look: Look, now: float) -> tuple[Change, ...]:
        """Look at a picture taken at stream second `now`."""
        kind = self._fault(look)
        if kind != self._kind:
            self._kind, self._since = kind, now
        if kind is None:
            return self._recover(now)
        self._well_since = None
        if self._told not in {None, kind} and now - self._since < self._after[kind]:
            return self._say(self._told, look, now)
        if now - self._since < self._after[kind]:
            return ()
        ended = self._end(now) if self._told != kind else ()
        self._told = kind
        return ended + self._say(kind, look, now)

    def close(self, now: float) -> tuple[Change, ...]:
        """The stream broke off: end what is open."""
        self._kind, self._well_since = None, None
        return self._end(now)

    def _recover(self, now: float) -> tuple[Change, ...]:
        self._well_since = now if self._well_since is None else self._well_since
        return self._end(now) if now - self._well_since >= BACK else ()

    def _say(self, kind: Blind | None, look: Look, now: float) -> tuple[Change, ...]:
        if kind is None:
            return ()
        since = self._since if kind == self._kind else now
        facts = Facts(_score(kind, look), seconds=now - since, reason=_words(kind, look))
        return self._episodes[kind].step(facts, since, now)

    def _end(self, now: float) -> tuple[Change, ...]:
        told, self._told = self._told, None
        return self._episodes[told].step(None, now, now) if told else ()

    def _fault(self, look: Look) -> Blind | None:
        """What is wrong with this picture, the surest sign first."""
        ease = {kind: EASE if kind == self._told else 1.0 for kind in BLIND}
        glare, flood = GLARE
        elsewhere = look.edges * ease["moved"] < LOST_EDGES and look.rough * ease["moved"] < LOST_ROUGH
        signs: tuple[tuple[Blind, bool], ...] = (
            (
                "dazzled",
                look.detail < 1
                and (look.light > glare * ease["dazzled"] or look.white > flood * ease["dazzled"]),
            ),
            ("covered", look.contrast * ease["covered"] < BLANK),
            ("covered", look.detail * ease["covered"] < HIDDEN and look.edges < LOST_EDGES and elsewhere),
            ("defocused", look.sharp * ease["defocused"] < BLURRED and look.rough >= LOST_ROUGH),
            ("frozen", look.changed * ease["frozen"] < SAME),
            ("moved", elsewhere),
        )
        return next((kind for kind, seen in signs if seen and kind in self._kinds), None)


def _score(kind: Blind, look: Look) -> float:
    """How sure it is, 0..1: the further from the usual the surer."""
    off = {
        "covered": 1 - max(look.edges, 0.0),
        "defocused": 1 - look.sharp,
        "moved": 1 - max(look.edges, 0.0),
        "dazzled": max(look.light, look.white),
        "frozen": 1.0,
    }[kind]
    return min(1.0, max(0.0, off))


def _words(kind: Blind, look: Look) -> str:
    return {
        "covered": f"contrast {100 * look.contrast:.0f} %, edges alike {100 * max(look.edges, 0):.0f} %",
        "defocused": f"sharpness {100 * look.sharp:.0f} % of the usual",
        "moved": f"edges alike {100 * max(look.edges, 0):.0f} %",
        "dazzled": f"light {100 * look.light:.0f} %",
        "frozen": "the picture does not change",
    }[kind]
