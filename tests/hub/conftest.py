"""What tests of the hub share: migrated databases with a small market in them, and a PostgreSQL."""

from __future__ import annotations

import shutil
from itertools import count
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session, sessionmaker

from hub.store.base import engine, migrate, sessions
from tests.hub import town
from tests.hub.postgres import CannotStartError, made, running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine

Sessions = sessionmaker[Session]


def _fill(url: str) -> None:
    on = engine(url)
    migrate(on)
    with sessions(on).begin() as s:
        town.found(s)
    on.dispose()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the small market, to be copied."""
    file = tmp_path_factory.mktemp("template") / "hub.db"
    _fill(f"sqlite:///{file}")
    return file


@pytest.fixture
def on(template: Path, tmp_path: Path) -> Iterator[Engine]:
    """An engine on SQLite with the small market."""
    shutil.copy(template, tmp_path / "hub.db")
    opened = engine(f"sqlite:///{tmp_path / 'hub.db'}")
    yield opened
    opened.dispose()


@pytest.fixture
def store(on: Engine) -> Sessions:
    """Sessions on SQLite with the small market."""
    return sessions(on)


@pytest.fixture
def s(store: Sessions) -> Iterator[Session]:
    """One open transaction."""
    with store() as session:
        yield session


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """Makes databases with the small market on one PostgreSQL; gives their URLs."""
    numbers = count(1)
    try:
        with running() as server:
            _fill(made(server, "town"))

            def database(source: str = "town") -> str:
                return made(server, f"test_{next(numbers)}", source)

            yield database
    except CannotStartError as why:
        pytest.skip(str(why))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The small market on each database in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("on")
        return
    opened = engine(request.getfixturevalue("postgres")())
    yield opened
    opened.dispose()
