"""Supervision stands apart from handling, whatever anybody tries in whatever order."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from hub.core import case as rules
from hub.core.case import MOVES, OPEN, Act, Stage
from hub.core.refuse import Refused
from hub.service import case, supervise
from hub.store.base import sessions
from hub.store.case import Case, CaseMark, CasePart
from hub.store.evidence import Line
from hub.store.people import Grant, Person
from tests.hub import town
from tests.hub.service.steps import WAY, bring, reported
from tests.hub.town import NOON, actor

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session

SOMEBODY = st.sampled_from(["he", "gu", "qin", "qiu", "jiang", "shen", "zhou", "jia", "fu", "all", "both"])
ROLES = {
    "all": ("desk", "dispatcher", "guard", "manager", "leader"),
    "both": ("desk", "dispatcher"),
    "qiu": ("desk",),
}
"""More than anybody should have: somebody with every role, and the crew's guard as a verifier."""
FIELDS: dict[Act, dict[str, Any]] = {
    Act.DISPATCH: {"unit": "crew/crew-1"},
    Act.HANDLE: {"result": "solved", "text": "done"},
    Act.VERIFY_CLOSE: {"gone": True, "told": True},
    Act.RETURN_DECIDE: {"granted": True},
    Act.SUSPEND_DECIDE: {"granted": True},
    Act.SUSPEND_REQUEST: {"until": (NOON + timedelta(days=2)).isoformat(), "text": "parts"},
    Act.EVALUATE: {"feedback": "neutral"},
    Act.CALL: {"number": "110"},
    Act.ACCEPT: {},
}
PLAIN = {Act.ACKNOWLEDGE, Act.EN_ROUTE, Act.ON_SCENE, Act.RESUME, Act.REMIND}
SKIPPED = {Act.MERGE, Act.UNMERGE, Act.NOTE, Act.CALL, Act.REMIND}
STEP = st.tuples(SOMEBODY, st.integers(0, 10), st.integers(1, 40_000), st.sampled_from("0123"))
"""Who tries which of the acts that the stage knows, after how many seconds; and a severity."""


def _give(s: Session) -> None:
    for person, roles in ROLES.items():
        if s.get(Person, person) is None:
            s.add(Person(id=person, market=town.MARKET, name_zh=person, name_en=person, active=True))
            s.flush()
        s.add_all(Grant(id=f"{person}-{role}", person=person, role=role, node=town.MARKET) for role in roles)
    s.flush()


@given(
    stage=st.sampled_from([stage for stage, *_ in WAY]),
    reporter=st.sampled_from(["tao", "gu", "qiu", "all"]),
    tries=st.lists(STEP, min_size=1, max_size=16),
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nobody_ever_stands_on_both_sides(
    on: Engine, stage: Stage, reporter: str, tries: list[tuple[str, int, int, str]]
) -> None:
    with sessions(on)() as s:
        _give(s)
        one, now = reported(s, "dispute", reporter), NOON
        try:
            bring(s, one, stage)
        except Refused:
            assume(reporter in ("gu", "qiu"))
        for person, index, seconds, severity in tries:
            now += timedelta(seconds=seconds)
            here = [act for stage, act in MOVES if stage == one.stage and act not in SKIPPED]
            if here:
                _try(s, one, person, here[index % len(here)], severity, now)
            supervise.due(s, now)
            _check(s, one)
        s.rollback()


def _try(s: Session, one: Case, person: str, act: Act, severity: str, now: Any) -> None:
    fields = FIELDS.get(act, {} if act in PLAIN else {"text": "because"})
    if act is Act.PRIORITY:
        fields = {"severity": severity, "text": "because"}
    before = Stage(one.stage)
    try:
        with s.begin_nested():
            case.act(s, actor(s, person), one.id, act, fields, one.version, now)
    except Refused:
        s.refresh(one)
        assert one.stage == before
    else:
        assert (before, act) in MOVES


def _check(s: Session, one: Case) -> None:
    """What must hold after every step, read from the rows alone."""
    did: dict[str, set[Act]] = {}
    marks = s.scalars(select(CaseMark).where(CaseMark.case == one.id).order_by(CaseMark.seq)).all()
    for mark in marks:
        if mark.person and mark.act != "report":
            did.setdefault(mark.person, set()).add(Act(mark.act))
    for person, acts in did.items():
        sides = {rules.SIDES[act] for act in acts if act in rules.SIDES}
        assert len(sides) <= 1, f"{person} stands on both sides: {acts}"
        if Act.VERIFY_CLOSE in acts:
            assert person != one.reporter
    lines = s.scalars(select(Line).where(Line.case == one.id).order_by(Line.id)).all()
    assert [line.case_seq for line in lines] == list(range(1, len(lines) + 1))
    assert lines[-1].stage_to in (None, one.stage)
    assert [mark.seq for mark in marks] == list(range(1, len(marks) + 1))
    if one.stage == Stage.SUSPENDED:
        assert one.severity not in rules.NEVER_SUSPENDED
    if one.stage not in (*OPEN, Stage.CLOSED):
        assert one.next_due_at is None
    rows = s.scalars(select(CasePart.person).where(CasePart.case == one.id)).all()
    assert set(rows) == {person for person, acts in did.items() if acts & set(rules.SIDES)}
