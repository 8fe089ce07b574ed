"""Latest pictures, passed between processes that serve the same pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from hub.store.camera import LiveStill

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session


def keep(s: Session, shown: Mapping[str, tuple[datetime, bytes]]) -> None:
    """Keep each camera's picture, unless a later one is there."""
    if not shown:
        return
    on_sqlite = s.get_bind().dialect.name == "sqlite"
    put = sqlite.insert(LiveStill) if on_sqlite else postgresql.insert(LiveStill)
    fresh = put.excluded
    query = put.on_conflict_do_update(
        index_elements=["camera"], set_={"at": fresh.at, "data": fresh.data}, where=LiveStill.at < fresh.at
    )
    # In one order everywhere, so that two processes do not wait for each other.
    s.execute(query, [{"camera": name, "at": at, "data": data} for name, (at, data) in sorted(shown.items())])


def times(s: Session) -> dict[str, datetime]:
    """When each camera's kept picture was taken."""
    return dict(s.execute(select(LiveStill.camera, LiveStill.at)).all())


def pictures(s: Session, cameras: Iterable[str]) -> dict[str, tuple[datetime, bytes]]:
    """The kept pictures of these cameras."""
    query = select(LiveStill.camera, LiveStill.at, LiveStill.data).where(LiveStill.camera.in_(cameras))
    return {camera: (at, data) for camera, at, data in s.execute(query)}
