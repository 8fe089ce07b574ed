"""The reference market's checkpoints, signs and patrol plans, and a day's rounds as one finds them at first.

Points lie before shops' doors, ten a grid, each as far from the others as can be. The plans ask for rounds
from tomorrow on; today one grid has a round to be begun and the others have theirs under way.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from math import dist
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import patrol as rules
from hub.core.checkpoint import GOOD_DAYS
from hub.demo.grids import NAMES
from hub.service import duty, number
from hub.service.patrol import judge
from hub.service.patrol.point import DWELL_S, FENCE_M
from hub.store.patrol import Checkpoint, CheckpointCode, PatrolPlan, Round, Visit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from hub.core.ground import Shop
    from hub.demo.load import Reference

POINTS = 10
KEYS = 3
"""Of a grid's points so many are key points."""
FIRE = ["08:00", "10:00", "12:00", "14:00", "16:00", "18:00", "20:00", "22:00"]
"""Every two hours while the market is open."""
NIGHT = ["00:30", "02:30", "04:30", "06:30"]
PLANS: tuple[tuple[str, str, str, list[str], int], ...] = (
    ("round", "日常巡逻", "Patrol", ["09:30", "20:30"], POINTS),
    ("fire", "防火巡查", "Fire round", FIRE, POINTS),
    ("sweep", "清场检查", "Closing sweep", ["22:30"], POINTS),
    ("key", "夜间重点部位", "Key points at night", NIGHT, KEYS),
    ("danger", "隐患检查", "Danger check", ["10:30", "16:30"], 0),
)
"""Kind, names, when, and how many of the grid's points."""
OPEN = "central"
"""The grid whose round nobody has begun."""
SET_OUT = timedelta(minutes=12)
"""So long ago the others did."""
PACE = timedelta(minutes=2)
"""From point to point."""
EARLIER = timedelta(hours=5)
"""So long ago was the round before."""


def hang(session: Session, made: Reference, market: str, now: datetime) -> None:
    """Put it all into a market that has no checkpoint yet; any other is left as it is."""
    if session.scalar(select(Checkpoint.id).where(Checkpoint.market == market).limit(1)):
        return
    today = number.day_of(session, market, now)
    points: dict[str, list[Checkpoint]] = {}
    for place, (grid, _, _) in enumerate(NAMES):
        points[grid] = list(_points(made, market, grid, place * POINTS, now))
        session.add_all(points[grid])
    session.flush()
    for some in points.values():
        session.add_all(_code(point, today, now) for point in some)
    plans = {grid: list(_plans(market, grid, some, today, now)) for grid, some in points.items()}
    session.add_all(plan for some in plans.values() for plan in some)
    session.flush()
    walkers = _walkers(session, market, now)
    for grid, some in points.items():
        _walk(session, plans[grid][0], some, walkers.get(grid), now)


def spread(shops: Sequence[Shop], count: int) -> list[Shop]:
    """So many shops, each the farthest from those before; the first by its id, so always the same."""
    left = sorted(shops, key=lambda shop: shop.id)
    chosen = left[:1]
    while left and len(chosen) < min(count, len(left)):
        chosen.append(max(left, key=lambda shop: min(dist(shop.door, one.door) for one in chosen)))
    return chosen


def _points(made: Reference, market: str, grid: str, first: int, now: datetime) -> Iterator[Checkpoint]:
    own = [shop for shop in made.ground.shops if made.split.grid_of[shop.id] == grid]
    chosen = spread(own, POINTS)
    for place, shop in enumerate(sorted(chosen, key=lambda shop: shop.door), 1):
        hall = (shop.hall or "").removeprefix("h")
        yield Checkpoint(
            id=f"cp-{grid}-{place:02}",
            market=market,
            grid=grid,
            number=first + place,
            name_zh=f"{hall} 号厅 {shop.id.upper()} 门前",
            name_en=f"Hall {hall}, before {shop.id.upper()}",
            x=shop.door[0],
            y=shop.door[1],
            key=place <= KEYS,
            tag=None,
            fence_m=FENCE_M,
            dwell_s=DWELL_S,
            made_at=now,
            removed_at=None,
        )


def _code(point: Checkpoint, today: date, now: datetime) -> CheckpointCode:
    until = today + timedelta(days=GOOD_DAYS)
    return CheckpointCode(
        checkpoint=point.id, serial=1, made_at=now, made_by=None, until=until, ended_at=None
    )


def _plans(
    market: str, grid: str, points: Sequence[Checkpoint], today: date, now: datetime
) -> Iterator[PatrolPlan]:
    for kind, zh, en, times, count in PLANS:
        yield PatrolPlan(
            id=f"{grid}-{kind}",
            market=market,
            grid=grid,
            kind=kind,
            name_zh=zh,
            name_en=en,
            times=times,
            minutes=rules.MINUTES[kind],
            points=[point.id for point in points[:count]],
            drawn=kind != "sweep",
            mix=None,
            begins=today + timedelta(days=1),
            ends=None,
            made_at=now,
            made_by=None,
        )


def _walkers(session: Session, market: str, now: datetime) -> dict[str, str]:
    """Grid → one of its crew who is on duty."""
    on = duty.now_on(session, market, now)
    return {one.crew.grid: one.person.id for one in reversed(on) if one.crew is not None}


def _walk(
    session: Session,
    plan: PatrolPlan,
    points: Sequence[Checkpoint],
    walker: str | None,
    now: datetime,
) -> None:
    """The round before, whole; and the one of this hour, under way or still to be begun."""
    begun = plan.grid != OPEN and walker is not None
    length = timedelta(minutes=plan.minutes)
    due = now - SET_OUT if begun else now + rules.EARLY / 2
    row = _round(plan, points, number.day_of(session, plan.market, due), due)
    session.add(row)
    session.flush()
    if walker is None:
        return
    if begun:
        row.state, row.started_at, row.started_by = "walking", due, walker
        _visit(session, row, points, walker, now)
    earlier = now - EARLIER
    before = _round(plan, points, number.day_of(session, plan.market, earlier), earlier)
    before.state, before.started_at, before.started_by = "done", earlier, walker
    session.add(before)
    session.flush()
    _visit(session, before, points, walker, earlier + length)
    judge.figure(session, before, now)
    before.judged_at = now


def _round(plan: PatrolPlan, points: Sequence[Checkpoint], today: date, due: datetime) -> Round:
    seed = f"{plan.id}-{due:%H}"
    order, _ = rules.drawn([point.id for point in points], None, seed)
    return Round(
        id=f"{plan.id}-{due:%Y%m%d%H%M}",
        market=plan.market,
        grid=plan.grid,
        plan=plan.id,
        kind=plan.kind,
        day=today,
        due_at=due,
        opens_at=due - rules.EARLY,
        closes_at=due + timedelta(minutes=plan.minutes),
        points=order,
        seed=seed,
        state="planned",
    )


def _visit(session: Session, row: Round, points: Sequence[Checkpoint], walker: str, until: datetime) -> None:
    hung = {point.id: point for point in points}
    for place, id_ in enumerate(row.points):
        at = row.due_at + PACE * (place + 1)
        if at < until:
            session.add(Visit(id=f"{row.id}-{place}", **_seen(hung[id_], row, walker, at)))
    session.flush()


def _seen(point: Checkpoint, row: Round, walker: str, at: datetime) -> dict[str, Any]:
    return {
        "market": row.market,
        "checkpoint": point.id,
        "round": row.id,
        "walker": walker,
        "by": "qr",
        "at": at,
        "received_at": at,
        "note": "",
    }
