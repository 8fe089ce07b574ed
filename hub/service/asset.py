"""Equipment of workrooms: given out, taken back, mended, with the whole history of each piece."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub.core import equipment, policy
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, people, place, scope
from hub.service.evidence import Entry
from hub.service.registered import person_of
from hub.service.shape import iso, name, pair
from hub.service.staff import person_of as somebody
from hub.service.workroom import grid_of
from hub.store.asset import Asset, AssetMove
from hub.store.market import Grid
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

View = dict[str, Any]
MOST = 500


def add(s: Session, actor: Actor, grid: str, kind: str, label: str, now: datetime) -> Asset:
    """Enter a piece of equipment of a workroom.

    Raises:
        Refused: the actor may not, or the kind or grid is none, or the label is taken.
    """
    at = grid_of(s, actor.market, grid)
    role = policy.authorize(actor, "asset.change", Target(place.node(actor.market, at.id)))
    if kind not in equipment.KIND:
        listed = ", ".join(equipment.KIND)
        raise Refused("input", "asset.kind", f"Choose one of: {listed}.", "请从列表中选择装备种类。")
    row = Asset(id=new_id(), market=actor.market, grid=at.id, kind=kind, label=label, person=None, since=now)
    try:
        with s.begin_nested():
            s.add(row)
            s.flush()
    except IntegrityError:
        en = f"There is a piece labelled {label} already. Give this one another label."
        raise Refused("conflict", "asset.label", en, f"编号 {label} 已有，请换一个编号。") from None
    _note(s, row, actor, "", now)
    public = {"asset": row.id, "kind": kind, "label": label, "grid": at.id}
    evidence.append(s, actor.market, Entry("asset.add", actor, role, public=public), now)
    return row


def move(
    s: Session, actor: Actor, id_: str, state: str, person: str | None, note: str, now: datetime
) -> Asset:
    """Give a piece out to somebody, take it back, send it to be mended, or use it no more.

    Raises:
        Refused: there is none, the actor may not, that does not follow its state, or nobody is named for out.
    """
    row = s.get(Asset, id_, with_for_update=True, populate_existing=True)
    if row is None or row.market != actor.market:
        raise Refused("missing", "asset.none", "There is no such piece of equipment.", "没有这件装备。")
    role = policy.authorize(actor, "asset.change", Target(place.node(actor.market, row.grid)))
    if state not in equipment.MOVES[row.state]:
        was, to = equipment.STATE[row.state], equipment.STATE[state]
        en = f"It is: {was.en.lower()}. It cannot become: {to.en.lower()}."
        raise Refused("state", "asset.state", en, f"该装备{was.zh}，不能改为{to.zh}。")
    if (state == "out") != (person is not None):
        en = "Name whoever takes it, when it goes out and only then."
        raise Refused("input", "asset.person", en, "借出时请填写领用人，其他情况不填。")
    holder = somebody(s, actor, person) if person else None
    if holder is not None and not holder.active:
        raise Refused("state", "person.left", "This person has left.", "此人已离岗。")
    row.state, row.person, row.since = state, person, now
    _note(s, row, actor, note.strip(), now)
    public = {"asset": row.id, "state": state, "person": person}
    evidence.append(s, actor.market, Entry("asset.move", actor, role, public=public), now)
    return row


def listing(s: Session, actor: Actor) -> list[View]:
    """Equipment that the actor sees, what is out first.

    Raises:
        Refused: the actor may see none.
    """
    policy.authorize(actor, "asset.see", Target(scope.first(actor, "asset.see")))
    query = scope.scope_filter(actor, "asset.see", select(Asset), Asset)
    rows = s.scalars(query.order_by(Asset.state != "out", Asset.grid, Asset.kind, Asset.label).limit(MOST))
    return views(s, actor, rows.all())


def history(s: Session, actor: Actor, id_: str) -> list[View]:
    """What became of a piece, newest first.

    Raises:
        Refused: there is none, or the actor may not see it.
    """
    row = s.get(Asset, id_)
    seen = row is not None and row.market == actor.market
    if row is None or not seen or not _may(actor, "asset.see", row):
        raise Refused("missing", "asset.none", "There is no such piece of equipment.", "没有这件装备。")
    query = (
        select(AssetMove).where(AssetMove.asset == row.id).order_by(AssetMove.at.desc(), AssetMove.id.desc())
    )
    moves = s.scalars(query.limit(MOST)).all()
    who = people.names(s, (one for each in moves for one in (each.person, each.by)))
    return [
        {
            "state": {"id": one.state, **pair(equipment.STATE[one.state])},
            "person": person_of(who, one.person) if one.person else None,
            "by": person_of(who, one.by),
            "at": iso(one.at),
            "note": one.note,
        }
        for one in moves
    ]


def held_by(s: Session, actor: Actor) -> list[View]:
    """What the actor has out."""
    where = (Asset.market == actor.market, Asset.person == actor.person)
    return views(s, actor, s.scalars(select(Asset).where(*where).order_by(Asset.label)).all())


def views(s: Session, actor: Actor, rows: Sequence[Asset]) -> list[View]:
    """Pieces as pages show them."""
    who = people.names(s, (row.person for row in rows))
    grids = {row.id: row for row in s.scalars(select(Grid).where(Grid.market == actor.market))}
    return [
        {
            "id": row.id,
            "grid": {"id": row.grid, "name": name(grids[row.grid])},
            "kind": {"id": row.kind, **pair(equipment.KIND[row.kind])},
            "label": row.label,
            "state": {"id": row.state, **pair(equipment.STATE[row.state])},
            "person": person_of(who, row.person) if row.person else None,
            "since": iso(row.since),
            "may": _may(actor, "asset.change", row),
        }
        for row in rows
    ]


def _note(s: Session, row: Asset, actor: Actor, note: str, now: datetime) -> None:
    given = {"state": row.state, "person": row.person, "by": actor.person, "at": now, "note": note}
    s.add(AssetMove(id=new_id(), asset=row.id, **given))
    s.flush()


def _may(actor: Actor, action: str, row: Asset) -> bool:
    return policy.allowed(actor, action, Target(place.node(row.market, row.grid))).allowed
