"""A backup: everything that a database keeps in one file, from either kind and back into either.

The file is a zip: a table is one member with a line of JSON a row, and `manifest.json`, written last, says
how many rows each has, the sum of their hashes, the heads of the ledgers, and every media file by its hash.
The bytes of stills and clips are not in it: their folder is copied beside it and checked against that list.
"""

from __future__ import annotations

import json
import os
import zlib
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from io import BufferedReader
from typing import IO, TYPE_CHECKING, Any, cast
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from sqlalchemy import text

from hub.store import verbatim
from hub.store.base import migrate
from hub.store.move import Moved, finish, is_empty, make_room_for, put, refer, said
from hub.store.verbatim import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection, Engine

FORMAT = 1
MANIFEST = "manifest.json"
MOST_MANIFEST = 256 << 20
"""Bytes: two million media files. A zip of some kilobytes may claim to hold any number."""
MOST_LINE = 64 << 20
"""Bytes of one row."""
SQUEEZE = 1
"""Level of deflate: the quickest, a fifth of the size all the same."""


class ArchiveError(RuntimeError):
    """The file cannot be restored, or is not what was backed up; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; `media` are [sha256, bytes] of the files that belong to it."""

    format: int
    version: str
    made_at: str
    tables: dict[str, dict[str, int]]
    heads: dict[str, int]
    months: dict[str, list[str]]
    media: list[list[Any]]


def backup(source: Engine, file: Path, now: datetime, told: Callable[[str, int], None]) -> Manifest:
    """Write everything, as it is at one moment, to `file`; the hub may run meanwhile.

    The file appears under its name when it is whole and forced to the disk.

    Raises:
        FileExistsError: there is such a file.
    """
    if file.exists():
        raise FileExistsError(f"{file} is there already; give another name")
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as raw:
            with ZipFile(raw, "w", ZIP_DEFLATED, compresslevel=SQUEEZE) as archive:
                manifest = _write(source, archive, now, told)
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return manifest


def _write(source: Engine, archive: ZipFile, now: datetime, told: Callable[[str, int], None]) -> Manifest:
    tables: dict[str, dict[str, int]] = {}
    with verbatim.snapshot(source) as connection:
        version = str(connection.scalar(text("SELECT version_num FROM alembic_version")))
        for table in verbatim.every():
            tally = Tally()
            with archive.open(_member(table), "w", force_zip64=True) as lines:
                for piece in verbatim.rows(connection, table):
                    written = [verbatim.line_of(row) for row in piece]
                    lines.write(b"\n".join([*written, b""]))
                    tally.add_all(written)
                    told(table.name, len(piece))
            tables[table.name] = asdict(tally)
        manifest = Manifest(
            FORMAT,
            version,
            now.isoformat(),
            tables,
            verbatim.heads(connection),
            verbatim.months(connection),
            _media(connection),
        )
    archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
    return manifest


def _media(connection: Connection) -> list[list[Any]]:
    return [list(row) for row in connection.execute(text("SELECT sha256, size FROM blob ORDER BY sha256"))]


def read(file: Path) -> Manifest:
    """What the backup says of itself.

    Raises:
        ArchiveError: it is no backup, is not whole, or is of a later program.
    """
    with _opened(file) as archive:
        return _manifest(archive)


def restore(file: Path, target: Engine, told: Callable[[str, int], None]) -> Moved:
    """Write what `file` has into an empty database, then count and sum it there.

    It is one transaction: a restore that is stopped leaves an empty database.

    Raises:
        ArchiveError: the target has rows, the file is of another version or damaged, or what arrived differs.
    """
    migrate(target)
    with _opened(file) as archive, target.begin() as connection:
        manifest = _manifest(archive)
        _refuse(connection, manifest)
        make_room_for(connection, manifest.months)
        for table in verbatim.every():
            _table(connection, archive, table, manifest, told)
    finish(target)
    return _compare(target, manifest, told)


def _refuse(connection: Connection, manifest: Manifest) -> None:
    version = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if manifest.version != version:
        raise ArchiveError(
            f"the backup is of version {manifest.version} and this program of {version}: "
            "restore it with the program that made it, then upgrade"
        )
    if not is_empty(connection):
        raise ArchiveError("the database has rows already; give an empty one")


def _table(
    connection: Connection,
    archive: ZipFile,
    table: Table,
    manifest: Manifest,
    told: Callable[[str, int], None],
) -> None:
    """Write one table; what it has must be what the manifest says before it counts."""
    found, own, open_ = Tally(), verbatim.own_references(table), list[list[Any]]()
    with archive.open(_member(table)) as lines:
        for piece in _pieces(lines):
            found.add_all(piece)
            rows = [verbatim.reader(table)(line) for line in piece]
            put(connection, table, rows, own)
            open_ += rows if own else []
            told(table.name, len(rows))
    if asdict(found) != manifest.tables[table.name]:
        raise ArchiveError(f"the backup is damaged: {said(table.name, _tally(manifest, table), found)}")
    names = [column.name for column in table.columns]
    for name in own:
        at = names.index(name)
        refer(
            connection,
            table,
            name,
            [[*verbatim.key_of(table, row), row[at]] for row in open_ if row[at] is not None],
        )


def _pieces(lines: IO[bytes]) -> Iterator[list[bytes]]:
    piece: list[bytes] = []
    reader = BufferedReader(cast("Any", lines))
    while line := reader.readline(MOST_LINE + 1):
        if len(line) > MOST_LINE:
            raise ArchiveError(f"the backup has a row of more than {MOST_LINE >> 20} MiB; take another one")
        piece.append(line.removesuffix(b"\n"))
        if len(piece) == verbatim.AT_ONCE:
            yield piece
            piece = []
    if piece:
        yield piece


def _compare(target: Engine, manifest: Manifest, told: Callable[[str, int], None]) -> Moved:
    differ, rows = [], {}
    with verbatim.snapshot(target) as connection:
        for table in verbatim.every():
            here = verbatim.tally(connection, table)
            told(table.name, here.rows)
            rows[table.name] = here.rows
            wanted = _tally(manifest, table)
            differ += [said(table.name, wanted, here)] if here != wanted else []
        heads = verbatim.heads(connection)
    if differ or heads != manifest.heads:
        raise ArchiveError(f"what was restored differs from the backup: {'; '.join(differ) or heads}")
    return Moved(rows, heads)


def _tally(manifest: Manifest, table: Table) -> Tally:
    return Tally(**manifest.tables[table.name])


def _member(table: Table) -> str:
    return f"tables/{table.name}.jsonl"


@contextmanager
def _opened(file: Path) -> Iterator[ZipFile]:
    try:
        with ZipFile(file) as archive:
            yield archive
    except (BadZipFile, EOFError, KeyError, TypeError, ValueError, RecursionError, zlib.error) as error:
        raise ArchiveError(f"{file} is no whole backup ({error}); take another one") from error


def _manifest(archive: ZipFile) -> Manifest:
    if archive.getinfo(MANIFEST).file_size > MOST_MANIFEST:
        raise ArchiveError(f"the backup says more than {MOST_MANIFEST >> 20} MiB of itself; take another one")
    found = json.loads(archive.read(MANIFEST))
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        said_ = found.get("format") if isinstance(found, dict) else None
        raise ArchiveError(f"the backup has format {said_} and this program reads {FORMAT}")
    return Manifest(**found)
