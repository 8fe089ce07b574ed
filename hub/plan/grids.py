"""Cut a market into grids of whole runs, balanced in work, with short ways to each grid's centre.

Anew: Lagrangian prices prove what no plan can cost less than and leave a small question, HiGHS chooses the
centres in it, and the runs are then shared out so that every grid hangs together. Kept: the centres stay,
first the fewest shops that must move are proved, then of all plans that move so few the shortest is taken.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hub.core.planned import Progress, Proof
from hub.core.refuse import Refused
from hub.plan.centres import ENOUGH, Try, centres
from hub.plan.figures import figures
from hub.plan.held import held_centres, matched
from hub.plan.linear import SOME
from hub.plan.share import Share, ShareAsked
from hub.plan.stretches import stretches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hub.core.planned import GridsAsked, GridsMade
    from hub.plan.centres import Centred
    from hub.plan.share import Shared
    from hub.plan.stretches import Stretches

    Heard = Callable[[Progress], bool]

WIDER = (0.0, 0.02, 0.05, 0.15, 0.5, 2.0)
"""By which the bands are left where nothing keeps them, until something does."""
TRIES = tuple(Try(excess, homeward) for excess in WIDER for homeward in (False, True))
QUICK = 5.0
"""Seconds that sharing out has at least, even if the time is up."""
PART = 0.3
"""Share of the time that is left that one sharing out may take."""
LONG = 10.0
"""Seconds that it is worth to look for a plan that winds."""


def make(asked: GridsAsked, heard: Heard = lambda _: True) -> GridsMade:
    """The plan, the best that is found in `asked.seconds`; sooner when `heard` answers False.

    Raises:
        Refused: No shops, no streets, shops that cannot be reached, or more grids than runs.
    """
    began = time.monotonic()
    town = stretches(asked.ground, asked.held)
    if not 1 <= len(asked.grids) <= len(town.shops):
        raise Refused(
            "input",
            "plan.grids_count",
            f"{len(asked.grids)} grids cannot be made of {len(town.shops)} stretches: ask for 1 to as many.",
            f"无法用 {len(town.shops)} 段通道划分 {len(asked.grids)} 个网格：网格数应在 1 与段数之间。",
        )
    if any(shop in asked.held for stretch in town.shops for shop in stretch):
        return _kept(asked, town, heard, began)
    return _anew(asked, town, heard, began)


def _anew(asked: GridsAsked, town: Stretches, heard: Heard, began: float) -> GridsMade:
    best: GridsMade | None = None
    for how in TRIES:
        left = asked.seconds - (time.monotonic() - began)
        if best is not None and (how.excess or left < 0 or best.proof.gap <= ENOUGH or best.proof.stopped):
            return best
        centred = centres(asked, town, how, max(QUICK, left), heard)
        if centred is None:
            continue
        settled = _settled(asked, town, how, centred, heard, began)
        if settled is not None:
            shops, shared = settled
            bound = max(min(centred.bound, shared.objective), best.proof.bound if best else 0.0)
            stopped = centred.stopped or shared.stopped
            proof = Proof(shared.objective, bound, time.monotonic() - began, stopped=stopped)
            made = figures(asked, town, shops, shared.grid_of, proof)
            best = made if best is None or made.proof.objective < best.proof.objective else best
    if best is None:
        raise _impossible(asked)
    return best


def _settled(
    asked: GridsAsked, town: Stretches, how: Try, centred: Centred, heard: Heard, began: float
) -> tuple[tuple[str, ...], Shared] | None:
    """Runs shared out among the centres; until it is near the bound, centres go to their grids' middles."""
    best: tuple[tuple[str, ...], Shared] | None = None
    shops = _from_the_west(asked, centred.shops)
    while True:
        left = asked.seconds - (time.monotonic() - began)
        share = Share(_share_asked(asked, town, shops, how.excess))
        shared = _hung(share, max(QUICK, left * PART), centred.bound / (1 - ENOUGH))
        if shared is None or (best is not None and shared.objective >= best[1].objective):
            return best
        best = shops, shared
        spent = time.monotonic() - began
        near = shared.objective * (1 - ENOUGH) <= centred.bound
        goes_on = heard(Progress("sharing", spent, shared.objective, centred.bound))
        if near or not goes_on or spent > asked.seconds:
            return best
        shops = _middles(town, shared, shops)
        if shops == best[0]:
            return best


