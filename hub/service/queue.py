"""The queue: alerts as pages see them, with whom they wait for and who was told."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, tuple_

from hub.core import alert as rules
from hub.core import glossary, policy, supervise
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import duty, ladder, people, place
from hub.service.scope import scope_filter
from hub.service.shape import iso, maybe_iso, name
from hub.service.turn.now import shops_on
from hub.store.alert import Alert, Call
from hub.store.bulk import among
from hub.store.market import Grid
from hub.store.people import Person
from hub.store.supervise import Escalation

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.service.duty import OnDuty
    from hub.service.shape import Words
    from hub.store.market import Shop

View = dict[str, Any]
MOST = 200
AS_KEPT = (
    *("id", "number", "kind", "severity", "state", "camera", "zone", "grid", "x", "y", "count", "score"),
    *("trust", "seconds", "reason", "still", "clip", "boxes", "case", "parent"),
    *("dismissal", "drill", "version"),
)
"""What pages are told of an alert as it is kept."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around alerts, read once for all of them."""

    people: dict[str, Person]
    calls: dict[str, list[Call]]
    fired: dict[str, list[Escalation]]
    leaders: dict[str, Person]
    """Grid → its leader."""
    shops: dict[str, Shop]
    """Group → the shop that has today's turn."""
    crews: dict[str, View]
    """Grid → the crew on duty there; how far it is stays open while no crew tells its position."""


def page(s: Session, actor: Actor, alert_id: str, now: datetime) -> View:
    """One alert.

    Raises:
        Refused: there is none, or it is not the actor's to see.
    """
    alert = s.get(Alert, alert_id)
    if alert is None or alert.market != actor.market:
        words = ("There is no such alert. Reload the page.", "没有这条告警，请刷新页面。")
        raise Refused("missing", "alert.none", *words)
    policy.authorize(actor, "alert.see", Target(place.node_of(alert)))
    return views(s, actor.market, [alert], now)[0]


def listing(
    s: Session,
    actor: Actor,
    now: datetime,
    *,
    only_open: bool = True,
    before: str | None = None,
    limit: int = 50,
    on: list[OnDuty] | None = None,
) -> list[View]:
    """Alerts that the actor may see: open ones gravest first, or all of them newest first.

    `before` is the id of the last one of the page before; `on` who is on duty, where the caller knows.
    """
    query = scope_filter(actor, "alert.see", select(Alert), Alert)
    last = s.get(Alert, before) if before else None
    newest = (Alert.received_at.desc(), Alert.id.desc())
    place = tuple_(Alert.received_at, Alert.id)
    if only_open:
        query = query.where(Alert.state.in_(rules.OPEN)).order_by(Alert.severity, *newest)
    else:
        query = query.order_by(*newest)
    if last is not None:
        older = place < (last.received_at, last.id)
        same = (Alert.severity == last.severity) & older
        query = query.where((Alert.severity > last.severity) | same if only_open else older)
    return views(s, actor.market, s.scalars(query.limit(min(limit, MOST))).all(), now, on)


def views(
    s: Session, market: str, alerts: Sequence[Alert], now: datetime, on: list[OnDuty] | None = None
) -> list[View]:
    """Alerts as pages see them, in a number of queries that does not grow with theirs."""
    if not alerts:
        return []
    around = _around(s, market, alerts, duty.now_on(s, market, now) if on is None else on, now)
    return [_view(alert, around) for alert in alerts]


