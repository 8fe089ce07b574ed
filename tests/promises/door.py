"""The hub's own door with nothing before it: messages are handed to it as a broker would hand them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select

from hub.ingest import Ingest
from hub.ports import Heard
from hub.store.alert import Alert, AlertEvent
from hub.store.base import readings, sessions
from tests.hub.town import MARKET, NOON
from wire import message

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Engine

    from wire.message import Envelope


class Noon:
    """Port Clock: it is always noon."""

    def now(self) -> datetime:
        return NOON


class Ear:
    """Port Hearing: keeps which numbers were receipted."""

    ready = True

    def __init__(self) -> None:
        self.receipted: set[tuple[str, int]] = set()

    def start(self) -> None:
        raise NotImplementedError

    def wait_ready(self, seconds: float) -> bool:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def hear(self, seconds: float) -> Heard | None:
        raise NotImplementedError

    def publish(self, topic: str, data: bytes, *, qos: int = 1, retain: bool = False) -> None:
        del topic, qos, retain
        for span in message.decode_receipt(data).ranges:
            self.receipted |= {(span.epoch, seq) for seq in range(span.first, span.last + 1)}

    def acknowledge(self, batch: Sequence[Heard]) -> None:
        pass


def door(on: Engine, ear: Ear | None = None) -> Ingest:
    """The door of the small market on this database."""
    return Ingest([MARKET], ear or Ear(), sessions(on), Noon())


def numbered(said: Sequence[Envelope], epoch: str) -> list[Heard]:
    """Messages as one device's outbox would number and send them."""
    whole = (msgspec.structs.replace(one, seq=seq, epoch=epoch) for seq, one in enumerate(said, 1))
    return [Heard(topic_of(one), message.encode(one)) for one in whole]


def topic_of(said: Envelope) -> str:
    """Where its device says it."""
    return f"lf/v1/{MARKET}/{said.device}/{said.body.__struct_config__.tag}"


def picture(on: Engine) -> list[tuple[object, ...]]:
    """Every alert with its key, its times, how many events it is, and which these are."""
    with readings(on)() as s:
        events: dict[str, list[str]] = {}
        for event, alert in s.execute(select(AlertEvent.event, AlertEvent.alert)):
            events.setdefault(alert, []).append(event)
        rows = s.scalars(select(Alert)).all()
    return sorted((row.key, row.first_at, row.last_at, row.count, sorted(events[row.id])) for row in rows)
