"""Silences: somebody does not want to be told for a while, says why, and it ends by itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import glossary, policy
from hub.core import notice as rules
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, people, place
from hub.service.evidence import Entry
from hub.service.scope import scope_filter
from hub.service.shape import iso, pair
from hub.store.camera import Camera
from hub.store.supervise import Silence
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.glossary import Pair
    from hub.core.policy import Actor

CAP = timedelta(hours=12)
"""No silence is longer."""
MOST = 200


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


def listing(s: Session, actor: Actor, now: datetime, *, over: bool = False) -> list[dict[str, Any]]:
    """Silences that hold where the actor may silence, and those that are over where asked; newest first."""
    query = select(Silence, Camera).join(Camera, Camera.id == Silence.camera)
    query = scope_filter(actor, "silence", query, Camera).order_by(Silence.begins.desc(), Silence.id.desc())
    rows = s.execute((query if over else query.where(Silence.ends > now)).limit(MOST)).all()
    owners = people.names(s, [row.owner for row, _ in rows])
    return [_shown(row, camera, people.name_of(owners[row.owner]), now) for row, camera in rows]


def end(s: Session, actor: Actor, silence_id: str, now: datetime) -> None:
    """Tell of the camera's alerts again from now on; one that is over stays as it was.

    Raises:
        Refused: there is none, or the actor may not.
    """
    row = s.get(Silence, silence_id)
    camera = s.get(Camera, row.camera) if row and row.camera else None
    if row is None or camera is None or row.market != actor.market:
        raise Refused("missing", "silence.none", "There is no such silence.", "没有这条静默。")
    role = policy.authorize(actor, "silence", Target(place.node(row.market, camera.grid)))
    if row.ends <= now:
        return
    row.ends = now
    public = {"silenced": camera.id, "kind": row.kind, "until": now.isoformat()}
    evidence.append(s, row.market, Entry("silence.end", actor, role, public=public), now)


def one(s: Session, silence_id: str, now: datetime) -> dict[str, Any]:
    """One as pages see it."""
    row = s.get_one(Silence, silence_id)
    owner = people.name_of(people.names(s, [row.owner])[row.owner])
    return _shown(row, s.get_one(Camera, row.camera), owner, now)


def holding(s: Session, market: str, now: datetime) -> list[rules.Silence]:
    """The silences that hold at `now`."""
    query = select(Silence).where(Silence.market == market, Silence.ends > now, Silence.begins <= now)
    return [rules.Silence(row.owner, row.reason, row.ends, row.kind, row.camera) for row in s.scalars(query)]


def _shown(row: Silence, camera: Camera, owner: Pair, now: datetime) -> dict[str, Any]:
    return {
        "id": row.id,
        "camera": camera.id,
        "place": {"zh": camera.place_zh, "en": camera.place_en},
        "kind": row.kind,
        "owner": pair(owner),
        "reason": row.reason,
        "begins": iso(row.begins),
        "until": iso(row.ends),
        "holds": row.begins <= now < row.ends,
    }
