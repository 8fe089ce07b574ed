"""Steps that many tests take: a confirmed alert, and a case brought to a stage by those who may."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hub.core.case import Act, Stage
from hub.service import alert, case
from tests.hub import town
from tests.hub.town import NOON

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.store.alert import Alert
    from hub.store.case import Case

WAY: tuple[tuple[Stage, str, Act, dict[str, Any]], ...] = (
    (Stage.ACCEPTED, "he", Act.ACCEPT, {}),
    (Stage.DISPATCHED, "qin", Act.DISPATCH, {"unit": "crew/crew-1"}),
    (Stage.HANDLING, "qiu", Act.ACKNOWLEDGE, {}),
    (Stage.HANDLED, "qiu", Act.HANDLE, {"result": "solved", "text": "电池已移到室外沙箱"}),
    (Stage.CLOSED, "gu", Act.VERIFY_CLOSE, {"gone": True, "told": True}),
    (Stage.EVALUATED, "gu", Act.EVALUATE, {"feedback": "satisfied"}),
)
"""Stage reached, who brings the case there, by which act, with what."""
STEP = timedelta(seconds=30)


def seen(s: Session, kind: str = "intrusion", now: datetime = NOON, **more: Any) -> Alert:
    """An alert that has just come in."""
    received = alert.receive(s, town.MARKET, "edge-1", town.event(kind, now, **more), now)
    assert received is not None
    return received


def confirmed(s: Session, kind: str = "intrusion", now: datetime = NOON, **more: Any) -> Case:
    """A case out of a camera's alert, as the monitor Lin confirmed it."""
    return alert.confirm(s, town.actor(s, "lin"), seen(s, kind, now, **more).id, now)


def reported(
    s: Session, kind: str = "dispute", person: str = "tao", now: datetime = NOON, **more: Any
) -> Case:
    """A case that somebody reports on patrol in the eastern grid."""
    more.setdefault("place", town.AISLE)
    return case.open(s, town.actor(s, person), case.Report(kind, **more), None, now)


def do(s: Session, one: Case, person: str, act: Act, now: datetime = NOON, **fields: Any) -> Case:
    """Let somebody act on the case as they see it now."""
    return case.act(s, town.actor(s, person), one.id, act, fields, one.version, now)


def bring(s: Session, one: Case, to: Stage, now: datetime = NOON) -> Case:
    """Bring the case on along the straight way, half a minute a step."""
    stages = [stage for stage, *_ in WAY]
    begin = stages.index(Stage(one.stage)) + 1 if one.stage in stages else 0
    for _, person, act, fields in WAY[begin : stages.index(to) + 1]:
        now += STEP
        do(s, one, person, act, now, **fields)
    assert one.stage == to
    return one
