"""Who may do which act to a case, and what stands against it; asked by the act and by the page alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import case as rules
from hub.core import form, glossary, policy
from hub.core.case import Act, Side
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import place
from hub.service.case import unit
from hub.store.case import Case, CaseAlert, CasePart
from hub.store.evidence import Line, Media

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

REQUEST = {Act.RETURN_DECIDE: Act.RETURN_REQUEST, Act.SUSPEND_DECIDE: Act.SUSPEND_REQUEST}
"""A decision and the request that it answers."""

AGAINST = {
    "suspend": Pair("P0、P1 不许挂账。", "An urgent or high case is never suspended: handle it."),
    "not_asked": Pair("处置单位没有申请。", "There is nothing to decide: the unit has not asked."),
    "asked": Pair("已有申请，请等审批。", "The unit has asked already: wait for the decision."),
    "proof": Pair("缺处置结果或凭据，请返工。", "There is no result or no proof: send it back for rework."),
    "root": Pair("有案件并入本案，请反向并案。", "Others are merged into it: merge the other way round."),
}


def target(s: Session, case: Case, now: datetime, severity: int | None = None) -> Target:
    """What the policy needs to know of a case."""
    raises = severity is None or severity < case.severity
    return Target(place.node_of(case), unit.members(s, case, now), raises)


def role_for(s: Session, actor: Actor, case: Case, act: Act, to: Target, now: datetime) -> str:
    """The role by which the actor may do `act`.

    Raises:
        Refused: policy says no, or supervision would not stand apart from handling.
    """
    if act is Act.REOPEN and _own_and_fresh(actor, case, now):
        return "public" if not actor.roles else actor.roles[0]
    role = policy.authorize(actor, f"case.{act}", to)
    stand_apart(s, actor, case, act)
    return role


def stand_apart(s: Session, actor: Actor, case: Case, act: Act) -> None:
    """Refuse whoever stands on the other side of this case, or verifies what they reported."""
    side = rules.SIDES.get(act)
    part = s.get(CasePart, (case.id, actor.person))
    if side is not None and part is not None and part.side != side:
        raise _other_side(side, act, Act(part.part))
    if act is Act.VERIFY_CLOSE and case.reporter == actor.person:
        en = "You reported this case; somebody else must verify and close it."
        raise Refused("right", "case.side", en, "你是本案报告人，须由他人核查结案。")


def bar(s: Session, case: Case, act: Act) -> Refused | None:
    """What else stands against `act`, whoever wants to do it."""
    asked = Act(case.asked["act"]) if case.asked else None
    if act is Act.SUSPEND_REQUEST and case.severity in rules.NEVER_SUSPENDED:
        return _against("suspend")
    if act in REQUEST and asked is not REQUEST[act]:
        return _against("not_asked")
    if act in REQUEST.values() and asked is not None:
        return _against("asked")
    if act is Act.VERIFY_CLOSE and not all(met(s, case)[name] for name in ("result", "evidence")):
        return _against("proof")
    if act is Act.MERGE and s.scalar(select(Case.id).where(Case.root == case.id).limit(1)):
        return _against("root")
    return None


def met(s: Session, case: Case) -> dict[str, bool]:
    """Which closing conditions are met; those that a verifier ticks are met when the case is closed."""
    closed = case.stage in (rules.Stage.CLOSED, rules.Stage.EVALUATED)
    alerts = select(CaseAlert.alert).where(CaseAlert.case == case.id)
    picture = select(Media.id).where((Media.case == case.id) | Media.alert.in_(alerts)).limit(1)
    told = (Line.case == case.id, Line.act == "case.handle", Line.commitment.is_not(None))
    account = select(Line.id).where(*told)
    proof = case.result is not None and (s.scalar(account.limit(1)) or s.scalar(picture)) is not None
    known = {"result": case.result is not None, "evidence": proof}
    return {name: known.get(name, closed) for name in form.CONDITIONS}


def _own_and_fresh(actor: Actor, case: Case, now: datetime) -> bool:
    fresh = case.closed_at is not None and now - case.closed_at <= rules.REOPEN_WITHIN
    return fresh and case.reporter == actor.person


def _other_side(side: Side, act: Act, part: Act) -> Refused:
    did, want = glossary.ACT[part], glossary.ACT[act]
    if side is Side.SUPERVISION:
        en = f"You took part in handling this case ({did.en}); somebody else must {want.en}."
        zh = f"你参与了本案处置（{did.zh}），须由他人{want.zh}。"
    else:
        en = f"You supervise this case ({did.en}); somebody else must {want.en}."
        zh = f"你在本案监督一方（{did.zh}），不得{want.zh}。"
    return Refused("right", "case.side", en, zh)


def _against(what: str) -> Refused:
    return Refused("state", f"case.{what}", AGAINST[what].en, AGAINST[what].zh)
