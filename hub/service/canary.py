"""The daily canary: a drill alarm of each camera that the hub orders itself, by the ordinary way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, cast

from sqlalchemy import select

from hub.core import alert as rules
from hub.core import canary as night
from hub.core.alert import Act
from hub.core.canary import Seen, Sent
from hub.core.refuse import Refused
from hub.core.severity import grade
from hub.service import evidence, market, number, place
from hub.service.device import SPEAKS
from hub.service.evidence import Entry
from hub.service.order.command import queue, refuse_flood
from hub.service.signal import Signal, make, mend, told
from hub.store.alert import AlarmRecord, Alert
from hub.store.camera import Camera
from hub.store.device import Device
from hub.store.order import Canary, Command, Twin
from wire.order import Drill

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.orm import Session

    from wire.message import Event

KIND = "canary"
OP = "test-alarm"
OBEYS = timedelta(seconds=90)
"""A device that obeys says so in every beat; so long ago it may have been."""
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Turn:
    """A camera whose turn it is."""

    camera: Camera
    device: Device
    which: Literal["first", "again"]


def turn(s: Session, now: datetime) -> int:
    """Judge the canaries that are out and order those that are due; how many of both.

    Whoever comes second at the same moment finds nothing left to do.
    """
    return _judge(s, now) + sum(_order(s, name, now) for name in market.names(s))


def ordered(s: Session, said: Iterable[tuple[str, Event]]) -> set[str]:
    """Which of the events that these devices tell are drills that the hub ordered of them by itself."""
    drills = {(device, event.event) for device, event in said if event.drill}
    if not drills:
        return set()
    own = (Command.op == OP, Command.made_by.is_(None))
    query = select(Command.device, Command.id).where(Command.id.in_({id_ for _, id_ in drills}), *own)
    return {id_ for device, id_ in s.execute(query) if (device, id_) in drills}


def settle(alert: Alert) -> None:
    """A canary's own alert is over as it is made: it waits in no queue and nobody hears it."""
    alert.state = rules.move(rules.State(alert.state), Act.MEND)
    alert.ack_due = alert.next_due_at = alert.open_key = None
    alert.reason = KIND


def _judge(s: Session, now: datetime) -> int:
    out = select(Canary).where(Canary.state == "ordered").order_by(Canary.camera)
    over = [row for row in s.scalars(out) if night.judge(_seen(s, row), row.ordered_at, now)]
    for name in sorted({row.market for row in over}):
        evidence.hold(s, name)
    cameras = [row.camera for row in over]
    held = out.where(Canary.camera.in_(cameras)).with_for_update().execution_options(populate_existing=True)
    rows = s.scalars(held).all() if over else []
    for row in rows:
        verdict = night.judge(_seen(s, row), row.ordered_at, now)
        if verdict is not None:
            row.state, row.reason = verdict.state, verdict.reason
            _tell(s, row, now)
    return len(rows)


def _seen(s: Session, row: Canary) -> Seen:
    order = s.get_one(Command, row.command, populate_existing=True)
    mine = (AlarmRecord.event == row.command, AlarmRecord.device == row.device)
    in_time = AlarmRecord.received_at.between(row.ordered_at, row.ordered_at + night.WITHIN)
    came = s.scalar(select(AlarmRecord.id).where(*mine, in_time, AlarmRecord.phase == "new").limit(1))
    return Seen(order.state, order.reason, came is not None)


def _tell(s: Session, row: Canary, now: datetime) -> None:
    """Write down how it went; the first failure of a night is an alert, and a good one ends it."""
    public = {"camera": row.camera, "device": row.device, "command": row.command}
    entry = Entry("camera.canary", role="system", public=public | {"state": row.state, "reason": row.reason})
    evidence.append(s, row.market, entry, now)
    mine = (Alert.kind == KIND, Alert.camera == row.camera, Alert.state.in_(rules.OPEN))
    told_of = s.scalars(select(Alert).where(*mine).with_for_update()).all()
    if row.state == "good":
        row.good_at = row.ordered_at
        for alert in told_of:
            mend(s, alert, now)
        return
    row.failed += 1
    if row.tries == 1 and not told_of:
        _raise(s, row, now)


def _raise(s: Session, row: Canary, now: datetime) -> None:
    camera = s.get_one(Camera, row.camera)
    key = rules.key(KIND, camera.id, None)
    signal = Signal(KIND, grade(KIND, "normal"), key, place.of_camera(s, camera), now, row.reason)
    alert = make(s, row.market, signal, now)
    alert.device, alert.camera = row.device, camera.id
    s.flush()
    entry = Entry("alert.new", role="system", alert=alert.id, public=told(alert))
    evidence.append(s, row.market, entry, now)


def _order(s: Session, name: str, now: datetime) -> int:
    if not _due(s, name, now):
        return 0
    evidence.hold(s, name)
    turns = _due(s, name, now)
    lately = select(Canary.device).where(Canary.market == name, Canary.ordered_at > now - MINUTE)
    sent = Counter(s.scalars(lately))
    done = 0
    for one in turns:
        if sent[one.device.id] < night.MOST_A_MINUTE and _send(s, one, now):
            sent[one.device.id] += 1
            done += 1
    return done


def _due(s: Session, name: str, now: datetime) -> list[Turn]:
    """Whose turn it is, whoever has waited longest first."""
    zone = number.zone_of(s, name)
    found = []
    for camera, device, last in s.execute(_live(name, now).execution_options(populate_existing=True)):
        sent = Sent(cast("night.State", last.state), last.ordered_at) if last else None
        which = night.due(camera.id, sent, now, zone)
        if which:
            found.append(Turn(camera, device, which))
    return sorted(found, key=lambda one: (night.moment(one.camera.id), one.camera.id))


def _live(name: str, now: datetime) -> Select[Camera, Device, Canary]:
    """Live cameras of devices that are there and obey, with their last canary if any."""
    obeys = (Device.online, Device.status.in_(SPEAKS), Twin.told_at > now - OBEYS)
    return (
        select(Camera, Device, Canary)
        .join(Device, Device.id == Camera.device)
        .join(Twin, Twin.device == Device.id)
        .outerjoin(Canary, Canary.camera == Camera.id)
        .where(Camera.market == name, Camera.state == "live", *obeys)
    )


def _send(s: Session, one: Turn, now: datetime) -> bool:
    """Order it; not of a device that has too much to answer already, whose turn comes again."""
    try:
        refuse_flood(s, one.device.id)
    except Refused:
        return False
    command = queue(s, one.device, Drill(camera=one.camera.id), None, now)
    s.flush()
    row = s.get(Canary, one.camera.id) or Canary(
        camera=one.camera.id, market=one.camera.market, tries=0, sent=0, failed=0
    )
    row.device, row.command, row.ordered_at = one.device.id, command.id, now
    row.state, row.reason = "ordered", None
    row.tries = 1 if one.which == "first" else row.tries + 1
    row.sent += 1
    s.add(row)
    public = {"device": one.device.id, "command": command.id, "op": OP, "camera": one.camera.id}
    evidence.append(s, one.camera.market, Entry("device.command", role="system", public=public), now)
    return True
