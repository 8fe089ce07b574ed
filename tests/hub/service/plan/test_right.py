"""Who sees which plans, and who takes back what."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from hub.service.plan import apply, decide, right, version
from hub.service.plan.hand import Move
from hub.store.people import Grant
from hub.store.plan import Plan
from tests.hub.service.plan.test_life import DAY, TO_WEST, TODAY, approved, drafted, moved, refusal
from tests.hub.town import MARKET, NOON, actor

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

WITHIN_EAST = Move(("c-12",), None, "east-2")
WITHIN_WEST = Move(("c-30",), None, "west-4")


def submitted(s: Session, move: Move) -> str:
    row = drafted(s, move)
    decide.submit(s, actor(s, "zhou"), row.id, NOON)
    decide.withdraw(s, actor(s, "zhou"), row.id, NOON)
    return row.id


def listed(s: Session, person: str) -> set[str]:
    return {row.id for row in right.of_market(s, actor(s, person))}


@pytest.mark.parametrize(
    ("node", "sees"),
    [
        (f"{MARKET}/east", {"east", "both"}),
        (f"{MARKET}/east/east-2", {"east", "both"}),
        (f"{MARKET}/west/east-2", {"both"}),
        (f"{MARKET}/east/east-1", {"east"}),
        (f"{MARKET}/east/east-1/c-12", {"east"}),
        (f"{MARKET}/east/east-1/c-11", set()),
        (f"{MARKET}/west/west-4", {"west"}),
    ],
)
def test_a_plan_is_seen_where_it_takes_from_or_gives_to(s: Session, node: str, sees: set[str]) -> None:
    s.get_one(Grant, "shen-leader").node = node
    moves = {"east": WITHIN_EAST, "west": WITHIN_WEST, "both": TO_WEST}
    plans = {name: submitted(s, move) for name, move in moves.items()}
    assert listed(s, "shen") == {plans[name] for name in sees}
    for name, plan in plans.items():
        assert right.is_seen(s, actor(s, "shen"), s.get_one(Plan, plan)) == (name in sees)


def test_a_leader_sees_their_plans_however_many_others_there_are(s: Session) -> None:
    seen, other = submitted(s, WITHIN_EAST), s.get_one(Plan, submitted(s, WITHIN_WEST))
    columns = {column.name: getattr(other, column.name) for column in Plan.__table__.columns}
    for at in range(right.MOST):
        more = {"id": f"more-{at}", "number": f"19700101-{at:04}", "made_at": NOON + timedelta(seconds=at)}
        s.add(Plan(**columns | more))
    s.flush()
    assert listed(s, "shen") == {seen}


def test_who_drew_at_a_plan_sees_it_wherever_it_is(s: Session) -> None:
    row = drafted(s, WITHIN_EAST, who="shen")
    moved(s, row, WITHIN_WEST)
    assert listed(s, "shen") == {row.id}


def test_nobody_undoes_what_they_drew_once_it_holds(s: Session) -> None:
    s.add(Grant(id="ren-manager", person="ren", role="manager", node=MARKET))
    s.flush()
    row = drafted(s, TO_WEST)
    moved(s, row, WITHIN_WEST, who="ren")
    approved(s, row)
    assert "undo" not in right.may(s, actor(s, "ren"), row, NOON)
    with refusal("plan.apart"):
        apply.undo(s, actor(s, "ren"), row.id, "不行", NOON)
    assert apply.undo(s, actor(s, "jia"), row.id, "不行", NOON).state == "undone"


def test_the_versions_say_how_the_market_was_cut(s: Session) -> None:
    approved(s, drafted(s, Move(("c-30", "c-31", "c-32"), None, "west-4"), day=TODAY + DAY))
    apply.due(s, NOON + DAY)
    cuts = [(one["grids"], one["groups"], one["shops"]) for one in version.versions(s, actor(s, "zhou"))]
    assert cuts == [(2, 3, 12), (2, 4, 12)]
