"""Door: a child process that plans, so that a long or broken solve never holds up the hub.

A line of JSON a question on its standard input, `{"id", "ask", "value"}` or `{"id", "stop": true}`; on its
standard output `{"id", "progress"}` as often as there is news, then `{"id", "made"}`, `{"id", "refused":
{"kind", "code", "en", "zh"}}` or `{"id", "failed"}`. One question at a time. It ends with its standard input.
"""

from __future__ import annotations

import logging
import os
import resource
import sys
import threading
import time
from importlib import import_module
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any

import msgspec

from hub.core import asks
from hub.core.refuse import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from hub.core.planned import Progress

ROOMS: dict[str, str] = {
    asks.GRIDS.name: "hub.plan.grids:make",
    asks.GROUPS.name: "hub.plan.groups:make",
    asks.COVER.name: "hub.plan.cover.whole:make",
    asks.NEXT.name: "hub.plan.cover.mounts:make",
    asks.LENS.name: "hub.plan.cover.one:make",
    asks.ZONES.name: "hub.plan.cover.zones:make",
    asks.EDIT.name: "hub.plan.moves:make",
    asks.WAYS.name: "hub.plan.ways:make",
    asks.CHECK.name: "hub.plan.check:make",
    asks.PLACE.name: "hub.plan.place:make",
    asks.DRAW.name: "hub.plan.drawn:make",
    asks.ROTATION.name: "hub.plan.roster.rotation:make",
    asks.GUARDS.name: "hub.plan.roster.guards:make",
    asks.SICK.name: "hub.plan.roster.sick:make",
    asks.ROSTER_CHECK.name: "hub.plan.roster.check:make",
    asks.ROUTE.name: "hub.plan.rounds.route:make",
    asks.MIX.name: "hub.plan.rounds.mix:make",
}
"""Ask → who answers; imported when first asked, so that a child is warm with what it needs alone."""
PROGRESS_SECONDS = 0.2
"""Between two lines of progress; what comes sooner is passed over."""
NICE = 5
"""The hub's own threads come first."""

log = logging.getLogger(__name__)


class Line(msgspec.Struct):
    """What comes in."""

    id: str
    ask: str = ""
    value: msgspec.Raw = msgspec.Raw(b"null")
    stop: bool = False


class Child:
    """Answers one question after the other; a thread of its own hears `stop`."""

    def __init__(
        self,
        given: IO[bytes],
        said: IO[bytes],
        rooms: Mapping[str, str] = ROOMS,
        ended: Callable[[], None] = lambda: None,
    ) -> None:
        self._given, self._said, self._rooms, self._ended = given, said, rooms, ended
        self._lines: SimpleQueue[Line | None] = SimpleQueue()
        self._stopped: set[str] = set()
        self._lock = threading.Lock()

    def run(self) -> None:
        """Answer until nothing more is given."""
        threading.Thread(target=self._hear, name="hear", daemon=True).start()
        while (line := self._lines.get()) is not None:
            self._say(id=line.id, **self._answer(line))
            self._stopped.discard(line.id)

    def _hear(self) -> None:
        decode = msgspec.json.Decoder(Line).decode
        for text in self._given:
            line = decode(text)
            if line.stop:
                self._stopped.add(line.id)
            else:
                self._lines.put(line)
        self._lines.put(None)
        self._ended()

    def _answer(self, line: Line) -> dict[str, Any]:
        try:
            module, _, function = self._rooms[line.ask].partition(":")
            make = getattr(import_module(module), function)
            asked = msgspec.json.decode(line.value, type=asks.EVERY[line.ask].asked)
            return {"made": msgspec.Raw(msgspec.json.encode(make(asked, self._listener(line.id))))}
        except Refused as no:
            return {"refused": {"kind": no.kind, "code": no.code, "en": no.en, "zh": no.zh}}
        except Exception as error:
            log.exception("%s failed", line.ask)
            return {"failed": f"{type(error).__name__}: {error}"}

    def _listener(self, number: str) -> Callable[[Progress], bool]:
        last = 0.0

        def heard(progress: Progress) -> bool:
            nonlocal last
            if time.monotonic() - last >= PROGRESS_SECONDS:
                last = time.monotonic()
                self._say(id=number, progress=progress)
            return number not in self._stopped

        return heard

    def _say(self, **words: Any) -> None:
        with self._lock:
            self._said.write(msgspec.json.encode(words) + b"\n")
            self._said.flush()


def main(memory_mb: int) -> None:
    """Answer on the standard streams, within `memory_mb` of memory (0: without a bound)."""
    logging.basicConfig(level="WARNING", stream=sys.stderr)
    if memory_mb:
        resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 2**20, memory_mb * 2**20))
    os.nice(NICE)
    # Solvers print where they like: what they say goes beside the log, not between the answers.
    said = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Whoever asked is gone: nobody waits for what is being solved.
    Child(sys.stdin.buffer, said, ended=lambda: os._exit(0)).run()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
