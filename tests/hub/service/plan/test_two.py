"""Two people press at once: one wins, the other hears why, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

from hub.core.refuse import Refused
from hub.service.plan import apply, decide, hand
from hub.store.base import sessions
from hub.store.evidence import Line
from hub.store.plan import Plan
from tests.hub.service.plan.test_life import TO_WEST, approved, drafted
from tests.hub.town import NOON, actor

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

    Act = Callable[[Session], object]


def at_once(on: Engine, *acts: Act) -> list[str]:
    """What each of them hears: nothing, or the code of a refusal."""
    return sorted(heard if isinstance(heard, str) else "" for heard in pressed(on, *acts))


def pressed(on: Engine, *acts: Act) -> list[object]:
    """What each of them returns, or the code of its refusal."""
    ready = Barrier(len(acts))

    def press(act: Act) -> object:
        ready.wait()
        try:
            with sessions(on).begin() as s:
                return act(s)
        except Refused as no:
            return no.code

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(press, acts))


def test_of_two_plans_submitted_at_once_one_is_under_way(database: Engine) -> None:
    with sessions(database).begin() as s:
        one, other = drafted(s, TO_WEST).id, drafted(s, TO_WEST).id
    acts = [lambda s, plan=plan: decide.submit(s, actor(s, "zhou"), plan, NOON) for plan in (one, other)]
    assert at_once(database, *acts) == ["", "plan.second"]


def test_of_two_who_approve_at_once_one_does(database: Engine) -> None:
    with sessions(database).begin() as s:
        plan = drafted(s, TO_WEST).id
        decide.submit(s, actor(s, "zhou"), plan, NOON)
    heard = at_once(
        database,
        lambda s: decide.approve(s, actor(s, "jia"), plan, NOON),
        lambda s: decide.reject(s, actor(s, "jia"), plan, "不行", NOON),
    )
    assert heard == ["", "plan.state"]


def test_of_two_timers_one_applies_what_is_due(database: Engine) -> None:
    with sessions(database).begin() as s:
        later = NOON.replace(day=23)
        plan = approved(s, drafted(s, TO_WEST, day=later.date())).id
    done = pressed(database, lambda s: apply.due(s, later), lambda s: apply.due(s, later))
    assert sorted(done, key=str) == [0, 1]
    with sessions(database)() as s:
        assert len(s.query(Line).where(Line.act == "plan.apply").all()) == 1
        assert s.get_one(Plan, plan).state == "applied"


def test_of_two_who_draw_at_one_draft_one_does(database: Engine) -> None:
    with sessions(database).begin() as s:
        row = drafted(s)
        plan, revision = row.id, row.revision
        drawing = hand.drawn(s, actor(s, "zhou"), plan, [TO_WEST], NOON)
    acts = [lambda s: hand.keep(s, actor(s, "zhou"), plan, revision, drawing, NOON) for _ in range(2)]
    assert at_once(database, *acts) == ["", "plan.match"]
