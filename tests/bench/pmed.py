"""`python -m tests.bench.pmed`: public p-median questions, asked of the code that places grids' centres.

OR-Library's pmed1-6 (Beasley 1985) lie in a folder that LIANFANG_BENCH names or in ../shared/bench; each
answer must be the published one and proved to be the best there is.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse.csgraph import floyd_warshall

from hub.plan.median import MedianAsked, choose
from tests.bench.report import report, skip

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(os.environ.get("LIANFANG_BENCH", Path(__file__).parents[3] / "shared" / "bench")) / "pmed"
BEST = {1: 5819, 2: 4093, 3: 4250, 4: 3034, 5: 1355, 6: 7824}
TARGETS = {"best": "== 6", "proved": "== 6"}


def read(path: Path) -> MedianAsked:
    """A file of the OR-Library: vertices, edges, centres; then an edge a line, the last of a pair counts."""
    words = path.read_text(encoding="ascii").split()
    vertices, _, centres = map(int, words[:3])
    ways = np.full((vertices, vertices), np.inf)
    for one, other, metres in np.array(words[3:], np.int64).reshape(-1, 3):
        ways[one - 1, other - 1] = ways[other - 1, one - 1] = metres
    return MedianAsked(floyd_warshall(ways), centres)


def figures() -> Iterator[tuple[str, float]]:
    """Wall and CPU seconds of each, and how many were proved and are the published answer."""
    best = proved = 0
    for number, published in BEST.items():
        asked = read(FOLDER / f"pmed{number}.txt")
        wall, cpu = time.monotonic(), time.process_time()
        made = choose(asked)
        yield f"pmed{number}_s", time.monotonic() - wall
        yield f"pmed{number}_cpu_s", time.process_time() - cpu
        best += round(made.proof.objective, 3) == published
        proved += made.proof.objective - made.proof.bound <= 1e-3 and not made.proof.stopped
    yield "best", best
    yield "proved", proved


def main() -> bool:
    """Whether all are proved."""
    if not FOLDER.is_dir():
        return skip("pmed", "no OR-Library files: set LIANFANG_BENCH to the folder that holds pmed/pmed1.txt")
    return report("pmed", dict(figures()), TARGETS)


if __name__ == "__main__":
    sys.exit(not main())
