"""Into how many pieces halls must be cut, by work alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from hub.plan.linear import Linear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.plan.median import Band


def least_pieces(work: Sequence[float], loose: float, count: int, band: Band, seconds: float = 5.0) -> int:
    """Pieces of halls that `count` grids have at least, by work alone; `loose` work belongs to no hall."""
    halls = np.repeat(np.arange(len(work)), count)
    grids = np.tile(np.arange(count), len(work))
    whole = np.asarray(work, np.float64)
    model = Linear()
    share = model.columns(np.zeros(len(halls)))
    free = model.columns(np.zeros(count))
    cut = model.columns(np.ones(len(halls)), whole=True)
    model.rows((halls,), (share,), (1.0,), (1.0, 1.0), len(work))
    model.row(free, np.ones(count), 1.0, 1.0)
    pair = np.arange(len(halls))
    most = np.minimum(1.0, band.most / np.maximum(whole, 1e-9))[halls]
    model.rows((pair, pair), (share, cut), (1.0, -most), (-np.inf, 0.0), len(pair))
    model.rows(
        (grids, np.arange(count)), (share, free), (whole[halls], loose), (band.least, band.most), count
    )
    for hall, of_it in enumerate(whole):
        model.row(cut[halls == hall], np.ones(count), max(1.0, np.ceil(of_it / band.most - 1e-9)), np.inf)
    solved = model.least(seconds)
    return len(work) if solved is None else int(np.ceil(solved.bound - 1e-6))
