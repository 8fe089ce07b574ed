"""Silences: somebody does not want to be told for a while, says why, and it ends by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import alert as rules
from hub.core import glossary, policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, place
from hub.service.evidence import Entry
from hub.store.camera import Camera
from hub.store.supervise import Silence
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

CAP = timedelta(hours=12)
"""No silence is longer."""


def silence(
    s: Session, actor: Actor, camera: str, kind: str | None, reason: str, until: datetime, now: datetime
) -> Silence:
    """Tell nobody of this camera's alerts, of one kind if given, until then; of urgent ones all the same.

    Raises:
        Refused: there is no such camera, the reason is missing, or the time is over or too long.
    """
    row = s.get(Camera, camera)
    if row is None or row.market != actor.market:
        raise Refused("missing", "camera.none", "There is no such camera.", "没有这台摄像机。")
    role = policy.authorize(actor, "silence", Target(place.node(row.market, row.grid)))
    if not reason.strip() or not (kind is None or kind in glossary.KIND):
        en = "Give a reason, and a kind from the list."
        raise Refused("input", "silence.reason", en, "请写理由并选类型。")
    if not now < until <= now + CAP:
        hours = int(CAP / timedelta(hours=1))
        en = f"A silence ends within {hours} hours."
        raise Refused("input", "silence.until", en, f"静默最长 {hours} 小时。")
    made = Silence(
        id=new_id(),
        market=row.market,
        owner=actor.person,
        reason=reason.strip(),
        kind=kind,
        camera=row.id,
        begins=now,
        ends=until,
    )
    s.add(made)
    public = {"silenced": row.id, "kind": kind, "until": until.isoformat()}
    evidence.append(s, row.market, Entry("silence", actor, role, public=public, text=made.reason), now)
    return made


def holding(s: Session, market: str, now: datetime) -> list[rules.Silence]:
    """The silences that hold at `now`."""
    query = select(Silence).where(Silence.market == market, Silence.ends > now, Silence.begins <= now)
    return [rules.Silence(row.owner, row.reason, row.ends, row.kind, row.camera) for row in s.scalars(query)]
