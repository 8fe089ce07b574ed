"""Whatever is done to an outbox in whatever order, it agrees with a plain list of what was promised."""

from __future__ import annotations

import tempfile
from pathlib import Path

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from edge.outbox import Lane, Outbox
from edge.outbox.store import OVERTAKEN
from tests.wire.samples import BODIES, EVENT, envelope
from wire.message import Manifest, Prio, Range, Sos, Up

MANIFEST = next(body for body in BODIES if isinstance(body, Manifest))
SOS = next(body for body in BODIES if isinstance(body, Sos))
SAID: dict[Lane, tuple[Up, Prio]] = {
    Lane.ALARM: (SOS, "p0"),
    Lane.STATE: (EVENT, "p2"),
    Lane.BULK: (MANIFEST, "p3"),
}
AGAIN, AHEAD = 10.0, 8
LONG_AGO = -1e9
Number = tuple[str, int]


class Life(RuleBasedStateMachine):
    """An outbox through puts, sends, receipts, new connections, time and restarts."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="outbox-")
        self.path = Path(self.folder.name) / "outbox.sqlite"
        self.now = 1000.0
        self.kept: dict[Number, Lane] = {}
        self.sent: dict[Number, float] = {}
        """When each was handed out last, in this life of the process."""
        self.outbox = self.opened()

    def opened(self) -> Outbox:
        return Outbox(self.path, again=AGAIN, ahead=AHEAD)

    @rule(lane=st.sampled_from(Lane), times=st.integers(1, 4))
    def promise(self, lane: Lane, times: int) -> None:
        body, prio = SAID[lane]
        for _ in range(times):
            sealed = msgspec.structs.replace(envelope(body, None), prio=prio)
            self.kept[self.outbox.epoch, self.outbox.put(sealed, lane)] = lane

    @rule(limit=st.integers(1, 12))
    def send(self, limit: int) -> None:
        before = len(self.sent)
        rows = self.outbox.due(self.now, limit)
        numbers = [(row.epoch, row.seq) for row in rows]
        assert len(rows) <= limit
        assert len(set(numbers)) == len(numbers)
        assert [row.lane for row in rows] == sorted(row.lane for row in rows), "the urgent go first"
        for row, number in zip(rows, numbers, strict=True):
            assert self.kept[number] is row.lane, "nothing is sent that is not promised or is receipted"
            assert self.now - self.sent.get(number, LONG_AGO) >= AGAIN, "nothing is sent twice at once"
            fresh = number not in self.sent
            assert not (fresh and before >= AHEAD and row.lane is not Lane.ALARM), "alarms alone go ahead"
            self.sent[number] = self.now
        alarms = [n for n, lane in self.kept.items() if lane is Lane.ALARM and n not in self.sent]
        alone = all(row.lane is Lane.ALARM for row in rows) and len(rows) == limit
        assert not alarms or alone, "no alarm waits while anything else goes or there is room"

    @precondition(lambda self: self.kept)
    @rule(data=st.data())
    def receipt(self, data: st.DataObject) -> None:
        epoch, first = data.draw(st.sampled_from(sorted(self.kept)))
        last = first + data.draw(st.integers(0, 5))
        gone = [n for n in self.kept if n[0] == epoch and first <= n[1] <= last]
        assert self.outbox.receipted([Range(epoch, first, last)]) == len(gone)
        newest: dict[Lane, float] = {}
        for number in gone:
            lane = self.kept[number]
            newest[lane] = max(newest.get(lane, 0.0), self.sent.get(number, 0.0))
        for number, at in self.sent.items():
            if at < newest.get(self.kept[number], 0.0) - OVERTAKEN:
                self.sent[number] = LONG_AGO
        for number in gone:
            del self.kept[number]
            self.sent.pop(number, None)

    @rule(seconds=st.sampled_from([0.5, 0.6 * AGAIN, 1.3 * AGAIN]))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @rule()
    def connect_anew(self) -> None:
        self.outbox.again(before=self.now)
        self.sent = {number: at for number, at in self.sent.items() if at >= self.now}

    @rule()
    def restart(self) -> None:
        self.outbox.close()
        self.outbox = self.opened()
        self.sent = {}

    @invariant()
    def nothing_is_missing_and_nothing_is_left_over(self) -> None:
        counts = self.outbox.counts()
        assert counts.queued == len(self.kept)
        assert counts.lanes == tuple(list(self.kept.values()).count(lane) for lane in Lane)
        assert counts.under_way == len(self.sent)

    def teardown(self) -> None:
        self.outbox.close()
        self.folder.cleanup()


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=15, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
)
