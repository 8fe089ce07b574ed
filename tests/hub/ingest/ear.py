"""What devices say to a hub's door, an ear that has it in memory, and what the hub kept of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import func, select

from hub.ports import Heard
from hub.store.device import DeadLetter
from tests.hub.town import MARKET, NOON
from wire import message
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session, sessionmaker

    from tests.hub.gear.listener import Listener
    from wire.message import Envelope

KEY = "key-of-edge-1"
EPOCH = new_id()


class Noon:
    def now(self) -> datetime:
        return NOON


def numbered(said: Envelope, seq: int) -> Envelope:
    return msgspec.structs.replace(said, seq=seq, epoch=EPOCH)


def letter(said: Envelope, topic: str = "") -> Heard:
    kind = said.body.__struct_config__.tag
    return Heard(topic or f"lf/v1/{MARKET}/{said.device}/{kind}", message.encode(said))


class Ear:
    """Port Hearing in memory: what was published and acknowledged, in order."""

    ready = True

    def __init__(self) -> None:
        self.done: list[object] = []

    def start(self) -> None:
        raise NotImplementedError

    def wait_ready(self, seconds: float) -> bool:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError

    def hear(self, seconds: float) -> Heard | None:
        raise NotImplementedError

    def publish(self, topic: str, data: bytes, *, qos: int = 1, retain: bool = False) -> None:
        assert (qos, retain) == (0, False)
        self.done.append((topic, message.decode_receipt(data).ranges))

    def acknowledge(self, batch: Sequence[Heard]) -> None:
        self.done.extend(batch)

    @property
    def receipted(self) -> set[int]:
        ranges = [one for done in self.done if isinstance(done, tuple) for one in done[1]]
        return {seq for one in ranges for seq in range(one.first, one.last + 1)}


def count(store: sessionmaker[Session], table: type) -> int:
    with store() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def reasons(store: sessionmaker[Session]) -> list[str]:
    with store() as session:
        return list(session.scalars(select(DeadLetter.reason).order_by(DeadLetter.id)))


def say(edge: Listener, said: Envelope) -> None:
    heard = letter(said)
    edge.say(heard.topic, heard.data, qos=0 if said.seq is None else 1)


def told(edge: Listener) -> set[int]:
    ranges = [one for _, data in edge.heard for one in json.loads(data)["ranges"]]
    return {seq for one in ranges for seq in range(one["first"], one["last"] + 1)}
