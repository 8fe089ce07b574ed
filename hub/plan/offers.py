"""Groups that could be with what they cost, and the cheapest of them that hold every shop of a piece once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hub.plan.linear import HALF, Linear
from hub.plan.windows import places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hub.plan.windows import Piece

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece in groups, what that costs in metres, and what no cut into as many groups can fall below."""

    groups: tuple[int, ...]
    cost: float
    bound: float
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class Offers:
    """Groups that could be, each as the continuation of an old one (-1: of none), and what they cost.

    The continuations of a group follow each other. `moves` is what moved shops cost in metres,
    `metres` all else.
    """

    groups: list[int]
    keeps: list[int]
    metres: Floats
    moves: Floats

    def bare(self) -> Offers:
        """Each group once, as if moves were free."""
        first = self._first()
        return Offers(
            [self.groups[at] for at in first], [-1] * len(first), self.metres[first], 0.0 * self.moves[first]
        )

    def below(self, spare: Floats) -> Offers:
        """Those whose moves cost no more than what their group can spare, in the order of `bare`."""
        each = np.diff(np.append(self._first(), len(self.groups)))
        at = np.flatnonzero(self.moves <= np.repeat(spare, each)).tolist()
        return Offers(
            [self.groups[row] for row in at], [self.keeps[row] for row in at], self.metres[at], self.moves[at]
        )

    def _first(self) -> list[int]:
        return [at for at, group in enumerate(self.groups) if at == 0 or group != self.groups[at - 1]]


def cheapest(piece: Piece, offers: Offers, count: int | None, seconds: float) -> Cut | None:
    """The offers, `count` of them if given, that hold every shop exactly once; None if there are none."""
    model = model_of(piece, offers, count)
    # Windows along an aisle are near to intervals: the relaxed answer is mostly whole.
    solved = model.sieved(seconds)
    if solved is None:
        return None
    chosen = tuple(offers.groups[at] for at in np.flatnonzero(solved.values > HALF))
    return Cut(chosen, solved.objective, solved.bound, solved.stopped)


def model_of(piece: Piece, offers: Offers, count: int | None) -> Linear:
    """Every shop in one group, no old group continued twice."""
    model = Linear()
    columns = model.columns(offers.metres + offers.moves, whole=True)
    members = [places(group) for group in offers.groups]
    rows = np.array([at for group in members for at in group], np.intp)
    repeated = np.repeat(columns, [len(group) for group in members])
    model.rows((rows,), (repeated,), (1.0,), (1.0, 1.0), len(piece.shops))
    if count is not None:
        model.row(columns, np.ones(len(columns)), count, count)
    keeps = np.array(offers.keeps)
    for number in set(offers.keeps) - {-1}:
        own = columns[keeps == number]
        model.row(own, np.ones(len(own)), 0.0, 1.0)
    return model
