"""A plan of grids and groups is drawn up by one, approved by another, and holds from its day on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hub.core.refuse import Refused
from hub.core.versions import Seat
from hub.service import placement
from hub.service.plan import apply, decide, draw, hand, page
from hub.service.plan.cut import changes_of, recognised
from hub.service.plan.draw import Wish
from hub.service.plan.hand import Move
from hub.store.camera import Camera
from hub.store.evidence import Line
from hub.store.market import Shop, ShopGroup
from hub.store.people import Grant
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from datetime import date, datetime

    from sqlalchemy.orm import Session

    from hub.store.plan import Plan

TODAY = NOON.date()
DAY = timedelta(days=1)
TO_WEST = Move(("c-20", "c-21", "c-22"), "west", None)
"""The second group of the east, whole."""


def drafted(s: Session, *moves: Move, who: str = "zhou", day: date = TODAY, now: datetime = NOON) -> Plan:
    """A draft by hand with these moves on it."""
    row = draw.create(s, actor(s, who), Wish("hand", "东二组划给西格", day), now)
    moved(s, row, *moves, who=who, now=now)
    return row


def moved(s: Session, row: Plan, *moves: Move, who: str = "zhou", now: datetime = NOON) -> Plan:
    drawing = hand.drawn(s, actor(s, who), row.id, moves, now)
    return hand.keep(s, actor(s, who), row.id, row.revision, drawing, now)


def approved(s: Session, row: Plan, now: datetime = NOON) -> Plan:
    decide.submit(s, actor(s, "zhou"), row.id, now)
    return decide.approve(s, actor(s, "jia"), row.id, now)


def refusal(code: str) -> pytest.RaisesExc[Refused]:
    return pytest.RaisesExc(Refused, check=lambda error: error.code == code)


def test_a_group_goes_to_the_other_grid_whole_and_at_once(s: Session) -> None:
    row = drafted(s, TO_WEST)
    changes = {one.shop: (one.grid_to, one.group_to) for one in changes_of(s, row)}
    assert changes == dict.fromkeys(TO_WEST.shops, ("west", "east-2"))
    assert s.get_one(Shop, "c-20").grid == "east", "before it is approved nothing changes"
    approved(s, row)
    assert row.state == "applied"
    assert (s.get_one(Shop, "c-20").grid, s.get_one(Shop, "c-20").group) == ("west", "east-2")
    assert s.get_one(ShopGroup, "east-2").grid == "west"
    assert s.get_one(Camera, "c-3-2").grid == "west", "the camera before them goes along"
    held = placement.seats(s, MARKET, TODAY)
    assert held["c-20"] == Seat("west", "east-2")
    assert placement.seats(s, MARKET, TODAY - DAY)["c-20"] == Seat("east", "east-2")


def test_a_plan_for_another_day_waits_for_it(s: Session) -> None:
    row = approved(s, drafted(s, TO_WEST, day=TODAY + DAY))
    assert row.state == "approved"
    assert apply.due(s, NOON) == 0
    midnight = NOON + timedelta(hours=12)
    assert apply.due(s, midnight - timedelta(seconds=1)) == 0
    assert apply.due(s, midnight) == 1
    assert apply.due(s, midnight) == 0
    assert s.get_one(Shop, "c-20").grid == "west"


def test_nobody_approves_what_they_drew_or_submitted(s: Session) -> None:
    row = drafted(s, TO_WEST)
    decide.submit(s, actor(s, "zhou"), row.id, NOON)
    with refusal("plan.apart"):
        decide.approve(s, actor(s, "zhou"), row.id, NOON)


def test_whoever_drew_at_it_does_not_approve_it(s: Session) -> None:
    s.add(Grant(id="ren-manager", person="ren", role="manager", node=MARKET))
    s.flush()
    row = drafted(s, TO_WEST)
    moved(s, row, Move(("c-30",), None, "west-4"), who="ren")
    decide.submit(s, actor(s, "zhou"), row.id, NOON)
    with refusal("plan.apart"):
        decide.approve(s, actor(s, "ren"), row.id, NOON)
    assert decide.approve(s, actor(s, "jia"), row.id, NOON).state == "applied"


def test_a_leader_moves_shops_within_their_own_grid_only(s: Session) -> None:
    row = drafted(s, Move(("c-12",), None, "east-2"), who="shen")
    assert [one.group_to for one in changes_of(s, row)] == ["east-2"]
    with refusal("right.denied"):
        moved(s, row, Move(("c-12",), "west", None), who="shen")


def test_what_was_submitted_is_withdrawn_by_its_proposer_within_a_day(s: Session) -> None:
    row = drafted(s, TO_WEST, day=TODAY + 3 * DAY)
    decide.submit(s, actor(s, "zhou"), row.id, NOON)
    with refusal("plan.withdraw"):
        decide.withdraw(s, actor(s, "zhou"), row.id, NOON + DAY)
    assert (
        decide.withdraw(s, actor(s, "zhou"), row.id, NOON + DAY - timedelta(seconds=1)).state == "withdrawn"
    )
    with refusal("plan.state"):
        decide.approve(s, actor(s, "jia"), row.id, NOON)


def test_an_undone_plan_leaves_its_days_in_history(s: Session) -> None:
    row = approved(s, drafted(s, TO_WEST, Move(("c-10",), None, "new")))
    later = NOON + 5 * DAY
    apply.undo(s, actor(s, "jia"), row.id, "雨季再说", later)
    assert row.state == "undone"
    assert s.get_one(Shop, "c-20").grid == "east"
    assert s.get_one(Shop, "c-10").group == "east-1"
    assert placement.seats(s, MARKET, TODAY + DAY)["c-20"].grid == "west"
    assert placement.seats(s, MARKET, later.date())["c-20"] == Seat("east", "east-2")
    assert s.get_one(Camera, "c-3-2").grid == "east"
    assert placement.centres(s, MARKET, later.date())["east-1"] == "c-10", "the centre shop is it again"


def test_undone_on_its_own_day_it_is_as_if_it_had_never_been(s: Session) -> None:
    before = placement.seats(s, MARKET, TODAY)
    row = approved(s, drafted(s, TO_WEST, Move(("c-10",), None, "new")))
    apply.undo(s, actor(s, "jia"), row.id, "弄错了", NOON)
    assert placement.seats(s, MARKET, TODAY) == before
    assert {shop.id: Seat(shop.grid, shop.group) for shop in placement.living(s, MARKET, TODAY)} == before


def test_an_undo_is_refused_when_another_plan_holds(s: Session) -> None:
    first = approved(s, drafted(s, TO_WEST))
    approved(s, drafted(s, Move(("c-30",), None, "west-4"), now=NOON + DAY, day=TODAY + DAY), NOON + DAY)
    with refusal("plan.since"):
        apply.undo(s, actor(s, "jia"), first.id, "不行", NOON + DAY)


def test_one_plan_is_under_way_at_a_time(s: Session) -> None:
    first, second = drafted(s, TO_WEST, day=TODAY + DAY), drafted(s, Move(("c-30",), None, "west-4"))
    decide.submit(s, actor(s, "zhou"), first.id, NOON)
    with refusal("plan.second"):
        decide.submit(s, actor(s, "zhou"), second.id, NOON)


def test_a_draft_that_the_market_has_left_behind_is_not_submitted(s: Session) -> None:
    late = drafted(s, Move(("c-20",), None, "east-1"))
    approved(s, drafted(s, TO_WEST))
    with refusal("plan.stale"):
        decide.submit(s, actor(s, "zhou"), late.id, NOON)


def test_a_plan_that_is_stale_on_its_day_becomes_a_draft_again(s: Session) -> None:
    row = approved(s, drafted(s, TO_WEST, day=TODAY + DAY))
    s.get_one(Shop, "c-20").group = "east-1"
    placement.settle(s, MARKET, TODAY)
    assert apply.due(s, NOON + DAY) == 1
    assert (row.state, row.reason) == ("draft", "stale")
    assert s.get_one(Shop, "c-21").grid == "east"


def test_an_empty_plan_is_not_submitted(s: Session) -> None:
    row = draw.create(s, actor(s, "zhou"), Wish("hand", "空", TODAY), NOON)
    with refusal("plan.empty"):
        decide.submit(s, actor(s, "zhou"), row.id, NOON)


def test_a_plan_that_tears_a_group_is_not_submitted(s: Session) -> None:
    row = drafted(s, Move(("c-20",), "west", None))
    drawing = hand.drawn(s, actor(s, "zhou"), row.id, [], NOON)
    torn = replace(drawing.wanted, seats=drawing.wanted.seats | {"c-20": Seat("west", "east-2")})
    hand.keep(s, actor(s, "zhou"), row.id, row.revision, replace(drawing, wanted=torn), NOON)
    with refusal("plan.broken"):
        decide.submit(s, actor(s, "zhou"), row.id, NOON)


def test_moves_are_taken_back_one_by_one_also_into_a_group_that_was_left_empty(s: Session) -> None:
    row = drafted(s, Move(TO_WEST.shops, None, "west-4"))
    assert len(changes_of(s, row)) == 3
    for shop in TO_WEST.shops:
        moved(s, row, Move((shop,), "east", "east-2"))
    assert changes_of(s, row) == []


def test_grids_that_are_cut_anew_are_known_by_the_shops_that_they_keep() -> None:
    held = {"a": "east", "b": "east", "c": "west", "d": "west", "e": "west"}
    made = {"a": "west", "b": "west", "c": "east", "d": "east", "e": "third"}
    assert recognised(made, held) == {"west": "east", "east": "west", "third": "third"}


def test_somebody_faster_wins(s: Session) -> None:
    row = drafted(s)
    seen = row.revision
    drawing = hand.drawn(s, actor(s, "zhou"), row.id, [TO_WEST], NOON)
    moved(s, row, Move(("c-30",), None, "west-4"))
    with refusal("plan.match"):
        hand.keep(s, actor(s, "zhou"), row.id, seen, drawing, NOON)


def test_a_plan_for_a_day_that_is_over_is_refused(s: Session) -> None:
    with refusal("plan.past"):
        draw.create(s, actor(s, "zhou"), Wish("hand", "昨天", TODAY - DAY), NOON)


def test_every_step_stands_in_the_ledger(s: Session) -> None:
    row = approved(s, drafted(s, TO_WEST))
    apply.undo(s, actor(s, "jia"), row.id, "弄错了", NOON)
    acts = [line.act for line in s.query(Line).order_by(Line.id) if line.act.startswith("plan.")]
    assert acts == ["plan.draw", "plan.submit", "plan.approve", "plan.apply", "plan.undo"]


def test_the_page_says_what_changes_and_whom_it_concerns(s: Session) -> None:
    row = drafted(s, TO_WEST)
    shown = page.one(s, actor(s, "zhou"), row.id, NOON)
    (line,) = shown["rows"]
    assert (line["label"], line["count"], line["grid_from"], line["grid_to"]) == (
        "C-3 … C-5",
        3,
        "east",
        "west",
    )
    assert shown["tell"]["leaders"] == [{"id": "shen", "name": {"zh": "沈知行", "en": "Shen Zhixing"}}]
    assert {one["id"]: one["after"] for one in shown["figures"]}["moved_grid"] == 3
    assert "submit" in shown["may"]
    assert "approve" not in shown["may"]
