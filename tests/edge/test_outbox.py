from __future__ import annotations

import logging
import random
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from edge.disk import DiskError
from edge.outbox import AGAIN, AHEAD, Lane, Outbox
from tests.wire.samples import BODIES, EPOCH, EVENT, envelope
from wire.message import Bad, Event, Manifest, Prio, Range, Sos, Up, decode

MANIFEST = next(body for body in BODIES if isinstance(body, Manifest))
SOS = next(body for body in BODIES if isinstance(body, Sos))
ROOT = Path(__file__).parents[2]
NOW = 1000.0
Make = Callable[..., Outbox]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def make() -> Iterator[Make]:
    """Opens outboxes, and closes them when the test is over."""
    opened: list[Outbox] = []

    def one(path: Path, **more: int) -> Outbox:
        opened.append(Outbox(path, **more))
        return opened[-1]

    yield one
    for outbox in opened:
        outbox.close()


def put(outbox: Outbox, body: Up = EVENT, lane: Lane = Lane.STATE, prio: Prio = "p2") -> int:
    return outbox.put(msgspec.structs.replace(envelope(body, None), prio=prio), lane)


def kinds(outbox: Outbox, limit: int = 100) -> list[str]:
    return [row.kind for row in outbox.due(NOW, limit)]


def test_numbers_count_from_one_without_a_gap_under_an_epoch_of_this_start(make: Make, path: Path) -> None:
    outbox = make(path)
    assert [put(outbox) for _ in range(3)] == [1, 2, 3]
    sent = [decode(row.data) for row in outbox.due(NOW, 10)]
    assert [(message.epoch, message.seq) for message in sent] == [(outbox.epoch, n) for n in (1, 2, 3)]


def test_what_the_hub_would_refuse_is_not_promised_and_takes_no_number(make: Make, path: Path) -> None:
    outbox = make(path)
    with pytest.raises(Bad):
        put(outbox, msgspec.structs.replace(EVENT, reason="bell\x07"))
    with pytest.raises(Bad):
        put(outbox, msgspec.structs.replace(EVENT, score=float("nan")))
    assert put(outbox) == 1


def test_a_call_for_help_overtakes_any_backlog(make: Make, path: Path) -> None:
    outbox = make(path)
    for _ in range(30):
        put(outbox, MANIFEST, Lane.BULK, "p3")
        put(outbox)
    put(outbox, prio="p1", lane=Lane.ALARM)
    put(outbox, SOS, Lane.ALARM, "p0")
    assert kinds(outbox, 3) == ["sos", "event", "event"]
    rest = kinds(outbox)
    assert rest == ["event"] * 29 + ["manifest"] * 30


def test_only_the_receipt_deletes_whatever_was_sent(make: Make, path: Path) -> None:
    outbox = make(path)
    put(outbox)
    put(outbox)
    assert len(outbox.due(NOW, 10)) == 2
    assert outbox.counts().queued == 2
    assert outbox.receipted([Range(epoch=outbox.epoch, first=1, last=1)]) == 1
    assert outbox.counts().queued == 1
    assert outbox.receipted([Range(epoch=outbox.epoch, first=1, last=1)]) == 0
    assert [row.seq for row in outbox.due(NOW + 2 * AGAIN, 10)] == [2]


def test_a_receipt_of_another_epoch_deletes_nothing_here(make: Make, path: Path) -> None:
    outbox = make(path)
    put(outbox)
    assert outbox.receipted([Range(epoch=EPOCH, first=0, last=2**53)]) == 0
    assert outbox.counts().queued == 1


def test_without_a_receipt_it_is_sent_again_after_half_a_minute_and_not_by_all_at_once(
    make: Make, path: Path
) -> None:
    outbox = make(path)
    seen = []
    for _ in range(20):
        put(outbox)
        (row,) = outbox.due(NOW, 10)
        assert outbox.due(NOW + AGAIN - 0.1, 10) == []
        wait = next(tenth / 10 for tenth in range(290, 400) if outbox.due(NOW + tenth / 10, 10) == [row])
        seen.append(wait)
        outbox.receipted([Range(epoch=outbox.epoch, first=row.seq, last=row.seq)])
    assert AGAIN <= min(seen) < max(seen) <= 1.2 * AGAIN + 0.1


