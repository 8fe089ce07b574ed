"""What the wall shows: a snapshot, and whatever changed after a ledger line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select

from hub.core.alert import State
from hub.core.policy import Target
from hub.service import duty, evidence, number, place, queue
from hub.service.case import unit
from hub.service.case.board import cards
from hub.service.patrol import crews
from hub.service.scope import scope_filter
from hub.service.shape import iso, maybe_iso, name
from hub.store.alert import Alert
from hub.store.camera import Camera
from hub.store.case import Case
from hub.store.device import Device
from hub.store.order import Canary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.service.duty import OnDuty

EVENING = time(20)
BUCKET = timedelta(minutes=10)
NIGHT = timedelta(hours=27)
"""A day, and the hours in which canaries are ordered."""
LIMIT = 2
"""Alerts that one operator can look at in ten minutes; above it the system is at fault, not the guard."""


def snapshot(s: Session, actor: Actor, now: datetime) -> dict[str, Any]:
    """Everything on the wall at `now`, as far as the actor sees."""
    on, cameras = duty.now_on(s, actor.market, now), _cameras(s, actor)
    return {
        "seq": evidence.head(s, actor.market),
        "alerts": queue.listing(s, actor, now, limit=200, on=on),
        "cameras": [state_of(camera) for camera in cameras],
        **_stands(s, actor.market, on, cameras, now),
    }


def around(s: Session, actor: Actor, now: datetime) -> dict[str, Any]:
    """The wall without its alerts and cameras, which are told one by one as they change."""
    return _stands(s, actor.market, duty.now_on(s, actor.market, now), _cameras(s, actor), now)


def _stands(
    s: Session, market: str, on: list[OnDuty], cameras: Sequence[Camera], now: datetime
) -> dict[str, Any]:
    return {
        "now": iso(now),
        "duty": _duty(on),
        "crews": _crews(on, crews.walks(s, market, on, now)),
        "blind": _blind(cameras),
        "tonight": _tonight(s, market, on, now),
        "selftest": _selftest(s, cameras, now),
        "edges": _edges(s, market),
    }


def state_of(camera: Camera) -> dict[str, Any]:
    """What a camera is doing; `still_at` is the door's to fill, which keeps the stills."""
    return {
        "id": camera.id,
        "state": camera.state,
        "since": maybe_iso(camera.since),
        "reason": camera.reason,
        "still_at": None,
    }


def _cameras(s: Session, actor: Actor) -> Sequence[Camera]:
    query = select(Camera).where(Camera.device.is_not(None)).order_by(Camera.id)
    return s.scalars(scope_filter(actor, "wall.see", query, Camera)).all()


def _duty(on: list[OnDuty]) -> dict[str, Any]:
    lead = next(iter(duty.at_post(on, "lead")), None)
    return {
        "on": len(on),
        "of": len(on),
        "lead": name(lead) if lead else None,
        "desk": [name(person) for person in duty.at_post(on, "desk")],
        "handover_at": maybe_iso(min((one.ends for one in on), default=None)),
    }


def _crews(on: list[OnDuty], walks: dict[str, crews.Walk]) -> list[dict[str, Any]]:
    rows = {one.crew.id: one.crew for one in on if one.crew is not None}
    return [
        {
            "number": crew.number,
            "people": [name(person) for person in duty.of_crew(on, crew.id)],
            "grid": crew.grid,
            **crews.shown(walks.get(crew.id)),
        }
        for crew in rows.values()
    ]


def _blind(cameras: Sequence[Camera]) -> dict[str, Any]:
    blind = [camera for camera in cameras if camera.state != "live"]
    return {"cameras": len(blind), "critical": [camera.id for camera in blind if camera.critical]}


def _selftest(s: Session, cameras: Sequence[Camera], now: datetime) -> dict[str, Any] | None:
    """How the canaries of the last night went; None before the first."""
    mine = (Canary.camera.in_([camera.id for camera in cameras]), Canary.state != "ordered")
    rows = s.scalars(select(Canary).where(*mine, Canary.ordered_at > now - NIGHT)).all()
    if not rows:
        return None
    good = [row for row in rows if row.state == "good"]
    return {"passed": len(good), "of": len(rows), "at": iso(max(row.ordered_at for row in rows))}


