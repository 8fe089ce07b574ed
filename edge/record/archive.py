"""The recordings of an edge: files, and an index beside them that is rebuilt from the files.

No row stands without its file, no file without its row: a row is written once its file is whole, a file goes
before its row, and whatever a power failure leaves half done `reconcile` settles.
"""

from __future__ import annotations

import logging
from threading import Lock
from typing import TYPE_CHECKING

import msgspec

from edge.camera.piece import CLOSED, BrokenPieceError, Piece, read
from edge.disk import connect, transaction

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator
    from pathlib import Path

log = logging.getLogger(__name__)

INDEX = "index.sqlite"
TABLES = """
CREATE TABLE IF NOT EXISTS piece (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, camera TEXT NOT NULL,
    stream TEXT NOT NULL, began REAL NOT NULL, ended REAL NOT NULL, size INTEGER NOT NULL,
    sha256 TEXT NOT NULL, told INTEGER NOT NULL DEFAULT 0, piece BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS piece_time ON piece (camera, began);
CREATE INDEX IF NOT EXISTS piece_untold ON piece (id) WHERE told = 0;
CREATE TABLE IF NOT EXISTS gone (camera TEXT PRIMARY KEY, sha256 TEXT NOT NULL, ended REAL NOT NULL);
CREATE TABLE IF NOT EXISTS head (camera TEXT PRIMARY KEY, sha256 TEXT NOT NULL, ended REAL NOT NULL);
"""
SPAN = 3600.0
"""Seconds before a time asked for in which a piece that reaches into it may have begun."""
CATCH_UP = 4
"""Newest files of a camera that are looked at when its process starts."""
DAY, MEASURED = 86_400.0, 600.0
_piece = msgspec.json.Decoder(Piece)


