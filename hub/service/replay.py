"""Recordings run through drawn rules at their edge: asked for, registered, followed, stopped."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hub.core import policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, place, register
from hub.service.evidence import Entry
from hub.service.order import right
from hub.service.order.command import queue, refuse_flood
from hub.service.recording import AWAY
from hub.service.register import Look
from hub.service.scene import read, read_by
from hub.service.shape import iso
from hub.store.camera import Camera
from hub.store.order import Command
from hub.store.scene import Replay
from wire import order
from wire.drawn import plain_drawn
from wire.message import MAX_BYTES
from wire.replay import decode_replayed, plain_replayed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.store.device import Device
    from wire.drawn import Drawn

TRIED = timedelta(minutes=5)
"""So long rules are tried on live pictures at once."""
LIVE = ("scene.try", "video.live")
GONE = (
    "The edge of this camera is away: what its rules count can be seen once it is back.",
    "该摄像机的前端不在线，恢复后才能试运行。",
)
NO_TRIAL = ("test.over", "The trial is over.", "试运行已结束。")
ACTIONS = ("scene.try", "video.play")
"""What it takes: the rules of a camera are tuned by what was recorded of it."""
OVER = frozenset({"done", "failed", "stopped"})
SILENT = timedelta(seconds=60)
"""Without a word for so long a replay has failed: its edge has ended or gone."""
ROOM = 2048
"""Bytes of a command besides what is drawn."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A recorded time, why somebody tries it, and what is drawn, saved or not."""

    begin: datetime
    seconds: float
    purpose: str
    drawn: Mapping[str, Any]


def ask(s: Session, actor: Actor, camera_id: str, wish: Wish, session: str, now: datetime) -> Replay:
    """Have the edge begin; the register's row is written here.

    Raises:
        Refused: no such camera for this person, nothing that can be drawn, or its edge is away.
    """
    camera, device, role = _triable(s, actor, camera_id)
    drawn = read(json.dumps(wish.drawn).encode())
    if not drawn.zones:
        words = (
            "Draw a zone or a line first: there is no rule to try.",
            "请先画防区或警戒线再试规则。",
        )
        raise Refused("input", "replay.empty", *words)
    _refuse_large(drawn)
    if wish.begin > now:
        raise Refused("input", "recording.ahead", "That is still to come.", "该时间尚未到来。")
    if not device.online:
        raise Refused("state", "recording.away", *AWAY)
    right.refuse_mute(device)
    evidence.hold(s, camera.market)
    refuse_flood(s, device.id)
    args = order.Replay(camera.id, wish.begin, wish.seconds, drawn.masks, drawn.zones)
    made = queue(s, device, args, actor.person, now)
    s.flush()
    subject = f"{camera.id} {iso(wish.begin)} +{wish.seconds:g}s"
    register.note(s, actor, Look("playback", subject, wish.purpose, session), now)
    public = {"device": device.id, "command": made.id, "camera": camera.id, "seconds": wish.seconds}
    evidence.append(s, camera.market, Entry("scene.replay", actor, role, public=public), now)
    row = Replay(
        id=made.id,
        market=camera.market,
        camera=camera.id,
        begin=wish.begin,
        seconds=wish.seconds,
        drawn=plain_drawn(drawn),
        state="asked",
        said={},
        made_by=actor.person,
        made_at=now,
    )
    s.add(row)
    return row


def show(s: Session, actor: Actor, camera_id: str, session: str, now: datetime) -> datetime:
    """Have the edge show what the camera's rules count; until when. Registered as a live view is.

    Raises:
        Refused: no such camera for this person, or its edge is away.
    """
    camera, device, role = _triable(s, actor, camera_id, LIVE)
    if not device.online:
        raise Refused("state", "scene.away", *GONE)
    right.refuse_mute(device)
    evidence.hold(s, camera.market)
    refuse_flood(s, device.id)
    register.watch(s, actor, session, _looked(actor, camera), now)
    made = queue(s, device, order.Show(camera.id, TRIED.total_seconds()), actor.person, now)
    public = {"device": device.id, "command": made.id, "camera": camera.id}
    evidence.append(s, camera.market, Entry("scene.try", actor, role, public=public), now)
    return now + TRIED


