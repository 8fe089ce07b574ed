"""The reference market's components, workrooms, letters, elections and businesses at a first start.

Everything follows from running numbers, so that every start and every test sees the same; days are told from
the first start.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hub.core import election, workroom
from hub.demo.grids import NAMES
from hub.service import number
from hub.store.business import Business, Tenancy
from hub.store.component import Component, Survey
from hub.store.election import Candidate, Election
from hub.store.workroom import Appointment, Workroom, WorkroomItem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.core.ground import Shop
    from hub.demo.grids import Group
    from hub.demo.load import Reference
    from hub.store.base import Base

BESIDE: tuple[tuple[str, str, str, int], ...] = (
    ("extinguisher", "market", "通道墙上，灭火器箱内", 15),
    ("exit_light", "market", "通道上方", 25),
    ("exit_sign", "market", "通道尽头上方", 40),
    ("hydrant", "fire", "通道墙上，消火栓箱", 45),
    ("alarm_button", "market", "通道柱上，离地 1.3 米", 60),
    ("electric_box", "utility", "通道转角处，上锁", 90),
    ("first_aid_kit", "market", "通道服务点", 200),
)
"""Kind, owner, where, and beside every how manyth shop."""
INSIDE: tuple[tuple[str, str, str, int], ...] = (
    ("extinguisher", "shop", "门口左侧", 12),
    ("shutter", "shop", "店门", 30),
    ("smoke_detector", "property", "店内屋顶", 30),
)
"""The same for what is in a shop."""
LATELY, LONG_AGO = 84, 97
"""Days within which most was seen, and since which some was not."""
STALE, FAULTY, MISSING = 41, 67, 131
"""Of so many components one is in that state."""
SINCE = timedelta(days=200)
TERM_MONTHS = 24
OLDEST_TERM = 900
"""Days since the earliest election: some terms are over."""
NEVER, CALLED = 9, 29
"""Of so many groups one never elected, and one is about to."""
LACKS = {("east-2", "rules"), ("west-2", "equipment")}
"""Items that a workroom does not have yet."""
NAMES_OF_TRADERS = (
    ("锦程", "Jincheng"),
    ("恒达", "Hengda"),
    ("瑞丰", "Ruifeng"),
    ("永昌", "Yongchang"),
    ("佳美", "Jiamei"),
    ("鑫源", "Xinyuan"),
    ("华联", "Hualian"),
    ("盛泰", "Shengtai"),
)
TRADES = (
    ("纺织", "Textiles"),
    ("五金", "Hardware"),
    ("灯饰", "Lighting"),
    ("箱包", "Bags"),
    ("日用", "Household"),
    ("文具", "Stationery"),
)
SECOND_EVERY = 4
"""Of so many businesses one has a second stall, in another grid."""


def of(made: Reference, market: str, now: datetime) -> Iterator[Base]:
    """Every row; those that a database has already are left as they are."""
    leaders = {node.split("/")[-1]: person for node, person in _leaders(made, market, 0).items()}
    yield from _components(made, market, leaders, now)
    yield from _workrooms(market, leaders, now)
    for group in made.split.groups:
        yield from _election(group, market, leaders[group.grid], now)
    yield from _businesses(made, market, now)


def appoint(session: Session, made: Reference, market: str, now: datetime) -> None:
    """A letter for each grid's leader and deputy, where there is none yet."""
    today = number.day_of(session, market, now)
    for place, office in enumerate(("leader", "deputy")):
        for node, person in _leaders(made, market, place).items():
            grid = node.split("/")[-1]
            if session.get(Appointment, f"{grid}-{office}") is None:
                session.add(_letter(session, market, grid, office, person, today, now))
    session.flush()


def _letter(
    session: Session, market: str, grid: str, office: str, person: str, today: date, now: datetime
) -> Appointment:
    begins = today - SINCE
    years = 1 if (grid, office) == ("west-1", "deputy") else 3
    return Appointment(
        id=f"{grid}-{office}",
        market=market,
        number=number.of_year(session, market, "appointment", now),
        grid=grid,
        office=office,
        person=person,
        begins=begins,
        ends=begins + timedelta(days=365 * years - (150 if years == 1 else 0)),
        made_at=now - SINCE,
        made_by=None,
        revoked_at=None,
    )


def _leaders(made: Reference, market: str, place: int) -> dict[str, str]:
    """Node of each grid → the first (0) or second (1) of its leaders."""
    found: dict[str, list[str]] = {}
    for person in made.people:
        if person.role == "leader":
            found.setdefault(person.node, []).append(person.id)
    return {f"{market}/{name}": found[f"{market}/{name}"][place] for name, _, _ in NAMES}


