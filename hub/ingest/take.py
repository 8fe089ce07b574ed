"""Which act takes which kind of message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core.refuse import Refused
from hub.service import alert, camera, device, order
from wire.message import Bad, Beat, Event, Manifest, Reply, Sos, State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wire.message import Envelope


def take_events(s: Session, market: str, said: Sequence[Envelope], now: datetime) -> list[str]:
    """Let events take effect in their order; for each the reason if it was refused, else an empty text."""
    outcomes = alert.receive_all(s, market, [(one.device, one) for one in said], now) if said else []
    return [str(outcome) if isinstance(outcome, Refused) else "" for outcome in outcomes]


def take(s: Session, market: str, said: Envelope, now: datetime) -> None:
    """Let one envelope take effect; its `device` is the one of its topic by now.

    Raises:
        Bad: nothing here takes such a message.
        Refused: the act refuses it.
    """
    match said.body:
        case Event():
            alert.receive(s, market, said.device, said, now)
        case Sos():
            alert.sos(s, market, said.device, said, now)
        case Manifest() as manifest:
            alert.attach_media(s, market, said.device, manifest, now)
        case Beat() as beat:
            camera.health(s, market, said.device, beat, now)
            order.reported(s, said.device, said, now)
        case State():
            device.stated(s, said.device, said, now)
        case Reply():
            order.replied(s, market, said.device, said, now)
        case other:
            raise Bad(f"nothing here takes a {other.__struct_config__.tag} yet")