def watch(s: Session, actor: Actor, camera_id: str, session: str) -> None:
    """Ask anew whether the actor may see what is shown.

    Raises:
        Refused: they may not, or no row of the register says that they look in this session.
    """
    camera, _, _ = _triable(s, actor, camera_id, LIVE)
    if not register.is_watching(s, actor, session, _looked(actor, camera)):
        raise Refused("missing", *NO_TRIAL)


def end(s: Session, actor: Actor, camera_id: str, *, begun: bool, now: datetime) -> None:
    """Somebody looks no more; a line where there was a trial of theirs. Raises Refused."""
    camera, device, role = _triable(s, actor, camera_id, LIVE)
    if begun:
        public = {"device": device.id, "camera": camera.id}
        evidence.append(s, camera.market, Entry("scene.try_end", actor, role, public=public), now)


def one(s: Session, actor: Actor, number: str, now: datetime) -> dict[str, Any]:
    """What became of a replay; raises Refused where it is none of this person's."""
    row = _own(s, actor, number)
    command = s.get_one(Command, row.id)
    state, reason = row.state, row.said.get("reason")
    if row.state == "asked" and command.state in {"refused", "expired"}:
        state, reason = "failed", command.reason
    elif row.state in {"asked", "running"} and now - (row.heard_at or row.made_at) > SILENT:
        state = "failed"
    shown = {"share": 0.0, "pictures": 0, "shown": 0.0, "took": 0.0, "fired": [], "more": False} | row.said
    return shown | {
        "id": row.id,
        "camera": row.camera,
        "begin": iso(row.begin),
        "seconds": row.seconds,
        "state": state,
        "reason": reason,
    }


def stop(s: Session, actor: Actor, number: str, now: datetime) -> None:
    """Let it end; its edge hears so with its next word."""
    row = _own(s, actor, number)
    s.refresh(row, with_for_update=True)
    if row.state not in OVER:
        row.state, row.heard_at = "stopped", now
        camera = s.get_one(Camera, row.camera)
        role = policy.allowed(actor, ACTIONS[0], Target(place.node(camera.market, camera.grid))).role
        public = {"command": row.id, "camera": row.camera}
        evidence.append(s, row.market, Entry("scene.replay_stop", actor, role, public=public), now)


def said(s: Session, device: str, number: str, data: bytes, now: datetime) -> bool:
    """Take what an edge says of a replay; false where nobody wants it any more.

    Raises:
        Bad: it is no such report.
    """
    told = decode_replayed(data)
    row, command = s.get(Replay, number), s.get(Command, number)
    if row is None or command is None or command.device != device:
        return False
    wanted = row.state not in OVER
    if wanted or row.state == "stopped":
        row.said, row.heard_at = plain_replayed(told), now
    if wanted:
        row.state = told.state
    return wanted


def _triable(
    s: Session, actor: Actor, camera_id: str, actions: tuple[str, ...] = ACTIONS
) -> tuple[Camera, Device, str]:
    # Another market's camera is told as one that is not there, before any right to it is asked for.
    camera, device = read_by(s, actor, camera_id)
    node = Target(place.node(camera.market, camera.grid))
    roles = [policy.authorize(actor, action, node) for action in actions]
    return camera, device, roles[0]


def _looked(actor: Actor, camera: Camera) -> str:
    """The node of which the register says that it is looked at."""
    return policy.reached(actor, place.node(camera.market, camera.grid))


def _own(s: Session, actor: Actor, number: str) -> Replay:
    row = s.get(Replay, number)
    if row is None or row.market != actor.market or row.made_by != actor.person:
        raise Refused("missing", "replay.none", "There is no such replay.", "没有这次回放试算。")
    return row


def _refuse_large(drawn: Drawn) -> None:
    if len(json.dumps(plain_drawn(drawn))) > MAX_BYTES - ROOM:
        en = "This is too much for one order: try fewer zones, or outlines of fewer corners."
        raise Refused("input", "replay.size", en, "内容过多，请减少防区或角点后再试。")
