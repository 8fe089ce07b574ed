"""How a case begins: somebody or something reports it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hub.core import case as rules
from hub.core import deadline, glossary, policy, severity
from hub.core.case import Act, Stage
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import drawn, duty, evidence, number, place
from hub.service.case import clock
from hub.service.evidence import Entry
from hub.store.case import Case, CaseAlert
from hub.store.market import Grid
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.service.place import Place
    from hub.store.alert import Alert

CHANNELS = ("camera", "sensor", "patrol", "shop", "phone", "web")
ANOTHERS = frozenset({"phone", "web"})
"""Channels by which somebody else speaks through the one who files it."""
CODE_LENGTH = 10
"""Letters of a tracking code."""


@dataclass(frozen=True, slots=True)
class Report:
    """What is reported. Without a severity the kind's own is taken."""

    kind: str
    place: Place
    severity: int | None = None
    text: str | None = None
    channel: str = "patrol"
    reporter_name: str | None = None


def open_case(s: Session, actor: Actor | None, report: Report, alert: Alert | None, now: datetime) -> Case:
    """A new case with number and tracking code; an urgent one accepts itself.

    Raises:
        Refused: the actor may not report here, or the kind, severity, grid or channel is none of ours.
    """
    market = alert.market if alert else actor.market if actor else ""
    _check(s, market, report)
    at = place.node(market, report.place.grid, report.place.group)
    role = policy.authorize(actor, "report", Target(at)) if actor else None
    case = _row(s, market, actor, report, now)
    s.add(case)
    s.flush()
    if alert is not None:
        alert.case = case.id
        s.add(CaseAlert(case=case.id, alert=alert.id))
    clock.mark(s, case, "report", actor.person if actor else None, now)
    public = {"number": case.number, "kind": case.kind, "severity": case.severity, "channel": case.channel}
    entry = Entry(
        "case.report",
        actor,
        role or "system",
        case,
        alert.id if alert else None,
        None,
        Stage.REPORTED,
        public,
        report.text,
    )
    evidence.append(s, market, entry, now)
    if case.severity == 0:
        accept_itself(s, case, now)
    clock.plan(s, case)
    return case


def titled(kind: str, place: Pair) -> Pair:
    """What a case is called: its kind and its place."""
    words = glossary.KIND[kind]
    return Pair(f"{place.zh} {words.zh}", f"{words.en}, {place.en}")


def accept_itself(s: Session, case: Case, now: datetime) -> None:
    """An urgent case waits for no desk."""
    before, case.stage = case.stage, rules.move(Stage(case.stage), Act.ACCEPT)
    clock.mark(s, case, Act.ACCEPT, None, now)
    entry = Entry("case.accept", None, "system", case, None, before, case.stage, {"severity": case.severity})
    evidence.append(s, case.market, entry, now)


def _row(s: Session, market: str, actor: Actor | None, report: Report, now: datetime) -> Case:
    where, title = report.place, titled(report.kind, report.place.words)
    own = actor is not None and report.channel not in ANOTHERS
    return Case(
        id=new_id(),
        market=market,
        number=f"LF-{number.following(s, market, 'case', now)}",
        kind=report.kind,
        severity=severity.CASE[report.kind] if report.severity is None else report.severity,
        stage=Stage.REPORTED,
        grid=where.grid,
        group=where.group,
        place_zh=where.words.zh,
        place_en=where.words.en,
        x=where.x,
        y=where.y,
        title_zh=title.zh,
        title_en=title.en,
        channel=report.channel,
        reporter=actor.person if actor and own else None,
        reporter_name=report.reporter_name,
        tracking_code=drawn.code(CODE_LENGTH),
        policy=deadline.CURRENT,
        opened_at=now,
        shift_ends=duty.shift_ends(s, market, now),
        rework=0,
        reopen=0,
        wrong_dispatch=0,
        seq=0,
        version=1,
    )


def _check(s: Session, market: str, report: Report) -> None:
    grid = s.get(Grid, report.place.grid) if report.place.grid else None
    wrong: tuple[str, Pair] | None = None
    if report.kind not in glossary.KIND:
        wrong = ("kind", Pair("请选择类型。", "Choose a kind from the list."))
    elif report.severity is not None and report.severity not in range(len(glossary.SEVERITY)):
        wrong = ("severity", Pair("级别为 0 到 3。", "The priority is 0 to 3."))
    elif not (report.place.words.zh.strip() and report.place.words.en.strip()):
        wrong = ("place", Pair("请写明地点。", "Say where it is."))
    elif report.channel not in CHANNELS:
        wrong = ("channel", Pair("请选择渠道。", f"The channel is one of: {', '.join(CHANNELS)}."))
    elif report.place.grid and (grid is None or grid.market != market):
        wrong = ("grid", Pair("没有这个网格。", "There is no such grid. Choose one from the list."))
    if wrong is not None:
        raise Refused("input", f"field.{wrong[0]}", wrong[1].en, wrong[1].zh)
