"""Small markets on each database for what breaks within one process, and one whole market of processes."""

from __future__ import annotations

import itertools
import shutil
from typing import TYPE_CHECKING

import pytest

from hub.store.base import engine, migrate, sessions
from tests.hub import town
from tests.hub.hasty import hasty
from tests.promises.market import Market
from tests.promises.postgres import NoPostgresError, Postgres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sqlalchemy import Engine


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the small market, to be copied."""
    file = tmp_path_factory.mktemp("template") / "hub.db"
    _fill(f"sqlite:///{file}")
    return file


@pytest.fixture
def on(template: Path, tmp_path: Path) -> Iterator[Engine]:
    """The small market on SQLite."""
    shutil.copy(template, tmp_path / "hub.db")
    opened = hasty(f"sqlite:///{tmp_path / 'hub.db'}")
    yield opened
    opened.dispose()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """Makes databases with the small market on one PostgreSQL; gives their URLs."""
    numbers = itertools.count(1)
    try:
        with Postgres(hasty=True) as server:
            _fill(server.made("town", "template1"))
            yield lambda: server.made(f"town_{next(numbers)}", "town")
    except NoPostgresError as error:
        pytest.skip(str(error))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The small market on each database in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("on")
        return
    opened = engine(request.getfixturevalue("postgres")())
    yield opened
    opened.dispose()


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """The reference market as processes of its own."""
    with Market(tmp_path_factory.mktemp("market")) as running:
        running.start()
        yield running


def _fill(url: str) -> None:
    opened = hasty(url)
    migrate(opened)
    with sessions(opened).begin() as s:
        town.found(s)
    opened.dispose()
