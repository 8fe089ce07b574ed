"""Build and read topics; who may publish which.

`lf/v1/{market}/{device}/{kind}`: the device stands at a fixed level, so that a broker's ACL can bind it.
Grid and group are not in the topic, since they change.
"""

from __future__ import annotations

import re
from typing import Literal, get_args

import msgspec

from wire.message import Bad

Kind = Literal[
    "state", "beat", "event", "sos", "scan", "manifest", "segment", "reply", "receipt", "config", "command"
]
UP: frozenset[str] = frozenset({"state", "beat", "event", "sos", "scan", "manifest", "segment", "reply"})
"""Kinds that a device publishes."""
DOWN: frozenset[str] = frozenset(get_args(Kind)) - UP
"""Kinds that only the hub publishes."""
HUB = "hub"
"""Where a device's name stands when the hub speaks to all of a market; no device may be called so."""

_NAME = r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?"
_TOPIC = re.compile(rf"lf/v1/({_NAME})/({_NAME})/([a-z]+)")


class Topic(msgspec.Struct, frozen=True):
    """Where a message belongs."""

    market: str
    device: str
    kind: Kind

    def __str__(self) -> str:
        return f"lf/v1/{self.market}/{self.device}/{self.kind}"


def read(text: str) -> Topic:
    """The topic in `text`.

    Raises:
        Bad: it is not one of ours.
    """
    match = _TOPIC.fullmatch(text)
    if match is None or match[3] not in UP | DOWN:
        raise Bad(f"not a topic of ours: {text[:120]!r}")
    return msgspec.convert({"market": match[1], "device": match[2], "kind": match[3]}, Topic)


def upward(market: str) -> list[str]:
    """The subscriptions by which a hub hears its market: one for each kind that goes up."""
    return [f"lf/v1/{market}/+/{kind}" for kind in sorted(UP)]


def pulse(market: str) -> str:
    """Where the hub lets its market feel every few seconds that it hears: an empty receipt, not retained."""
    return str(Topic(market, HUB, "receipt"))


def may_publish(market: str, device: str) -> list[str]:
    """Every topic below which this device may speak."""
    return [str(Topic(market, device, kind)) for kind in get_args(Kind) if kind in UP]


def may_subscribe(market: str, device: str) -> list[str]:
    """Every topic that this device may hear."""
    own = [str(Topic(market, device, kind)) for kind in get_args(Kind) if kind in DOWN]
    return [*own, pulse(market)]
