"""The tree above the markets: districts and streets are made, and a market is put below one of them.

Whoever holds a right at a street holds it in each of its markets. So nobody puts a market below a street, or
takes it away from there, over the heads of those who hold something at it, or whose market is there too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select

from hub.core import policy
from hub.core.policy import Reach, Target
from hub.core.refuse import Refused
from hub.service import area, evidence, people
from hub.service.evidence import Entry
from hub.service.shape import name
from hub.store.market import Area, Market
from hub.store.people import Grant
from hub.store.staff import Proposal
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.glossary import Pair
    from hub.core.policy import Actor

View = dict[str, Any]
RIGHT = "area.change"


def listing(s: Session, actor: Actor) -> list[View]:
    """The areas above the actor's market, and those in which they may put it; districts first.

    Raises:
        Refused: the actor may not.
    """
    policy.authorize(actor, RIGHT, Target(actor.market))
    above = {one.id for one in area.above(s, actor.market)}
    own = set(people.markets(s, actor.person))
    rows = s.scalars(select(Area).order_by(Area.kind, Area.name_en, Area.id)).all()
    open_to = {one.id: _is_open(s, actor, one) for one in rows}
    return [_view(s, one, own, above, open_to[one.id]) for one in rows if one.id in above or open_to[one.id]]


def create(s: Session, actor: Actor, kind: str, parent: str | None, names: Pair, now: datetime) -> Area:
    """A district, or a street of a district or of none yet; nobody holds anything there.

    Raises:
        Refused: the actor may not, or there is no such district, or one of this name is there.
    """
    by = policy.authorize(actor, RIGHT, Target(actor.market))
    if parent is not None:
        top = _open(s, actor, parent)
        if kind != "street" or top.kind != "district":
            en = "Only a street belongs to something, and only to a district."
            raise Refused("input", "area.parent", en, "只有街道可以归属，并且只能归属于区。")
    for each in listing(s, actor):
        same = each["kind"] == kind and each["parent"] == parent
        if same and (each["name"]["zh"] == names.zh or each["name"]["en"] == names.en):
            en = "There is one of this name already. Choose it, or give another name."
            raise Refused("conflict", "area.name", en, "已有同名的街道或区，请直接选用或换一个名称。")
    row = Area(id=new_id(), kind=kind, parent=parent, name_zh=names.zh, name_en=names.en)
    s.add(row)
    public = {"area": row.id, "kind": kind, "parent": parent}
    evidence.append(s, actor.market, Entry("area.create", actor, by, public=public), now)
    return row


def place(s: Session, actor: Actor, wanted: str | None, now: datetime) -> None:
    """Put the actor's market below a street or district, or below none.

    Who holds a right there holds it in this market from now on, and who held one where it was, no more.

    Raises:
        Refused: the actor may not, there or where it was; there is no such area; or it is there already.
    """
    by = policy.authorize(actor, RIGHT, Target(actor.market))
    row = s.get_one(Market, actor.market, with_for_update=True)
    if row.area == wanted:
        raise Refused("state", "area.same", "The market is there already.", "市场已经归属在这里。")
    for one in (row.area, wanted):
        if one is not None:
            _open(s, actor, one)
    public = {"area": wanted, "before": row.area}
    row.area = wanted
    evidence.append(s, actor.market, Entry("area.place", actor, by, public=public), now)


def remove(s: Session, actor: Actor, gone: str, now: datetime) -> None:
    """Take an empty area away.

    Raises:
        Refused: the actor may not, there is none, or something or somebody is still there.
    """
    by = policy.authorize(actor, RIGHT, Target(actor.market))
    row = _open(s, actor, gone)
    node = f"{people.AREA}{gone}"
    waits = (Proposal.node == node, Proposal.decided_at.is_(None))
    used = (exists().where(Market.area == gone), exists().where(Area.parent == gone), exists().where(*waits))
    if any(s.scalar(select(each)) for each in used) or _is_held(s, node):
        en = "Markets, streets or people's rights are still there. Move or take them away first."
        raise Refused("state", "area.used", en, "下面还有市场、街道或授权，请先移走或收回。")
    s.delete(row)
    public = {"area": gone, "kind": row.kind, "parent": row.parent}
    evidence.append(s, actor.market, Entry("area.remove", actor, by, public=public), now)


def _open(s: Session, actor: Actor, wanted: str) -> Area:
    """The area, if the actor may change what lies below it.

    Raises:
        Refused: there is none, or others have a say there.
    """
    row = s.get(Area, wanted)
    known = row is not None and (
        _is_open(s, actor, row) or wanted in {one.id for one in area.above(s, actor.market)}
    )
    if row is None or not known:
        raise Refused("missing", "area.none", "There is no such street or district.", "没有这个街道或区。")
    if not _is_open(s, actor, row):
        en = "Others have rights or markets there: it is for an administrator of that street or district."
        raise Refused(
            "right", "area.others", en, "那里还有其他人的授权或市场，由该街道或区的系统管理员办理。", RIGHT
        )
    return row


def _is_open(s: Session, actor: Actor, row: Area) -> bool:
    """Whether nobody else has a say at the area or at its district, or the actor administers it."""
    nodes = [f"{people.AREA}{one}" for one in (row.id, row.parent) if one]
    roles = [role for role, reach in policy.TABLE[RIGHT].items() if reach is Reach.YES]
    own = (Grant.person == actor.person, Grant.role.in_(roles))
    for at, node in enumerate(nodes):
        if s.scalar(select(exists().where(*own, Grant.node.in_(nodes[at:])))):
            continue
        others = area.below(s, node) and not area.allowed(s, actor, RIGHT, node)
        if _is_held(s, node) or others:
            return False
    return True


def _is_held(s: Session, node: str) -> bool:
    return bool(s.scalar(select(exists().where(Grant.node == node))))


def _view(s: Session, row: Area, own: set[str], above: set[str], is_open: bool) -> View:
    below = s.scalars(select(Market).where(Market.area == row.id, Market.id.in_(own)).order_by(Market.id))
    return {
        "id": row.id,
        "kind": row.kind,
        "parent": row.parent,
        "name": name(row),
        "markets": [{"id": one.id, "name": name(one)} for one in below],
        "above": row.id in above,
        "open": is_open,
    }
