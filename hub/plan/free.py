"""Metres that no division into groups can fall below, whether its groups hang together or not.

The relaxed p-median with sizes: every shop walks to some centre, in parts if need be; there are so many
centres; each has as many shops as the rule says, but for as many too few or too many as the plan itself has.
A shop knows its nearest centres only and one imagined just behind them, where sizes do not count. All that is
let go can but lower the bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hub.plan.linear import Linear

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hub.core.planned import GroupRule

    Floats = NDArray[np.float64]

NEAREST = 28
"""So many centres a shop knows."""


@dataclass(frozen=True, slots=True)
class FreeAsked:
    """Divide shops so far apart into `count` groups; `odd` shops may be too few or too many in sum."""

    metres: Floats
    count: int
    odd: int
    rule: GroupRule


def bound(asked: FreeAsked, seconds: float) -> float:
    """Metres; a weaker bound where the time is too short, or 0 s."""
    shops = len(asked.metres)
    if asked.count >= shops or seconds <= 0.0:
        return _nearest(asked)
    known = min(NEAREST, shops - 1)
    order = np.argsort(asked.metres, axis=1, kind="stable")
    # In its own row a shop is its own nearest: the centre that it would be.
    np.put_along_axis(
        order, np.argmax(order == np.arange(shops)[:, None], axis=1)[:, None], order[:, :1], axis=1
    )
    order[:, 0] = np.arange(shops)
    far = np.take_along_axis(asked.metres, order[:, known : known + 1], axis=1)[:, 0]
    shop, centre = np.repeat(np.arange(shops), known - 1), order[:, 1:known].ravel()
    solved = _model(asked, shop, centre, far).least(seconds, relaxed=True)
    return _nearest(asked) if solved is None else max(solved.bound, _nearest(asked))


def _nearest(asked: FreeAsked) -> float:
    """Every shop but the centres walks at least to the shop nearest to it."""
    ways = np.sort(np.where(np.eye(len(asked.metres), dtype=bool), np.inf, asked.metres).min(axis=1))
    return float(ways[: max(0, len(ways) - asked.count)].sum())


def _model(asked: FreeAsked, shop: NDArray[np.intp], centre: NDArray[np.intp], far: Floats) -> Linear:
    each, pair, rule = np.arange(len(far)), np.arange(len(shop)), asked.rule
    model = Linear()
    opens = model.columns(np.zeros(len(far)))
    walks = model.columns(asked.metres[shop, centre])
    beyond = model.columns(far)
    of_far = model.columns(np.zeros(len(far)), upper=float(rule.most))
    too_few = model.columns(np.zeros(len(far)), upper=float(rule.least))
    too_many = model.columns(np.zeros(len(far)), upper=float(len(far)))
    one = (each, shop, each), (opens, walks, beyond), (1.0, 1.0, 1.0)
    model.rows(*one, (1.0, 1.0), len(far))
    model.rows((pair, pair), (walks, opens[centre]), (1.0, -1.0), (-np.inf, 0.0), len(pair))
    served = (centre, each), (walks, of_far)
    for slack, sign, size, between in (
        (too_few, 1.0, rule.least, (0.0, np.inf)),
        (too_many, -1.0, rule.most, (-np.inf, 0.0)),
    ):
        model.rows(
            (*served[0], each, each),
            (*served[1], opens, slack),
            (1.0, 1.0, 1.0 - size, sign),
            between,
            len(far),
        )
    model.row(opens, np.ones(len(far)), asked.count, asked.count)
    model.row(np.concatenate([of_far, beyond]), np.repeat([1.0, -1.0], len(far)), 0.0, 0.0)
    model.row(np.concatenate([too_few, too_many]), np.ones(2 * len(far)), 0.0, float(asked.odd))
    return model