class Archive:
    """May be used from any thread.

    Args:
        folder: of all recordings; made if it is missing.

    Raises:
        OSError: it cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._db = connect(folder / INDEX, TABLES, alone=False)
        sizes = self._db.execute("SELECT camera, sum(size) FROM piece GROUP BY camera")
        self._sizes: dict[str, int] = dict(sizes.fetchall())
        self._lock = Lock()

    def close(self) -> None:
        """Let others have the index."""
        with self._lock:
            self._db.close()

    def take(self, piece: Piece) -> bool:
        """Write the camera's newest piece into the index; whether it is new there. Raises DiskError."""
        last = (piece.head.camera, piece.sha256, piece.tail.ended)
        with self._lock, transaction(self._db):
            self._db.execute("INSERT OR REPLACE INTO head VALUES (?, ?, ?)", last)
            return self._put(piece)

    def last(self, camera: str) -> tuple[str | None, float | None]:
        """sha256 and end of the camera's last piece, also when it has been deleted; None: it has none."""
        with self._lock:
            row = self._db.execute("SELECT sha256, ended FROM head WHERE camera = ?", (camera,)).fetchone()
        return (row[0], row[1]) if row else (None, None)

    def span(self, camera: str, begin: float, end: float) -> list[Piece]:
        """The camera's pieces that show something between two moments, oldest first."""
        where = "camera = ? AND began BETWEEN ? AND ? AND ended > ? ORDER BY began"
        return list(self._select(where, camera, begin - SPAN, end, begin))

    def untold(self, most: int = 100) -> list[Piece]:
        """Pieces of which the hub was not told, oldest first."""
        return list(self._select("told = 0 ORDER BY id LIMIT ?", most))

    def told(self, piece: Piece) -> None:
        """The hub will hear of it."""
        with self._lock, transaction(self._db):
            self._db.execute("UPDATE piece SET told = 1 WHERE name = ?", (piece.name,))

    def oldest(self, camera: str, before: float, most: int = 20) -> list[Piece]:
        """The camera's oldest pieces that ended before a moment."""
        return list(self._select("camera = ? AND ended < ? ORDER BY began LIMIT ?", camera, before, most))

    def sizes(self) -> dict[str, int]:
        """Bytes that are kept of each camera."""
        with self._lock:
            return dict(self._sizes)

    def since(self, camera: str) -> float | None:
        """When the camera's oldest piece began; None: there is none."""
        with self._lock:
            row = self._db.execute("SELECT min(began) FROM piece WHERE camera = ?", (camera,)).fetchone()
        found: float | None = row[0]
        return found

    def rates(self, since: float) -> dict[tuple[str, str], float]:
        """Bytes a recorded day by camera and stream, as measured since a moment over ten minutes or more."""
        query = (
            "SELECT camera, stream, sum(size), sum(ended - began) FROM piece WHERE began >= ?"
            " GROUP BY camera, stream"
        )
        with self._lock:
            rows = self._db.execute(query, (since,)).fetchall()
        return {(row[0], row[1]): row[2] / row[3] * DAY for row in rows if row[3] >= MEASURED}

    def delete(self, piece: Piece) -> None:
        """Delete a piece whose time has come: its file, then its row; where the chain goes on is kept."""
        (self.folder / piece.name).unlink(missing_ok=True)
        camera, ended = piece.head.camera, piece.tail.ended
        with self._lock, transaction(self._db):
            self._remove(piece.name)
            self._db.execute("INSERT OR REPLACE INTO gone VALUES (?, ?, ?)", (camera, piece.sha256, ended))

    def catch_up(self, camera: str) -> None:
        """Give rows to the few newest files that have none: what a power failure leaves; raises OSError.

        Quick also where the index is lost and thousands have none; `reconcile` settles these.
        """
        newest = sorted(self._files(camera).items(), key=_written)[-CATCH_UP:]
        for name, path in newest:
            known = next(self._select("name = ?", name), None)
            if piece := known or _whole(self.folder, path):
                self.take(piece)

    def reconcile(self, camera: str, go_on: Callable[[], bool] = lambda: True) -> None:
        """Let rows and files agree again: files without a row get one, rows without a file go.

        Reads and hashes every file without a row, until `go_on` says no.

        Raises:
            OSError: the disk cannot be read or written.
        """
        rows, there = self._rows(camera), self._files(camera)
        for name in sorted(rows - there.keys()):
            if (self.folder / name).exists():
                continue
            log.error("the recording %s is gone from the disk; its row goes with it", name)
            with self._lock, transaction(self._db):
                self._remove(name)
        # By the time of writing, since a clock that was set makes names lie about their order.
        for _, path in sorted(((n, p) for n, p in there.items() if n not in rows), key=_written):
            if not go_on():
                return
            if piece := _whole(self.folder, path):
                with self._lock, transaction(self._db):
                    self._put(piece)

    def _files(self, camera: str) -> dict[str, Path]:
        found = (self.folder / camera).glob(f"*/*{CLOSED}")
        return {path.relative_to(self.folder).as_posix(): path for path in found}

    def _rows(self, camera: str) -> set[str]:
        with self._lock:
            return {row[0] for row in self._db.execute("SELECT name FROM piece WHERE camera = ?", (camera,))}

    def _put(self, piece: Piece) -> bool:
        row = (
            piece.name,
            piece.head.camera,
            piece.head.stream,
            piece.head.began,
            piece.tail.ended,
            piece.size,
            piece.sha256,
            msgspec.json.encode(piece),
        )
        put = (
            "INSERT OR IGNORE INTO piece (name, camera, stream, began, ended, size, sha256, piece)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
        )
        is_new = self._db.execute(put, row).rowcount > 0
        if is_new:
            self._sizes[piece.head.camera] = self._sizes.get(piece.head.camera, 0) + piece.size
        return is_new

    def _remove(self, name: str) -> None:
        gone = self._db.execute("DELETE FROM piece WHERE name = ? RETURNING camera, size", (name,))
        for camera, size in gone.fetchall():
            self._sizes[camera] -= size

    def _select(self, where: str, *values: object) -> Iterator[Piece]:
        with self._lock:
            cursor: sqlite3.Cursor = self._db.execute(f"SELECT piece FROM piece WHERE {where}", values)  # noqa: S608 - ours
            found = cursor.fetchall()
        return (_piece.decode(row[0]) for row in found)


def _written(item: tuple[str, Path]) -> int:
    """When a file was written, nanoseconds; 0 where it is gone meanwhile."""
    try:
        return item[1].stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _whole(folder: Path, path: Path) -> Piece | None:
    """The piece in a file; one that cannot be read is set aside."""
    try:
        return read(folder, path)
    except FileNotFoundError:
        return None
    except BrokenPieceError as error:
        log.error("%s is set aside: %s", path, error)  # noqa: TRY400 - the sentence says it all
        path.rename(path.with_suffix(".broken"))
        return None
