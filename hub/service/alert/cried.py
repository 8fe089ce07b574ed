"""What somebody who called for help is told: before the press, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import alert as rules
from hub.core import glossary, policy, supervise
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.core.sos import AT_ONCE
from hub.service import queue, whereabouts
from hub.service.shape import iso, name, pair
from hub.store.alert import Alert, AlertEvent
from hub.store.people import Grant, Person
from hub.store.workroom import Workroom

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

View = dict[str, Any]
MOST = 5
"""Own calls that are shown at once."""
NEAR = Pair("同组商铺和中心商户", "The shops of the group and the centre shop")
WALL = Pair("值守机房大屏", "The guard room's wall")
NUMBERS = {
    "110": Pair("报警", "Police"),
    "119": Pair("火警", "Fire brigade"),
    "120": Pair("急救", "Ambulance"),
}


def own(s: Session, actor: Actor, call: str) -> Alert:
    """The alert of a call of the actor's own.

    Raises:
        Refused: there is none.
    """
    link = s.get(AlertEvent, call)
    alert = s.get(Alert, link.alert) if link else None
    if alert is None or not _is_of(alert, actor.person):
        raise Refused("missing", "sos.none", "You made no such call.", "没有你发出的这次求助。")
    return alert


def _is_of(alert: Alert, person: str) -> bool:
    return alert.key.startswith(rules.key(alert.kind, person, None))


def page(s: Session, actor: Actor, call: str, now: datetime) -> View:
    """What became of the actor's own call.

    Raises:
        Refused: there is no such call of the actor's.
    """
    return shown(s, own(s, actor, call), call, now)


def shown(s: Session, alert: Alert, call: str, now: datetime) -> View:
    """A call as whoever made it sees it: no names but those that a step names itself."""
    view = queue.views(s, alert.market, [alert], now)[0]
    taken = None
    if alert.lease_person and alert.ack_at:
        taken = {"at": iso(alert.ack_at), "who": pair(_role(s, alert.lease_person, alert.market))}
    elif alert.decided_by and alert.decided_at and alert.state == rules.State.CONFIRMED:
        taken = {"at": iso(alert.decided_at), "who": pair(_role(s, alert.decided_by, alert.market))}
    kept = ("number", "kind", "severity", "received_at", "place", "state", "told")
    return {word: view[word] for word in kept} | {
        "call": call,
        "alert": alert.id,
        "closed": alert.state not in rules.OPEN,
        "taken": taken,
    }


def ahead(s: Session, actor: Actor, now: datetime) -> View:
    """What a press would do now, before it is made.

    Raises:
        Refused: this person calls otherwise.
    """
    policy.authorize(actor, "sos", Target(actor.market))
    found = whereabouts.of(s, actor, None, now)
    steps = [(pair(WALL), 0)]
    steps += [(_step(step.to), step.at) for step in supervise.URGENT]
    near = [(pair(WALL), 0), (pair(NEAR) if found.where.group else _step(AT_ONCE), 0)]
    return {
        "place": pair(found.where.words),
        "by": found.by,
        "sos": [{"who": who, "after_s": after} for who, after in steps],
        "help": [{"who": who, "after_s": after} for who, after in near],
        "numbers": _numbers(s, found.where.grid),
        "open": [shown(s, alert, call, now) for call, alert in _open(s, actor)],
    }


def _numbers(s: Session, grid: str | None) -> list[View]:
    """The police, the workroom that is near, then the other emergency numbers."""
    rooms = s.scalars(select(Workroom).where(Workroom.grid == grid)) if grid else ()
    near = [{"number": room.phone, **name(room)} for room in rooms if room.phone]
    police, *others = [{"number": number, **pair(words)} for number, words in NUMBERS.items()]
    return [police, *near, *others]


def _open(s: Session, actor: Actor) -> list[tuple[str, Alert]]:
    # Sorted here: asked for the last five, a database reads a year backwards for somebody who never called.
    own = (
        Alert.market == actor.market,
        Alert.state.in_(rules.OPEN),
        Alert.key.contains(f"|{actor.person}|", autoescape=True),
    )
    found = sorted(s.scalars(select(Alert).where(*own)), key=lambda alert: alert.received_at, reverse=True)
    return [(alert.key.rpartition("|")[2], alert) for alert in found[:MOST]]


def _step(to: Iterable[str]) -> dict[str, str]:
    words = [glossary.ROLE.get(who, Pair("巡逻组", "Patrol crew")) for who in to]
    return {"zh": "、".join(one.zh for one in words), "en": ", ".join(one.en for one in words)}


def _role(s: Session, person: str, market: str) -> Pair:
    """Who has it, as a shop may read it: the role and the armband."""
    row = s.get_one(Person, person)
    role = s.scalar(select(Grant.role).where(Grant.person == person).order_by(Grant.id).limit(1))
    words = glossary.ROLE.get(role or "", Pair("值班人员", "Duty staff"))
    band = f" {row.armband}" if row.armband and row.market == market else ""
    return Pair(f"{words.zh}{band}", f"{words.en}{band}")
