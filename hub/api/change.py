"""Reads the ledger forward and shows each changed object as it is now, once for everybody."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.api.feed import Change, Told
from hub.core.policy import Target, allowed
from hub.service import evidence, place
from hub.service.case import right
from hub.service.case.board import cards
from hub.service.queue import views
from hub.service.wall import state_of
from hub.store.alert import Alert, AlertEvent
from hub.store.camera import Camera
from hub.store.case import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.stills import Stills
    from hub.core.policy import Actor
    from hub.ports import Clock
    from hub.store.evidence import Line

MOST_LINES = 500

log = logging.getLogger(__name__)


class Reader:
    """What the feed reads with."""

    def __init__(self, readings: sessionmaker[Session], market: str, clock: Clock, stills: Stills) -> None:
        self._readings, self._market, self._clock, self._stills = readings, market, clock, stills

    def head(self) -> int:
        """The newest line."""
        with self._readings() as session:
            return evidence.head(session, self._market)

    def read(self, after: int) -> Told:
        """Objects that changed after a line, each once, in the order of their last lines."""
        with self._readings() as session:
            lines = evidence.feed(session, self._market, after, MOST_LINES)
            if not lines:
                return Told((), after)
            changes = [
                *self._alerts(session, lines),
                *self._cases(session, lines),
                *self._cameras(session, lines),
            ]
            self._log(session, lines)
        ordered = sorted(changes, key=lambda change: change.seq)
        now = self._clock.now()
        ages = [(now - line.at).total_seconds() for line in lines]
        rights = any(line.act in evidence.RIGHTS for line in lines)
        return Told(ordered, lines[-1].id, len(lines) == MOST_LINES, ages, rights)

    def _log(self, session: Session, lines: Sequence[Line]) -> None:
        """The end of an event's way: from here its alert is on the pages."""
        fresh = {line.alert: line.id for line in lines if line.act == "alert.new"}
        if not fresh or not log.isEnabledFor(logging.INFO):
            return
        query = select(AlertEvent.event, AlertEvent.alert).where(AlertEvent.alert.in_(fresh))
        for event, alert in session.execute(query):
            log.info("on the pages", extra={"event_id": event, "alert": alert, "line": fresh[alert]})

    def _alerts(self, session: Session, lines: Sequence[Line]) -> Iterator[Change]:
        last = {line.alert: line.id for line in lines if line.alert}
        rows = session.scalars(select(Alert).where(Alert.id.in_(last))).all() if last else ()
        shown = views(session, self._market, rows, self._clock.now())
        for row, one in zip(rows, shown, strict=True):
            yield _change(last[row.id], "alert", one, Target(place.node_of(row)))

    def _cases(self, session: Session, lines: Sequence[Line]) -> Iterator[Change]:
        last = {line.case: line.id for line in lines if line.case}
        rows = session.scalars(select(Case).where(Case.id.in_(last))).all() if last else ()
        now = self._clock.now()
        for row, one in zip(rows, cards(session, rows, now), strict=True):
            yield _change(last[row.id], "case", one, right.target(session, row, now))

    def _cameras(self, session: Session, lines: Sequence[Line]) -> Iterator[Change]:
        last = {line.public["camera"]: line.id for line in lines if line.act == "camera.state"}
        rows = session.scalars(select(Camera).where(Camera.id.in_(last))).all() if last else ()
        for row in rows:
            yield _change(
                last[row.id],
                "camera",
                self._stills.dated(state_of(row)),
                Target(place.node(row.market, row.grid)),
            )


SEEN_BY = {"alert": "alert.see", "case": "case.see", "camera": "wall.see"}


def _change(seq: int, event: str, shown: Mapping[str, Any], target: Target) -> Change:
    return Change(seq, event, json.dumps(shown, ensure_ascii=False), _sees(SEEN_BY[event], target))


def _sees(action: str, target: Target) -> Callable[[Actor], bool]:
    return lambda actor: allowed(actor, action, target).allowed