def test_what_a_later_receipt_overtook_was_lost_and_does_not_wait_half_a_minute(
    make: Make, path: Path
) -> None:
    outbox = make(path)
    put(outbox)
    lost = outbox.due(NOW, 10)
    put(outbox)
    outbox.due(NOW + 3, 10)
    outbox.receipted([Range(epoch=outbox.epoch, first=2, last=2)])
    assert outbox.due(NOW + 3, 10) == [], "out of order by some seconds is no loss"
    put(outbox)
    outbox.due(NOW + 6, 10)
    outbox.receipted([Range(epoch=outbox.epoch, first=3, last=3)])
    assert outbox.due(NOW + 6, 10) == lost


def test_a_kind_of_message_that_lags_behind_another_is_not_taken_for_lost(make: Make, path: Path) -> None:
    outbox = make(path)
    put(outbox)
    outbox.due(NOW, 10)
    put(outbox, SOS, Lane.ALARM, "p0")
    outbox.due(NOW + 10, 10)
    outbox.receipted([Range(epoch=outbox.epoch, first=2, last=2)])
    assert outbox.due(NOW + 10, 10) == []


def test_a_new_connection_makes_due_what_went_out_before_it_but_what_the_client_holds(
    make: Make, path: Path
) -> None:
    outbox = make(path)
    for _ in range(3):
        put(outbox)
    before = outbox.due(NOW, 10)
    put(outbox)
    (after,) = outbox.due(NOW + 1, 10)
    outbox.again(before=NOW + 1, keep=[before[1].id])
    assert outbox.due(NOW + 1, 10) == [before[0], before[2]]
    outbox.again()
    assert outbox.due(NOW + 1, 10) == [*before, after]
    put(outbox, SOS, Lane.ALARM, "p0")
    (call,) = outbox.due(NOW + 2, 10)
    outbox.again(last=Lane.ALARM)
    assert outbox.due(NOW + 2, 10) == [call], "alarms first, the rest with jitter"


def test_while_the_hub_is_silent_alarms_alone_are_sent_a_second_time(make: Make, path: Path) -> None:
    outbox = make(path)
    put(outbox)
    put(outbox, SOS, Lane.ALARM, "p0")
    outbox.due(NOW, 10)
    later = NOW + 2 * AGAIN
    assert [row.kind for row in outbox.due(later, 10, again=Lane.ALARM)] == ["sos"]
    assert [row.kind for row in outbox.due(later, 10)] == ["event"]


def test_after_a_restart_the_old_rows_go_out_under_their_old_name(make: Make, path: Path) -> None:
    before = make(path)
    put(before)
    before.due(NOW, 10)
    before.close()
    after = make(path)
    put(after)
    assert after.epoch != before.epoch
    assert [(row.epoch, row.seq) for row in after.due(NOW, 10)] == [(before.epoch, 1), (after.epoch, 1)]
    assert after.receipted([Range(epoch=before.epoch, first=1, last=1)]) == 1


def test_while_the_hub_is_silent_only_alarms_go_on_past_the_limit(make: Make, path: Path) -> None:
    outbox = make(path, ahead=5)
    for _ in range(10):
        put(outbox)
    assert len(outbox.due(NOW, 5)) == 5
    assert outbox.due(NOW, 5) == []
    put(outbox, SOS, Lane.ALARM, "p0")
    assert kinds(outbox, 5) == ["sos"]
    outbox.receipted([Range(epoch=outbox.epoch, first=1, last=3)])
    assert len(outbox.due(NOW, 5)) == 5
    assert AHEAD >= 500, "a receipt comes for batches of up to 500"


def test_a_full_outbox_gives_up_thumbnails_then_bulk_and_never_an_event(make: Make, path: Path) -> None:
    outbox = make(path, most_bytes=60_000)
    pictured = msgspec.structs.replace(EVENT, thumb=b"\xff" * 20_000)
    put(outbox, MANIFEST, Lane.BULK)
    put(outbox, pictured)
    put(outbox, pictured)
    counts = outbox.counts()
    assert (counts.queued, counts.thinned, counts.dropped) == (3, 0, 0)
    put(outbox, pictured)
    assert (outbox.counts().thinned, outbox.counts().dropped) == (1, 0)
    for _ in range(100):
        put(outbox)
    counts = outbox.counts()
    assert (counts.queued, counts.dropped) == (103, 1)
    bodies = [decode(row.data).body for row in outbox.due(NOW, 1000)]
    assert all(isinstance(body, Event) and body.thumb is None for body in bodies)
    with pytest.raises(DiskError, match="bulk message is given up"):
        put(outbox, MANIFEST, Lane.BULK)
    assert outbox.counts().dropped == 2
    assert put(outbox) == 105


