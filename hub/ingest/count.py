"""What became of the messages: for the figures, and for the log under the events' own names."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hub.core.spread import LATE, SIZES, Spread
from wire.message import Event, Sos

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.ingest.batch import Batch
    from hub.ingest.letter import Letter

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Counts:
    """Since start; written by the ingest's thread, read by any."""

    taken: int = 0
    repeated: int = 0
    dead: int = 0
    ignored: int = 0
    batches: int = 0
    troubles: int = 0
    receipts: int = 0
    sizes: Spread = field(default_factory=lambda: Spread(SIZES))
    """Messages of a batch."""
    seconds: Spread = field(default_factory=Spread)
    """From a batch's first word to its commit."""
    lags: Spread = field(default_factory=lambda: Spread(LATE))
    """Seconds from when a device sealed what took effect, by its own clock, to the commit."""

    def add(self, settled: Sequence[Batch], heard: int, ignored: int, seconds: float) -> None:
        """A batch was committed: `heard` messages, `ignored` of them old news, in so many seconds."""
        self.taken += sum(len(one.taken) for one in settled)
        self.repeated += sum(one.repeated for one in settled)
        self.dead += sum(len(one.buried) for one in settled)
        self.ignored += ignored
        self.batches += 1
        self.sizes.note(heard)
        self.seconds.note(seconds)
        for one in settled:
            for letter in one.taken:
                self.lags.note(max(0.0, (one.now - letter.said.at).total_seconds()))
            _log(one.taken)


def _log(taken: Sequence[Letter]) -> None:
    """One line a batch: an event a line would cost a tenth of what taking it does."""
    if not log.isEnabledFor(logging.INFO):
        return
    if events := [_named(letter) for letter in taken if _begins(letter)]:
        log.info("committed", extra={"events": events})


def _begins(letter: Letter) -> bool:
    """Whether it is the first word of what happened."""
    body = letter.said.body
    return isinstance(body, Sos) or (isinstance(body, Event) and body.phase == "new")


def _named(letter: Letter) -> dict[str, str | int | None]:
    said = letter.said
    name = said.body.call if isinstance(said.body, Sos) else getattr(said.body, "event", "")
    return {"event_id": name, "device": said.device, "epoch": said.epoch, "seq": said.seq}
