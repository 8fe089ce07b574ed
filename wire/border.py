"""What may not cross between edge and hub, whatever shape it has: refused here, once, with the place."""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec import inspect

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")
OPEN = (inspect.DateTimeType, inspect.AnyType, inspect.RawType, inspect.CustomType)
"""Types of which a value may be or hold a time."""
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_ESCAPED = re.compile(rb"[\\\x7f]")
_encoder = msgspec.json.Encoder()
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


class Bad(ValueError):  # noqa: N818 - a dead letter's reason, read by a person
    """A message that may not pass; its text is the reason kept with the dead letter."""


def read(decoder: msgspec.json.Decoder[T], data: bytes, most: int) -> T:
    """What `data`, at most `most` bytes, says to `decoder`, every value in it checked.

    Raises:
        Bad: with the reason.
    """
    if len(data) > most:
        raise Bad(f"message of {len(data)} bytes is over the limit of {most}")
    try:
        value = decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Bad(f"not a message of this version: {error}"[:200]) from error
    # Without an escape, plain ASCII can spell no such character, and a number that is none is no JSON.
    (_refuse_times if data.isascii() and not _ESCAPED.search(data) else _refuse)(value, "$")
    # What reads as it would be written has nothing twice, and so does whatever our own programs say.
    if _encoder.encode(value) != data and (names := twice(data)):
        raise Bad(f"said twice: {', '.join(sorted(names))}"[:200])
    return value


def twice(data: bytes) -> frozenset[str]:
    """Names that one object of this JSON text has more than once: readers differ in which one counts.

    Raises:
        ValueError: it is no JSON.
        RecursionError: it is too deep.
    """
    found: set[str] = set()

    def note(pairs: list[tuple[str, Any]]) -> None:
        if len(dict(pairs)) != len(pairs):
            names = Counter(name for name, _ in pairs)
            found.update(name for name, times in names.items() if times > 1)

    json.loads(data, object_pairs_hook=note, parse_int=float)
    return frozenset(found)


def _refuse(value: Any, path: str) -> None:
    """Control characters, text direction overrides, NaN and impossible times, wherever they stand."""
    match value:
        case str() if _CONTROL.search(value):
            raise Bad(f"control character in {path}")
        case float() if not math.isfinite(value):
            raise Bad(f"not a finite number in {path}")
        case datetime():
            _refuse_time(value, path)
        case dict():
            _refuse((*value, *value.values()), path)
        case tuple():
            for index, item in enumerate(value):
                _refuse(item, f"{path}[{index}]")
        case msgspec.Struct():
            for name in value.__struct_fields__:
                _refuse(getattr(value, name), f"{path}.{name}")


def _refuse_times(value: Any, path: str) -> None:
    """Impossible times, wherever they stand: all that can be wrong in plain text."""
    match value:
        case datetime():
            _refuse_time(value, path)
        case tuple():
            for index, item in enumerate(value):
                _refuse_times(item, f"{path}[{index}]")
        case msgspec.Struct():
            for name in _timed(type(value)):
                _refuse_times(getattr(value, name), f"{path}.{name}")


@lru_cache(256)
def _timed(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """Fields of this kind that may hold a time, at whatever depth."""
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    return tuple(field.name for field in info.fields if _may_hold_time(field.type))


def _may_hold_time(info: inspect.Type) -> bool:
    return isinstance(info, OPEN) or any(map(_may_hold_time, _parts(info)))


def _parts(info: inspect.Type) -> Iterable[inspect.Type]:
    """The types that a type is made of."""
    found: Iterable[inspect.Type] = ()
    match info:
        case inspect.Metadata():
            found = (info.type,)
        case inspect.UnionType():
            found = info.types
        case inspect.TupleType():
            found = info.item_types
        case inspect.VarTupleType():
            found = (info.item_type,)
        case inspect.StructType():
            found = (field.type for field in info.fields)
        case inspect.DictType():
            found = (info.key_type, info.value_type)
    return found


def _refuse_time(value: datetime, path: str) -> None:
    if value.tzinfo is None:
        raise Bad(f"time without a zone in {path}")
    try:
        utc = value.astimezone(UTC)
    except OverflowError as error:
        raise Bad(f"impossible time in {path}") from error
    if not EARLIEST <= utc < LATEST:
        raise Bad(f"impossible time in {path}: {value.isoformat()}")
