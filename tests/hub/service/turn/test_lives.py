"""Whatever shops do — leave, swaps, closed days, moves, rotations anew — each day is one shop's or explained.

Notices and calendars say the same as the turns, after every single act.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hub.core import asks
from hub.core.refuse import Refused
from hub.service import placement
from hub.service.turn import act, asked, change, closed, entries, keep, leave, repair, rotation, swap
from hub.service.turn.publish import PUBLISHED, publish
from hub.store.base import sessions
from hub.store.market import Shop, ShopGroup
from hub.store.people import Grant, Person
from hub.store.supervise import Notice
from hub.store.turn import CalendarFeed, ClosedDay, Swap, Turn
from tests.hub.service.turn.street import DAY, GROUP, TODAY, live
from tests.hub.solved import Here
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

SHOPS = ("c-10", "c-11", "c-12", "c-13", "c-14", "c-15")
WHO = {"c-10": "wu", "c-11": "mei", "c-12": "lan", "c-13": "he-1", "c-14": "he-2", "c-15": "he-3"}
SPAN = 21
"""Days of a rotation."""
NODE = f"{MARKET}/east/{GROUP}"


class NoYear:
    """Port Workdays that knows nothing."""

    def off(self, _year: int) -> None:
        return


def six(s: Session) -> None:
    """A group of six shops in a row, each with a phone."""
    live(s)
    for number, shop in enumerate(SHOPS[3:], 3):
        x = 5.0 * number + 1
        names = {"name_zh": shop.upper(), "name_en": shop.upper()}
        ring = [x, 10, x + 5, 10, x + 5, 18, x, 18]
        row = Shop(id=shop, market=MARKET, grid="east", group=GROUP, ring=ring, door_x=x, door_y=18, **names)
        person = WHO[shop]
        s.add(row)
        s.add(Person(id=person, market=MARKET, login=person, **names))
        s.flush()
        s.add(Grant(id=f"{person}-shop", person=person, role="shop", node=f"{NODE}/{shop}"))
    s.flush()
    placement.settle(s, MARKET, TODAY)


@dataclass
class Life:
    """A group's life: its acts, and what its calendars said after the one before."""

    s: Session
    now: datetime = NOON - timedelta(hours=5)
    seen: dict[str, tuple[int, Any]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return (self.now + timedelta(hours=8)).date()

    def turns(self) -> list[Turn]:
        query = select(Turn).where(Turn.group == GROUP, Turn.day >= self.today)
        return list(self.s.scalars(query.order_by(Turn.day)))

    def rotate(self, ahead: int) -> None:
        first = self.today + ahead * DAY
        shen = actor(self.s, "shen")
        row = rotation.draw(self.s, shen, NODE, first, first + (SPAN - 1) * DAY, 2.0, self.now)
        one = asked.begin(self.s, row.id, NoYear(), self.now)
        assert one is not None
        made = Here().work(asks.ROTATION, one.asked, lambda _: True)
        rotation.take(self.s, one, made, self.now)
        (group,) = made.groups
        assert group.spread <= 1 or any(odd.rule in {"uneven", "away", "near"} for odd in group.oddities)
        publish(self.s, shen, row.id, self.now)

    def leave(self, shop: int, ahead: int, length: int) -> None:
        first = self.today + ahead * DAY
        who = actor(self.s, WHO[SHOPS[shop]])
        row = leave.ask(self.s, who, SHOPS[shop], first, first + length * DAY, "", self.now)
        leave.decide(self.s, actor(self.s, "zhou"), row.id, "granted", "", self.now)

    def close(self, ahead: int) -> None:
        closed.put(self.s, actor(self.s, "shen"), GROUP, self.today + ahead * DAY, "", self.now)

    def open(self) -> None:
        for row in self.s.scalars(select(ClosedDay).limit(1)).all():
            closed.take(self.s, actor(self.s, "shen"), row.id, self.now)

    def swap(self, given: int, taken: int, agrees: bool) -> None:
        there = [row for row in self.turns() if row.shop]
        mine, theirs = there[given % len(there)], there[taken % len(there)]
        had = self.counts()
        who, other = (actor(self.s, WHO[row.shop or ""]) for row in (mine, theirs))
        row = swap.ask(self.s, who, mine.id, theirs.shop or "", theirs.id, "", self.now)
        if agrees:
            swap.agree(self.s, other, row.id, self.now)
            assert self.counts() == had, "a swap changes nobody's number of turns"

    def stand_in(self, given: int, shop: int) -> None:
        there = [row for row in self.turns() if row.shop]
        mine = there[given % len(there)]
        who = actor(self.s, WHO[mine.shop or ""])
        row = swap.ask(self.s, who, mine.id, SHOPS[shop], None, "", self.now)
        swap.agree(self.s, actor(self.s, WHO[SHOPS[shop]]), row.id, self.now)

    def trade(self, shop: int, is_open: bool) -> None:
        self.s.get_one(Shop, SHOPS[shop]).open = is_open

    def move(self, shop: int, back: bool) -> None:
        self.s.get_one(Shop, SHOPS[shop]).group = GROUP if back else "east-2"
        self.s.flush()
        placement.settle(self.s, MARKET, self.today)

    def confirm(self) -> None:
        for row in self.turns()[:1]:
            if row.shop:
                act.confirm(self.s, actor(self.s, WHO[row.shop]), row.id, self.now, self.now)

    def night(self) -> None:
        self.now += DAY

    def counts(self) -> dict[str, int]:
        rows = self.s.scalars(select(Turn.shop).where(Turn.group == GROUP)).all()
        return {shop: rows.count(shop) for shop in SHOPS}


number = st.integers(0, 5)
ACTS = st.one_of(
    st.tuples(st.just("rotate"), st.integers(0, 10)),
    st.tuples(st.just("leave"), number, st.integers(0, 12), st.integers(0, 5)),
    st.tuples(st.just("close"), st.integers(0, 12)),
    st.tuples(st.just("open")),
    st.tuples(st.just("swap"), st.integers(0, 20), st.integers(0, 20), st.booleans()),
    st.tuples(st.just("stand_in"), st.integers(0, 20), number),
    st.tuples(st.just("trade"), number, st.booleans()),
    st.tuples(st.just("move"), number, st.booleans()),
    st.tuples(st.just("confirm")),
    st.tuples(st.just("night")),
)


def days_hold(life: Life) -> None:
    """One row for each day without a hole; a shop that is there, or a reason why none is."""
    s, rows = life.s, life.turns()
    assert [row.day for row in rows] == [life.today + n * DAY for n in range(len(rows))]
    known = repair.around(s, s.get_one(ShopGroup, GROUP), life.today)
    for row in rows:
        there = set(known.line) - known.absent(row.day)
        if row.day in known.closed or not there:
            assert row.shop is None
            assert row.why_en
            continue
        assert row.shop in there
        assert (row.buddy in there - {row.shop}) if len(there) > 1 else row.buddy is None


def notices_hold(life: Life) -> None:
    """The last that a shop's people heard of a day is whether they have it."""
    s = life.s
    people = {person: shop for shop, person in WHO.items()}
    last: dict[tuple[str, str], str] = {}
    steps = (change.GIVEN, change.LEFT)
    for one in s.scalars(select(Notice).where(Notice.step.in_(steps)).order_by(Notice.id)):
        last[one.subject.removeprefix("turn/"), people.get(one.person or "", "")] = one.step
    published: dict[str, str] = {}
    for one in s.scalars(select(Notice).where(Notice.step == PUBLISHED)):
        published[people[one.person or ""]] = published.get(people[one.person or ""], "") + one.words_en
    for row in life.turns():
        for shop in SHOPS:
            said = last.get((row.id, shop))
            if said is None:
                heard = row.day.isoformat() in published.get(shop, "")
                assert heard is (row.shop == shop) or not _spoke(life, shop)
            elif _spoke(life, shop):
                assert (said == change.GIVEN) is (row.shop == shop), (row.day, shop, said)


def _spoke(life: Life, shop: str) -> bool:
    """Whether the shop has been of the group all along: to one that moved, its group's days are nobody's."""
    return life.s.get_one(Shop, shop).group == GROUP


def calendars_hold(life: Life) -> None:
    """A calendar has the days as they are, and whatever changed in it counts one up."""
    s, held = life.s, {row.id: row for row in life.turns()}
    for kind, subject in (("group", GROUP), *(("shop", shop) for shop in SHOPS)):
        feed = CalendarFeed(market=MARKET, kind=kind, subject=subject, made_at=NOON)
        of = entries.of_group if kind == "group" else entries.of_shop
        found = [one for one in of(s, feed, life.now) if one.begins.date() >= life.today - DAY]
        assert len({one.uid for one in found}) == len(found)
        live_ = {one.begins + timedelta(hours=8) for one in found if not one.cancelled}
        days = {moment.date() for moment in live_ if moment.date() >= life.today}
        wanted = [row for row in held.values() if (row.shop if kind == "group" else row.shop == subject)]
        assert days >= {row.day for row in wanted}
        if kind == "group":
            assert days == {row.day for row in wanted}
        _counts_up(life, found)


def _counts_up(life: Life, found: Iterable[entries.Event]) -> None:
    for one in found:
        said = (one.summary, one.text, one.cancelled, one.begins)
        before = life.seen.get(one.uid)
        assert before is None or before[1] == said or one.sequence > before[0], (before, one)
        life.seen[one.uid] = (one.sequence, said)


def lived(on: Engine, acts: list[tuple[Any, ...]]) -> int:
    """How many of the acts were let through; what is refused leaves nothing behind."""
    done = 0
    with sessions(on)() as s:
        six(s)
        life = Life(s)
        life.rotate(0)
        for name, *words in acts:
            with suppress(Refused), s.begin_nested():
                getattr(life, name)(*words)
                done += 1
            s.expire_all()
            keep.due(s, life.now)
            s.flush()
            for check in (days_hold, notices_hold, calendars_hold):
                check(life)
        assert not s.scalars(select(Swap).where(Swap.state == "asked", Swap.day < life.today)).all()
        s.rollback()
    return done


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ACTS, min_size=1, max_size=6))
def test_every_day_is_one_shops_or_explained_and_everybody_is_told_so(
    sqlite: Engine, acts: list[tuple[Any, ...]]
) -> None:
    lived(sqlite, acts)


@pytest.mark.long
@pytest.mark.timeout(1200)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ACTS, min_size=1, max_size=14))
def test_the_same_over_long_lives_on_both_databases(database: Engine, acts: list[tuple[Any, ...]]) -> None:
    lived(database, acts)


def test_the_acts_of_those_lives_are_not_all_refused(database: Engine) -> None:
    acts: list[tuple[Any, ...]] = [
        ("leave", 2, 3, 4),
        ("close", 5),
        ("swap", 0, 3, True),
        ("stand_in", 6, 4),
        ("trade", 1, False),
        ("open",),
        ("confirm",),
        ("night",),
        ("move", 3, False),
        ("rotate", 4),
        ("trade", 1, True),
    ]
    assert lived(database, acts) >= len(acts) - 2
