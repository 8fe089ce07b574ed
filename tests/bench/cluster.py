"""A cluster of three brokers and two workers loses its leader, then a worker: what that costs."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.promises.cluster import Cluster
from tests.promises.postgres import Postgres

CALM = 15.0


def main() -> bool:
    with tempfile.TemporaryDirectory() as folder, Postgres() as database:
        with Cluster(Path(folder), database) as cluster:
            cluster.start()
            outcome = cluster.run(CALM)
        print(outcome.line())
    return outcome.verdict.lost == 0


if __name__ == "__main__":
    sys.exit(not main())
