"""Sound messages made unsound: bytes turned, cut and doubled, JSON that nobody would write, wrong topics."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hub.gear.permissions import MAX_PAYLOAD

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from hub.ports import Heard

ODD: tuple[str, ...] = (
    "NaN",
    "-Infinity",
    "1e999",
    "9" * 400,
    "-1",
    "0.1",
    "null",
    "true",
    "[]",
    "{}",
    '"\\ud800"',
    '"\\u0000"',
    '"\\u202e"',
    '"' + "x" * 5000 + '"',
    '"0001-01-01T00:00:00+14:00"',
    '"9999-12-31T23:59:59-23:59"',
    "[" * 3000 + "]" * 3000,
    '{"a":' * 900 + "1" + "}" * 900,
)
TOPICS = (
    "lf/v1/yunda/edge-9/event",
    "lf/v1/yunda/edge-2/event",
    "lf/v1/elsewhere/edge-1/event",
    "lf/v1/yunda/edge-1/receipt",
    "lf/v1/yunda/edge-1/beat",
    "lf/v2/yunda/edge-1/event",
    "lf/v1/yunda/../event",
    "",
    "a" * 900,
)


def mutated(sound: Heard, chance: Random) -> Heard:
    """One that differs from `sound`, by one to three faults."""
    heard = sound
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        heard = chance.choice(FAULTS)(heard, chance)
    return heard


def _turned(heard: Heard, chance: Random) -> Heard:
    data = bytearray(heard.data or b"0")
    for _ in range(chance.randint(1, 8)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return replace(heard, data=bytes(data))


def _cut(heard: Heard, chance: Random) -> Heard:
    return replace(heard, data=heard.data[: chance.randrange(len(heard.data) + 1)])


def _noise(heard: Heard, chance: Random) -> Heard:
    at = chance.randrange(len(heard.data) + 1)
    return replace(heard, data=heard.data[:at] + chance.randbytes(chance.randint(1, 64)) + heard.data[at:])


def _grown(heard: Heard, chance: Random) -> Heard:
    """No longer than the broker lets through: three times three hundredfold would be gigabytes."""
    return replace(heard, data=(heard.data[:MAX_PAYLOAD] * chance.choice((2, 300)))[:MAX_PAYLOAD])


def _moved(heard: Heard, chance: Random) -> Heard:
    return replace(heard, topic=chance.choice(TOPICS))


def _odd(heard: Heard, chance: Random) -> Heard:
    """Some value of it becomes one that a parser might believe."""
    return _at_a_leaf(heard, chance, lambda name: f"{json.dumps(name)}:{chance.choice(ODD)}")


def _twice(heard: Heard, chance: Random) -> Heard:
    """Some name of it is there twice."""
    return _at_a_leaf(heard, chance, lambda name: f'{json.dumps(name)}:"a",{json.dumps(name)}:"b"')


def _strange(heard: Heard, chance: Random) -> Heard:
    """A name that no version knows."""
    return _at_a_leaf(heard, chance, lambda name: f'{json.dumps(name)}:1,"strange-{chance.randrange(9)}":1')


def _at_a_leaf(heard: Heard, chance: Random, said: Callable[[str], str]) -> Heard:
    try:
        whole = json.loads(heard.data)
    except (ValueError, RecursionError):
        return _turned(heard, chance)
    if not isinstance(whole, dict) or not whole:
        return _turned(heard, chance)
    body = whole.get("body")
    inside: dict[str, Any] = body if isinstance(body, dict) else {}
    within = chance.random() < 0.6 and bool(inside)
    inner = inside if within else whole
    name = chance.choice(list(inner))
    text = json.dumps(inner).replace(f"{json.dumps(name)}: {json.dumps(inner[name])}", said(name), 1)
    if within:
        text = json.dumps({**whole, "body": 0}).replace('"body": 0', f'"body": {text}', 1)
    return replace(heard, data=text.encode())


FAULTS: Sequence[Callable[[Heard, Random], Heard]] = (
    _turned,
    _cut,
    _noise,
    _grown,
    _moved,
    _odd,
    _odd,
    _odd,
    _twice,
    _strange,
)
