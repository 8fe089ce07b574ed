"""A market office without a drawing begins with a spreadsheet of doors."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from hub.core import asks
from hub.core.checked import CheckAsked
from hub.core.planned import GridsAsked, GroupsAsked
from hub.core.refuse import Refused
from hub.demo.ground import small
from hub.plan import check
from hub.plan.runs import runs
from hub.service import ground, people
from hub.service.imports import Wish, shops
from hub.store.market import Market, Shop
from hub.store.people import Person
from hub.store.placement import Placement
from tests.hub.api.conftest import NEW
from tests.hub.api.test_imports import send, told
from tests.hub.solved import Here
from tests.hub.town import NOON

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.api.conftest import Someone


def doors(*, measured: bool) -> str:
    """What such an office has: numbers, names and where the doors are."""
    lines = ["编号,商铺名称,门口横坐标,门口纵坐标" + (",面宽,进深" if measured else "")]
    for shop in small().shops:
        a, b, c, _ = shop.ring
        size = f",{math.dist(a, b):.2f},{math.dist(b, c):.2f}" if measured else ""
        lines.append(f"{shop.id},{shop.id.upper()} 号铺,{shop.door[0]},{shop.door[1]}{size}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("measured", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_sixty_doors_are_enough_for_a_market_that_can_be_planned(
    fresh: Someone, store: sessionmaker[Session], measured: bool, encoding: str
) -> None:
    data = doors(measured=measured).encode(encoding)
    seen = told(send(fresh, "shops", data))
    assert (seen["new"], seen["wrong"], seen["streets"]) == (60, 0, 8 if measured else 7)
    assert any("gate" in one["en"] for one in seen["remarks"])
    assert told(send(fresh, "shops", data, apply=True))["applied"]
    with store() as s:
        found = ground.of(s, NEW, NOON.date())
        assert len(found.shops) == 60
        assert {shop.street for shop in found.shops} <= {street.id for street in found.streets}
        assert set(check.make(CheckAsked(found)).counts) <= {"gap", "no_gate"}
        assert sum(len(run.shops) for run in runs(found)) == 60
        placed = s.scalars(select(Placement.grid).where(Placement.market == NEW)).all()
        assert placed == [f"{NEW}-1"] * 60
        row = s.get_one(Market, NEW)
        assert row.x1 - row.x0 > 60
    again = told(send(fresh, "shops", data, apply=True))
    assert (again["same"], again["streets"]) == (60, 0)


def test_what_goes_out_comes_in_again_as_it_was(fresh: Someone) -> None:
    told(send(fresh, "shops", doors(measured=True), apply=True))
    out = fresh.get("/api/exports/shops.csv").content
    rows = list(csv.DictReader(io.StringIO(out.decode("utf-8-sig"))))
    assert {(row["depth"], bool(row["street"])) for row in rows} == {("4.6", True)}
    assert told(send(fresh, "shops", out))["same"] == 60


def test_a_stall_that_is_measured_anew_is_drawn_anew_and_one_that_moves_takes_its_walls_along(
    fresh: Someone, store: sessionmaker[Session]
) -> None:
    told(send(fresh, "shops", doors(measured=True), apply=True))
    with store() as s:
        first, second = s.get_one(Shop, "a-001"), s.get_one(Shop, "a-005")
        names = "id,name_zh,x,y,width,depth\n"
        text = f"a-001,A,{first.door_x},{first.door_y},2.5,4.6\n"
        text += f"a-005,A,{second.door_x + 0.1},{second.door_y},,\n"
        before = list(second.ring)
    told(send(fresh, "shops", names + text, apply=True))
    with store() as s:
        left, top, right, bottom = box(s.get_one(Shop, "a-001").ring)
        assert (round(right - left, 2), round(bottom - top, 2)) == (2.5, 4.6)
        moved = s.get_one(Shop, "a-005").ring
        assert [round(b - a, 2) for a, b in zip(before[::2], moved[::2], strict=True)] == [0.1] * 4


def box(ring: list[Any]) -> tuple[float, float, float, float]:
    return min(ring[::2]), min(ring[1::2]), max(ring[::2]), max(ring[1::2])


def test_stalls_that_overlap_are_not_taken_and_the_row_is_told(
    fresh: Someone, store: sessionmaker[Session]
) -> None:
    text = doors(measured=True) + "z-1,重叠,9,6,8,4.6\n"
    answer = told(send(fresh, "shops", text, apply=True))
    assert (answer["applied"], answer["refused"]) == (False, 1)
    assert {one["row"] for one in answer["problems"]} == {62}
    assert any("overlap" in one["en"] for one in answer["problems"])
    with store() as s:
        assert s.scalar(select(func.count()).select_from(Shop).where(Shop.market == NEW)) == 0


def test_a_single_row_is_drawn_with_the_advice_to_say_which_way_it_faces(fresh: Someone) -> None:
    text = "id,name_zh,x,y,faces\n" + "".join(f"r-{n},铺,{n * 4},10,{{}}\n" for n in range(8))
    bare = told(send(fresh, "shops", text.format(*[""] * 8)))
    assert {one["column"] for one in bare["remarks"]} == {"faces", ""}
    told_of = told(send(fresh, "shops", text.format(*["北"] * 8)))
    assert {one["column"] for one in told_of["remarks"]} == {""}


def test_a_market_with_several_grids_wants_to_know_which_and_a_street_must_be_there(
    as_: Callable[[str], Someone],
) -> None:
    text = "id,name_zh,grid,x,y,street,width\nn-1,新,,8,22,,\nn-2,新,east,30,22,s9,\nn-3,新,east,40,22,,-1\n"
    answer = told(send(as_("zhou"), "shops", text))
    assert {(one["row"], one["column"]) for one in answer["problems"]} == {
        (2, "grid"),
        (3, "street"),
        (4, "width"),
    }


def test_a_door_that_lies_farther_than_a_plan_reaches_is_refused(fresh: Someone) -> None:
    text = "id,name_zh,x,y\nn-1,新,1e300,22\nn-2,新,30,-3384000\nn-3,新,10000,-10000\n"
    answer = told(send(fresh, "shops", text))
    assert {(one["row"], one["column"]) for one in answer["problems"]} == {(2, "x"), (3, "y")}
    assert all("frame" in one["en"] for one in answer["problems"])


def test_a_new_stall_stands_on_the_street_that_is_there(
    as_: Callable[[str], Someone], store: sessionmaker[Session]
) -> None:
    text = "id,name_zh,grid,x,y,width,depth\nn-1,新,east,20,22.0,4,6\n"
    answer = told(send(as_("zhou"), "shops", text, apply=True))
    assert (answer["applied"], answer["streets"]) == (True, 0)
    with store() as s:
        shop = s.get_one(Shop, "n-1")
        assert (shop.street, box(shop.ring)) == ("s1", (18.0, 22.0, 22.0, 28.0))


def never_half(store: sessionmaker[Session], data: bytes) -> None:
    """Whatever the bytes: a sentence, or a report that accounts for every row; all of it or nothing."""
    with store() as s:
        ning = people.actor_of(s, s.get_one(Person, "ning"))
        try:
            drawing = shops.drawn(s, ning, data, Here(), NOON)
            report = shops.take(s, ning, data, Wish(apply=True), NOON, drawing)
        except Refused:
            report = None
        there = s.scalar(select(func.count()).select_from(Shop).where(Shop.market == NEW))
        if report is None:
            assert there == 0
            return
        assert report.rows == report.new + report.changed + report.same + len(report.refused)
        assert report.applied is not bool(report.problems)
        assert there == (report.new if report.applied else 0)
        s.rollback()


def fuzz(store: sessionmaker[Session], examples: int) -> None:
    whole = doors(measured=True).encode()

    @settings(max_examples=examples, deadline=None, derandomize=examples < 50)
    @given(st.integers(0, len(whole) - 1), st.binary(max_size=4), st.integers(0, 40))
    def torn(at: int, junk: bytes, away: int) -> None:
        never_half(store, whole[:at] + junk + whole[at + away :])

    @settings(max_examples=examples, deadline=None, derandomize=examples < 50)
    @given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), max_size=12))
    def strange(cells: list[tuple[str, str, str]]) -> None:
        rows = (f"s-{number},铺,{x},{y},{width}\n" for number, (x, y, width) in enumerate(cells))
        never_half(store, ("id,name_zh,x,y,width\n" + "".join(rows)).encode())

    torn()
    strange()


NUMBERS = st.one_of(
    st.floats(-500, 500).map(str), st.integers(0, 20).map(str), st.text("0123456789.eE-+_ ,naif", max_size=6)
)


@pytest.mark.usefixtures("fresh")
def test_of_two_first_lists_at_once_the_later_is_checked_anew(store: sessionmaker[Session]) -> None:
    ours, theirs = (doors(measured=True).replace("a-", f"{name}-").encode() for name in "bc")
    with store() as s:
        ning = people.actor_of(s, s.get_one(Person, "ning"))
        drawings = [shops.drawn(s, ning, data, Here(), NOON) for data in (ours, theirs)]
    with store.begin() as s:
        assert shops.take(s, ning, ours, Wish(apply=True), NOON, drawings[0]).applied
    with store.begin() as s, pytest.raises(Refused, match="Check the file again"):
        shops.take(s, ning, theirs, Wish(apply=True), NOON, drawings[1])


@pytest.mark.usefixtures("fresh")
def test_whatever_the_spreadsheet_it_is_taken_whole_or_not_at_all(store: sessionmaker[Session]) -> None:
    fuzz(store, 10)


@pytest.mark.long
@pytest.mark.usefixtures("fresh")
def test_whatever_the_spreadsheet_at_length(store: sessionmaker[Session]) -> None:
    fuzz(store, 120)


def test_grids_and_groups_can_be_planned_on_what_a_spreadsheet_made(
    fresh: Someone, store: sessionmaker[Session]
) -> None:
    told(send(fresh, "shops", doors(measured=True), apply=True))
    with store() as s:
        found = ground.of(s, NEW, NOON.date())
    grids = Here().work(asks.GRIDS, GridsAsked(found, ("a", "b"), seconds=20), lambda _: True)
    assert (set(grids.grid_of), grids.runs_cut) == ({shop.id for shop in found.shops}, 0)
    groups = Here().work(asks.GROUPS, GroupsAsked(found, grids.grid_of, seconds=20), lambda _: True)
    assert groups.broken == 0
    assert sorted(shop for group in groups.groups for shop in group.shops) == sorted(grids.grid_of)
