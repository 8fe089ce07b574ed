"""Whoever shows the market hears at once what another process committed."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from hub.gear import news as news_room
from hub.gear.news import News, PostgresNews, SqliteNews
from hub.service import evidence
from hub.service.evidence import Entry
from hub.store.base import engine, sessions
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy import Engine


@pytest.fixture
def town(postgres: Callable[[], str]) -> Iterator[Engine]:
    made = engine(postgres())
    yield made
    made.dispose()


class Ear:
    """What was heard."""

    def __init__(self) -> None:
        self.heard: SimpleQueue[str | None] = SimpleQueue()

    def wait(self, seconds: float) -> bool:
        """Whether something is heard in time."""
        try:
            self.market = self.heard.get(timeout=seconds)
        except Empty:
            return False
        return True

    def clear(self) -> None:
        """Forget what was heard."""
        while self.wait(0.1):
            pass


@contextmanager
def listening(on: Engine) -> Iterator[Ear]:
    ear = Ear()
    news: News
    if on.dialect.name == "sqlite":
        news = SqliteNews(Path(on.url.database or ""), ear.heard.put)
    else:
        where = on.url.set(drivername="postgresql").render_as_string(hide_password=False)
        news = PostgresNews(where, ear.heard.put)
    news.start()
    # The first look tells of what was there before.
    assert ear.wait(60)
    ear.clear()
    yield ear
    news.stop()


def write(on: Engine, act: str = "note") -> None:
    """Append a line by another connection."""
    elsewhere = engine(on.url.render_as_string(hide_password=False))
    with sessions(elsewhere).begin() as s:
        evidence.append(s, MARKET, Entry(act, role="system"), NOON)
    elsewhere.dispose()


def test_a_line_that_another_process_commits_is_heard(database: Engine) -> None:
    with listening(database) as woken:
        for _ in range(3):
            write(database)
            assert woken.wait(60)
            woken.clear()


@pytest.mark.postgres
def test_a_listener_hears_at_once_though_it_looks_up_once_an_hour(
    town: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news_room, "LISTEN_SECONDS", 3600.0)
    monkeypatch.setattr(News, "stop", lambda news: news._stopping.set())
    with listening(town) as ear:
        write(town)
        assert ear.wait(60)


def test_a_file_is_looked_at_often_enough() -> None:
    assert news_room.LOOK_SECONDS <= 0.05


def test_what_is_taken_back_is_not_told(database: Engine) -> None:
    with listening(database) as woken:
        with sessions(database)() as s:
            evidence.append(s, MARKET, Entry("note", role="system"), NOON)
            s.flush()
            s.rollback()
        assert not woken.wait(0.3)


@pytest.mark.postgres
def test_the_market_is_named_whose_pages_have_news(town: Engine) -> None:
    with listening(town) as ear:
        write(town)
        assert ear.wait(60)
        assert ear.market == MARKET


@pytest.mark.postgres
def test_a_listener_that_the_database_throws_out_comes_back_and_looks(town: Engine) -> None:
    thrown = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'"
    )
    with listening(town) as woken:
        with town.connect() as connection:
            assert connection.execute(thrown).all() == [(True,)]
        assert woken.wait(60)
        woken.clear()
        write(town)
        assert woken.wait(60)


def test_a_file_that_is_not_there_yet_is_waited_for(tmp_path: Path, template: Path) -> None:
    woken = Event()
    news = SqliteNews(tmp_path / "later.db", lambda _market: woken.set())
    news.start()
    assert not woken.wait(0.2)
    (tmp_path / "later.db").write_bytes(template.read_bytes())
    assert woken.wait(60)
    news.stop()
