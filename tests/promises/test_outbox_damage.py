"""A damaged file costs only what cannot be read of it: the rest is promised on, under its old numbers."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import msgspec
import pytest

from edge.disk import DiskError
from edge.outbox import Lane, Outbox
from tests.wire.samples import BODIES, EVENT, envelope
from wire.message import Event, Range, Sos, decode, new_id

if TYPE_CHECKING:
    from pathlib import Path

SOS = next(body for body in BODIES if isinstance(body, Sos))
PICTURED = msgspec.structs.replace(EVENT, thumb=b"\xff" * 9_000)
ROWS = 200
PAGE = 4096


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


def filled(path: Path, event: Event = EVENT) -> str:
    """Rows with a number each, every tenth a call for help; the epoch."""
    with closing(Outbox(path)) as outbox:
        for number in range(1, ROWS + 1):
            body, lane = (SOS, Lane.ALARM) if number % 10 == 0 else (event, Lane.STATE)
            sealed = msgspec.structs.replace(envelope(body, None), id=new_id())
            outbox.put(sealed, lane)
        return outbox.epoch


def spoil(path: Path, begin: int, size: int) -> None:
    with path.open("r+b") as file:
        file.seek(begin)
        file.write(random.Random(begin).randbytes(size))


def test_damage_in_the_middle_costs_only_what_stood_there(path: Path) -> None:
    epoch = filled(path)
    spoil(path, path.stat().st_size // 3, 2 * PAGE)
    with closing(Outbox(path)) as outbox:
        rows = outbox.due(0.0, 1000)
        assert len(rows) == outbox.counts().queued == outbox.counts().salvaged
        assert len(rows) >= 0.9 * ROWS
        assert {row.epoch for row in rows} == {epoch}
        assert [row.kind for row in rows[:10]] == ["sos"] * 10, "calls for help still overtake the rest"
        for row in rows:
            said = decode(row.data)
            assert (said.epoch, said.seq) == (row.epoch, row.seq)
        assert outbox.receipted([Range(epoch, 1, ROWS)]) == len(rows)


def test_without_a_readable_beginning_messages_are_found_by_their_bytes(path: Path) -> None:
    filled(path)
    spoil(path, 0, PAGE)
    with closing(Outbox(path)) as outbox:
        assert len({row.seq for row in outbox.due(0.0, 1000)}) >= 0.9 * ROWS


def test_messages_that_fill_several_pages_are_read_up_to_the_damage_from_both_sides(path: Path) -> None:
    filled(path, PICTURED)
    spoil(path, path.stat().st_size // 2, PAGE)
    with closing(Outbox(path)) as outbox:
        assert len(outbox.due(0.0, 1000)) >= 0.9 * ROWS


def test_what_is_only_in_the_journal_is_read_too(path: Path) -> None:
    outbox = Outbox(path)
    outbox._store._db.execute("PRAGMA wal_autocheckpoint = 0")
    for _ in range(20):
        outbox.put(envelope(EVENT, None), Lane.STATE)
    journal = path.with_name(f"{path.name}-wal")
    torn = path.with_name("torn.sqlite")
    torn.write_bytes(b"no database" * 1000)
    torn.with_name("torn.sqlite-wal").write_bytes(journal.read_bytes())
    outbox.close()
    with closing(Outbox(torn)) as after:
        assert {row.seq for row in after.due(0.0, 100)} == set(range(1, 21))


@pytest.mark.parametrize("seed", range(6))
def test_whatever_is_damaged_it_opens_and_goes_on(path: Path, seed: int) -> None:
    filled(path)
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 5)):
        spoil(path, chance.randrange(path.stat().st_size - 600), chance.choice([1, 16, 600]))
    with closing(Outbox(path)) as outbox:
        assert outbox.put(envelope(EVENT, None), Lane.STATE) == 1
        assert len(outbox.due(0.0, 1000)) >= 0.5 * ROWS


def test_damage_while_it_is_used_is_mended_on_the_spot(path: Path) -> None:
    filled(path)
    with closing(Outbox(path)) as outbox:
        outbox._store._db.execute("PRAGMA cache_size = 2")
        assert outbox.put(envelope(EVENT, None), Lane.STATE) == 1
        outbox._store.fold()
        spoil(path, PAGE, path.stat().st_size - PAGE)
        assert outbox.put(envelope(SOS, None), Lane.ALARM) == 2
        assert "sos" in {row.kind for row in outbox.due(0.0, 1000)}
        assert path.with_name("outbox.sqlite.damaged-1").exists()


def test_an_outbox_that_could_not_be_opened_anew_is_opened_at_the_next_message(path: Path) -> None:
    filled(path)
    with closing(Outbox(path)) as outbox:
        outbox._store._db.close()  # as a damaged one is left on a disk that is full at that moment
        assert outbox.put(envelope(EVENT, None), Lane.STATE) == 1
        assert outbox.counts().queued == ROWS + 1
    with pytest.raises(DiskError):
        outbox.put(envelope(EVENT, None), Lane.STATE)


def test_a_second_damage_does_not_overwrite_the_first_one_set_aside(path: Path) -> None:
    for _ in range(2):
        filled(path)
        spoil(path, 0, PAGE)
    with closing(Outbox(path)):
        assert {file.name for file in path.parent.glob("*.damaged-?")} == {
            "outbox.sqlite.damaged-1",
            "outbox.sqlite.damaged-2",
        }
        assert not list(path.parent.glob("*.copy*"))


def test_a_message_that_the_disk_altered_is_not_sent_and_its_number_is_missed(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    filled(path)
    data = path.read_bytes()
    at = data.index("八人以上".encode())
    path.write_bytes(data[:at] + "七人以上".encode() + data[at + 12 :])  # whole JSON, and a lie
    with closing(Outbox(path)) as outbox:
        rows = outbox.due(0.0, 1000)
        counts = outbox.counts()
        assert (len(rows), counts.queued, counts.spoilt) == (ROWS - 1, ROWS - 1, 1)
        assert outbox.given_up() == (), "it is not given up but lost, and the hub says so"
        assert all("八人以上".encode() in row.data for row in rows if row.kind == "event")
    assert "the disk altered message" in caplog.text


def test_the_file_of_an_earlier_version_is_taken_over(path: Path) -> None:
    epoch = filled(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("ALTER TABLE row DROP COLUMN crc")
        db.execute("DROP TABLE given_up")
    with closing(Outbox(path)) as outbox:
        assert outbox.put(envelope(EVENT, None), Lane.STATE) == 1
        assert len(outbox.due(0.0, 1000)) == ROWS + 1
        assert outbox.receipted([Range(epoch, 1, ROWS)]) == ROWS
