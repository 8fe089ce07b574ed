"""Past one machine: a leader of three brokers and one of two workers die, and no promise is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.promises.cluster import Cluster
from tests.promises.postgres import NoPostgresError, Postgres

if TYPE_CHECKING:
    from pathlib import Path

CALM = 12.0


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.timeout(300)
def test_a_dead_leader_and_a_dead_worker_lose_nothing_that_was_promised(tmp_path: Path) -> None:
    try:
        database = Postgres()
    except NoPostgresError as error:
        pytest.skip(str(error))
    with database, Cluster(tmp_path, database) as cluster:
        cluster.start()
        outcome = cluster.run(CALM)
    verdict = outcome.verdict
    assert verdict.promised > 1000
    assert outcome.acknowledged > 0
    assert (verdict.lost, verdict.doubled, verdict.dead) == (0, 0, 0)
    assert (verdict.duplicate_cases, verdict.told_twice) == (0, 0)
