"""Alerts, and what people do with them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import Depends, Path, Query

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import Parts, PartsHere
from hub.api.shape.alert import Alert, Attaching, Calling, Dismissing, Opened
from hub.service import alert as alerts
from hub.service import queue

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.orm import Session

AlertId = Annotated[str, Path(max_length=64)]
Before = Annotated[str | None, Query(pattern="^[0-9a-f-]{1,36}$")]
Limit = Annotated[int, Query(ge=1, le=200)]


def may(*actions: str) -> Any:
    """Somebody signed in who may do one of these."""
    return Depends(Signed(*actions))


Seer = Annotated[Visitor, may("alert.see")]
Taker = Annotated[Visitor, may("alert.take", "alert.take_urgent")]

router = Guarded(prefix="/api/alerts", tags=["alerts"])


@router.get("", response_model=list[Alert])
def listing(
    visitor: Seer,
    parts: PartsHere,
    state: Literal["open", "all"] = "open",
    before: Before = None,
    limit: Limit = 50,
) -> list[dict[str, Any]]:
    """Open alerts gravest first, or all newest first; `before` is the id of the last of the page before."""
    with parts.readings() as session:
        now = parts.clock.now()
        return queue.listing(
            session, visitor.actor, now, only_open=state == "open", before=before, limit=limit
        )


@router.get("/{alert_id}", response_model=Alert)
def one(alert_id: AlertId, visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """One alert."""
    with parts.readings() as session:
        return queue.page(session, visitor.actor, alert_id, parts.clock.now())


@router.post("/{alert_id}/take", response_model=Alert)
def take(alert_id: AlertId, visitor: Taker, parts: PartsHere) -> dict[str, Any]:
    """Put one's name on it for as long as the lease holds."""
    return _act(parts, visitor, alert_id, lambda s, now: alerts.take(s, visitor.actor, alert_id, now))


@router.post("/{alert_id}/confirm")
def confirm(alert_id: AlertId, visitor: Annotated[Visitor, may("alert.confirm")], parts: PartsHere) -> Opened:
    """Say that it is true: it becomes a case."""
    with parts.sessions.begin() as session:
        opened = alerts.confirm(session, visitor.actor, alert_id, parts.clock.now())
    parts.feeds.wake()
    return Opened(case=opened.id)


@router.post("/{alert_id}/dismiss", response_model=Alert)
def dismiss(
    alert_id: AlertId, given: Dismissing, visitor: Annotated[Visitor, may("alert.dismiss")], parts: PartsHere
) -> dict[str, Any]:
    """Say that it was nothing, and why."""
    return _act(
        parts,
        visitor,
        alert_id,
        lambda s, now: alerts.dismiss(s, visitor.actor, alert_id, given.reason, now),
    )


@router.post("/{alert_id}/undo", response_model=Alert)
def undo(
    alert_id: AlertId, visitor: Annotated[Visitor, may("alert.dismiss", "alert.attach")], parts: PartsHere
) -> dict[str, Any]:
    """Take a dismissal or an attachment back."""
    return _act(parts, visitor, alert_id, lambda s, now: alerts.undo(s, visitor.actor, alert_id, now))


@router.post("/{alert_id}/attach", response_model=Alert)
def attach(
    alert_id: AlertId, given: Attaching, visitor: Annotated[Visitor, may("alert.attach")], parts: PartsHere
) -> dict[str, Any]:
    """Hang it on another alert or on a case."""
    return _act(
        parts,
        visitor,
        alert_id,
        lambda s, now: alerts.attach(s, visitor.actor, alert_id, now, alert=given.alert, case=given.case),
    )


@router.post("/{alert_id}/call", response_model=Alert)
def call(
    alert_id: AlertId, given: Calling, visitor: Annotated[Visitor, may("alert.call")], parts: PartsHere
) -> dict[str, Any]:
    """Note that somebody rang 119, 110 or 120."""
    return _act(
        parts, visitor, alert_id, lambda s, now: alerts.call(s, visitor.actor, alert_id, given.number, now)
    )


def _act(
    parts: Parts, visitor: Visitor, alert_id: str, act: Callable[[Session, datetime], object]
) -> dict[str, Any]:
    """Commit the act, wake the feed, and show the alert as it is now."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        act(session, now)
    parts.feeds.wake()
    with parts.readings() as session:
        return queue.page(session, visitor.actor, alert_id, now)
