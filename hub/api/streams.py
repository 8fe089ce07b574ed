"""Live pictures on their way through this process: from an edge's connection to everybody who watches.

All of it runs on the loop's own thread. Whoever watches has a queue of their own, which is bounded: one who
is slow loses pictures up to a keyframe, and slows down neither the edge nor anybody else.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hub.core.spread import Spread
from wire.border import Bad
from wire.relay import Stream, arrived, unpack

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

MOST_WAITING = 16 * 2**20
"""Bytes that wait for one page."""
LATE = 1.0
"""Seconds that a picture may wait for one page."""
MOST_GROUP = 4 * 2**20
"""Bytes of a stream's pictures since its last keyframe that are kept for whoever comes; more are not."""
LINGER = 5.0
"""Seconds that a stream goes on when the last page has left it: people switch to and fro."""
SILENT = 3.0
"""Seconds without a picture after which a stream is ordered anew."""
FIRST_WAIT, LONGEST_WAIT = 4.0, 600.0
"""Seconds between two orders for a stream that does not come."""


@dataclass(slots=True)
class Numbers:
    """What passed since the start."""

    taken: int = 0
    taken_bytes: int = 0
    given: int = 0
    given_bytes: int = 0
    dropped: int = 0
    """Pictures that a page was too slow for."""
    refused: int = 0
    """Messages of edges that are no picture, or of a camera of somebody else's."""
    seconds: Spread = field(default_factory=Spread)
    """From a picture's arrival, or a page's if that was later, until the page's connection took it."""


class Viewer:
    """One page's queue over all streams that it watches."""

    def __init__(self, numbers: Numbers) -> None:
        self.streams: frozenset[Stream] = frozenset()
        self._numbers = numbers
        self._waiting: deque[tuple[float, Stream, bytes]] = deque()
        self._size = 0
        self._halted: set[Stream] = set()
        """Streams that go on with their next keyframe."""
        self._news = asyncio.Event()

    def give(self, stream: Stream, message: bytes, *, key: bool) -> None:
        """Queue a picture, or drop the stream to its next keyframe where the page does not keep up."""
        now = time.monotonic()
        late = bool(self._waiting) and now - self._waiting[0][0] > LATE
        if late or self._size + len(message) > MOST_WAITING:
            self.forget(stream)
            self._halted.add(stream)
        if stream in self._halted:
            if not key or self._size + len(message) > MOST_WAITING:
                self._numbers.dropped += 1
                return
            self._halted.discard(stream)
        self._waiting.append((now, stream, message))
        self._size += len(message)
        self._news.set()

    def begin(self, stream: Stream, group: Iterable[bytes]) -> None:
        """Queue what came since a stream's last keyframe; without any it begins with the next one."""
        self._halted.add(stream)
        for number, message in enumerate(group):
            self.give(stream, message, key=number == 0)

    def forget(self, stream: Stream) -> None:
        """Drop what waits of a stream."""
        kept = [one for one in self._waiting if one[1] != stream]
        self._numbers.dropped += len(self._waiting) - len(kept)
        self._waiting = deque(kept)
        self._size = sum(len(message) for _, _, message in kept)

    async def take(self) -> tuple[float, bytes]:
        """The next picture, and since when it waited, monotonic seconds."""
        while not self._waiting:
            self._news.clear()
            await self._news.wait()
        since, _, message = self._waiting.popleft()
        self._size -= len(message)
        return since, message

    def took(self, since: float, message: bytes) -> None:
        """Count what the page's connection took, and how long it waited for that."""
        self._numbers.given += 1
        self._numbers.given_bytes += len(message)
        self._numbers.seconds.note(time.monotonic() - since)


class Edge:
    """One edge's connection."""

    def __init__(self, device: str, cameras: Collection[str]) -> None:
        self.device = device
        self.cameras = frozenset(cameras)
        self.over = asyncio.Event()
        """Another connection took its place, or the device may not speak any more."""
        self.changed = asyncio.Event()
        """Something is watched that was not, or the other way round."""