def _components(made: Reference, market: str, leaders: dict[str, str], now: datetime) -> Iterator[Base]:
    count = 0
    for inside, rows in ((False, BESIDE), (True, INSIDE)):
        for kind, owner, spot, every in rows:
            for shop in made.ground.shops[every // 2 :: every]:
                count += 1
                leader = leaders[made.split.grid_of[shop.id]]
                component = _component(shop, market, leader, count, now)
                component.id = f"{kind.replace('_', '-')}-{'in' if inside else 'at'}-{shop.id}"
                component.kind, component.owner, component.spot, component.inside = kind, owner, spot, inside
                yield component
                if inside and kind == "extinguisher":
                    yield Survey(
                        id=f"survey-{shop.id}",
                        market=market,
                        shop=shop.id,
                        at=component.verified_at,
                        by=leader,
                        note="",
                    )


def _component(shop: Shop, market: str, leader: str, count: int, now: datetime) -> Component:
    days = LONG_AGO + count % 20 if count % STALE == 0 else count * 13 % LATELY
    bad = "missing" if count % MISSING == 0 else "faulty" if count % FAULTY == 0 else "good"
    return Component(
        market=market,
        near=shop.id,
        x=shop.door[0],
        y=shop.door[1],
        condition=bad,
        made_at=now - 2 * SINCE,
        verified_at=now - timedelta(days=days),
        verified_by=leader,
        removed_at=None,
    )


def _workrooms(market: str, leaders: dict[str, str], now: datetime) -> Iterator[Base]:
    for place, (grid, zh, en) in enumerate(NAMES):
        room = f"room-{grid}"
        yield Workroom(
            id=room,
            market=market,
            grid=grid,
            name_zh=f"{zh}治安工作室",
            name_en=f"Workroom {en}",
            spot="一层，服务台旁",
            phone="" if grid == "east-1" else f"0571 8800 {2100 + place}",
        )
        for item in workroom.ITEM:
            days = 100 if (grid, item) == ("central", "sign") else 7 * (place + 1)
            yield WorkroomItem(
                id=f"{room}-{item}",
                workroom=room,
                item=item,
                ready=(grid, item) not in LACKS,
                note="",
                at=now - timedelta(days=days),
                by=leaders[grid],
            )


def _election(group: Group, market: str, leader: str, now: datetime) -> Iterator[Base]:
    if group.number % NEVER == 0:
        return
    called = group.number % CALLED == 1
    at = now - timedelta(days=2 if called else group.number * 37 % OLDEST_TERM)
    others = [shop for shop in group.shops if shop != group.centre]
    row = Election(
        id=f"election-{group.id}",
        market=market,
        group=group.id,
        way="open" if group.number % 3 == 0 else "secret",
        state="called" if called else "decided",
        electors=len(group.shops),
        blank=0 if called else 1,
        by_lot=False,
        called_at=at,
        called_by=leader,
    )
    if not called:
        row.centre, row.deputy = group.centre, others[0]
        row.begins, row.ends = at.date(), election.last_day(at.date(), TERM_MONTHS)
        row.decided_at, row.decided_by = at, leader
    yield row
    half = len(group.shops) // 2 + 1
    for shop, votes in ((group.centre, half), (others[0], len(group.shops) - half - 1)):
        yield Candidate(
            id=f"{group.id}-{shop}", election=row.id, shop=shop, votes=0 if called else max(votes, 0)
        )


def _businesses(made: Reference, market: str, now: datetime) -> Iterator[Base]:
    open_shops = [shop.id for shop in made.ground.shops if shop.open]
    firsts = open_shops[5 :: len(open_shops) // (len(NAMES_OF_TRADERS) * len(TRADES))]
    names = [(one, trade) for trade in TRADES for one in NAMES_OF_TRADERS]
    begins = (now - 3 * SINCE).date()
    for place, ((one, trade), shop) in enumerate(zip(names, firsts, strict=False)):
        business = f"business-{place + 1:02}"
        yield Business(
            id=business,
            market=market,
            name_zh=f"{one[0]}{trade[0]}",
            name_en=f"{one[1]} {trade[1]}",
            primary_shop=shop,
            made_at=now - 3 * SINCE,
        )
        yield Tenancy(id=f"{business}-1", market=market, business=business, shop=shop, begins=begins)
        if place % SECOND_EVERY == 0:
            away = open_shops[(open_shops.index(shop) + len(open_shops) // 2 + 1) % len(open_shops)]
            yield Tenancy(
                id=f"{business}-2", market=market, business=business, shop=away, begins=begins + SINCE
            )
