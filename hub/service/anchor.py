"""Where a market's plan lies on the earth: said once, and then files in degrees fit it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core import policy
from hub.core.placed import Anchor
from hub.core.policy import Target
from hub.service import evidence
from hub.service.evidence import Entry
from hub.store.market import Market

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor


def of(s: Session, market: str) -> Anchor | None:
    """Where it lies, if somebody has said so."""
    row = s.get_one(Market, market)
    return None if row.lon is None or row.lat is None else Anchor(row.lon, row.lat, row.turn or 0.0)


def put(s: Session, actor: Actor, anchor: Anchor, now: datetime) -> None:
    """Say where it lies; nothing on the plan moves. Leaves a line.

    Raises:
        Refused: the actor may not.
    """
    role = policy.authorize(actor, "market.change", Target(actor.market))
    enter(s, actor.market, anchor)
    public = {"lon": anchor.lon, "lat": anchor.lat, "turn": anchor.turn}
    evidence.append(s, actor.market, Entry("market.change", actor, role, public=public), now)


def enter(s: Session, market: str, anchor: Anchor) -> None:
    """Write it down."""
    row = s.get_one(Market, market)
    row.lon, row.lat, row.turn = anchor.lon, anchor.lat, anchor.turn
