"""A backup brings the market back, on either database, or says that it cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zipfile import ZipFile

import pytest
from sqlalchemy import text

from hub.service import evidence, media
from hub.service.evidence import Entry
from hub.store import verbatim
from hub.store.archive import ArchiveError, backup, read, restore
from hub.store.base import sessions
from tests.hub.hasty import hasty
from tests.hub.store.test_move import lived, silent
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture
def empty(request: pytest.FixtureRequest, database: Engine, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of the other kind than `database`, so that each is read and written."""
    if database.dialect.name == "postgresql":
        made = hasty(f"sqlite:///{tmp_path / 'empty.db'}")
    else:
        made = hasty(request.getfixturevalue("postgres")("template0"))
    yield made
    made.dispose()


@pytest.fixture
def file(database: Engine, tmp_path: Path) -> Path:
    """A backup of a market in which something happened."""
    lived(database)
    with sessions(database).begin() as s:
        media.stored(s, "a" * 64, 12, "image/jpeg", NOON)
    backup(database, tmp_path / "market.zip", NOON, silent)
    return tmp_path / "market.zip"


def test_a_restored_market_is_the_one_that_was_backed_up(file: Path, database: Engine, empty: Engine) -> None:
    restored = restore(file, empty, silent)
    assert restored.heads == read(file).heads
    with verbatim.snapshot(database) as one, verbatim.snapshot(empty) as other:
        for table in verbatim.every():
            assert verbatim.tally(one, table) == verbatim.tally(other, table)
    with sessions(empty).begin() as s:
        line = evidence.append(s, MARKET, Entry("after"), NOON)
        s.flush()
        assert line.id == restored.heads[MARKET] + 1


def test_a_backup_names_every_file_that_belongs_to_it(file: Path) -> None:
    assert read(file).media == [["a" * 64, 12]]


def test_a_backup_is_of_one_moment_while_the_market_goes_on(database: Engine, tmp_path: Path) -> None:
    def goes_on(table: str, _rows: int) -> None:
        if table == "market":
            with sessions(database).begin() as s:
                evidence.append(s, MARKET, Entry("meanwhile"), NOON)

    with sessions(database).begin() as s:
        evidence.append(s, MARKET, Entry("before"), NOON)
    manifest = backup(database, tmp_path / "market.zip", NOON, goes_on)
    assert manifest.tables["line"]["rows"] == 1
    with sessions(database)() as s:
        assert evidence.head(s, MARKET) == manifest.heads[MARKET] + 1


def test_a_backup_that_was_stopped_leaves_no_file(sqlite: Engine, tmp_path: Path) -> None:
    def power_cut(table: str, _rows: int) -> None:
        if table == "shop":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backup(sqlite, tmp_path / "market.zip", NOON, power_cut)
    assert sorted(path.name for path in tmp_path.iterdir() if "zip" in path.name) == []


def test_a_backup_is_never_written_over(sqlite: Engine, tmp_path: Path) -> None:
    (tmp_path / "market.zip").write_bytes(b"an older backup")
    with pytest.raises(FileExistsError, match="give another name"):
        backup(sqlite, tmp_path / "market.zip", NOON, silent)


def test_a_restore_that_was_stopped_leaves_an_empty_database(file: Path, empty: Engine) -> None:
    def power_cut(table: str, _rows: int) -> None:
        if table == "line":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        restore(file, empty, power_cut)
    assert restore(file, empty, silent).rows["shop"] == 12


def test_nothing_is_restored_over_what_is_there(file: Path, database: Engine) -> None:
    with pytest.raises(ArchiveError, match="has rows already"):
        restore(file, database, silent)


FAULTS = ("row", *(pytest.param(one, marks=pytest.mark.long) for one in ("bit", "half", "version", "text")))
"""The first is found when everything else is written already."""


@pytest.mark.parametrize("fault", FAULTS)
def test_a_damaged_backup_is_refused_and_nothing_stays(
    file: Path, empty: Engine, tmp_path: Path, fault: str
) -> None:
    bad = tmp_path / "bad.zip"
    spoil(file, bad, fault)
    with pytest.raises(ArchiveError):
        restore(bad, empty, silent)
    assert restore(file, empty, silent).rows["shop"] == 12


def spoil(file: Path, bad: Path, fault: str) -> None:
    data = bytearray(file.read_bytes())
    if fault == "half":
        data = data[: len(data) // 2]
    elif fault == "bit":
        with ZipFile(file) as whole:
            lines = whole.getinfo("tables/line.jsonl")
        data[lines.header_offset + len(lines.filename) + 60 + lines.compress_size // 2] ^= 1
    elif fault == "text":
        data = bytearray(b"no backup")
    bad.write_bytes(data)
    if fault in {"row", "version"}:
        with ZipFile(file) as whole, ZipFile(bad, "w") as spoilt:
            for name in whole.namelist():
                spoilt.writestr(name, changed(name, whole.read(name), fault))


def changed(name: str, data: bytes, fault: str) -> bytes:
    """The backup without its first ledger line, or of another version."""
    if fault == "row" and name == "tables/line.jsonl":
        return data.partition(b"\n")[2]
    if fault == "version" and name == "manifest.json":
        return data.replace(b'"version": "', b'"version": "9')
    return data


def test_a_changed_value_changes_its_tables_sum(file: Path, empty: Engine) -> None:
    restore(file, empty, silent)
    with empty.begin() as connection:
        connection.execute(text("UPDATE shop SET name_zh = 'x' WHERE id = 'c-10'"))
    with verbatim.snapshot(empty) as connection:
        shop = next(table for table in verbatim.every() if table.name == "shop")
        assert verbatim.tally(connection, shop).digest != read(file).tables["shop"]["digest"]
