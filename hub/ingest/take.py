"""Which act takes which kind of message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.service import alert, camera, device
from wire.message import Bad, Beat, Event, Manifest, Sos, State

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wire.message import Envelope


def take(s: Session, market: str, sender: str, envelope: Envelope, now: datetime) -> None:
    """Let the envelope take effect.

    Raises:
        Bad: nothing here takes such a message.
        Refused: the act refuses it.
    """
    match envelope.body:
        case Event():
            alert.receive(s, market, sender, envelope, now)
        case Sos():
            alert.sos(s, market, sender, envelope, now)
        case Manifest() as manifest:
            alert.attach_media(s, market, sender, manifest, now)
        case Beat() as beat:
            camera.health(s, market, sender, beat, now)
        case State():
            device.stated(s, sender, envelope, now)
        case other:
            raise Bad(f"nothing here takes a {other.__struct_config__.tag} yet")
