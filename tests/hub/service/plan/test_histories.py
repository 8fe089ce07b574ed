"""Whatever happens to a market, every premises is in exactly one grid and one group on every day."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hub.core.refuse import Refused
from hub.core.versions import Seat, apart
from hub.service import placement, rebuild
from hub.service.imports import Wish, shops
from hub.service.imports.drawing import Drawing
from hub.service.plan import apply, decide, draw, hand
from hub.service.plan.draw import Wish as Asked
from hub.service.plan.hand import Move
from hub.service.rebuild import Made
from hub.store.base import sessions
from hub.store.market import Grid, Shop, ShopGroup
from hub.store.placement import Centre, Placement
from hub.store.plan import Plan
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

DAY = timedelta(days=1)
STEP = st.tuples(
    st.sampled_from(
        (
            *("move", "submit", "approve", "undo", "withdraw", "reject"),
            *("divide", "join", "close", "import", "night"),
        )
    ),
    st.lists(st.integers(0, 40), min_size=1, max_size=4),
    st.integers(0, 3),
)
HISTORIES = st.lists(STEP, min_size=1, max_size=16)


def shops_of(s: Session, now: datetime, picks: list[int]) -> list[Shop]:
    there = placement.living(s, MARKET, now.date())
    return list({shop.id: shop for shop in (there[pick % len(there)] for pick in picks)}.values())


def newest(s: Session) -> Plan:
    row = s.scalars(select(Plan).order_by(Plan.number.desc()).limit(1)).first()
    if row is None:
        raise Refused("missing", "none", "", "")
    return row


def move(s: Session, now: datetime, picks: list[int], choice: int) -> None:
    """Shops go to a group that is picked, a new one, or a grid; the plan is for today or a later day."""
    zhou = actor(s, "zhou")
    groups = sorted({seat.group for seat in placement.seats(s, MARKET, now.date()).values() if seat.group})
    where: dict[int, tuple[str | None, str | None]] = {
        0: (None, groups[picks[0] % len(groups)]),
        1: (None, "new"),
        2: ("west", None),
        3: ("east", None),
    }
    row = draw.create(s, zhou, Asked("hand", "试", now.date() + picks[0] % 3 * DAY), now)
    wanted = Move(tuple(shop.id for shop in shops_of(s, now, picks)), *where[choice])
    hand.keep(s, zhou, row.id, row.revision, hand.drawn(s, zhou, row.id, [wanted], now), now)


def made(number: int, shop: Shop, share: float) -> Made:
    left, top, right, bottom = shop.ring[0], shop.ring[1], shop.ring[4], shop.ring[5]
    middle = left + (right - left) * share
    ring = ((left, top), (middle, top), (middle, bottom), (left, bottom))
    return Made(f"n-{number}", f"N-{number}", f"N-{number}", ring, (left, bottom))


def step(s: Session, number: int, now: datetime, what: str, picks: list[int], choice: int) -> None:
    """One thing that happens; what is refused does not."""
    zhou, jia = actor(s, "zhou"), actor(s, "jia")
    acts: dict[str, Callable[[], Any]] = {
        "move": lambda: move(s, now, picks, choice),
        "submit": lambda: decide.submit(s, zhou, newest(s).id, now),
        "withdraw": lambda: decide.withdraw(s, zhou, newest(s).id, now),
        "approve": lambda: decide.approve(s, jia, newest(s).id, now),
        "reject": lambda: decide.reject(s, jia, newest(s).id, "不行", now),
        "undo": lambda: apply.undo(s, jia, newest(s).id, "收回", now),
        "divide": lambda: divide(s, number, now, picks),
        "join": lambda: join(s, number, now, picks),
        "import": lambda: imports(s, number, now, picks, choice),
        "close": lambda: rebuild.trade(s, zhou, shops_of(s, now, picks)[0].id, now, is_open=choice > 1),
        "night": lambda: apply.due(s, now),
    }
    with suppress(Refused), s.begin_nested():
        acts[what]()
        s.flush()


def divide(s: Session, number: int, now: datetime, picks: list[int]) -> None:
    shop = shops_of(s, now, picks)[0]
    parts = [made(number * 2, shop, 0.5), made(number * 2 + 1, shop, 0.4)]
    rebuild.divide(s, actor(s, "zhou"), shop.id, parts, now)


def join(s: Session, number: int, now: datetime, picks: list[int]) -> None:
    shops = shops_of(s, now, picks)
    rebuild.join(s, actor(s, "zhou"), [shop.id for shop in shops], made(number * 2, shops[0], 1.0), now)


def imports(s: Session, number: int, now: datetime, picks: list[int], choice: int) -> None:
    """A file moves shops to a group that is there, and may bring a new one."""
    seats = placement.seats(s, MARKET, now.date())
    there = {seat.group: seat.grid for seat in seats.values() if seat.group}
    group = sorted(there)[picks[-1] % len(there)]
    rows = [(shop.id, f"{shop.door_x},{shop.door_y}") for shop in shops_of(s, now, picks)]
    rows += [(f"i-{number}", "1,39")] if choice > 1 else []
    lines = [f"{name},{name},{there[group]},{group},{door}" for name, door in rows]
    data = "\n".join(["id,name_zh,grid,group,x,y", *lines]).encode()
    drawing = Drawing(rings={f"i-{number}": ((0, 38), (2, 38), (2, 39), (0, 39))})
    assert shops.take(s, actor(s, "zhou"), data, Wish(apply=True), now, drawing).applied


def holds_on(s: Session, day: Any) -> None:
    """Exactly one grid and group for each premises, and all of a group in one grid."""
    living = {shop.id for shop in placement.living(s, MARKET, day)}
    held = s.scalars(select(Placement).where(Placement.market == MARKET, placement.holds(Placement, day)))
    count = Counter(row.shop for row in held)
    assert set(count) == living
    assert set(count.values()) <= {1}
    seats = placement.seats(s, MARKET, day)
    assert apart(seats) == []
    centres = placement.centres(s, MARKET, day)
    assert all(seats[shop].group == group for group, shop in centres.items())


def register_follows(s: Session, day: Any) -> None:
    """What stands in the register is what is true today."""
    seats = placement.seats(s, MARKET, day)
    assert {shop.id: Seat(shop.grid, shop.group) for shop in placement.living(s, MARKET, day)} == seats
    groups = {seat.group: seat.grid for seat in seats.values()}
    there = s.scalars(select(ShopGroup).where(ShopGroup.market == MARKET, ShopGroup.ends.is_(None))).all()
    assert {one.id: one.grid for one in there} == groups
    assert {one.id: one.centre for one in there if one.centre} == placement.centres(s, MARKET, day)
    grids = s.scalars(select(Grid.id).where(Grid.market == MARKET, Grid.ends.is_(None)))
    assert set(grids) == {seat.grid for seat in seats.values()}


def happens(on: Engine, history: list[tuple[str, list[int], int]]) -> None:
    with sessions(on)() as s:
        now, known = NOON, {}
        for number, (what, picks, choice) in enumerate(history):
            now += DAY if what == "night" else timedelta(minutes=1)
            step(s, number, now, what, picks, choice)
            holds_on(s, now.date())
            register_follows(s, now.date())
            # Today may change until it is over; the past never does.
            known[now.date()] = placement.seats(s, MARKET, now.date())
        for day, seats in known.items():
            holds_on(s, day)
            assert placement.seats(s, MARKET, day) == seats
        assert not s.scalars(select(Centre).where(Centre.ends <= Centre.begins)).all()
        s.rollback()


QUICK = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(history=HISTORIES)
def test_every_premises_is_in_one_grid_and_one_group_on_every_day(
    on: Engine, history: list[tuple[str, list[int], int]]
) -> None:
    happens(on, history)


@pytest.mark.long
@pytest.mark.timeout(1200)
@settings(QUICK, max_examples=100)
@given(history=HISTORIES)
def test_however_long_its_history_is(database: Engine, history: list[tuple[str, list[int], int]]) -> None:
    happens(database, history)
