"""Which act takes which kind of message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.service import alert, camera
from wire.message import Bad, Beat, Event, Manifest, Sos, State

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from sqlalchemy.orm import Session

    from wire.message import Envelope

    Act = Callable[[Session, str, str, Envelope, datetime], object]

TAKES: Mapping[type, Act] = {
    Event: alert.receive,
    Manifest: alert.attach_media,
    Sos: alert.sos,
    Beat: camera.health,
    State: camera.health,
}


def take(session: Session, market: str, device: str, envelope: Envelope, now: datetime) -> None:
    """Let the envelope take effect.

    Raises:
        Bad: nothing here takes such a message yet.
        Refused: the act refuses it.
    """
    act = TAKES.get(type(envelope.body))
    if act is None:
        raise Bad(f"nothing here takes a {envelope.body.__struct_config__.tag} yet")
    act(session, market, device, envelope, now)
