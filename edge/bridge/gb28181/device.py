"""One device below, as this edge knows it: registered or not, alive or not, and what it says it has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from edge.bridge.gb28181.alarm import DEVICE, IN, sort_of

if TYPE_CHECKING:
    from edge.bridge.gb28181.catalog import Gathering, Listed
    from edge.bridge.gb28181.scdp import Notice
    from edge.bridge.gb28181.way import Way
    from edge.config.gb28181 import BelowConfig
    from wire.message import EventKind

WRONG = 5
"""Wrong proofs in a row from one address, after which none from there is even looked at for a while."""
PAUSE = 60.0
MOST_ADDRESSES = MOST_NAMED = 64


@dataclass(slots=True)
class Device:
    """Belongs to the bridge's thread."""

    config: BelowConfig
    heard: float
    """Monotonic second of its last sign of life, or of the start."""
    until: float = 0.0
    """Monotonic second at which its registration ends."""
    way: Way | None = None
    """How it is reached; None: it has no registration."""
    is_lost: bool = False
    """Told of as lost."""
    wrong: dict[str, tuple[int, float]] = field(default_factory=dict)
    """Address → wrong proofs from there, and the monotonic second until which no more are looked at."""
    gathering: Gathering | None = None
    listed: tuple[Listed, ...] = ()
    """What its last catalog said."""
    named: set[str] = field(default_factory=set)
    """What the log has had of it."""
    places: dict[str, tuple[str, EventKind | None]] = field(default_factory=dict)
    """Code of a camera, an input or the device itself → our camera, and what its alarms are."""

    def __post_init__(self) -> None:
        self.places = {one.code: (one.camera, None) for one in self.config.cameras}
        self.places |= {one.code: (one.camera, one.kind) for one in self.config.inputs}

    def is_registered(self, now: float) -> bool:
        """Whether it may speak at monotonic second `now`."""
        return self.way is not None and now < self.until

    def state(self, now: float) -> Literal["registered", "silent", "away"]:
        """How it is at monotonic second `now`; a silent one is welcome back by any sign of life."""
        if not self.is_registered(now):
            return "away"
        return "silent" if self.is_lost else "registered"

    def is_news(self, words: str) -> bool:
        """Whether this was not said of it yet; a log is no place for the same again and again."""
        if words in self.named or len(self.named) >= MOST_NAMED:
            return False
        self.named.add(words)
        return True

    def is_shut(self, host: str, now: float) -> bool:
        """Whether proofs from this address must wait; whoever guesses elsewhere shuts nobody else out."""
        return now < self.wrong.get(host, (0, 0.0))[1]

    def failed(self, host: str, now: float) -> None:
        """It proved nothing, once more."""
        times = self.wrong.get(host, (0, 0.0))[0] + 1
        self.wrong[host] = (0, now + PAUSE) if times >= WRONG else (times, 0.0)
        while len(self.wrong) > MOST_ADDRESSES:
            del self.wrong[next(iter(self.wrong))]

    @property
    def cameras(self) -> tuple[str, ...]:
        """Our names of its cameras, each once."""
        return tuple(dict.fromkeys(one.camera for one in self.config.cameras))

    def meaning(self, told: Notice) -> tuple[str | None, EventKind | None]:
        """Which of our cameras an alarm is of, and which kind of event; None where no table says so."""
        camera, own = self.places.get(told.code, (None, None))
        if camera is None and told.code == self.config.code and len(self.cameras) == 1:
            camera = self.cameras[0]
        sort = sort_of(told)
        if sort is None:
            return camera, None
        return camera, own if own and sort.method == DEVICE else IN.get(sort)

    @property
    def missing(self) -> tuple[str, ...]:
        """Codes that are configured here and that its catalog does not have."""
        known = {one.code for one in self.listed}
        return tuple(code for code in self.places if code not in known)
