"""What an api process hears of the others: their commits, their stills, and whether they are there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from hub.app.stills import StillShare
from hub.gear.news import PostgresNews, SqliteNews
from hub.service import process

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.api.stills import Stills
    from hub.app.ground import Ground


class Apart:
    """News and stills for every process with pages; doors where only other processes have them (`alone`)."""

    def __init__(
        self, ground: Ground, woke: Callable[[str | None], None], stills: Stills, *, alone: bool
    ) -> None:
        self._ground = ground
        self._news = _news(ground, woke)
        self._share, self._alone = StillShare(ground, stills), alone

    def start(self) -> None:
        """Begin to listen."""
        self._news.start()
        self._share.start()

    def stop(self) -> None:
        """End."""
        self._news.stop()
        self._share.stop()

    def well(self) -> dict[str, bool]:
        """Whether somebody takes what devices say and does what falls due; {} where this process does."""
        if not self._alone:
            return {}
        market, now = self._ground.settings.market, self._ground.clock.now()
        try:
            with self._ground.reading() as session:
                return process.working(process.there(session, market, now))
        except SQLAlchemyError:
            return dict.fromkeys(process.DOES, False)

    def lives(self) -> dict[str, bool]:
        """Without its threads pages still load, a little later."""
        return {}


def _news(ground: Ground, woke: Callable[[str | None], None]) -> PostgresNews | SqliteNews:
    url = ground.engine.url
    if url.get_backend_name() == "sqlite":
        return SqliteNews(Path(url.database or ""), woke)
    where = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return PostgresNews(where, woke)
