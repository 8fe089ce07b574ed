"""A still that one process got is shown by the others, as soon as there are others."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hub.api.stills import Still, Stills
from hub.app.ground import Ground, lay
from hub.app.stills import StillShare
from hub.config import Settings
from hub.service import process, still
from hub.service.process import Me
from hub.store.base import sessions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture
def ground(database: Engine, tmp_path: Path) -> Iterator[Ground]:
    url = database.url.render_as_string(hide_password=False)
    laid = lay(Settings(data=tmp_path / "data", database=url))
    yield laid
    laid.engine.dispose()


def show(ground: Ground, *names: str) -> None:
    """Have processes with pages."""
    now = ground.clock.now()
    with sessions(ground.engine).begin() as s:
        for name in names:
            process.tell(s, Me(name, "api", "", "hall", 1, now), {}, now)


def test_a_still_goes_to_the_other_process_and_an_older_one_does_not_come_back(ground: Ground) -> None:
    show(ground, "one", "other")
    here, there = Stills(1 << 20), Stills(1 << 20)
    one, other = StillShare(ground, here), StillShare(ground, there)
    now = ground.clock.now()
    here.put("c-3-1", Still(b"first", now))
    one.once()
    other.once()
    shown = there.get("c-3-1")
    assert shown is not None
    assert (shown.data, shown.at) == (b"first", now)
    there.put("c-3-1", Still(b"second", now + timedelta(seconds=2)))
    one.once()
    other.once()
    one.once()
    assert [stills.get("c-3-1").data for stills in (here, there)] == [b"second"] * 2  # type: ignore[union-attr]


def test_a_process_that_shows_pages_alone_writes_nothing(ground: Ground) -> None:
    show(ground, "one")
    stills = Stills(1 << 20)
    share = StillShare(ground, stills)
    stills.put("c-3-1", Still(b"first", ground.clock.now()))
    share.once()
    with ground.reading() as s:
        assert still.times(s) == {}
