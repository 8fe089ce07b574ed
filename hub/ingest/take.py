"""Which act takes which kind of message."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hub.core.refuse import Refused
from hub.service import alert, camera, device, inbox, order, recording, scan
from wire.message import Beat, Event, Manifest, Reply, Scan, Segment, Sos, State, Up

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wire.message import Envelope


Several = Callable[["Session", str, "Sequence[Envelope]", "datetime"], list[str]]
"""An act that takes many envelopes at once and says for each why it was refused, or an empty text."""


def take_scans(s: Session, market: str, said: Sequence[Envelope], now: datetime) -> list[str]:
    """Keep scans; none is refused."""
    scan.keep(s, market, said, now)
    return [""] * len(said)


def take_events(s: Session, market: str, said: Sequence[Envelope], now: datetime) -> list[str]:
    """Let events take effect in their order; for each the reason if it was refused, else an empty text."""
    outcomes = alert.receive_all(s, market, [(one.device, one) for one in said], now) if said else []
    return [str(outcome) if isinstance(outcome, Refused) else "" for outcome in outcomes]


TOGETHER: dict[type[Up], Several] = {Scan: take_scans, Event: take_events}
"""Kinds of which a batch holds many."""


def take(s: Session, market: str, said: Envelope, now: datetime) -> None:
    """Let one envelope take effect; its `device` is the one of its topic by now.

    Raises:
        Refused: the act refuses it.
    """
    match said.body:
        case Event():
            alert.receive(s, market, said.device, said, now)
        case Scan():
            scan.keep(s, market, [said], now)
        case Sos():
            alert.sos(s, market, said.device, said, now)
        case Manifest() as manifest:
            alert.attach_media(s, market, said.device, manifest, now)
        case Segment() as segment:
            recording.take(s, market, said.device, segment, now)
        case Beat() as beat:
            camera.health(s, market, said.device, beat, now)
            order.reported(s, said.device, said, now)
            inbox.give_up(s, said.device, beat.given_up, now)
        case State():
            device.stated(s, said.device, said, now)
        case Reply():
            order.replied(s, market, said.device, said, now)