class _Live:
    """A stream that somebody watches, or did a moment ago."""

    def __init__(self) -> None:
        self.viewers: set[Viewer] = set()
        self.group: list[bytes] = []
        self.size = 0
        self.left = self.seen = self.ordered = float("-inf")
        self.wait = 0.0
        self.epoch: str | None = None

    def keep(self, message: bytes, *, key: bool) -> None:
        if key:
            self.group, self.size = [], 0
        elif not self.group:
            return
        self.group.append(message)
        self.size += len(message)
        if self.size > MOST_GROUP:
            self.group, self.size = [], 0

    def is_wanted(self, now: float) -> bool:
        return bool(self.viewers) or now - self.left < LINGER


class Streams:
    """What this process relays."""

    def __init__(self) -> None:
        self.numbers = Numbers()
        self._live: dict[Stream, _Live] = {}
        self._edges: dict[str, Edge] = {}
        self._viewers: set[Viewer] = set()

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each."""
        return {"edges": len(self._edges), "viewers": len(self._viewers), "streams": len(self._live)}

    def join(self, device: str, cameras: Collection[str]) -> Edge:
        """An edge has connected; an earlier connection of the same device is over."""
        if before := self._edges.get(device):
            before.over.set()
        edge = self._edges[device] = Edge(device, cameras)
        return edge

    def part(self, edge: Edge) -> None:
        """It has gone."""
        if self._edges.get(edge.device) is edge:
            del self._edges[edge.device]

    def wanted(self, edge: Edge) -> tuple[Stream, ...]:
        """What somebody watches of this edge's cameras."""
        self._tidy()
        mine = (stream for stream in self._live if stream.camera in edge.cameras)
        return tuple(sorted(mine, key=lambda one: (one.camera, one.main)))

    def take(self, edge: Edge, message: bytes, now: float) -> None:
        """Give a picture that came at `now`, seconds of UNIX epoch, to everybody who watches."""
        try:
            head = unpack(message)
        except Bad:
            self.numbers.refused += 1
            return
        if head.stream.camera not in edge.cameras:
            self.numbers.refused += 1
            return
        self.numbers.taken += 1
        self.numbers.taken_bytes += len(message)
        if (live := self._live.get(head.stream)) is None:
            return
        message = arrived(message, now)
        live.seen, live.wait = time.monotonic(), 0.0
        live.keep(message, key=head.key)
        for viewer in live.viewers:
            viewer.give(head.stream, message, key=head.key)

    def viewer(self) -> Viewer:
        """A page that watches nothing yet."""
        one = Viewer(self.numbers)
        self._viewers.add(one)
        return one

    def watch(self, viewer: Viewer, streams: Iterable[Stream]) -> None:
        """Let a page watch just these from now on."""
        wanted = frozenset(streams)
        for stream in viewer.streams - wanted:
            viewer.forget(stream)
            if live := self._live.get(stream):
                live.viewers.discard(viewer)
                live.left = time.monotonic()
        for stream in wanted - viewer.streams:
            live = self._live.setdefault(stream, _Live())
            viewer.begin(stream, live.group)
            live.viewers.add(viewer)
        viewer.streams = wanted
        for edge in self._edges.values():
            edge.changed.set()

    def leave(self, viewer: Viewer) -> None:
        """A page watches no more."""
        self.watch(viewer, ())
        self._viewers.discard(viewer)

    def due(self, stream: Stream, epoch: str | None) -> bool:
        """Whether a stream that is watched does not come and is to be ordered now; then it counts as ordered.

        Less and less often, until it comes or its device, whose start is named by `epoch`, began anew.
        """
        live, now = self._live.get(stream), time.monotonic()
        if live is None or now - live.seen < SILENT:
            return False
        if live.epoch == epoch and now - live.ordered < live.wait:
            return False
        again = live.epoch == epoch and live.wait > 0
        live.wait = min(live.wait * 2, LONGEST_WAIT) if again else FIRST_WAIT
        live.ordered, live.epoch = now, epoch
        return True

    def close(self) -> None:
        """The hub stops: nobody waits for more."""
        for edge in self._edges.values():
            edge.over.set()

    def _tidy(self) -> None:
        now = time.monotonic()
        self._live = {stream: live for stream, live in self._live.items() if live.is_wanted(now)}
