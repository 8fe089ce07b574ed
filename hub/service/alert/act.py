"""What people do with an alert: take, confirm, dismiss, attach, take back, call; and what time does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import alert as rules
from hub.core import glossary, policy, severity
from hub.core.alert import Act, State
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import case, evidence, ladder, place
from hub.service.evidence import Entry
from hub.service.people import name_of
from hub.service.place import Place
from hub.service.signal import told
from hub.store.alert import Alert, Call
from hub.store.case import Case, CaseAlert
from hub.store.people import Person
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor


def take(s: Session, actor: Actor, alert_id: str, now: datetime) -> Alert:
    """Put the actor's name on the alert for as long as the lease holds.

    Raises:
        Refused: somebody else is looking, it is done with, or the actor may not.
    """
    alert = load(s, actor, alert_id)
    action = "alert.take_urgent" if alert.severity == 0 else "alert.take"
    role = policy.authorize(actor, action, Target(place.node_of(alert)))
    _turn(alert, Act.TAKE, actor, s)
    _lease(alert, actor, now)
    return _write(s, alert, Entry("alert.take", actor, role), now)


def confirm(s: Session, actor: Actor, alert_id: str, now: datetime) -> Case:
    """Say that it is true: the alert is taken and becomes a case in the same act.

    Raises:
        Refused: as for `take`.
    """
    alert = load(s, actor, alert_id)
    role = policy.authorize(actor, "alert.confirm", Target(place.node_of(alert)))
    _turn(alert, Act.CONFIRM, actor, s)
    alert.ack_at = alert.ack_at or now
    alert.severity = severity.CONFIRMED.get(alert.kind, alert.severity)
    _decide(alert, actor, now)
    words = Pair(alert.place_zh, alert.place_en)
    report = case.Report(
        kind=alert.kind,
        place=Place(words, alert.grid, alert.group, alert.x, alert.y),
        severity=alert.severity,
        channel="camera" if alert.camera else "sensor",
        text=alert.reason,
    )
    opened = case.open(s, actor, report, alert, now)
    for child in s.scalars(select(Alert).where(Alert.parent == alert.id)):
        child.case = opened.id
        s.add(CaseAlert(alert=child.id, case=opened.id))
    _write(s, alert, Entry("alert.confirm", actor, role, public={"case": opened.number}), now)
    return opened


def dismiss(s: Session, actor: Actor, alert_id: str, reason: str, now: datetime) -> Alert:
    """Say that it was nothing, and why. The record of it stays.

    Raises:
        Refused: as for `take`, or the reason is none of the six.
    """
    alert = load(s, actor, alert_id)
    role = policy.authorize(actor, "alert.dismiss", Target(place.node_of(alert)))
    if reason not in glossary.DISMISSAL:
        en, zh = ", ".join(glossary.DISMISSAL), "、".join(p.zh for p in glossary.DISMISSAL.values())
        raise Refused("input", "alert.reason", f"Give one of these reasons: {en}.", f"请选一个理由：{zh}。")
    _turn(alert, Act.DISMISS, actor, s)
    alert.dismissal, alert.open_key = reason, None
    alert.ack_at = alert.ack_at or now
    _decide(alert, actor, now)
    return _write(s, alert, Entry("alert.dismiss", actor, role, public={"reason": reason}), now)


def attach(
    s: Session,
    actor: Actor,
    alert_id: str,
    now: datetime,
    *,
    alert: str | None = None,
    case: str | None = None,
) -> Alert:
    """Hang the alert on another alert or on a case: a link, nothing is copied.

    Raises:
        Refused: as for `take`, or the other is not there or is itself attached.
    """
    this = load(s, actor, alert_id)
    role = policy.authorize(actor, "alert.attach", Target(place.node_of(this)))
    _turn(this, Act.ATTACH, actor, s)
    parent = _parent(s, actor, this, alert) if alert else None
    into = parent.case if parent else case
    if into is None and parent is None:
        raise Refused("input", "alert.attach", "Name the alert or the case.", "请指定要并入的告警或案件。")
    if into is not None:
        _join_case(s, actor, this, into)
    this.parent = parent.id if parent else None
    this.ack_at = this.ack_at or now
    _decide(this, actor, now)
    public = {"alert": this.parent, "case": into}
    return _write(s, this, Entry("alert.attach", actor, role, public=public), now)


def undo(s: Session, actor: Actor, alert_id: str, now: datetime) -> Alert:
    """Take a dismissal back within a minute, or an attachment at any time; the actor then holds the lease.

    Raises:
        Refused: it is too late, or there is nothing to take back.
    """
    alert = load(s, actor, alert_id)
    action = "alert.attach" if alert.state == State.ATTACHED else "alert.dismiss"
    role = policy.authorize(actor, action, Target(place.node_of(alert)))
    late = alert.decided_at is not None and now - alert.decided_at > rules.UNDO_WITHIN
    if alert.state == State.DISMISSED and late:
        en = "It is too late to take this back. Report it as a new case instead."
        raise Refused("state", "alert.late", en, "已超过撤回时间，请另报一案。")
    alert.state = rules.move(State(alert.state), Act.UNDO)
    link = s.get(CaseAlert, alert.id)
    if link is not None:
        s.delete(link)
    alert.dismissal = alert.parent = alert.case = alert.decided_by = alert.decided_at = None
    _lease(alert, actor, now)
    return _write(s, alert, Entry("alert.undo", actor, role), now)


def call(s: Session, actor: Actor, alert_id: str, number: str, now: datetime) -> Alert:
    """Note that somebody rang 119, 110 or 120.

    Raises:
        Refused: another number, or the actor may not.
    """
    alert = load(s, actor, alert_id)
    role = policy.authorize(actor, "alert.call", Target(place.node_of(alert)))
    if number not in rules.NUMBERS:
        raise Refused("input", "call.number", "Note 119, 110 or 120.", "只记录 119、110 或 120。")
    rules.move(State(alert.state), Act.CALL)
    s.add(Call(id=new_id(), alert=alert.id, case=alert.case, number=number, person=actor.person, at=now))
    alert.version += 1
    return _write(s, alert, Entry("alert.call", actor, role, public={"number": number}), now)


def lapse(s: Session, now: datetime) -> int:
    """Let leases lapse and low alerts expire whose time is over; how many moved."""
    over = select(Alert).where(Alert.state == State.ACKED, Alert.next_due_at <= now)
    old = select(Alert).where(Alert.state == State.NEW, Alert.next_due_at <= now, Alert.ack_due <= now)
    old = old.where(Alert.severity.in_(rules.EXPIRES))
    # Whoever holds one now is changing it; it is looked at again in a second.
    alerts = [row for query in (over, old) for row in s.scalars(query.with_for_update(skip_locked=True))]
    for alert in alerts:
        act = Act.LAPSE if alert.state == State.ACKED else Act.EXPIRE
        alert.state = rules.move(State(alert.state), act)
        alert.lease_person = alert.lease_until = alert.next_due_at = None
        alert.version += 1
        if act is Act.LAPSE:
            alert.ack_run += 1
            ladder.start_ack(s, alert, now)
        else:
            alert.open_key = None
        _write(s, alert, Entry(f"alert.{act}", role="system"), now)
    return len(alerts)


def load(s: Session, actor: Actor, alert_id: str) -> Alert:
    """The alert of the actor's market, held until the transaction ends.

    Raises:
        Refused: there is none.
    """
    query = select(Alert).where(Alert.id == alert_id, Alert.market == actor.market)
    alert = s.scalar(query.with_for_update())
    if alert is None:
        words = ("There is no such alert. Reload the page.", "没有这条告警，请刷新页面。")
        raise Refused("missing", "alert.none", *words)
    return alert


def _turn(alert: Alert, act: Act, actor: Actor, s: Session) -> None:
    after = rules.move(State(alert.state), act)
    urgent = act is Act.CONFIRM and alert.severity == 0
    if alert.lease_person not in (None, actor.person) and not urgent:
        holder = name_of(s.get_one(Person, alert.lease_person))
        raise Refused(
            "conflict",
            "alert.lease",
            f"{holder.en} is looking at this alert. Ask them, or wait until their time is over.",
            f"{holder.zh}正在核看，请联系本人或等核看时间结束。",
        )
    alert.state = after
    alert.version += 1


def _lease(alert: Alert, actor: Actor, now: datetime) -> None:
    alert.ack_at = alert.ack_at or now
    alert.lease_person, alert.lease_until = actor.person, now + rules.LEASE[alert.severity]
    alert.next_due_at = alert.lease_until
    alert.version += 1


def _decide(alert: Alert, actor: Actor, now: datetime) -> None:
    alert.decided_by, alert.decided_at = actor.person, now
    alert.lease_person = alert.lease_until = alert.next_due_at = None


def _parent(s: Session, actor: Actor, this: Alert, other: str) -> Alert:
    parent = load(s, actor, other)
    policy.authorize(actor, "alert.attach", Target(place.node_of(parent)))
    if parent.id == this.id or parent.state not in (*rules.OPEN, State.CONFIRMED):
        en = "Choose another alert that is open or has become a case."
        raise Refused("state", "alert.attach", en, "请选择另一条未处理或已转案件的告警。")
    return parent


def _join_case(s: Session, actor: Actor, this: Alert, case_id: str) -> None:
    into = s.scalar(select(Case).where(Case.id == case_id, Case.market == actor.market))
    if into is None:
        words = ("There is no such case. Reload the page.", "没有这个案件，请刷新页面。")
        raise Refused("missing", "case.none", *words)
    policy.authorize(actor, "case.see", Target(place.node_of(into)))
    s.add(CaseAlert(alert=this.id, case=into.id))
    this.case = into.id


def _write(s: Session, alert: Alert, entry: Entry, now: datetime) -> Alert:
    public: dict[str, Any] = told(alert) | entry.public
    line = Entry(entry.act, entry.actor, entry.role, alert=alert.id, public=public)
    evidence.append(s, alert.market, line, now)
    return alert
