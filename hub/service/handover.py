"""The handover book: what one shift leaves to the next, given by one and taken by another."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from hub.core import alert as alerts
from hub.core import case as cases
from hub.core import equipment, glossary, monthly, policy
from hub.core.refuse import Refused
from hub.core.shift import SHIFTS
from hub.service import evidence, number, people
from hub.service.evidence import Entry
from hub.service.registered import person_of
from hub.service.roster import right
from hub.service.shape import iso, maybe_iso, name, pair
from hub.service.workroom import grid_of
from hub.store.alert import Alert
from hub.store.asset import Asset
from hub.store.case import Case
from hub.store.handover import Handover
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor, Role, Target
    from hub.store.market import Grid
    from hub.store.people import Person

View = dict[str, Any]
EARLY = timedelta(hours=1)
"""So long before the shifts change the page of that change is the one at hand."""
LATE = timedelta(minutes=30)
MOST = 30
"""Pages of the book that are shown."""


def give(
    s: Session, actor: Actor, grid: str, note: str, kit: Mapping[str, tuple[bool, str]], now: datetime
) -> Handover:
    """Hand over at the change of shifts at hand: open matters and equipment as they are now, with a note.

    `kit` is asset → whether it is in order, and what is not; what it leaves out was found as it stands.

    Raises:
        Refused: the actor may not, or it was given already.
    """
    at, role = _authorize(s, actor, grid, now)
    row = _page(s, at, boundary(s, at, now), now)
    if row.given_by is not None:
        en = "This shift was handed over already. Tell whoever takes it over."
        raise Refused("state", "handover.given", en, "本班已交班，请直接告诉接班人。")
    row.matters, row.note = matters(s, at), note.strip()
    row.kit = [
        one | {"ok": kit.get(one["asset"], (True, ""))[0], "note": kit.get(one["asset"], (True, ""))[1]}
        for one in _kit(s, at)
    ]
    row.given_by, row.given_at = actor.person, now
    public = {"handover": row.id, "grid": at.id, "at": iso(row.at), "matters": len(row.matters)}
    evidence.append(
        s, actor.market, Entry("handover.give", actor, role, public=public, text=row.note or None), now
    )
    return row


def take(s: Session, actor: Actor, id_: str, answer: str, now: datetime) -> Handover:
    """Take a shift over; `answer` is what was found otherwise than written.

    Raises:
        Refused: there is none, the actor may not or gave it, it was not given, or it is taken.
    """
    row = s.get(Handover, id_, with_for_update=True)
    if row is None or row.market != actor.market:
        raise Refused("missing", "handover.none", "There is no such page.", "没有这一页交接记录。")
    _, role = _authorize(s, actor, row.grid, now)
    if row.given_by is None:
        en = "It was not handed over yet. Ask who goes to do that first."
        raise Refused("state", "handover.open", en, "上一班还没有交班，请先请他交班。")
    if row.given_by == actor.person:
        en = "Whoever gives does not take. Have the next shift take it over."
        raise Refused("right", "handover.self", en, "交班人不能自己接班，请接班人员办理。")
    if row.taken_by is not None:
        raise Refused("state", "handover.taken", "It was taken over already.", "本班已经接班。")
    row.taken_by, row.taken_at, row.answer = actor.person, now, answer.strip()
    public = {"handover": row.id, "grid": row.grid, "at": iso(row.at)}
    evidence.append(
        s, actor.market, Entry("handover.take", actor, role, public=public, text=row.answer or None), now
    )
    return row


def book(s: Session, actor: Actor, grid: str, now: datetime) -> list[View]:
    """The page at hand, then the pages before it, newest first.

    Raises:
        Refused: there is no such workroom, or the actor may not.
    """
    at, _ = _authorize(s, actor, grid, now)
    query = select(Handover).where(Handover.grid == at.id).order_by(Handover.at.desc()).limit(MOST)
    rows = list(s.scalars(query))
    moment = boundary(s, at, now)
    if not any(row.at == moment for row in rows):
        rows.insert(0, _blank(at, moment, now))
    rows.sort(key=lambda row: row.at, reverse=True)
    return views(s, actor, at, rows, now)


def at_hand(s: Session, actor: Actor, grid: Grid, now: datetime) -> View | None:
    """The page at hand of a workroom in short, for who may hand over there."""
    if not policy.allowed(actor, "handover", _there(s, actor, grid, now)).allowed:
        return None
    moment = boundary(s, grid, now)
    row = s.scalar(select(Handover).where(Handover.grid == grid.id, Handover.at == moment))
    given = row is not None and row.given_by is not None
    return {
        "id": row.id if row else None,
        "grid": grid.id,
        "at": iso(moment),
        "matters": len(row.matters if row and given else matters(s, grid)),
        "may_give": not given,
        "may_take": bool(row and given and row.taken_by is None and row.given_by != actor.person),
    }


def boundary(s: Session, grid: Grid, now: datetime) -> datetime:
    """The change of shifts at hand: the one that is an hour off at most, or else the last one."""
    zone = number.zone_of(s, grid.market)
    today = now.astimezone(zone).date()
    days = (today - monthly.DAY, today, today + monthly.DAY)
    changes = sorted(monthly.moments(zone, day, shift)[0] for day in days for shift in SHIFTS)
    return max(moment for moment in changes if moment <= now + EARLY)


def matters(s: Session, grid: Grid) -> list[View]:
    """Open cases and alerts of a grid, the gravest first."""
    case_rows = s.scalars(
        select(Case)
        .where(Case.market == grid.market, Case.grid == grid.id, Case.stage.in_(cases.OPEN))
        .order_by(Case.severity, Case.opened_at)
    )
    alert_rows = s.scalars(
        select(Alert)
        .where(Alert.market == grid.market, Alert.grid == grid.id, Alert.state.in_(alerts.OPEN))
        .order_by(Alert.severity, Alert.received_at)
    )
    found = [_matter("alert", one, one.received_at) for one in alert_rows]
    return found + [_matter("case", one, one.opened_at) for one in case_rows]


def views(s: Session, actor: Actor, grid: Grid, rows: Sequence[Handover], now: datetime) -> list[View]:
    """Pages of the book; of one that was not given, matters and equipment are those of this moment."""
    who = people.names(s, (person for row in rows for person in (row.given_by, row.taken_by)))
    who |= people.names(s, (one["holder"] for row in rows for one in row.kit))
    hand = boundary(s, grid, now)
    kit = [one | {"ok": True, "note": ""} for one in _kit(s, grid)]
    who |= people.names(s, (one["holder"] for one in kit))
    open_ = matters(s, grid)
    return [
        _view(actor.person, grid, row, who, now, fresh=(open_, kit) if row.at == hand else None)
        for row in rows
    ]


def _view(
    own: str,
    grid: Grid,
    row: Handover,
    who: Mapping[str, Person],
    now: datetime,
    *,
    fresh: tuple[list[View], list[View]] | None,
) -> View:
    """A page; `fresh` are the matters and equipment of this moment, for the page at hand."""
    given = row.given_by is not None
    open_, kit = (row.matters, row.kit) if given or fresh is None else fresh
    return {
        "id": row.id or None,
        "grid": {"id": grid.id, "name": name(grid)},
        "at": iso(row.at),
        "matters": open_,
        "kit": [
            {
                "asset": one["asset"],
                "label": one["label"],
                "kind": {"id": one["kind"], **pair(equipment.KIND[one["kind"]])},
                "state": {"id": one["state"], **pair(equipment.STATE[one["state"]])},
                "holder": person_of(who, one["holder"]) if one["holder"] else None,
                "ok": one["ok"],
                "note": one["note"],
            }
            for one in kit
        ],
        "note": row.note,
        "given_by": person_of(who, row.given_by),
        "given_at": maybe_iso(row.given_at),
        "taken_by": person_of(who, row.taken_by),
        "taken_at": maybe_iso(row.taken_at),
        "answer": row.answer,
        "late": row.taken_by is None and now > row.at + LATE,
        "may_give": fresh is not None and not given,
        "may_take": given and row.taken_by is None and row.given_by != own,
    }


def _matter(kind: str, one: Alert | Case, at: datetime) -> View:
    words = glossary.KIND.get(one.kind, glossary.KIND["other"])
    shown = {
        "zh": f"{one.number} {words.zh} · {one.place_zh}",
        "en": f"{one.number} {words.en} · {one.place_en}",
    }
    return {"id": one.id, "kind": kind, "words": shown, "at": iso(at)}


def _kit(s: Session, grid: Grid) -> list[View]:
    query = (
        select(Asset).where(Asset.grid == grid.id, Asset.state != "retired").order_by(Asset.kind, Asset.label)
    )
    return [
        {"asset": one.id, "label": one.label, "kind": one.kind, "state": one.state, "holder": one.person}
        for one in s.scalars(query)
    ]


def _authorize(s: Session, actor: Actor, grid: str, now: datetime) -> tuple[Grid, Role]:
    at = grid_of(s, actor.market, grid)
    return at, policy.authorize(actor, "handover", _there(s, actor, at, now))


def _there(s: Session, actor: Actor, grid: Grid, now: datetime) -> Target:
    return right.on_duty(s, actor, grid, now + EARLY, now - LATE)


def _blank(grid: Grid, at: datetime, now: datetime) -> Handover:
    return Handover(
        id="", market=grid.market, grid=grid.id, at=at, made_at=now, matters=[], kit=[], note="", answer=""
    )


def _page(s: Session, grid: Grid, at: datetime, now: datetime) -> Handover:
    """The page of a change of shifts, locked; made where there is none."""
    where = (Handover.grid == grid.id, Handover.at == at)
    row = s.scalar(select(Handover).where(*where).with_for_update())
    if row is None:
        made = _blank(grid, at, now)
        made.id = new_id()
        try:
            with s.begin_nested():
                s.add(made)
                s.flush()
        except IntegrityError:  # another writer made it first
            return s.scalars(select(Handover).where(*where).with_for_update()).one()
        row = made
    return row
