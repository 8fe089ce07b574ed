"""What no plan of grids can cost less than, and which assignments a good plan cannot contain.

Lagrangian relaxation: every stretch is paid a price for being cared for, and every site as a centre takes the
stretches that pay more than they cost, within its band of work, where whole halls come cheaper than cut ones.
The `count` best sites then cost no more than any plan does. Prices rise by the volume algorithm (Barahona and
Anbil 2000). Halls that must be cut whatever one does are counted first (`least_pieces`), since what fractions
would save there is most of the gap.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hub.core.planned import Progress

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from hub.plan.median import Band

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

ROUNDS = 600
PATIENCE = 12
"""Rounds without a rise after which steps become shorter."""
SHORTER = 0.7
LONGER = 1.1
SHORTEST = 0.004
"""Share of the first step at which it is done."""
MEMORY = 0.03
"""How much of each round the mean direction takes in."""
HOPE = 0.006
"""Share by which the best plan is thought to lie above the bound."""
SLICES = 11
"""Halvings in which each site's price of work is found."""
EVERY = 25
"""Rounds between two words on how it stands."""


@dataclass(frozen=True, slots=True)
class Relaxed:
    """Plans of `count` grids: `walk` is stretches x sites in metres; stretches of a hall stand together.

    `halls` are the first rows of each hall and `price` what each further piece of that hall costs (0 for what
    has no hall); `pieces` is how many pieces every plan has at least.
    """

    walk: Floats
    count: int
    band: Band
    halls: NDArray[np.intp]
    price: Floats
    pieces: int

    @property
    def sizes(self) -> NDArray[np.intp]:
        """Stretches of each hall."""
        return np.diff(np.append(self.halls, len(self.walk)))


@dataclass(frozen=True, slots=True)
class Prices:
    """What each stretch pays, how much of the price of a cut is waived, and each site's price of work."""

    pay: Floats
    waived: float
    work: Floats


@dataclass(frozen=True, slots=True)
class Bound:
    """What no plan can cost less than, with the prices that prove it."""

    metres: float
    prices: Prices


@dataclass(frozen=True, slots=True)
class _Taken:
    """The cheapest each site can do at given prices: metres, and how much it takes of stretches and halls."""

    metres: Floats
    work_price: Floats
    stretches: Floats
    halls: Floats


def ascend(asked: Relaxed, seconds: float, heard: Callable[[Progress], bool]) -> Bound:
    """The best bound that is found in `seconds`; sooner when prices hardly change or somebody says stop."""
    began = time.monotonic()
    best, mean, step, since = _start(asked), None, 1.0, 0
    prices = best.prices
    for turn in range(ROUNDS):
        taken = _take(asked, prices, 60.0 if turn < PATIENCE else 15.0)
        sites = np.argpartition(taken.metres, asked.count - 1)[: asked.count]
        metres = _metres(asked, prices, taken.metres[sites])
        missed = _missed(asked, taken, sites)
        mean = missed if mean is None else MEMORY * missed + (1 - MEMORY) * mean
        if metres > best.metres:
            best, since = Bound(metres, Prices(prices.pay, prices.waived, taken.work_price)), 0
            step = min(2.0, step * LONGER) if missed @ mean > 0 else step
        else:
            since += 1
            step = step * SHORTER if since % PATIENCE == 0 else step
        prices = _stepped(asked, best, mean, step)
        spent = time.monotonic() - began
        if turn % EVERY == 0 and not heard(Progress("bound", spent, None, best.metres, turn / ROUNDS)):
            break
        if spent > seconds or step < SHORTEST:
            break
    return best