def test_its_size_is_known_again_after_a_restart(make: Make, path: Path) -> None:
    outbox = make(path)
    put(outbox)
    size = outbox.counts().size
    outbox.close()
    assert make(path).counts().size == size > 300


def test_a_full_disk_is_said_and_what_was_promised_stays(make: Make, path: Path) -> None:
    outbox = make(path)
    put(outbox)
    pages = outbox._store._db.execute("PRAGMA page_count").fetchone()[0]
    outbox._store._db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskError, match="the disk is full"):  # noqa: PT012
        for _ in range(100):
            put(outbox)
    held = outbox.counts().queued
    outbox._store._db.execute("PRAGMA max_page_count = 100000")
    assert put(outbox) == held + 1, "the refused message took no number"


def test_a_second_agent_in_the_same_folder_is_refused(make: Make, path: Path) -> None:
    outbox = make(path)
    put(outbox)
    with pytest.raises(DiskError, match="another agent uses this file"):
        make(path)
    assert put(outbox) == 2


def test_a_folder_that_is_not_there_is_said(make: Make, tmp_path: Path) -> None:
    with pytest.raises(DiskError, match="check that its folder exists"):
        make(tmp_path / "none" / "outbox.sqlite")


@pytest.mark.parametrize("damage", ["head", "middle"])
def test_a_damaged_file_is_set_aside_and_not_deleted(
    make: Make, path: Path, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    outbox = make(path)
    for _ in range(200):
        put(outbox)
    outbox.close()
    data = bytearray(path.read_bytes())
    begin = 0 if damage == "head" else len(data) // 3
    data[begin : begin + 8192] = random.Random(3).randbytes(8192)
    path.write_bytes(data)
    with caplog.at_level(logging.WARNING):
        fresh = make(path)
    assert put(fresh) == 1
    assert path.with_name("outbox.sqlite.damaged-1").read_bytes() == data
    assert "set aside as outbox.sqlite.damaged-1" in caplog.text


def test_many_threads_may_put_at_once(make: Make, path: Path) -> None:
    outbox = make(path)
    seqs: list[int] = []

    def work() -> None:
        seqs.extend(put(outbox) for _ in range(25))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(seqs) == list(range(1, 101))
    assert sorted(row.seq for row in outbox.due(NOW, 1000)) == list(range(1, 101))


def test_the_promise_is_kept_with_full_synchronisation(make: Make, path: Path) -> None:
    outbox = make(path)
    assert outbox._store._db.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert outbox._store._db.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


PUTTER = """
import sys
from pathlib import Path
from edge.outbox import Lane, Outbox
from tests.wire.samples import EVENT, envelope
outbox = Outbox(Path(sys.argv[1]))
while True:
    print(outbox.epoch, outbox.put(envelope(EVENT, None), Lane.STATE), flush=True)
"""


def test_killed_again_and_again_nothing_that_was_promised_is_missing(path: Path) -> None:
    chance = random.Random(11)
    promised: list[tuple[str, int]] = []
    for _ in range(8):
        child = subprocess.Popen(
            [sys.executable, "-c", PUTTER, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert child.stdout is not None
        promised += [_promise(child.stdout.readline()) for _ in range(chance.randint(5, 40))]
        time.sleep(chance.uniform(0.0, 0.02))
        child.kill()
        rest = child.stdout.read().splitlines(keepends=True)
        child.stdout.close()
        child.wait()
        promised += [_promise(line) for line in rest if line.endswith("\n")]
    with sqlite3.connect(path) as db:
        kept = set(db.execute("SELECT epoch, seq FROM row"))
    db.close()
    assert len(promised) >= 8 * 5
    assert set(promised) <= kept
    assert len(kept) - len(promised) <= 8, "at most the one row of each death that was kept and not yet said"


def _promise(line: str) -> tuple[str, int]:
    epoch, seq = line.split()
    return epoch, int(seq)
