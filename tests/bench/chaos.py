"""`python -m tests.bench.chaos`: a minute of kill -9 on each database while two devices promise.

Killed in turn at random moments: both edges, the broker, the hub, and on PostgreSQL the database too;
meanwhile a guard makes cases of alerts. Then everything drains, and each promise is looked for in the hub's
database.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.report import report
from tests.promises import kills
from tests.promises.postgres import NoPostgresError, Postgres

if TYPE_CHECKING:
    from tests.promises.kills import Outcome

TARGETS = {
    "kills": ">= 25",
    "promised": ">= 1000",
    "lost": "== 0",
    "duplicate_cases": "== 0",
    "drain_s": "<= 60",
}


def figures(outcome: Outcome) -> dict[str, float]:
    """All that is reported of one minute."""
    verdict = outcome.verdict
    assert verdict is not None
    each = {f"{name}_kills".replace("-", "_"): times for name, times in outcome.kills.items()}
    return {
        "kills": sum(outcome.kills.values()),
        **each,
        "promised": verdict.promised,
        "lost": verdict.lost,
        "doubled": verdict.doubled + verdict.told_twice,
        "dead": verdict.dead,
        "cases": outcome.confirmed,
        "duplicate_cases": verdict.duplicate_cases,
        "drain_s": outcome.drain_s,
    }


def stretch(seconds: float, chance: random.Random, *, on_postgres: bool) -> dict[str, float]:
    """One database's minute."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        database = stack.enter_context(Postgres()) if on_postgres else None
        return figures(kills.run(folder, seconds, chance, database))


def main() -> bool:
    words = argparse.ArgumentParser(prog="python -m tests.bench.chaos")
    words.add_argument("--seconds", type=float, default=60.0)
    words.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = words.parse_args()
    print(f"chaos: seed {given.seed}")
    chance = random.Random(given.seed)
    found = stretch(given.seconds, chance, on_postgres=False)
    targets = dict(TARGETS)
    try:
        second = stretch(given.seconds, chance, on_postgres=True)
    except NoPostgresError as error:
        print(f"chaos: on SQLite only: {error}")
    else:
        found |= {f"postgres_{name}": value for name, value in second.items()}
        targets |= {f"postgres_{name}": target for name, target in TARGETS.items()}
    return report("chaos", {"seconds": given.seconds, "seed": given.seed, **found}, targets)


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