def _middles(town: Stretches, shared: Shared, shops: Sequence[str]) -> tuple[str, ...]:
    """For each grid the middle shop nearest to all its stretches; the one it has if none is nearer."""
    found = []
    for grid, shop in enumerate(shops):
        own = [stretch for stretch, of in enumerate(shared.grid_of) if of == grid]
        middles = [shop, *(town.middles[stretch] for stretch in own)]
        found.append(middles[int(town.walk_to(middles)[own].sum(axis=0).argmin())])
    return tuple(found)


def _hung(share: Share, seconds: float, enough: float) -> Shared | None:
    """The shortest plan of those that hang together as they are found, else one that is made to."""
    found = share.homeward(seconds)
    if found is not None and found.objective <= enough:
        return found
    winding = share.least_walk(min(seconds, LONG))
    whole = [one for one in (found, winding) if one is not None and not one.islands]
    return min(whole, key=lambda one: one.objective, default=None)


def _kept(asked: GridsAsked, town: Stretches, heard: Heard, began: float) -> GridsMade:
    shops, known = _known_centres(asked, town, heard)
    question, share, fewest = _fewest_moved(asked, town, shops, heard)
    spent = time.monotonic() - began
    goes_on = heard(Progress("moved", spent, fewest.objective, fewest.bound))
    shared = share.least_walk(max(QUICK, asked.seconds - spent), fewest.objective) if goes_on else None
    if shared is None or shared.islands:
        shared = replace(fewest, objective=question.cost(fewest.grid_of), bound=0.0, stopped=True)
    proof = Proof(shared.objective, shared.bound, time.monotonic() - began, stopped=shared.stopped)
    proved = known and not fewest.islands and fewest.bound == fewest.objective
    return figures(asked, town, shops, shared.grid_of, proof, int(fewest.objective) if proved else None)


def _known_centres(asked: GridsAsked, town: Stretches, heard: Heard) -> tuple[tuple[str, ...], bool]:
    found, known = held_centres(asked, town)
    if len(found) == len(asked.grids):
        return tuple(found[grid] for grid in asked.grids), known
    for how in TRIES:
        centred = centres(asked, town, how, asked.seconds / 2, heard)
        if centred is not None:
            return matched(asked, town, centred.shops), False
    raise _impossible(asked)


def _fewest_moved(
    asked: GridsAsked, town: Stretches, shops: Sequence[str], heard: Heard
) -> tuple[ShareAsked, Share, Shared]:
    """With the bands of the rule, or with the least wide ones that can be kept."""
    question = _share_asked(asked, town, shops)
    share = Share(question, heard)
    fewest = share.least_moved(asked.seconds)
    if fewest is None:
        excess = share.least_excess(asked.seconds)
        if excess is None:
            raise _impossible(asked)
        question = _share_asked(asked, town, shops, excess + SOME)
        share = Share(question, heard)
        fewest = share.least_moved(asked.seconds)
    if fewest is None:
        raise _impossible(asked)
    return question, share, fewest


def _share_asked(asked: GridsAsked, town: Stretches, shops: Sequence[str], excess: float = 0.0) -> ShareAsked:
    held = [[asked.held[shop] for shop in stretch if shop in asked.held] for stretch in town.shops]
    moved = np.array([[sum(grid != own for own in of) for grid in asked.grids] for of in held], dtype=float)
    return ShareAsked(
        walk=town.walk_to(shops),
        moved=moved,
        roots=tuple(town.of(shop) for shop in shops),
        beside=town.beside,
        bands=town.bands(asked.rule, len(asked.grids), excess),
        halls=town.halls,
        cut_price=asked.rule.cut_price,
        near=town.walking.between(town.middles, shops),
        held=tuple(asked.grids.index(of[0]) if of else None for of in held) if any(held) else (),
    )


def _from_the_west(asked: GridsAsked, shops: Sequence[str]) -> tuple[str, ...]:
    """Nobody knows the grids apart yet: their ids go from west to east."""
    doors = {shop.id: shop.door for shop in asked.ground.shops}
    return tuple(sorted(shops, key=lambda shop: doors[shop]))


def _impossible(asked: GridsAsked) -> Refused:
    count = len(asked.grids)
    return Refused(
        "state",
        "plan.no_grids",
        f"No plan of {count} grids was found that hangs together: ask for fewer grids or give it longer.",
        f"没有找到 {count} 个各自相连的网格：请减少网格数或延长时间。",
    )
