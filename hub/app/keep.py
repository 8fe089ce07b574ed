"""Move, back up and restore a market from the command line: said as it goes on, counted at the end."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from hub.app.ground import HubError, lay
from hub.store import archive
from hub.store.archive import ArchiveError
from hub.store.base import engine, migrate
from hub.store.move import CannotMoveError, move

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from sqlalchemy import Engine

    from hub.config import Settings
    from hub.ports import Media
    from hub.store.move import Moved

SAY_SECONDS = 2.0


class Progress:
    """Says on stderr, every two seconds, where it is."""

    def __init__(self, verb: str) -> None:
        self._verb, self._rows, self._last = verb, 0, time.monotonic()

    def __call__(self, table: str, rows: int) -> None:
        """So many rows of the table are done."""
        self._rows += rows
        if time.monotonic() - self._last >= SAY_SECONDS:
            self._last = time.monotonic()
            sys.stderr.write(f"{self._verb}: {self._rows:,} rows, now {table}\n")


def move_to(settings: Settings, url: str) -> None:
    """Move the settings' database into the empty one at `url`; the hub must not run.

    Raises:
        HubError: it did not arrive; the sentence says what to do.
    """
    source = lay(settings).engine
    moved = _done(lambda: move(source, _other(url, source), Progress("moved and compared")))
    _tell(moved=True, **_figures(moved), next=f"start the hub with LIANFANG_DATABASE={_shown(url)}")


def back_up(settings: Settings, file: Path) -> None:
    """Write a backup of the settings' database to `file`; the hub may run.

    Raises:
        HubError: there is none now; the sentence says what to do.
    """
    ground = lay(settings)
    _done(lambda: migrate(ground.engine))
    made = _done(lambda: archive.backup(ground.engine, file, ground.clock.now(), Progress("backed up")))
    rows = {table: tally["rows"] for table, tally in made.tables.items()}
    size = file.stat().st_size
    _tell(
        file=str(file),
        bytes=size,
        rows=sum(rows.values()),
        tables=rows,
        heads=made.heads,
        media=len(made.media),
    )


def restore_from(settings: Settings, file: Path) -> None:
    """Write the backup into the settings' empty database, and look for the media files that belong to it.

    Raises:
        HubError: nothing was restored, or files are missing; the sentence says what to do.
    """
    ground = lay(settings)
    restored = _done(lambda: archive.restore(file, ground.engine, Progress("restored and compared")))
    wanted = archive.read(file).media
    lacking = [sha256 for sha256, size in wanted if not _whole(ground.files, sha256, size)]
    _tell(restored=True, **_figures(restored), media=len(wanted), media_missing=lacking)
    if lacking:
        raise HubError(
            f"{len(lacking)} of {len(wanted)} media files are missing or damaged: "
            "copy the media folder of that time beside this database"
        )


def _done(act: Callable[[], Any]) -> Any:
    try:
        return act()
    except (CannotMoveError, ArchiveError, FileExistsError, FileNotFoundError) as error:
        raise HubError(str(error)) from error
    except DBAPIError as error:
        raise HubError(f"a database does not do what it is asked: {error.orig}") from error


def _other(url: str, source: Engine) -> Engine:
    try:
        target = engine(url)
    except (ArgumentError, NoSuchModuleError) as error:
        raise HubError(f"{url} is no address of a database: give postgresql+psycopg://…") from error
    if target.url == source.url:
        raise HubError("the hub's data are there already; give another database")
    return target


def _shown(url: str) -> str:
    return engine(url).url.render_as_string(hide_password=True)


def _figures(moved: Moved) -> dict[str, Any]:
    found = asdict(moved)
    return {"rows": sum(moved.rows.values()), "tables": found["rows"], "heads": found["heads"]}


def _whole(media: Media, sha256: str, size: int) -> bool:
    try:
        return _hash(media.read(sha256, 0, size)) == sha256 and media.size(sha256) == size
    except OSError:
        return False


def _hash(pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _tell(**figures: Any) -> None:
    sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
