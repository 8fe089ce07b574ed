"""A message as the door reads it: where it came from, what it says, or why it may not pass."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec

from wire import message, topic
from wire.message import Bad, Beat, Count, Envelope, Slug, State, Uuid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hub.ports import Heard

NOWHERE = "-"
"""The market of what says none, where every market is served."""
MOST_PLACES = 20_000
"""Topics whose reading is remembered: some for each device."""
NUMBERLESS = (Beat, State)
"""Bodies that pass without a number: the next one says all that a lost one said."""


class _Sender(msgspec.Struct):
    """As much of a bad message as its receipt needs."""

    device: Slug
    epoch: Uuid
    seq: Count


@dataclass(frozen=True, slots=True)
class Letter:
    """One message; either `envelope` or `fault` is there.

    `key` is (device, epoch, seq) where a receipt can be given, also for a bad message: it is kept as a dead
    letter, so its device may forget it.
    """

    heard: Heard
    market: str
    device: str | None
    envelope: Envelope | None
    key: tuple[str, str, int] | None
    fault: str = ""

    @property
    def said(self) -> Envelope:
        """What a letter without a fault says."""
        assert self.envelope is not None
        return self.envelope


def read(heard: Heard, markets: Sequence[str]) -> Letter:
    """What `heard` says to a hub of `markets` (none: every one); never raises for what it contains."""
    home = markets[0] if markets else NOWHERE
    try:
        where = _place(heard.topic)
    except Bad as bad:
        return Letter(heard, home, None, None, None, str(bad))
    if markets and where.market not in markets:
        return Letter(heard, home, None, None, None, f"market {where.market} is not served here")
    try:
        envelope = message.decode(heard.data)
        _refuse_mismatch(envelope, where)
    except (Bad, RecursionError) as bad:
        sender = _sender(heard.data, where.device)
        return Letter(heard, where.market, where.device, None, sender, str(bad))
    key = None if envelope.seq is None else (where.device, envelope.epoch, envelope.seq)
    return Letter(heard, where.market, where.device, envelope, key)


@lru_cache(MOST_PLACES)
def _place(text: str) -> topic.Topic:
    return topic.read(text)


def _refuse_mismatch(envelope: Envelope, where: topic.Topic) -> None:
    """Identity is the topic, which the broker guards; the payload may only agree with it."""
    if envelope.device != where.device:
        raise Bad(f"the payload says device {envelope.device}, the topic {where.device}")
    kind = envelope.body.__struct_config__.tag
    if kind != where.kind:
        raise Bad(f"a {kind} on the topic of a {where.kind}")
    if envelope.seq is None and not isinstance(envelope.body, NUMBERLESS):
        raise Bad(f"a {kind} without a number cannot be receipted")


def _sender(data: bytes, device: str) -> tuple[str, str, int] | None:
    """Whose receipt it is, None where that cannot be told; a number said twice is no number."""
    try:
        sender = msgspec.json.decode(data, type=_Sender)
        names = [name for name, _ in json.loads(data, object_pairs_hook=tuple, parse_int=float)]
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    sure = sender.device == device and all(names.count(one) == 1 for one in _Sender.__struct_fields__)
    return (device, sender.epoch, sender.seq) if sure else None
