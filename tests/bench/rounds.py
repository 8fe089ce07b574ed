"""`python -m tests.bench.rounds`: a round over 40 checkpoints of the reference market, and the mix of it.

Checkpoints are where streets meet, as far from each other as they can be. The lap is proved; beside it what
always going to the nearest takes, and CPU seconds beside wall seconds. Then the chance to meet an intruder
who knows the plan but not the draw and needs 15 minutes, at the checkpoint and moment that are worst: of the
best fixed round, of rounds begun anywhere, and of the mix; walked on for an hour, and as one lap alone.
`worst_fine` is reckoned anew, every six seconds.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from hub.core.ground import Gate
from hub.core.rounds import MixAsked, RouteAsked, Stop
from hub.demo import ground as grounds
from hub.plan.rounds import mix, route
from hub.plan.walking import Walking, meetings
from tests.bench.report import report

if TYPE_CHECKING:
    from hub.core.ground import Ground
    from hub.core.rounds import MixMade

STOPS, WINDOW, UNSEEN = 40, 60.0, 15.0
FINE = 0.1
RUNS = 5
"""The quickest of so many counts: other programs may be running."""
TARGETS = {
    "checkpoints": "== 40",
    "proved": "== 1",
    "route_s": "<= 2",
    "mix_s": "<= 5",
    "worst": ">= 0.25",
    "best_fixed": "<= 0",
    "longer_m": "<= 0",
    "lap_worst": ">= 0.25",
    "lap_best_fixed": "<= 0",
}


def stops(ground: Ground) -> tuple[Stop, ...]:
    """Where streets meet: one, then always the one that is furthest from all chosen so far."""
    points = sorted({meeting.at for meeting in meetings(ground.streets)})
    gates = tuple(Gate(str(number), at) for number, at in enumerate(points))
    ways = Walking(replace(ground, shops=(), gates=gates)).between_gates()
    chosen = [0]
    while len(chosen) < STOPS:
        chosen.append(int(ways[:, chosen].min(axis=1).argmax()))
    return tuple(Stop(f"p-{at}", *points[at]) for at in chosen)


def fine(made: MixMade) -> float:
    """The worst chance of the mix, at every `FINE` minutes."""
    names = sorted({name for one in made.rounds for name in one.order})
    comes = np.arange(0.0, made.window_min - UNSEEN + FINE / 2, FINE)
    chance = np.zeros((len(names), len(comes)))
    for one in made.rounds:
        met = np.zeros_like(chance, dtype=bool)
        for name, minute in zip(one.order, one.minutes, strict=True):
            met[names.index(name)] |= (comes <= minute) & (minute < comes + UNSEEN)
        chance += one.weight * met
    return float(chance.min())


def main() -> bool:
    """Whether all targets are kept."""
    ground = grounds.reference()
    asked = RouteAsked(stops(ground), ground)
    cpu = time.process_time()
    routes = [route.make(asked) for _ in range(RUNS)]
    cpu = time.process_time() - cpu
    hour = MixAsked(asked.stops, ground, unseen_min=UNSEEN, window_min=WINDOW, laps=0)
    began = time.monotonic()
    made = mix.make(hour)
    took = time.monotonic() - began
    lap = mix.make(replace(hour, window_min=0.0, laps=1))
    figures = {
        "checkpoints": len(routes[0].order),
        "metres": routes[0].metres,
        "bound_m": routes[0].bound,
        "nearest_m": routes[0].nearest,
        "proved": int(all(one.proved for one in routes)),
        "route_s": min(one.seconds for one in routes),
        "route_cpu_s": cpu / RUNS,
        "mix_s": took,
        "worst": made.worst,
        "worst_fine": fine(made),
        "best_fixed": made.best_fixed,
        "even": made.even,
        "ceiling": made.ceiling,
        "rounds": len(made.rounds),
        "longer_m": made.metres - routes[0].metres,
        "lap_worst": lap.worst,
        "lap_worst_fine": fine(lap),
        "lap_best_fixed": lap.best_fixed,
        "lap_even": lap.even,
        "lap_min": lap.window_min,
    }
    return report("rounds", figures, TARGETS)


if __name__ == "__main__":
    sys.exit(not main())
