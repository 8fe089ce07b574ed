"""Hidden dangers: looked for by a checklist; one that is found is a case. And what else a phone reports."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hub.core import patrol as rules
from hub.core import policy
from hub.core.glossary import Pair
from hub.core.policy import Target
from hub.core.refuse import Refused
from hub.service import evidence, place
from hub.service.case.open import Report, open_case
from hub.service.evidence import Entry
from hub.service.patrol import judge, photo, walk
from hub.service.patrol import point as points
from hub.service.place import Place
from hub.store.market import Shop
from hub.store.patrol import Checkpoint, DangerCheck

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor, Role
    from hub.service.phone.item import Item
    from hub.store.case import Case

KIND = "hazard"


def said(s: Session, actor: Actor, item: Item, now: datetime) -> Pair | None:
    """Somebody went through the checklist at a point or in a grid; each danger found makes one case of all.

    Raises:
        Refused: something else than the checklist asks for, no such place, or the actor walks none there.
        Waits: its photo has not come yet.
    """
    body = item.body
    found: dict[str, str] = body["items"]
    if not found or not set(found) <= set(rules.CHECKLIST) or not set(found.values()) <= set(rules.FOUND):
        en = f"Say good, bad or none of: {', '.join(rules.CHECKLIST)}."
        raise Refused("input", "danger.items", en, "请逐项选择：正常、有隐患或无此项。")
    round_ = walk.find(s, actor, body["round"], "patrol.walk")[0] if body["round"] else None
    point = s.get(Checkpoint, body["checkpoint"]) if body["checkpoint"] else None
    node = points.placed(s, actor, body["round"], body["checkpoint"])
    role = policy.authorize(actor, "patrol.walk", Target(node))
    grid = round_.grid if round_ else point.grid if point else _grid(node)
    if round_ is not None and not (item.at >= round_.opens_at and walk.counts(round_, now)):
        round_ = None
    bad = [item_ for item_ in rules.CHECKLIST if found.get(item_) == "bad"]
    case = _case(s, actor, item, points.where(s, grid, point), bad, now) if bad else None
    s.add(
        DangerCheck(
            id=item.id,
            market=actor.market,
            grid=grid,
            round=round_.id if round_ else None,
            checkpoint=point.id if point else None,
            person=actor.person,
            at=item.at,
            received_at=now,
            found=found,
            case=case.id if case else None,
        )
    )
    s.flush()
    _tell(s, actor, role, item, bad, now)
    if round_ is not None:
        walk.begin(s, round_, actor, role, item.at, now)
        judge.later(s, round_, now)
    return Pair(f"已立案 {case.number}。", f"Case {case.number} was opened.") if case else None


def reported(s: Session, actor: Actor, item: Item, now: datetime) -> Pair | None:
    """Something else that somebody saw: a case.

    Raises:
        Refused: the kind is none, or the actor may not report.
        Waits: its photo has not come yet.
    """
    body = item.body
    point = s.get(Checkpoint, body["checkpoint"]) if body["checkpoint"] else None
    point = point if point and point.market == actor.market else None
    where = points.where(s, point.grid, point) if point else _home(s, actor)
    if body["place"]:
        where = replace(where, words=Pair(body["place"], body["place"]))
    channel = "patrol" if policy.scope(actor, "patrol.walk") else "shop"
    report = Report(body["kind"], where, None, body["text"] or None, channel)
    case = _open(s, actor, item, report, now)
    return Pair(f"已报，编号 {case.number}。", f"Reported as {case.number}.")


def _case(s: Session, actor: Actor, item: Item, where: Place, bad: list[str], now: datetime) -> Case:
    listed = Pair("、".join(rules.CHECKLIST[one].zh for one in bad), ", ".join(bad))
    text = f"不合格：{listed.zh}。{item.body['note']}".strip()
    return _open(s, actor, item, Report(KIND, where, None, text, "patrol"), now)


def _open(s: Session, actor: Actor, item: Item, report: Report, now: datetime) -> Case:
    """The case with its photo, which a line of its own shows."""
    case = open_case(s, actor, report, None, now)
    media = photo.named(s, actor.market, item.body["photo"], item.at, case.id)
    if media is not None:
        at = place.node_of(case)
        role = policy.authorize(actor, "report", Target(at))
        entry = Entry("case.note", actor, role, case, public={"media": [media]})
        evidence.append(s, actor.market, entry, now)
    return case


def _home(s: Session, actor: Actor) -> Place:
    """Where somebody belongs who does not say where something is: their shop, group, grid or market."""
    nearest = max(actor.nodes, key=lambda node: node.count("/"), default=actor.market)
    path: list[str | None] = [*nearest.split("/")]
    _, grid, group, shop, *_ = [*path, None, None, None]
    row = s.get(Shop, shop) if shop else None
    if row is not None:
        return Place(Pair(row.name_zh, row.name_en), row.grid, row.group, row.door_x, row.door_y)
    return replace(points.where(s, grid, None), group=group)


def _grid(node: str) -> str:
    """The grid of a node.

    Raises:
        Refused: it is the market's, and nobody has said which grid was looked at.
    """
    _, *parts = node.split("/")
    if not parts:
        en = "Say at which point or in which round you looked."
        raise Refused("input", "danger.place", en, "请选择检查的点位或轮次。")
    return parts[0]


def _tell(s: Session, actor: Actor, role: Role, item: Item, bad: list[str], now: datetime) -> None:
    public = {"check": item.id, "round": item.body["round"], "bad": bad}
    evidence.append(s, actor.market, Entry("danger.check", actor, role, public=public), now)
