"""A hub that cannot do what it is there for says so, in words, and lives on until it can again."""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from tests.promises.market import Market, wait_for
from tests.promises.postgres import NoPostgresError, Postgres

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.long
PATIENCE = 60.0
"""Seconds; there to fail instead of hanging."""


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    try:
        database = Postgres(hasty=True)
    except NoPostgresError as error:
        pytest.skip(str(error))
    with database, Market(tmp_path_factory.mktemp("truth"), database) as one:
        one.start()
        yield one


def asked(market: Market, which: str) -> tuple[int, set[str], dict[str, Any]]:
    answer = httpx2.get(f"{market.url}/api/health/{which}", timeout=PATIENCE)
    said = answer.json()
    return answer.status_code, {trouble["part"] for trouble in said["troubles"]}, said


@contextmanager
def person(market: Market) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=market.url, timeout=30) as client:
        answer = client.post("/api/session", json={"user": "monitor", "password": "monitor-demo"})
        client.headers["X-CSRF"] = answer.json()["csrf"]
        yield client


def well(market: Market) -> None:
    """Wait until all is; what is not, and the hub's own last words, are told."""
    try:
        wait_for("all is well", lambda: market.answers, PATIENCE)
    except AssertionError as error:
        error.add_note(httpx2.get(f"{market.url}/api/health", timeout=PATIENCE).text)
        error.add_note(market.hub.words())
        raise


def stop(postmaster: int, number: signal.Signals) -> None:
    """Send it to the server and every backend."""
    below = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
    for pid in [postmaster, *map(int, below)]:
        os.kill(pid, number)


def test_a_database_that_dies_is_said_in_words_and_nobody_has_to_do_anything(market: Market) -> None:
    assert market.postgres is not None
    with person(market) as monitor:
        market.postgres.process.hold()
        wait_for("it is said", lambda: asked(market, "ready")[0] == 503, PATIENCE)
        _, parts, said = asked(market, "ready")
        assert "database" in parts
        assert all(trouble["zh"] and trouble["en"] for trouble in said["troubles"])
        assert asked(market, "live")[0] == 200
        for answer in (monitor.get("/api/wall"), monitor.post("/api/alerts/one/confirm")):
            assert (answer.status_code, answer.json()["code"]) == (503, "hub.database")
        figures = httpx2.get(f"{market.url}/metrics", timeout=PATIENCE).text
        assert 'lianfang_up{part="database"} 0.0' in figures
        market.postgres.process.let_go()
        well(market)
        assert monitor.get("/api/wall").status_code == 200, "whoever was signed in still is"
    assert market.hub.lives == 1


def test_a_database_that_hangs_is_said_in_seconds(market: Market) -> None:
    assert market.postgres is not None
    postmaster = market.postgres.process.pid
    assert postmaster is not None
    stop(postmaster, signal.SIGSTOP)
    try:
        status, parts, _ = asked(market, "ready")
        assert (status, "database" in parts) == (503, True), "said while the database hangs"
        assert asked(market, "live")[0] == 200
    finally:
        stop(postmaster, signal.SIGCONT)
    well(market)


def test_a_broker_that_dies_is_said_and_comes_back_by_itself(market: Market) -> None:
    assert market.kill_broker()
    wait_for("it is said", lambda: "broker" in asked(market, "ready")[1], PATIENCE)
    well(market)