def _start(asked: Relaxed) -> Bound:
    sites = asked.walk.shape[1]
    pay = np.sort(asked.walk, axis=1)[:, min(sites - 1, max(1, sites // asked.count // 3))]
    return Bound(-np.inf, Prices(pay, 0.6 * float(asked.price.max(initial=0.0)), np.zeros(sites)))


def _stepped(asked: Relaxed, best: Bound, mean: Floats, step: float) -> Prices:
    length = step * HOPE * abs(best.metres) / max(float(mean @ mean), 1e-9)
    pay = best.prices.pay + length * mean[:-1]
    waived = float(np.clip(best.prices.waived + length * mean[-1], 0.0, asked.price.max(initial=0.0)))
    return Prices(pay, waived, best.prices.work)


def _missed(asked: Relaxed, taken: _Taken, sites: NDArray[np.intp]) -> Floats:
    """By how much too few each stretch is taken, and too few pieces of halls are."""
    real = asked.price > 0
    cut = asked.pieces - float(taken.halls[np.ix_(real, sites)].sum())
    return np.append(1.0 - taken.stretches[:, sites].sum(axis=1), cut)


def _metres(asked: Relaxed, prices: Prices, sites: Floats) -> float:
    return float(prices.pay.sum() + sites.sum() + prices.waived * asked.pieces - asked.price.sum())


@dataclass(frozen=True, slots=True)
class _Gain:
    """What sites gain at prices: by stretch, by hall with its price of a piece, and in sum."""

    stretches: Floats
    halls: Floats
    metres: Floats

    @property
    def taken(self) -> Flags:
        return self.halls < 0


def _gain(asked: Relaxed, prices: Prices, work_price: Floats) -> _Gain:
    stretches = asked.walk - prices.pay[:, None] - work_price[None, :] * asked.band.weight[:, None]
    cut = np.where(asked.price > 0, asked.price - prices.waived, 0.0)
    halls = np.add.reduceat(np.minimum(stretches, 0.0), asked.halls, axis=0) + cut[:, None]
    ends = np.where(work_price > 0, asked.band.least, asked.band.most)
    return _Gain(stretches, halls, np.minimum(halls, 0.0).sum(axis=0) + work_price * ends)


def _take(asked: Relaxed, prices: Prices, breadth: float) -> _Taken:
    """Find each site's price of work by halving; what it takes there mixes a bit less and a bit more."""
    sites = asked.walk.shape[1]
    at = prices.work
    low, high = at - breadth, at + breadth
    metres, best = np.full(sites, -np.inf), at
    less, more = (_Side.empty(asked, value) for value in (0.0, 1.0))
    for turn in range(SLICES):
        gain = _gain(asked, prices, at)
        side = _Side.of(asked, gain)
        under = side.work <= _wanted(asked, at, side.work)
        less.put(side, under)
        more.put(side, ~under)
        risen = gain.metres > metres
        metres, best = np.where(risen, gain.metres, metres), np.where(risen, at, best)
        low, high = np.where(under, at, low), np.where(under, high, at)
        at = np.where((turn == 0) & (low * high < 0), 0.0, (low + high) / 2)
    part = (_wanted(asked, best, less.work) - less.work) / np.maximum(more.work - less.work, 1e-9)
    part = np.clip(part, 0.0, 1.0)
    return _Taken(
        metres,
        best,
        less.stretches + part * (more.stretches - less.stretches),
        less.halls + part * (more.halls - less.halls),
    )


def _wanted(asked: Relaxed, work_price: Floats, work: Floats) -> Floats:
    """The end of the band that a price of work leads to."""
    inside = np.clip(work, asked.band.least, asked.band.most)
    return np.where(work_price == 0, inside, np.where(work_price > 0, asked.band.least, asked.band.most))


@dataclass(slots=True)
class _Side:
    """Stretches, halls and work that sites take at a price of work."""

    stretches: Floats
    halls: Floats
    work: Floats

    @classmethod
    def empty(cls, asked: Relaxed, value: float) -> _Side:
        sites = asked.walk.shape[1]
        work = np.full(sites, value * float(asked.band.weight.sum()))
        return cls(np.full_like(asked.walk, value), np.full((len(asked.halls), sites), value), work)

    @classmethod
    def of(cls, asked: Relaxed, gain: _Gain) -> _Side:
        taken = (gain.stretches < 0) & np.repeat(gain.taken, asked.sizes, axis=0)
        return cls(taken.astype(float), gain.taken.astype(float), asked.band.weight @ taken)

    def put(self, other: _Side, sites: Flags) -> None:
        self.stretches[:, sites] = other.stretches[:, sites]
        self.halls[:, sites] = other.halls[:, sites]
        self.work[sites] = other.work[sites]


def worth(asked: Relaxed, bound: Bound, limit: float) -> Flags:
    """Stretches x sites: what a plan of at most `limit` metres can contain."""
    gain = _gain(asked, bound.prices, bound.prices.work)
    best = np.sort(gain.metres)[: asked.count]
    floor = _metres(asked, bound.prices, best)
    opened = np.maximum(gain.metres - best[-1], 0.0)
    # The hall's gain if this stretch must be taken, less what it is now.
    hall = np.repeat(gain.halls, asked.sizes, axis=0)
    forced = hall + np.maximum(gain.stretches, 0.0) - np.minimum(hall, 0.0)
    found: Flags = floor + opened[None, :] + forced <= limit
    return found
