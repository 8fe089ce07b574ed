"""A round is started, by which its order is shown and its seed written down, and ended."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import patrol as rules
from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, place
from hub.service.evidence import Entry
from hub.service.patrol import judge
from hub.store.patrol import Round

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.glossary import Pair
    from hub.core.policy import Actor, Role
    from hub.service.phone.item import Item
    from hub.store.patrol import Checkpoint

LONGEST = timedelta(days=1)
"""No round takes so long."""


def start(s: Session, actor: Actor, id_: str, now: datetime) -> Round:
    """Set out: from now on the order of the round is shown. Whoever joins a round under way sees it too.

    Raises:
        Refused: there is none, the actor walks none there, or it is not time, or over.
    """
    evidence.hold(s, actor.market)
    row, role = find(s, actor, id_, "patrol.walk")
    if row.state == "walking":
        return row
    if row.state != "planned" or now > row.closes_at:
        en = "This round is over. Look which one is next."
        raise Refused("state", "round.over", en, "这一轮已结束，请看下一轮。")
    if now < row.opens_at:
        en = "This round cannot be started yet. Wait until it is shown as open."
        raise Refused("state", "round.early", en, "这一轮还没到时间，开放后再开始。")
    begin(s, row, actor, role, now, now)
    return row


def begin(s: Session, row: Round, actor: Actor | None, role: Role | str, at: datetime, now: datetime) -> None:
    """Somebody was on this round at `at`: it began then or before; its seed is written down once."""
    if row.started_at is None or at < row.started_at:
        row.started_at = at
    row.started_by = row.started_by or (actor.person if actor else None)
    if row.state != "planned":
        return
    row.state = "walking"
    public = {"round": row.id, "kind": row.kind, "grid": row.grid, "seed": row.seed, "points": row.points}
    evidence.append(s, row.market, Entry("round.start", actor, role, public=public), now)


def ended(s: Session, actor: Actor, item: Item, now: datetime) -> Pair | None:
    """The walker says that the round is over; it is judged when its time is.

    Raises:
        Refused: there is none, or the actor walks none there.
    """
    row, role = find(s, actor, item.body["round"], "patrol.walk")
    if row.state == "walking":
        row.state, row.ended_at = "done", item.at
        judge.figure(s, row, now)
        public = {"round": row.id, "kind": row.kind, "grid": row.grid}
        evidence.append(s, row.market, Entry("round.end", actor, role, public=public), now)
    return None


def find(s: Session, actor: Actor, id_: str, action: str, *, held: bool = True) -> tuple[Round, Role]:
    """A round, and the role by which the actor may do `action` to it; `held`: nobody else writes it now.

    Raises:
        Refused: there is none, or the actor may not.
    """
    query = select(Round).where(Round.id == id_, Round.market == actor.market)
    row = s.scalar(query.with_for_update() if held else query)
    if row is None:
        raise Refused("missing", "round.none", "There is no such round.", "没有这一轮巡逻。")
    return row, policy.authorize(actor, action, Target(place.node(row.market, row.grid)))


def counts(row: Round, now: datetime) -> bool:
    """Whether what is heard at `now` still changes how the round went, whenever it was done."""
    return now <= row.closes_at + rules.STRAGGLERS


def open_at(s: Session, point: Checkpoint, at: datetime) -> Round | None:
    """The round that comes by a checkpoint at `at`; of several the one that closes first.

    Told by its times alone, so that it is the same however late and in whatever order scans are heard.
    """
    spans = (Round.opens_at <= at, Round.closes_at >= at, Round.closes_at <= at + LONGEST)
    query = select(Round).where(Round.market == point.market, Round.grid == point.grid, *spans)
    found = s.scalars(query.order_by(Round.closes_at, Round.id)).all()
    return next((row for row in found if point.id in row.points), None)
