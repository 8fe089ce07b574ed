"""Checkpoints: entered where they hang, given a tag, taken away; and at which node they stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from hub.core import policy
from hub.core.checkpoint import tag_hash
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, place
from hub.service.evidence import Entry
from hub.service.place import Place
from hub.store.market import Grid, Market
from hub.store.patrol import Checkpoint, Round
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor, Role

FENCE_M = 30.0
DWELL_S = 20


@dataclass(frozen=True, slots=True)
class Given:
    """What is entered of a checkpoint; `tag` is the number that its NFC tag gives, None: as it was."""

    grid: str
    name: Pair
    x: float
    y: float
    key: bool = False
    tag: str | None = None
    fence_m: float | None = FENCE_M
    dwell_s: int = DWELL_S


def add(s: Session, actor: Actor, given: Given, now: datetime) -> Checkpoint:
    """A new checkpoint with the market's next number.

    Raises:
        Refused: the actor may not there, it lies outside the market, or its tag hangs elsewhere.
    """
    role = _role(s, actor, given)
    last = s.scalar(select(func.max(Checkpoint.number)).where(Checkpoint.market == actor.market)) or 0
    row = Checkpoint(id=f"cp-{new_id()}", market=actor.market, number=last + 1, made_at=now, removed_at=None)
    _enter(s, row, given)
    s.add(row)
    s.flush()
    public = {"checkpoint": row.id, "number": row.number, "grid": row.grid}
    evidence.append(s, actor.market, Entry("checkpoint.add", actor, role, public=public), now)
    return row


def change(s: Session, actor: Actor, id_: str, given: Given, now: datetime) -> Checkpoint:
    """Put right what is entered of one; it may be moved to a grid where the actor may enter one.

    Raises:
        Refused: there is none, the actor may not here or there, or what is given is wrong.
    """
    evidence.hold(s, actor.market)
    row, _ = find(s, actor, id_, "patrol.change")
    role = _role(s, actor, given)
    _enter(s, row, given)
    s.flush()
    public = {"checkpoint": row.id, "number": row.number, "grid": row.grid}
    evidence.append(s, actor.market, Entry("checkpoint.change", actor, role, public=public), now)
    return row


def remove(s: Session, actor: Actor, id_: str, now: datetime) -> None:
    """Take one away; its visits stay, rounds that are planned go by without it.

    Raises:
        Refused: there is none, or the actor may not.
    """
    evidence.hold(s, actor.market)
    row, role = find(s, actor, id_, "patrol.change")
    row.removed_at, row.tag = now, None
    public = {"checkpoint": row.id, "number": row.number}
    evidence.append(s, actor.market, Entry("checkpoint.remove", actor, role, public=public), now)


def find(s: Session, actor: Actor, id_: str, action: str) -> tuple[Checkpoint, Role]:
    """One that hangs, and the role by which the actor may do `action` to it.

    Raises:
        Refused: there is none, or the actor may not.
    """
    row = s.get(Checkpoint, id_)
    if row is None or row.market != actor.market or row.removed_at is not None:
        raise _none()
    return row, policy.authorize(actor, action, Target(place.node(row.market, row.grid)))


def hanging(s: Session, market: str, ids: Iterable[str]) -> dict[str, Checkpoint]:
    """Those of `ids` that hang, by id."""
    here = (Checkpoint.market == market, Checkpoint.removed_at.is_(None), Checkpoint.id.in_(set(ids)))
    return {row.id: row for row in s.scalars(select(Checkpoint).where(*here))}


def placed(s: Session, actor: Actor, round_: str | None, checkpoint: str | None) -> str:
    """The node of what is said of a round or a point; the actor's own where neither is named.

    Raises:
        Refused: the market has no such round or point, or they are of two grids.
    """
    named: list[Round | Checkpoint | None] = [s.get(Round, round_)] if round_ else []
    named += [s.get(Checkpoint, checkpoint)] if checkpoint else []
    grids: set[str] = set()
    for row in named:
        if row is None or row.market != actor.market:
            raise _none()
        grids.add(row.grid)
    if not grids:
        return next(iter(policy.scope(actor, "patrol.walk")), actor.market)
    if len(grids) > 1:
        en = "This point is of another grid than the round. Reload the round."
        raise Refused("input", "round.point", en, "此点与这一轮不在同一网格，请刷新。")
    return place.node(actor.market, grids.pop())


def where(s: Session, grid: str | None, point: Checkpoint | None) -> Place:
    """The place of something that belongs to a point, or else to a grid."""
    if point is not None:
        near = place.nearest_shop(s, point.market, point.x, point.y)
        group = near.group if near and near.grid == point.grid else None
        return Place(Pair(point.name_zh, point.name_en), point.grid, group, point.x, point.y)
    row = s.get(Grid, grid) if grid else None
    words = Pair(row.name_zh, row.name_en) if row else Pair("市场", "The market")
    return Place(words, grid)


def _role(s: Session, actor: Actor, given: Given) -> Role:
    grid = s.get(Grid, given.grid)
    if grid is None or grid.market != actor.market or grid.ends is not None:
        raise Refused("missing", "grid.none", "There is no such grid.", "没有这个网格。")
    ground = s.get_one(Market, actor.market)
    if not (ground.x0 <= given.x <= ground.x1 and ground.y0 <= given.y <= ground.y1):
        en = "This place lies outside the market. Point to one inside it."
        raise Refused("input", "checkpoint.outside", en, "位置在市场范围之外，请重新点选。")
    return policy.authorize(actor, "patrol.change", Target(place.node(actor.market, grid.id)))


def _enter(s: Session, row: Checkpoint, given: Given) -> None:
    row.grid, row.x, row.y, row.key = given.grid, given.x, given.y, given.key
    row.name_zh, row.name_en = given.name.zh.strip(), given.name.en.strip()
    row.fence_m, row.dwell_s = given.fence_m, given.dwell_s
    if given.tag is None:
        row.tag = row.tag or None
        return
    hashed = tag_hash(given.tag) if given.tag else None
    if given.tag and hashed is None:
        en = "This is no number of an NFC tag. Hold the tag to the phone, or leave the field empty."
        raise Refused("input", "checkpoint.tag", en, "这不是 NFC 标签号，请用手机读取，或留空。")
    taken = (Checkpoint.market == row.market, Checkpoint.tag == hashed, Checkpoint.id != row.id)
    if hashed and s.scalar(select(Checkpoint.id).where(*taken)):
        en = "This tag hangs at another checkpoint. Take a new one."
        raise Refused("conflict", "checkpoint.tag", en, "此标签已用于其他巡更点，请换一个。")
    row.tag = hashed


def _none() -> Refused:
    return Refused("missing", "checkpoint.none", "There is no such checkpoint.", "没有这个巡更点。")
