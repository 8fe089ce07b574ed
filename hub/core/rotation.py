"""What a rotation 轮值表 of ten-shop groups is asked and what it answers: one shop a day has the turn.

Days are the market's own. The order of shops in a group is that of the neighbourhood: who stands next in it
is the nearest neighbour.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date  # noqa: TC003 - the child reads what it is asked by these types

from hub.core.glossary import Pair  # noqa: TC001
from hub.core.planned import Proof  # noqa: TC001


@dataclass(frozen=True, slots=True)
class Turn:
    """A shop has the day 轮值; `buddy` 搭档 is the neighbour who checks at closing, if one is there."""

    day: date
    shop: str
    buddy: str | None = None


@dataclass(frozen=True, slots=True)
class ShopAsked:
    """A shop of a group; what it had before is counted over the same months for all of the group."""

    shop: str
    away: frozenset[date] = frozenset()
    """Days on which it is closed or its people are on leave."""
    before: int | None = None
    """Turns it had in the months before; None: it is new, and begins as the others stand on average."""
    free_before: int | None = None
    """Those of them on weekends and holidays."""
    feasts_before: int | None = None
    """Those of them on public holidays."""
    last: date | None = None
    """Day of its last turn before these."""
    name: str = ""
    """For sentences; empty: the shop's id stands there."""

    @property
    def called(self) -> str:
        """What sentences call it."""
        return self.name or self.shop


@dataclass(frozen=True, slots=True)
class GroupAsked:
    """A group; on `closed` days nobody is needed. `fixed` turns are published or swapped and stay."""

    group: str
    shops: tuple[ShopAsked, ...]
    closed: frozenset[date] = frozenset()
    fixed: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class RotationAsked:
    """Give every open day of every group to one of its shops."""

    days: tuple[date, ...]
    groups: tuple[GroupAsked, ...]
    free: frozenset[date] = frozenset()
    """Days off work, weekends and holidays alike: shared fairly for themselves."""
    feasts: frozenset[date] = frozenset()
    """Public holidays among them: shared fairly for themselves, too."""
    apart: int = 5
    """Days from one turn of a shop to its next, at least."""
    catch_up: int = 2
    """Turns that one who was long away makes up for, at most."""
    seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class RotationOddity:
    """What cannot be avoided: nobody, alone, near, uneven, away or gone; `words` say why and what to do."""

    rule: str
    group: str
    day: date | None
    shop: str | None
    words: Pair


@dataclass(frozen=True, slots=True)
class GroupTurns:
    """A group's turns in the order of days."""

    group: str
    turns: tuple[Turn, ...]
    spread: int
    """Between most and fewest turns, with those of before; without shops away half of the days or more."""
    free_spread: int
    proved: bool
    """No rotation within the rules is fairer."""
    oddities: tuple[RotationOddity, ...] = ()


@dataclass(frozen=True, slots=True)
class RotationMade:
    """All groups' rotation; `baseline_spread` is that of simply going round in the same days."""

    groups: tuple[GroupTurns, ...]
    proof: Proof
    spread: int
    """The widest of all groups."""
    baseline_spread: int
