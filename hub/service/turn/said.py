"""What a shop's phone has in its queue: that it will be there, and that a thing of the day is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core.glossary import Pair
from hub.service.turn import act

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.service.phone.item import Item

CONFIRMED = Pair("已确认到岗。", "Confirmed.")
DONE = Pair("已记下。", "Noted.")


def confirmed(s: Session, actor: Actor, item: Item, now: datetime) -> Pair:
    """Kind `confirm`: {turn}."""
    act.confirm(s, actor, item.body["turn"], item.at, now)
    return CONFIRMED


def checked(s: Session, actor: Actor, item: Item, now: datetime) -> Pair:
    """Kind `check`: {turn, item, note}."""
    body = item.body
    act.check(s, actor, body["turn"], body["item"], body.get("note", ""), item.at, now)
    return DONE
