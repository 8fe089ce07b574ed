"""Walks the recordings of an edge and names what is broken: files, hashes, chain, index."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edge.camera.piece import CLOSED, BrokenPieceError, Piece, read
from edge.record.archive import INDEX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it should be."""

    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class _Index:
    """What the index says."""

    rows: Mapping[str, str]
    """sha256 by name."""
    gone: Mapping[str, str]
    """sha256 of the last piece that was deleted, by camera."""


def check(folder: Path, told: Callable[[int, int], None]) -> Iterator[Fault]:
    """Each fault, camera by camera; `told` hears how many pieces were read, and of how many.

    Every file is hashed, so this reads the whole disk; it may run beside the edge, whose open pieces are
    left alone.
    """
    index = _index(folder / INDEX)
    if index is None:
        yield Fault(INDEX, "there is no index that can be read; the edge makes it anew when it starts")
    cameras = sorted(path for path in folder.iterdir() if path.is_dir())
    paths = {camera.name: sorted(camera.glob(f"*/*{CLOSED}")) for camera in cameras}
    total, done = sum(map(len, paths.values())), 0
    for camera, files in paths.items():
        pieces: list[Piece] = []
        for path in files:
            try:
                pieces.append(read(folder, path))
            except FileNotFoundError:
                continue  # its time came meanwhile
            except (BrokenPieceError, OSError) as error:
                yield Fault(path.relative_to(folder).as_posix(), f"it cannot be read: {error}")
            told(done := done + 1, total)
        yield from _chained(pieces, index.gone.get(camera) if index else None)
        yield from _indexed(pieces, camera, index) if index else ()
        for path in sorted((folder / camera).glob("*/*.broken")):
            yield Fault(path.relative_to(folder).as_posix(), "it was set aside since it cannot be read")


def _chained(pieces: list[Piece], gone: str | None) -> Iterator[Fault]:
    """Each piece names the one before, but for the oldest, whose predecessor was deleted in its turn."""
    known = {piece.sha256 for piece in pieces} | {gone}
    for number, piece in enumerate(pieces):
        is_first = number == 0 and gone is None
        if piece.head.before not in known and not is_first:
            before = pieces[number - 1].name if number else "it"
            yield Fault(
                piece.name, f"the chain is broken here: what came before, {before}, was altered or lost"
            )


def _indexed(pieces: list[Piece], camera: str, index: _Index) -> Iterator[Fault]:
    for piece in pieces:
        noted = index.rows.get(piece.name)
        if noted is None:
            yield Fault(piece.name, "it has no row in the index; the edge gives it one when it starts")
        elif noted != piece.sha256:
            yield Fault(piece.name, "it was altered: its hash is not the one noted when it was closed")
    names = {piece.name for piece in pieces}
    for name in sorted(name for name in index.rows if name.startswith(f"{camera}/") and name not in names):
        yield Fault(name, "the index has a row of it and there is no file that can be read")


def _index(path: Path) -> _Index | None:
    """The index, read beside a running edge."""
    if not path.is_file():
        return None
    try:
        db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=1.0)
        try:
            rows = dict(db.execute("SELECT name, sha256 FROM piece").fetchall())
            gone = dict(db.execute("SELECT camera, sha256 FROM gone").fetchall())
        finally:
            db.close()
    except sqlite3.Error:
        return None
    return _Index(rows, gone)
