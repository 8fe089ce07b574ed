"""What every role of the hub stands on: settings, clock, database, files and passwords, built once."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hub.gear import stamp
from hub.gear.clock import WallClock
from hub.gear.files import Files
from hub.gear.password import Argon2
from hub.gear.s3 import Bucket, bucket
from hub.service.patrol import code
from hub.store.base import engine, readings, sessions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

    from hub.config import Settings


MB = 1_000_000


class HubError(RuntimeError):
    """The hub cannot serve; the text says what to do."""


class Part(Protocol):
    """Something that runs while the hub does."""

    def start(self) -> None:
        """Begin; raises HubError or BrokerError where it cannot."""
        ...

    def stop(self) -> None:
        """End what `start` began, as far as it came; never raises for what did not begin."""
        ...

    def well(self) -> Mapping[str, bool]:
        """What it leans on, by name, and whether that works."""
        ...

    def lives(self) -> Mapping[str, bool]:
        """Its own threads, by name, and whether they go on by themselves."""
        ...


@dataclass(frozen=True, slots=True)
class Ground:
    """Shared by every part of one process."""

    settings: Settings
    clock: WallClock
    engine: Engine
    writing: sessionmaker[Session]
    reading: sessionmaker[Session]
    files: Files | Bucket
    passwords: Argon2

    def answers(self) -> bool:
        """Whether the database does."""
        try:
            with self.reading() as session:
                session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    @property
    def free(self) -> int:
        """Bytes that can still be written below data."""
        return shutil.disk_usage(self.settings.data).free

    def well(self) -> dict[str, bool]:
        """Whether the database answers, there is room on the disk, and the bucket answered the last time."""
        found = {"database": self.answers(), "disk": self.free >= self.settings.disk_free_mb * MB}
        return found | ({"media": self.files.well} if isinstance(self.files, Bucket) else {})


def lay(settings: Settings) -> Ground:
    """Open what `settings` name; nothing is migrated or started yet.

    Raises:
        ValueError: an address is none.
    """
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    opened = engine(settings.database_url)
    keys = {code.KEY: stamp.key(settings.patrol_key or settings.data / "keys" / "patrol.key")}
    writing, reading = sessions(opened), readings(opened)
    for made in (writing, reading):
        made.configure(info=keys)
    return Ground(
        settings,
        WallClock(),
        opened,
        writing,
        reading,
        _files(settings),
        Argon2(),
    )


def _files(settings: Settings) -> Files | Bucket:
    if not settings.media:
        return Files(settings.data / "media")
    return bucket(
        settings.media,
        settings.media_endpoint,
        settings.media_region,
        settings.media_key,
        settings.media_secret,
    )
