"""A full disk: bulk is refused early, pictures are left out, and alarms have room of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import msgspec
import pytest

from edge.disk import DiskError
from edge.outbox import Lane, Outbox
from edge.outbox.held import MOST
from edge.spool import Spool
from tests.wire.samples import BODIES, EVENT, envelope
from wire.message import Event, Manifest, Prio, Range, Sos, Up, decode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MANIFEST = next(body for body in BODIES if isinstance(body, Manifest))
SOS = next(body for body in BODIES if isinstance(body, Sos))
PICTURED = msgspec.structs.replace(EVENT, thumb=b"\xff" * 20_000)
MB = 1 << 20
DISK, RESERVE = 32 * MB, 4 * MB


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ("mount", "-t", "tmpfs", "-o", f"size={DISK}", "none", str(folder))
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("a small disk can be mounted by root on Linux only")
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this machine does not let a test mount a small disk")
    yield folder
    subprocess.run(("umount", str(folder)), check=True)


@pytest.fixture
def outbox(disk: Path) -> Iterator[Outbox]:
    one = Outbox(disk / "outbox.sqlite", reserve_bytes=RESERVE)
    yield one
    one.close()


def put(outbox: Outbox, body: Up = EVENT, lane: Lane = Lane.STATE, prio: Prio = "p2") -> int:
    return outbox.put(msgspec.structs.replace(envelope(body, None), prio=prio), lane)


def fill(disk: Path, leave: int) -> Path:
    """Let somebody else take all the room but `leave` bytes."""
    free = os.statvfs(disk)
    hog = disk / "hog"
    with hog.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize - leave)
    return hog


def until_full(outbox: Outbox, lane: Lane, body: Up = EVENT, prio: Prio = "p2") -> int:
    """How many of these it promises."""
    for number in range(100_000):
        try:
            put(outbox, body, lane, prio)
        except DiskError:
            return number
    raise AssertionError("the disk never became full")


def test_before_the_disk_is_full_bulk_is_refused_and_events_go_without_their_picture(
    outbox: Outbox, disk: Path
) -> None:
    put(outbox, MANIFEST, Lane.BULK)
    fill(disk, leave=RESERVE)
    with pytest.raises(DiskError, match="bulk is not kept any more"):
        put(outbox, MANIFEST, Lane.BULK)
    seq = put(outbox, PICTURED)
    (event,) = [decode(row.data).body for row in outbox.due(0.0, 10) if row.seq == seq]
    assert isinstance(event, Event)
    assert event.thumb is None
    counts = outbox.counts()
    assert (counts.queued, counts.dropped, counts.thinned, counts.refused) == (2, 1, 1, 0)


def test_when_the_disk_is_full_scans_and_events_have_half_the_reserve_and_alarms_the_rest(
    outbox: Outbox, disk: Path
) -> None:
    fill(disk, leave=64 << 10)
    events = until_full(outbox, Lane.STATE)
    alarms = until_full(outbox, Lane.ALARM, SOS, "p0")
    assert events > 50
    assert alarms > 50, "alarms go on where nothing else is kept any more"
    counts = outbox.counts()
    assert (counts.queued, counts.refused) == (events + alarms, 2)


def test_what_was_refused_takes_no_number_and_what_was_promised_stays(outbox: Outbox, disk: Path) -> None:
    hog = fill(disk, leave=64 << 10)
    events = until_full(outbox, Lane.STATE)
    hog.unlink()
    assert put(outbox) == events + 1
    assert {row.seq for row in outbox.due(0.0, 10_000)} == set(range(1, events + 2))


def test_on_a_full_disk_receipts_are_taken_and_make_room_for_new_alarms(outbox: Outbox, disk: Path) -> None:
    fill(disk, leave=64 << 10)
    events = until_full(outbox, Lane.STATE)
    until_full(outbox, Lane.ALARM, SOS, "p0")
    assert outbox.receipted([Range(outbox.epoch, 1, events)]) == events
    assert until_full(outbox, Lane.ALARM, SOS, "p0") > 20


def test_when_there_is_room_again_the_reserve_is_taken_again(outbox: Outbox, disk: Path) -> None:
    reserve = disk / "outbox.sqlite.reserve"
    assert reserve.stat().st_size == RESERVE
    hog = fill(disk, leave=64 << 10)
    until_full(outbox, Lane.ALARM, SOS, "p0")
    assert 0 < reserve.stat().st_size < RESERVE / 2, "the last of it is for receipts"
    hog.unlink()
    outbox.receipted([Range(outbox.epoch, 1, 1)])
    assert reserve.stat().st_size == RESERVE
    assert put(outbox, MANIFEST, Lane.BULK)


def test_an_edge_that_starts_on_a_full_disk_starts_and_takes_alarms(disk: Path) -> None:
    first = Outbox(disk / "outbox.sqlite", reserve_bytes=RESERVE)
    put(first)
    first.close()
    fill(disk, leave=0)
    again = Outbox(disk / "outbox.sqlite", reserve_bytes=RESERVE)
    try:
        assert put(again, SOS, Lane.ALARM, "p0") == 1
        assert [row.kind for row in again.due(0.0, 10)] == ["sos", "event"]
    finally:
        again.close()


def test_a_disk_too_small_for_a_reserve_is_used_without_one(disk: Path) -> None:
    fill(disk, leave=RESERVE + MB)
    with_none = Outbox(disk / "outbox.sqlite", reserve_bytes=RESERVE)
    try:
        assert put(with_none, SOS, Lane.ALARM, "p0") == 1
        assert not (disk / "outbox.sqlite.reserve").exists()
    finally:
        with_none.close()


def test_stills_and_clips_leave_room_for_what_matters(disk: Path) -> None:
    spool = Spool(disk / "spool", leave_bytes=4 * RESERVE)
    older = spool.keep("still", b"older" * 10_000)
    clip = spool.keep("clip", b"clip" * 20_000)
    hog = fill(disk, leave=2 * RESERVE)
    newer = spool.keep("still", b"newer" * 10_000)
    assert {path.stem for path in spool.waiting()} == {older.sha256, newer.sha256}, "a clip makes way first"
    assert clip.sha256 not in {path.stem for path in spool.waiting()}
    with pytest.raises(OSError, match="the disk is nearly full; this file is given up"):
        spool.keep("clip", b"large" * 100_000)
    assert spool.dropped == 2
    assert not list(spool.parts.iterdir())
    hog.unlink()
    assert spool.keep("clip", b"large" * 100_000).size == 500_000


@pytest.fixture
def worn(tmp_path: Path) -> Iterator[Outbox]:
    """An outbox on a card that can be read and, from one moment on, takes nothing more."""
    one = Outbox(tmp_path / "outbox.sqlite")
    put(one)
    one._store._db.execute(
        "CREATE TEMP TRIGGER worn BEFORE INSERT ON row BEGIN SELECT RAISE(ABORT, 'worn out'); END"
    )
    yield one
    one.close()


def test_a_card_that_is_worn_out_still_lets_alarms_be_told(worn: Outbox) -> None:
    outbox = worn
    with pytest.raises(DiskError, match="held in memory"):
        put(outbox, SOS, Lane.ALARM, "p0")
    with pytest.raises(DiskError):
        put(outbox)
    assert [(row.kind, row.seq) for row in outbox.due(0.0, 10)] == [("sos", 2), ("event", 1)]
    assert [row.seq for row in outbox.calls()] == [2]
    assert outbox.due(1.0, 10) == [], "each is under way once"
    counts = outbox.counts()
    assert (counts.queued, counts.held, counts.refused, counts.works) == (1, 1, 2, False)
    assert outbox.receipted([Range(outbox.epoch, 1, 2)]) == 2
    assert (outbox.counts().queued, outbox.counts().held) == (0, 0)


def test_what_was_held_in_memory_is_promised_once_the_disk_takes_it(outbox: Outbox, disk: Path) -> None:
    hog = fill(disk, leave=64 << 10)
    alarms = until_full(outbox, Lane.ALARM, SOS, "p0")
    assert outbox.counts().held == 1
    hog.unlink()
    assert put(outbox) == alarms + 2
    counts = outbox.counts()
    assert (counts.held, counts.queued, counts.works) == (0, alarms + 2, True)
    outbox.close()
    again = Outbox(disk / "outbox.sqlite")
    assert {row.seq for row in again.due(0.0, 10_000)} == set(range(1, alarms + 3))
    again.close()


def test_memory_holds_no_more_alarms_than_it_can(worn: Outbox) -> None:
    for _ in range(MOST + 5):
        with pytest.raises(DiskError):
            put(worn, SOS, Lane.ALARM, "p0")
    assert worn.counts().held == MOST
