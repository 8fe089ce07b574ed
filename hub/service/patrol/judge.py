"""Rounds are judged when their time is over, and again when something comes late; what was missed is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import alert as alerts
from hub.core import compliance
from hub.core import patrol as rules
from hub.core.compliance import Due, Seen
from hub.core.glossary import Pair
from hub.core.severity import grade
from hub.service import evidence, number
from hub.service.evidence import Entry
from hub.service.patrol import point as points
from hub.service.place import Place
from hub.service.signal import Signal, make, mend
from hub.service.signal import told as told_of
from hub.store.alert import Alert
from hub.store.patrol import Checkpoint, DangerCheck, Round, Skip, Visit

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

NOTHING: dict[str, Any] = {
    "due": 0,
    "kept": [],
    "late": {},
    "early": {},
    "missed": [],
    "skipped": {},
    "visited": 0,
    "in_order": 0,
    "short": [],
    "fast": [],
    "checks": 0,
    "share": None,
    "order": None,
}
"""How a round stands that cannot have been begun yet."""
MISSED, LATE = "missed", "late"
GRAVE = frozenset({"fire", "sweep"})
"""Kinds of rounds of which a missed point is asked about at once."""


def due(s: Session, now: datetime) -> int:
    """Judge what is over, and tell of what nobody has begun; how many rounds."""
    over = (Round.judged_at.is_(None), Round.closes_at < now)
    lately = now - rules.EARLY - rules.LATE
    late = (Round.state == "planned", Round.opens_at <= lately, Round.closes_at >= now)
    there = set(s.scalars(select(Round.market).where(*over))) | set(
        s.scalars(select(Round.market).where(*late))
    )
    done = 0
    for market in sorted(there):
        evidence.hold(s, market)
        ended = select(Round).where(Round.market == market, *over).order_by(Round.closes_at, Round.id)
        rows = s.scalars(ended.limit(200).with_for_update(skip_locked=True)).all()
        for row in rows:
            close(s, row, now)
        begun = select(Round).where(Round.market == market, *late).order_by(Round.id)
        idle = [row for row in s.scalars(begun) if _last(s, LATE, row) is None]
        for row in idle:
            _raise(s, LATE, row, [], "normal", now)
        done += len(rows) + len(idle)
    return done


def close(s: Session, row: Round, now: datetime) -> None:
    """Its time is over: done if anybody came by, else missed; what no reason excuses is an alert."""
    row.judged_at = now
    _judge(s, row, now)
    started(s, row, now)
    _settle(s, row, now)


def later(s: Session, row: Round, now: datetime) -> None:
    """Something was heard of a round: one that was judged is judged anew."""
    if row.judged_at is None:
        started(s, row, now)
        return
    before = row.figures
    if told(s, row, now) != before:
        _judge(s, row, now)
    _settle(s, row, now)


def _judge(s: Session, row: Round, now: datetime) -> None:
    """What is final of a round stands in the ledger, each time that it is another."""
    figure(s, row, now)
    said = row.figures or {}
    row.state = "done" if said["visited"] or said["checks"] else "missed"
    public: dict[str, Any] = {"round": row.id, "kind": row.kind, "grid": row.grid, "state": row.state}
    public |= {"seed": row.seed, "due": said["due"], "kept": len(said["kept"]), "missed": len(said["missed"])}
    evidence.append(s, row.market, Entry("round.judge", role="system", public=public), now)


def started(s: Session, row: Round, now: datetime) -> None:
    """Nobody need be told any more that a round was not begun."""
    alert = _last(s, LATE, row)
    if alert is not None and alert.state in alerts.OPEN:
        mend(s, alert, now)


def figure(s: Session, row: Round, now: datetime) -> None:
    """Keep with a round how it stands at `now`."""
    row.figures = told(s, row, now)


def told(s: Session, row: Round, now: datetime) -> dict[str, Any]:
    """How a round stands at `now`: told by what was done in it alone, in whatever order that was heard."""
    visits = s.scalars(select(Visit).where(Visit.round == row.id)).all()
    in_time = (Skip.round == row.id, Skip.at >= row.opens_at, Skip.at <= row.closes_at)
    skips = s.scalars(select(Skip).where(*in_time).order_by(Skip.at, Skip.id)).all()
    checks = s.scalars(select(DangerCheck.id).where(DangerCheck.round == row.id)).all()
    known = {one.id: one for one in s.scalars(select(Checkpoint).where(Checkpoint.id.in_(row.points)))}
    plan = [
        Due(id_, row.opens_at, row.closes_at, known[id_].dwell_s)
        for id_ in row.points
        if _stands(known, id_, row)
    ]
    seen = [Seen(one.id, one.checkpoint, one.at) for one in visits]
    metres = compliance.by_air({one.id: (one.x, one.y) for one in known.values()})
    found = compliance.judge(plan, seen, now, metres)
    return {
        "due": found.due,
        "kept": list(found.kept),
        "late": found.late,
        "early": found.early,
        "missed": list(found.missed),
        "skipped": {one.checkpoint: one.reason for one in skips},
        "visited": found.visited,
        "in_order": found.in_order,
        "short": list(found.short),
        "fast": [_fast(one) for one in found.fast],
        "checks": len(checks),
        "share": found.share,
        "order": found.order,
    }


def _stands(known: dict[str, Checkpoint], id_: str, row: Round) -> bool:
    """Whether the point hung there for as long as the round could be walked."""
    gone = known[id_].removed_at if id_ in known else row.opens_at
    return gone is None or gone > row.closes_at


def _fast(one: compliance.Fast) -> dict[str, Any]:
    return {"first": one.first, "then": one.then, "metres": round(one.metres, 1), "seconds": one.seconds}


def _settle(s: Session, row: Round, now: datetime) -> None:
    """One alert for what was missed without a reason; it ends when what came late leaves nothing."""
    said = row.figures or {}
    open_ = [id_ for id_ in said["missed"] if id_ not in said["skipped"]]
    unchecked = row.kind == "danger" and not said["checks"]
    alert = _last(s, MISSED, row)
    if not open_ and not unchecked:
        if alert is not None and alert.state in alerts.OPEN:
            mend(s, alert, now)
        return
    if alert is not None or now - row.closes_at > rules.STRAGGLERS:
        return
    known = points.hanging(s, row.market, open_)
    grave = row.kind in GRAVE or any(one.key for one in known.values())
    _raise(s, MISSED, row, [known[id_] for id_ in open_ if id_ in known], "high" if grave else "normal", now)


def _raise(
    s: Session, kind: str, row: Round, missed: Sequence[Checkpoint], trust: str, now: datetime
) -> None:
    where = points.where(s, row.grid, None)
    local = row.due_at.astimezone(number.zone_of(s, row.market))
    name = rules.KIND[row.kind]
    words = Pair(f"{where.words.zh} {name.zh} {local:%H:%M}", f"{where.words.en}, {name.en} {local:%H:%M}")
    first = missed[0] if missed else None
    there = Place(words, row.grid, None, first.x if first else None, first.y if first else None)
    numbers = " ".join(f"#{one.number}" for one in missed)
    reason = f"{len(missed)}/{len(row.points)}: {numbers}"[:200] if missed else None
    signal = Signal(kind, grade(kind, trust), alerts.key(kind, row.plan, row.id), there, now, reason)
    alert = make(s, row.market, signal, now)
    alert.trust = trust
    s.flush()
    public = told_of(alert) | {"round": row.id}
    evidence.append(s, row.market, Entry("alert.new", role="system", alert=alert.id, public=public), now)


def _last(s: Session, kind: str, row: Round) -> Alert | None:
    """The alert of this kind that a round has made."""
    own = (Alert.market == row.market, Alert.key == alerts.key(kind, row.plan, row.id))
    return s.scalar(select(Alert).where(*own).order_by(Alert.last_at.desc()).limit(1))
