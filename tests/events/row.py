"""A row of the table of events: what a zone must tell of a film, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from edge.rule.change import Change
    from tests.events.film import Film
    from wire.message import EventKind
    from wire.scene import ZoneConfig


@dataclass(frozen=True, slots=True)
class Named:
    """An event that must be told, with the second of the film at which it must begin to be."""

    kind: EventKind
    at: float
    within: float = 1.0
    """Seconds by which it may be told sooner or later."""
    trust: str | None = None
    """Which it must have; None: any."""

    def is_told_by(self, change: Change, begin: float) -> bool:
        """Whether `change` is it, in a film that began at stream second `begin`."""
        near = abs(change.at - begin - self.at) <= self.within
        return self.kind == change.kind and near and self.trust in {None, change.facts.trust}


@dataclass(frozen=True, slots=True)
class Row:
    """One zone of a film; a hard negative names nothing."""

    film: Film
    why: str
    """The sentence that it stands for."""
    zone: ZoneConfig | None
    """None: what is told of the camera itself."""
    named: tuple[Named, ...] = ()
    is_required: bool = True
    """Otherwise it is only reported."""


@dataclass(slots=True)
class Outcome:
    """What became of a row."""

    row: Row
    begin: float
    fired: list[Change] = field(default_factory=list)
    """Every first word of an event in its zone."""

    @property
    def missed(self) -> list[Named]:
        """What was named and not told."""
        return [named for named, change in self._pairs().items() if change is None]

    @property
    def false(self) -> list[Change]:
        """What was told and not named."""
        told = [change for change in self._pairs().values() if change]
        return [change for change in self.fired if change not in told]

    @property
    def kinds(self) -> frozenset[str]:
        """Kinds of events that this row is about."""
        rules = self.row.zone.rules if self.row.zone else ()
        written = {str(rule.__struct_config__.tag) for rule in rules}
        return frozenset(written | {named.kind for named in self.row.named})

    def line(self) -> str:
        """The row as a person reads it."""
        bad = self.missed or self.false
        verdict = "as named" if not bad else "NOT AS NAMED" if self.row.is_required else "reported only"
        named = " ".join(f"{each.kind}@{each.at:.1f}" for each in self.row.named) or "nothing"
        fired = " ".join(f"{each.kind}@{each.at - self.begin:.1f}" for each in self.fired) or "nothing"
        return f"{self.row.film.name:<22} {self.row.why}\n{'':<22}   named {named}; told {fired}: {verdict}"

    def _pairs(self) -> dict[Named, Change | None]:
        left = list(self.fired)
        pairs: dict[Named, Change | None] = {}
        for named in self.row.named:
            pairs[named] = next((change for change in left if named.is_told_by(change, self.begin)), None)
            left = [change for change in left if change is not pairs[named]]
        return pairs


def figures(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """How many kinds and rows, and events named, told, missed and false, of those that are required."""
    required = [outcome for outcome in outcomes if outcome.row.is_required]
    named = sum(len(outcome.row.named) for outcome in required)
    missed = sum(len(outcome.missed) for outcome in required)
    return {
        "kinds": len(frozenset[str]().union(*(outcome.kinds for outcome in required))),
        "rows": len(required),
        "named": named,
        "fired": named - missed,
        "missed": missed,
        "false_alarms": sum(len(outcome.false) for outcome in required),
    }
