"""p-median: which `count` of many sites serve all clients with the least walking. HiGHS, proved.

One model serves two kinds of question. Plain, a client goes to its nearest centre, and hardly any client to a
far one: so each first knows only its nearest sites and one imagined site just behind them. That is a smaller
question whose answer is a bound; where nobody is served by the imagined site it is the answer, else those who
are get to know more sites and it is asked again (in the spirit of García, Labbé and Marín 2011). With bands,
bundles or neighbours the whole model is asked at once.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hub.core.planned import Progress, Proof
from hub.core.refuse import Refused
from hub.plan.linear import HALF, SOME, Linear

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

FIRST_SITES = 1.5
"""So many times a fair share of the sites a client knows first."""
LEAST_SITES = 8
SLOW = (
    "no choice keeps the bands, or the time was too short: widen them or give it longer",
    "没有满足范围的选法，或时间不足：请放宽范围或延长时间",
)


@dataclass(frozen=True, slots=True)
class Band:
    """For every centre: `least` <= sum of `weight` over the clients that it serves <= `most`."""

    weight: NDArray[np.float64]
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class MedianAsked:
    """Choose `count` sites as centres and give each client one of them.

    `walk` is clients x sites in metres, inf where a site may not serve a client. `weight` is how often each
    client walks (1 when None). Clients of one bundle had better share a centre: each further centre of a
    bundle costs `bundle_price`. `neighbours` names for each client those beside it, and needs clients that
    are also the sites: then a client is served by a centre only if some neighbour nearer to that centre is,
    so that what a centre serves hangs together (Zoltners and Sinha 1983).
    """

    walk: NDArray[np.float64]
    count: int
    weight: NDArray[np.float64] | None = None
    bands: tuple[Band, ...] = ()
    bundles: tuple[tuple[int, ...], ...] = ()
    bundle_price: float = 0.0
    least_touched: int = 0
    """Pairs of bundle and centre that every choice is known to need: it brings the bound up."""
    neighbours: tuple[tuple[int, ...], ...] = ()
    gap: float = 0.0
    """Share of the objective that may stay unproved."""
    seconds: float = 120.0

    @property
    def plain(self) -> bool:
        """Whether every client simply goes to its nearest centre."""
        return not (self.bands or self.neighbours or (self.bundles and self.bundle_price))

    @property
    def cost(self) -> NDArray[np.float64]:
        """Clients x sites, metres times how often."""
        return self.walk if self.weight is None else self.walk * self.weight[:, None]


@dataclass(frozen=True, slots=True)
class MedianMade:
    """The centres in rising order, and for each client the site that serves it."""

    sites: tuple[int, ...]
    site_of: tuple[int, ...]
    proof: Proof


def choose(asked: MedianAsked, heard: Callable[[Progress], bool] = lambda _: True) -> MedianMade:
    """The best choice that is found in `asked.seconds`, with its proof; `heard` is told between solves.

    Raises Refused where there is none.
    """
    if not 1 <= asked.count <= asked.walk.shape[1]:
        raise _none(asked, "there are not so many sites", "没有这么多备选点")
    return _plain(asked, heard) if asked.plain else _ruled(asked)


def _none(asked: MedianAsked, en: str, zh: str) -> Refused:
    sites = asked.walk.shape[1]
    return Refused(
        "input",
        "no-centres",
        f"{asked.count} centres cannot be chosen from {sites} sites: {en}",
        f"无法从 {sites} 个备选点中选出 {asked.count} 个中心：{zh}",
    )


def _plain(asked: MedianAsked, heard: Callable[[Progress], bool]) -> MedianMade:
    began, cost = time.monotonic(), asked.cost
    clients, sites = cost.shape
    order = np.argsort(cost, axis=1, kind="stable")
    known = np.full(clients, min(sites, max(LEAST_SITES, int(FIRST_SITES * sites / asked.count))))
    bound = 0.0
    while True:
        solved = _near(asked, order, known, asked.seconds - (time.monotonic() - began))
        bound, best = max(bound, solved.bound), _served(cost, solved.centres)
        spent = time.monotonic() - began
        more = heard(Progress("median", spent, best.objective, bound)) and spent < asked.seconds
        if (
            best.objective - bound <= max(1e-6, asked.gap * best.objective)
            or not solved.far.any()
            or not more
        ):
            proof = Proof(
                best.objective, min(bound, best.objective), spent, stopped=solved.stopped or not more
            )
            return MedianMade(solved.centres, best.site_of, proof)
        known[solved.far] = np.minimum(sites, 2 * known[solved.far])


@dataclass(frozen=True, slots=True)
class _Near:
    centres: tuple[int, ...]
    far: NDArray[np.bool_]
    bound: float
    stopped: bool


@dataclass(frozen=True, slots=True)
class _Served:
    site_of: tuple[int, ...]
    objective: float


def _served(cost: NDArray[np.float64], centres: Sequence[int]) -> _Served:
    nearest = cost[:, list(centres)].argmin(axis=1)
    site_of = tuple(int(centres[at]) for at in nearest)
    return _Served(site_of, float(cost[np.arange(len(cost)), site_of].sum()))


def _near(asked: MedianAsked, order: NDArray[np.intp], known: NDArray[np.intp], seconds: float) -> _Near:
    """The question where client i knows its nearest `known[i]` sites and one imagined site behind them."""
    cost = asked.cost
    clients, sites = cost.shape
    client = np.repeat(np.arange(clients), known)
    site = np.concatenate([order[at, : known[at]] for at in range(clients)])
    allowed = np.isfinite(cost[client, site])
    client, site = client[allowed], site[allowed]
    behind = np.array(
        [cost[at, order[at, known[at]]] if known[at] < sites else np.inf for at in range(clients)]
    )
    model = Linear()
    opens = model.columns(np.zeros(sites), whole=True)
    serves = model.columns(cost[client, site])
    imagined = model.columns(
        np.where(np.isfinite(behind), behind, 0.0), upper=np.isfinite(behind).astype(np.float64)
    )
    model.row(opens, np.ones(sites), asked.count, asked.count)
    model.rows((client, np.arange(clients)), (serves, imagined), (1.0, 1.0), (1.0, 1.0), clients)
    pair = np.arange(len(site))
    model.rows((pair, pair), (serves, opens[site]), (1.0, -1.0), (-np.inf, 0.0), len(site))
    solved = model.least(seconds, asked.gap)
    if solved is None:
        raise _none(asked, *SLOW)
    centres = tuple(int(at) for at in np.flatnonzero(solved.values[opens] > HALF))
    return _Near(centres, solved.values[imagined] > SOME, solved.bound, solved.stopped)


def _ruled(asked: MedianAsked) -> MedianMade:
    """The whole model: bands, bundles and neighbours."""
    began, cost = time.monotonic(), asked.cost
    clients, sites = cost.shape
    client, site = np.nonzero(np.isfinite(cost))
    pair = np.arange(len(client))
    model = Linear()
    opens = model.columns(np.zeros(sites), whole=True)
    serves = model.columns(cost[client, site], whole=True)
    model.row(opens, np.ones(sites), asked.count, asked.count)
    model.rows((client,), (serves,), (1.0,), (1.0, 1.0), clients)
    model.rows((pair, pair), (serves, opens[site]), (1.0, -1.0), (-np.inf, 0.0), len(pair))
    at_site = np.arange(sites)
    for band in asked.bands:
        weight = band.weight[client]
        model.rows((site, at_site), (serves, opens), (weight, -band.least), (0.0, np.inf), sites)
        model.rows((site, at_site), (serves, opens), (weight, -band.most), (-np.inf, 0.0), sites)
    if asked.bundle_price:
        _bundle(asked, model, (client, site, serves))
    if asked.neighbours:
        _hang(asked, model, (client, site, serves))
    solved = model.least(asked.seconds, asked.gap)
    if solved is None:
        raise _none(asked, *SLOW)
    taken = solved.values[serves] > HALF
    site_of = tuple(int(at) for at in site[taken][np.argsort(client[taken], kind="stable")])
    proof = Proof(solved.objective, solved.bound, time.monotonic() - began, stopped=solved.stopped)
    return MedianMade(tuple(sorted(set(site_of))), site_of, proof)


Pairs = tuple["NDArray[np.intp]", "NDArray[np.intp]", "NDArray[np.intp]"]
"""Client, site and column of every pair that is allowed."""


def _bundle(asked: MedianAsked, model: Linear, pairs: Pairs) -> None:
    """A column a bundle and site that is 1 where the site serves any of the bundle; the first is free."""
    client, site, serves = pairs
    sites = asked.walk.shape[1]
    found = []
    for bundle in asked.bundles:
        touches = model.columns(np.full(sites, asked.bundle_price))
        found.append(touches)
        of_it = np.isin(client, bundle)
        row = np.arange(int(of_it.sum()))
        model.rows((row, row), (serves[of_it], touches[site[of_it]]), (1.0, -1.0), (-np.inf, 0.0), len(row))
    model.offset -= asked.bundle_price * len(asked.bundles)
    if asked.least_touched:
        every = np.concatenate(found)
        model.row(every, np.ones(len(every)), asked.least_touched, np.inf)


def _hang(asked: MedianAsked, model: Linear, pairs: Pairs) -> None:
    """Client a is served by centre c only if some neighbour of a that is nearer to c is."""
    client, site, serves = pairs
    column = {(int(a), int(c)): int(at) for a, c, at in zip(client, site, serves, strict=True)}
    for (a, c), at in column.items():
        if a == c:
            continue
        nearer = [
            column[b, c]
            for b in asked.neighbours[a]
            if asked.walk[b, c] < asked.walk[a, c] and (b, c) in column
        ]
        model.row(np.array([at, *nearer]), np.array([1.0, *[-1.0] * len(nearer)]), -np.inf, 0.0)
