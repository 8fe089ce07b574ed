"""Alerts: their states and moves, how long a lease holds, and which events are one alert."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from hub.core.refuse import Refused

if TYPE_CHECKING:
    from datetime import datetime


class State(StrEnum):
    """Where an alert stands."""

    NEW = "NEW"
    ACKED = "ACKED"
    CONFIRMED = "CONFIRMED"
    DISMISSED = "DISMISSED"
    ATTACHED = "ATTACHED"
    EXPIRED = "EXPIRED"


class Act(StrEnum):
    """What can be done to an alert; the last four are the hub's own."""

    TAKE = "take"
    CONFIRM = "confirm"
    DISMISS = "dismiss"
    ATTACH = "attach"
    UNDO = "undo"
    CALL = "call"
    LAPSE = "lapse"
    EXPIRE = "expire"
    RAISE = "raise"
    MEND = "mend"


OPEN = (State.NEW, State.ACKED)
"""States in which somebody still has to look."""
OVER = frozenset({State.DISMISSED, State.ATTACHED, State.EXPIRED})
"""States in which nobody is called any more; what is called for after that is called anew."""
HOLDS_KEY = frozenset({State.NEW, State.ACKED, State.CONFIRMED, State.ATTACHED})
"""States into which later events of the same key still count; after a dismissal the next one is new."""

MOVES: dict[tuple[State, Act], State] = {
    (State.NEW, Act.TAKE): State.ACKED,
    (State.ACKED, Act.TAKE): State.ACKED,
    **{(state, Act.CONFIRM): State.CONFIRMED for state in OPEN},
    **{(state, Act.DISMISS): State.DISMISSED for state in OPEN},
    **{(state, Act.ATTACH): State.ATTACHED for state in OPEN},
    (State.DISMISSED, Act.UNDO): State.ACKED,
    (State.ATTACHED, Act.UNDO): State.ACKED,
    **{(state, Act.CALL): state for state in (*OPEN, State.CONFIRMED)},
    (State.ACKED, Act.LAPSE): State.NEW,
    (State.NEW, Act.EXPIRE): State.EXPIRED,
    **{(state, Act.RAISE): State.NEW for state in OPEN},
    **{(state, Act.MEND): State.EXPIRED for state in OPEN},
}

LEASE = (timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=3), timedelta(minutes=10))
"""How long a take holds, by severity; then the alert is new again."""
EXPIRES = frozenset({3})
"""Severities that go by themselves when nobody looked in time; the rest escalate."""
UNDO_WITHIN = timedelta(seconds=60)
"""So long a dismissal may be taken back; an attachment may be at any time."""

WINDOW = timedelta(minutes=2)
"""An event this close to a group of its key belongs to it."""
CAP = timedelta(minutes=30)
"""No group is longer, so that a permanent false alarm cannot swallow a true one."""
FUTURE = timedelta(seconds=60)
PAST = timedelta(days=30)

NUMBERS = ("119", "110", "120")


def move(state: State, act: Act) -> State:
    """The state that `act` leads to.

    Raises:
        Refused: the table knows no such move.
    """
    after = MOVES.get((state, act))
    if after is None:
        en, zh = _DONE[state]
        raise Refused(
            "stage", "alert.state", f"{en}; it cannot be moved this way now.", f"{zh}，不能这样操作。"
        )
    return after


_DONE = {
    State.NEW: ("Nobody has taken this alert yet", "这条告警还没有人核看"),
    State.ACKED: ("Somebody is looking at this alert", "这条告警正在核看"),
    State.CONFIRMED: ("This alert has become a case", "这条告警已转为案件"),
    State.DISMISSED: ("This alert was dismissed", "这条告警已排除"),
    State.ATTACHED: ("This alert was attached to another", "这条告警已并入其他告警"),
    State.EXPIRED: ("This alert has expired", "这条告警已过期"),
}


def key(kind: str, source: str, zone: str | None) -> str:
    """What makes two events one alert: the kind, the camera or device, and its zone if any."""
    return f"{kind}|{source}|{zone or ''}"


def source(key: str) -> str:
    """The camera, device or person of a key."""
    return key.split("|")[1]


def covers(first: datetime, last: datetime, at: datetime) -> bool:
    """Whether an event at `at` belongs to a group of its key that goes from `first` to `last`."""
    return first - WINDOW <= at <= min(last + WINDOW, first + CAP)


def moment(at: datetime, now: datetime) -> datetime:
    """The event time to sort by: the device's own unless it is plainly wrong."""
    return at if now - PAST <= at <= now + FUTURE else now
