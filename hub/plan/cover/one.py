"""One camera as it is tried among the others, in the few milliseconds that a hand on a mouse waits."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import shapely
from shapely import STRtree

from hub.core.cover import LensAsked, LensMade, View, ZonesAsked
from hub.plan.cover import optics, zones
from hub.plan.cover.walls import walls
from hub.plan.cover.whole import claim, rings, view, without

if TYPE_CHECKING:
    from hub.core.cover import Lens
    from hub.plan.cover.walls import Walls
    from hub.plan.cover.whole import Heard

MOST_KEPT = 16


def make(asked: LensAsked, heard: Heard) -> LensMade:
    """What the lens sees, and what changes with it; the first question about a ground takes longer.

    Raises:
        ValueError: the scale has no such level.
    """
    began = time.perf_counter()
    cover, lens = asked.cover, replace(asked.lens, blind=False)
    density = optics.density(cover.scale, cover.level)
    ground = walls(cover.ground)
    others = tuple(one for one in cover.lenses if one.id != lens.id and not one.blind)
    now = tuple(one for one in cover.lenses if one.id == lens.id and not one.blind)
    tree = STRtree([view(ground, one, density) for one in others])
    shape = view(ground, lens, density)
    alone = float(without(shape, tree).area)
    before = sum(float(without(view(ground, one, density), tree).area) for one in now)
    total = ground.ground_m2 or 1.0
    missed = _missed(ground, (*others, *now), density)
    return LensMade(
        view=View(lens.id, rings(shape), float(shape.area), alone),
        sector=next((polygon[0] for polygon in rings(claim(lens, density))), ()),
        near_m=optics.near(lens),
        reach_m=optics.reach(lens, density),
        seen=1 - (missed - alone + before) / total,
        gain_m2=alone - before,
        enters=_enters(asked, heard),
        seconds=time.perf_counter() - began,
    )


def _missed(ground: Walls, lenses: tuple[Lens, ...], density: float) -> float:
    """Square metres that these do not see; kept, since it is asked again at every move of the mouse."""
    key = (tuple(sorted(lenses, key=lambda lens: lens.id)), density)
    if key not in ground.missed:
        if len(ground.missed) >= MOST_KEPT:
            ground.missed.clear()
        tree = STRtree([view(ground, lens, density) for lens in lenses])
        ground.missed[key] = float(
            shapely.area([without(piece.shape, tree) for piece in ground.pieces]).sum()
        )
    return ground.missed[key]


def _enters(asked: LensAsked, heard: Heard) -> tuple[str, ...]:
    found = zones.make(ZonesAsked(asked.cover.ground, (asked.lens,), asked.zones), heard).enters
    return tuple(zone for _, zone in found)
