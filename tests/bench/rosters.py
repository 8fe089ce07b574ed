"""`python -m tests.bench.rosters`: turns of shops, rosters of guards, sick calls, and public questions.

Turns: 180 groups as the reference market has them, four weeks, each shop away on 12 % of the days, with turns
of before. Guards: drawn by a seed, ten of them, four weeks; one workroom is solved for a minute, thirty
each until a share of `GAP` is left unproved or `EACH` seconds are over. Both were chosen by measuring: less
of a gap or more time makes no workroom visibly fairer. Sick calls are made in the first workroom and held
against solving anew from that day. The public questions are instances 2, 4 and 7 of schedulingbenchmarks.org
in a folder that LIANFANG_BENCH names or in ../shared/bench. CPU seconds stand beside wall seconds: other
programs may be running.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Generic, TypeVar

from hub.core.roster_check import checked
from hub.core.rotation import GroupAsked, RotationAsked, ShopAsked
from hub.demo.grids import split
from hub.demo.ground import reference
from hub.plan.roster import guards, rotation
from hub.plan.roster import sick as sick_calls
from tests.bench.nrp import Model, breaks, price, read
from tests.bench.report import report
from tests.bench.workrooms import FIRST, days, free, sick, workroom

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from hub.core.roster import GuardsAsked, GuardsMade

T = TypeVar("T")

FOLDER = Path(os.environ.get("LIANFANG_BENCH", Path(__file__).parents[3] / "shared" / "bench")) / "nrp"
NRP_SECONDS = {2: 200.0, 4: 190.0, 7: 190.0}
GROUPS = 180
AWAY = 0.12
MONTHS = 3
ROOMS = 30
GAP = 0.1
EACH = 4.5
LONG = 60.0
TARGETS: dict[str, str] = {
    "turns_groups": f"== {GROUPS}",
    "turns_unproved": "== 0",
    "turns_spread": "<= 1",
    "turns_s": "<= 30",
    "months_spread": "<= 1",
    "guards_feasible_s": "<= 1",
    "guards_gap": "<= 0.1",
    "guards_gaps": "== 0",
    "guards_broken": "== 0",
    "guards_bare": "== 0",
    "sick_s": "<= 1",
    "sick_unproved": "== 0",
    "rooms_s": "<= 150",
    "rooms_gaps": "== 0",
    "rooms_broken": "== 0",
    "nrp2": "== 828",
    "nrp2_unproved": "== 0",
    "nrp2_broken": "== 0",
    "nrp4": "<= 1716",
    "nrp4_broken": "== 0",
    "nrp7": "<= 1190",
    "nrp7_broken": "== 0",
    "nrp_s": "<= 600",
}


@dataclass(frozen=True, slots=True)
class Timed(Generic[T]):
    """An answer with its wall and CPU seconds."""

    made: T
    wall: float
    cpu: float


def timed(call: Callable[[], T]) -> Timed[T]:
    """What a call answers, and how long it takes."""
    wall, cpu = time.monotonic(), time.process_time()
    made = call()
    return Timed(made, time.monotonic() - wall, time.process_time() - cpu)


def turns() -> dict[str, float]:
    """All groups of the reference market for a month, and ten of them for some months after each other."""
    draw, span = Random(3), days()
    market = split(reference()).groups
    groups = tuple(
        GroupAsked(f"{number}", tuple(_shop(draw, shop, span, draw.randint(0, 2)) for shop in group.shops))
        for number, group in zip(range(GROUPS), cycle(market), strict=False)
    )
    found = timed(lambda: rotation.make(RotationAsked(span, groups, free(span), seconds=120.0)))
    return {
        "turns_groups": len(groups),
        "turns_unproved": sum(not group.proved for group in found.made.groups),
        "turns_spread": found.made.spread,
        "turns_free_spread": max(group.free_spread for group in found.made.groups),
        "turns_oddities": sum(len(group.oddities) for group in found.made.groups),
        "turns_round_spread": found.made.baseline_spread,
        "turns_s": found.wall,
        "turns_cpu_s": found.cpu,
        "months_spread": months(groups[:10]),
    }


def _shop(
    draw: Random, shop: str, span: tuple[date, ...], before: int, last: date | None = None
) -> ShopAsked:
    away = frozenset(day for day in span if draw.random() < AWAY)
    return ShopAsked(shop, away, before, min(before, 1), 0, last)


def months(groups: tuple[GroupAsked, ...]) -> int:
    """The widest spread of all turns after some months, each with what was before."""
    draw = Random(4)
    had = {(group.group, shop.shop): 0 for group in groups for shop in group.shops}
    for month in range(MONTHS):
        span = days(28, FIRST.fromordinal(FIRST.toordinal() + 28 * month))
        asked = tuple(
            replace(
                group,
                shops=tuple(
                    replace(_shop(draw, shop.shop, span, 0), before=had[group.group, shop.shop])
                    for shop in group.shops
                ),
            )
            for group in groups
        )
        for made in rotation.make(RotationAsked(span, asked, free(span))).groups:
            for turn in made.turns:
                had[made.group, turn.shop] += 1
    own = [[had[group.group, shop.shop] for shop in group.shops] for group in groups]
    return max(max(one) - min(one) for one in own)


def one_room() -> dict[str, float]:
    """Three workrooms of ten guards for four weeks, each a minute; the worst figure of the three."""
    found = [timed(lambda seed=seed: guards.make(workroom(seed, seconds=LONG))) for seed in range(3)]  # type: ignore[misc]
    worst = max(found, key=lambda one: one.made.proof.gap)
    return {
        "guards_feasible_s": max(one.made.first_s for one in found),
        "guards_price": worst.made.proof.objective,
        "guards_bound": worst.made.proof.bound,
        "guards_gap": worst.made.proof.gap,
        "guards_proved": sum(not one.made.proof.stopped for one in found),
        "guards_gaps": sum(len(one.made.checked.gaps) for one in found),
        "guards_broken": sum(len(one.made.checked.broken) for one in found),
        "guards_bare": sum(len(one.made.checked.bare) for one in found),
        "guards_nights_spread": max(one.made.checked.nights_spread for one in found),
        "guards_cycle_price": max(one.made.baseline.price for one in found),
        "guards_cycle_broken": max(len(one.made.baseline.broken) for one in found),
        "guards_s": max(one.wall for one in found),
        "guards_cpu_s": max(one.cpu for one in found),
        **calls(workroom(0), found[0].made),
    }


def calls(asked: GuardsAsked, made: GuardsMade) -> dict[str, float]:
    """Every guard of a workroom in turn is sick for three days; three times it is solved anew, too."""
    found = [timed(lambda at=at: sick_calls.make(sick(asked, made.cells, at))) for at in range(10)]  # type: ignore[misc]
    return {
        "sick_s": max(one.wall for one in found),
        "sick_cpu_s": max(one.cpu for one in found),
        "sick_unproved": sum(not one.made.proved for one in found),
        "sick_changes": max(len(one.made.changes) for one in found),
        "sick_people": max(len(one.made.agree) for one in found),
        "sick_gaps": max(len(one.made.checked.gaps) for one in found),
        "sick_anew_changes": min(anew(asked, made, at) for at in (0, 4, 7)),
    }


def anew(asked: GuardsAsked, made: GuardsMade, guard: int) -> int:
    """How many cells change where the roster is solved again from the first sick day, without a care."""
    call = sick(asked, made.cells, guard)
    before = tuple(cell for cell in made.cells if cell.day < min(call.days))
    again = guards.make(replace(sick_calls.without(call), fixed=before, seconds=EACH, gap=GAP))
    return len(sick_calls.changes(asked, made.cells, again.cells))


def many_rooms() -> dict[str, float]:
    """Thirty workrooms, one after the other."""
    rooms = [replace(workroom(seed, seconds=EACH), gap=GAP) for seed in range(ROOMS)]
    found = timed(lambda: [guards.make(room) for room in rooms])
    made = found.made
    again = [checked(room, one.cells) for room, one in zip(rooms, made, strict=True)]
    return {
        "rooms_s": found.wall,
        "rooms_cpu_s": found.cpu,
        "rooms_gaps": sum(len(one.gaps) for one in again),
        "rooms_broken": sum(len(one.broken) for one in again),
        "rooms_enough": sum(one.proof.gap <= GAP for one in made),
        "rooms_price": sum(one.proof.objective for one in made),
        "rooms_bound": sum(one.proof.bound for one in made),
        "rooms_nights_spread": max(one.nights_spread for one in again),
        "rooms_feasible_s": max(one.first_s for one in made),
    }


def public() -> dict[str, float]:
    """The public questions: price, bound, seconds."""
    figures: dict[str, float] = {}
    for number, seconds in NRP_SECONDS.items():
        question = read(FOLDER / f"Instance{number}.txt")
        model = Model(question)
        found = timed(lambda model=model, seconds=seconds: model.solved(seconds))  # type: ignore[misc]
        answer = found.made
        figures |= {
            f"nrp{number}": price(question, answer.cells),
            f"nrp{number}_broken": breaks(question, answer.cells),
            f"nrp{number}_bound": answer.bound,
            f"nrp{number}_unproved": int(answer.objective - answer.bound > 1 / 2),
            f"nrp{number}_s": found.wall,
            f"nrp{number}_cpu_s": found.cpu,
        }
    return figures | {"nrp_s": sum(figures[f"nrp{number}_s"] for number in NRP_SECONDS)}


def main() -> bool:
    """Whether all targets are kept."""
    figures = turns() | one_room() | many_rooms()
    if FOLDER.is_dir():
        return report("rosters", figures | public(), TARGETS)
    print("no public questions: set LIANFANG_BENCH to the folder that holds nrp/Instance2.txt")
    own = {name: target for name, target in TARGETS.items() if not name.startswith("nrp")}
    return report("rosters", figures, own)


if __name__ == "__main__":
    sys.exit(not main())
