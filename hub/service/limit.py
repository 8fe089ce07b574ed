"""What a market sets for its registers: when an entry is stale, how long a shop is left in peace, a term."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from hub.core import component, policy
from hub.core.component import Limits
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence
from hub.service.evidence import Entry
from hub.store.component import RegisterLimit

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor


def of(s: Session, market: str) -> Limits:
    """The market's own, or the usual ones."""
    row = s.get(RegisterLimit, market)
    return Limits(row.stale_days, row.gap_days, row.term_months) if row else Limits()


def put(s: Session, actor: Actor, wanted: Limits, now: datetime) -> None:
    """Set them; they hold from now on, also for what was seen before.

    Raises:
        Refused: the actor may not, or a number is out of bounds.
    """
    role = policy.authorize(actor, "market.change", Target(actor.market))
    days = range(component.LEAST_DAYS, component.MOST_DAYS + 1)
    months = range(component.LEAST_MONTHS, component.MOST_MONTHS + 1)
    if wanted.stale_days not in days or wanted.gap_days not in days or wanted.term_months not in months:
        en = f"Days lie between 1 and {days[-1]}, a term between 1 and {months[-1]} months."
        raise Refused("input", "limit.bounds", en, f"天数为 1 到 {days[-1]}，任期为 1 到 {months[-1]} 个月。")
    before = asdict(of(s, actor.market))
    s.merge(RegisterLimit(market=actor.market, **asdict(wanted)))
    public = {"before": before, **asdict(wanted)}
    evidence.append(s, actor.market, Entry("limit.change", actor, role, public=public), now)
