"""What phones say is taken once, each thing for itself; the receipt for it is always the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, cast

from sqlalchemy.exc import IntegrityError

from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.service import evidence
from hub.service.patrol import danger, lone, photo, visit, walk
from hub.service.phone.item import THANKS, Item, Waits
from hub.service.turn import said as turn
from hub.store.patrol import Said

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

Act = Callable[["Session", "Actor", Item, "datetime"], Pair | None]
"""Takes an item and may answer with words; raises Refused, or Waits where a photo has not come yet."""
State = Literal["taken", "refused", "waits"]

ACTS: dict[str, Act] = {
    "scan": visit.said,
    "skip": visit.skipped,
    "photo": photo.said,
    "danger": danger.said,
    "report": danger.reported,
    "lone": lone.said,
    "end": walk.ended,
    "confirm": turn.confirmed,
    "check": turn.checked,
}
"""Kind of an item → the act that takes it; its shape stands in hub/api/shape/phone.py under the same kind."""

WAITS = Pair("等待照片上传。", "Waiting for its photo.")
STRANGE = Refused(
    "conflict",
    "said.strange",
    "This names something that is not there, or that was said before. Reload the page.",
    "所提交内容有误或已提交过，请刷新页面。",
)
"""What the database would not take; the phone need not send it again."""
ANOTHERS = Pair("此编号已被使用，请重新提交。", "This number belongs to somebody else. Say it anew.")


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of an item; the phone forgets it when it is taken and shows it when it is refused."""

    id: str
    state: State
    words: Pair


def take(s: Session, actor: Actor, item: Item, now: datetime) -> Receipt:
    """Let one item take effect, in a savepoint of its own.

    The ledger is held before any row is, as devices' messages do it.
    """
    evidence.hold(s, actor.market)
    known = s.get(Said, item.id)
    if known is not None:
        return _again(known, actor)
    try:
        return _first(s, actor, item, now)
    except IntegrityError:
        known = s.get(Said, item.id)  # another request of the same phone was faster
        return _again(known, actor) if known else _refuse(s, actor, item, STRANGE, now)


def _first(s: Session, actor: Actor, item: Item, now: datetime) -> Receipt:
    try:
        with s.begin_nested():
            words = _act(s, actor, item, now)
            return _keep(s, actor, item, Receipt(item.id, "taken", words), "", now)
    except Waits:
        return Receipt(item.id, "waits", WAITS)
    except Refused as why:
        return _refuse(s, actor, item, why, now)


def _refuse(s: Session, actor: Actor, item: Item, why: Refused, now: datetime) -> Receipt:
    with s.begin_nested():
        return _keep(s, actor, item, Receipt(item.id, "refused", Pair(why.zh, why.en)), why.code, now)


def _act(s: Session, actor: Actor, item: Item, now: datetime) -> Pair:
    if item.fault is not None:
        raise item.fault
    return ACTS[item.kind](s, actor, item, now) or THANKS


def _keep(s: Session, actor: Actor, item: Item, receipt: Receipt, code: str, now: datetime) -> Receipt:
    s.add(
        Said(
            id=item.id,
            market=actor.market,
            person=actor.person,
            kind=item.kind,
            at=item.at,
            received_at=now,
            state=receipt.state,
            code=code,
            en=receipt.words.en,
            zh=receipt.words.zh,
        )
    )
    s.flush()
    return receipt


def _again(known: Said, actor: Actor) -> Receipt:
    """The receipt that was given; nobody learns what somebody else has said."""
    if (known.person, known.market) != (actor.person, actor.market):
        return Receipt(known.id, "refused", ANOTHERS)
    return Receipt(known.id, cast("State", known.state), Pair(known.zh, known.en))