def _tonight(s: Session, market: str, on: list[OnDuty], now: datetime) -> dict[str, Any]:
    """Counts since the evening began in the market's own time."""
    began = _evening(s, market, now)
    since = (Alert.market == market, Alert.received_at >= began, Alert.drill.is_(False))
    rows = s.execute(select(Alert.received_at, Alert.state, Alert.ack_at).where(*since)).all()
    states = Counter(row.state for row in rows)
    buckets = [0] * (int((now - began) / BUCKET) + 1)
    for row in rows:
        if row.received_at <= now:
            buckets[int((row.received_at - began) / BUCKET)] += 1
    waits = sorted((row.ack_at - row.received_at).total_seconds() for row in rows if row.ack_at)
    return {
        "buckets": buckets,
        "limit": LIMIT * max(1, len(duty.at_post(on, "monitor"))),
        "confirmed": states[State.CONFIRMED],
        "dismissed": states[State.DISMISSED],
        "ack_p50_s": waits[len(waits) // 2] if waits else None,
    }


def _evening(s: Session, market: str, now: datetime) -> datetime:
    zone = number.zone_of(s, market)
    local = now.astimezone(zone)
    day = local.date() if local.time() >= EVENING else local.date() - timedelta(days=1)
    return datetime.combine(day, EVENING, zone).astimezone(now.tzinfo)


def _edges(s: Session, market: str) -> dict[str, Any]:
    rows = s.execute(
        select(Device.online, Device.clock_offset_ms).where(
            Device.market == market, Device.status.in_(("enrolled", "active"))
        )
    ).all()
    online = [row.clock_offset_ms for row in rows if row.online]
    return {"online": len(online), "of": len(rows), "offset_ms": max(online, key=abs, default=None)}


@dataclass(frozen=True, slots=True)
class Change:
    """An object of the wall as it is after the ledger line `seq`."""

    seq: int
    event: Literal["alert", "camera", "case"]
    action: str
    """What a person must be allowed, at `target`, to hear of it."""
    target: Target
    data: dict[str, Any]


def changes(s: Session, market: str, after: int, now: datetime, limit: int = 500) -> tuple[list[Change], int]:
    """What changed after the line `after`, each object once and as it is now; and the last line read."""
    lines = evidence.feed(s, market, after, limit)
    last: dict[tuple[str, str], int] = {}
    for line in lines:
        camera = line.public["camera"] if line.act == "camera.state" else None
        for word, id_ in (("alert", line.alert), ("case", line.case), ("camera", camera)):
            if id_:
                last[word, id_] = line.id
    found = [
        *_alert_changes(s, market, {id_: seq for (word, id_), seq in last.items() if word == "alert"}, now),
        *_case_changes(s, {id_: seq for (word, id_), seq in last.items() if word == "case"}, now),
        *_camera_changes(s, {id_: seq for (word, id_), seq in last.items() if word == "camera"}),
    ]
    return sorted(found, key=lambda change: change.seq), lines[-1].id if lines else after


def _alert_changes(s: Session, market: str, seqs: dict[str, int], now: datetime) -> list[Change]:
    rows = s.scalars(select(Alert).where(Alert.id.in_(seqs))).all()
    shown = zip(rows, queue.views(s, market, rows, now), strict=True)
    return [
        Change(seqs[row.id], "alert", "alert.see", Target(place.node_of(row)), data) for row, data in shown
    ]


def _case_changes(s: Session, seqs: dict[str, int], now: datetime) -> list[Change]:
    rows = s.scalars(select(Case).where(Case.id.in_(seqs))).all()
    shown = zip(rows, cards(s, rows, now), strict=True)
    return [
        Change(seqs[row.id], "case", "case.see", Target(place.node_of(row), unit.members(s, row, now)), data)
        for row, data in shown
    ]


def _camera_changes(s: Session, seqs: dict[str, int]) -> list[Change]:
    rows = s.scalars(select(Camera).where(Camera.id.in_(seqs)))
    return [
        Change(seqs[row.id], "camera", "wall.see", Target(place.node(row.market, row.grid)), state_of(row))
        for row in rows
    ]