def _around(s: Session, market: str, alerts: Sequence[Alert], on: list[OnDuty], now: datetime) -> Around:
    ids = [alert.id for alert in alerts]
    calls, fired = defaultdict(list), defaultdict(list)
    for call in s.scalars(select(Call).where(among(s, Call.alert, ids)).order_by(Call.at)):
        calls[call.alert or ""].append(call)
    subjects = [f"alert/{one}" for one in ids]
    steps = select(Escalation).where(among(s, Escalation.subject, subjects)).order_by(Escalation.due_at)
    for step in s.scalars(steps):
        fired[step.subject].append(step)
    grids = select(Grid.id, Person).join(Person, Person.id == Grid.leader).where(Grid.market == market)
    leaders = dict(s.execute(grids).all())
    groups = {alert.group for alert in alerts if alert.group}
    known = people.names(
        s,
        [
            *(alert.lease_person for alert in alerts),
            *(call.person for some in calls.values() for call in some),
        ],
    )
    return Around(known, calls, fired, leaders, shops_on(s, market, groups, now), _crews(on))


def _crews(on: list[OnDuty]) -> dict[str, View]:
    found: dict[str, View] = {}
    for one in on:
        if one.crew is not None and one.crew.grid not in found:
            members = [name(person) for person in duty.of_crew(on, one.crew.id)]
            found[one.crew.grid] = {"crew": one.crew.number, "people": members, "metres": None}
    return found


def _view(alert: Alert, around: Around) -> View:
    leader = around.leaders.get(alert.grid or "")
    shop = around.shops.get(alert.group or "")
    return _as_kept(alert) | {
        "place": {"zh": alert.place_zh, "en": alert.place_en},
        "first_at": iso(alert.first_at),
        "last_at": iso(alert.last_at),
        "received_at": iso(alert.received_at),
        "lease": _lease(alert, around),
        "ack_due": maybe_iso(alert.ack_due),
        "ack_at": maybe_iso(alert.ack_at),
        "nearest": around.crews.get(alert.grid or ""),
        "leader": {"name": name(leader), "armband": leader.armband} if leader else None,
        "duty_shop": {"id": shop.id, "name": name(shop)} if shop else None,
        "told": _told(alert, around),
        "calls": [
            {"at": iso(call.at), "number": call.number, "who": name(around.people[call.person])}
            for call in around.calls.get(alert.id, ())
        ],
    }


def _as_kept(alert: Alert) -> View:
    # Of two hundred alerts, to ask the mapper for each value takes longer than to read the rows.
    loaded = vars(alert)
    return {word: loaded[word] if word in loaded else getattr(alert, word) for word in AS_KEPT}


def _lease(alert: Alert, around: Around) -> View | None:
    holder = around.people.get(alert.lease_person or "")
    if holder is None or alert.lease_until is None:
        return None
    return {"person": holder.id, "name": name(holder), "until": iso(alert.lease_until)}


def _told(alert: Alert, around: Around) -> list[View]:
    """Steps that fired; of an urgent alert that waits, also those to come."""
    done = around.fired.get(f"alert/{alert.id}", [])
    rungs = [(step.fired_at, step.to.split(","), step.step, True) for step in done]
    if alert.severity == 0:
        fired = {(step.clock, step.step) for step in done}
        waiting = supervise.pending(ladder.steps(alert), fired)
        rungs += [(due.at, list(due.step.to), due.step.at, False) for due in waiting]
    return [
        {"at": iso(at), "who": _who(to, alert, around), "step": step, "done": fired}
        for at, to, step, fired in rungs
    ]


def _who(to: Sequence[str], alert: Alert, around: Around) -> Words:
    """Whom a step names, in words: a role, the crew's number, the leader's name."""
    words = [_one(who, alert, around) for who in to]
    return {"zh": "、".join(one.zh for one in words), "en": ", ".join(one.en for one in words)}


def _one(who: str, alert: Alert, around: Around) -> Pair:
    leader = around.leaders.get(alert.grid or "")
    if who == "leader" and leader:
        role = glossary.ROLE["leader"]
        return Pair(f"{role.zh} {leader.name_zh}", f"{role.en} {leader.name_en}")
    if who == "crew":
        crew = around.crews.get(alert.grid or "")
        return Pair(f"{crew['crew']} 组", f"Crew {crew['crew']}") if crew else Pair("巡逻组", "Crew")
    return glossary.ROLE.get("monitor" if who == "owner" else who, Pair(who, who))
