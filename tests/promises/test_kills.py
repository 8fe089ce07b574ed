"""kill -9 of edge, hub, broker and database at random: what was promised took effect, once."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.promises import kills
from tests.promises.postgres import NoPostgresError, Postgres

if TYPE_CHECKING:
    from pathlib import Path

    from tests.promises.kills import Outcome

SHORT, LONG = 4.0, 60.0


def held(outcome: Outcome) -> None:
    verdict = outcome.verdict
    assert verdict is not None
    assert verdict.promised > kills.MUCH
    assert outcome.confirmed > 0
    assert (verdict.lost, verdict.doubled, verdict.dead) == (0, 0, 0)
    assert (verdict.duplicate_cases, verdict.told_twice) == (0, 0)


@pytest.mark.timeout(240)
def test_whoever_is_killed_no_promise_is_lost_and_no_alert_is_doubled(tmp_path: Path) -> None:
    outcome = kills.run(tmp_path, SHORT, Random())
    held(outcome)
    assert set(outcome.kills) == {"edge-west", "edge-east", "broker", "hub"}


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_minute_of_kills(tmp_path: Path) -> None:
    held(kills.run(tmp_path, LONG, Random(), least=25))


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_a_minute_of_kills_that_the_database_is_not_spared(tmp_path: Path) -> None:
    try:
        database = Postgres()
    except NoPostgresError as error:
        pytest.skip(str(error))
    with database:
        outcome = kills.run(tmp_path, LONG, Random(), database, least=25)
    held(outcome)
    assert "database" in outcome.kills
