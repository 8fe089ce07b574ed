"""What an ONNX file says of itself before it is loaded: its format and the operators that it is written in.

An ONNX file is a protobuf message (onnx/onnx.proto, ModelProto): field 1 is the version of the format, field
8 names a set of operators (domain in its field 1, version in its field 2). An edge needs no `onnx` for that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from edge.see.network import UnfitModelError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

FORMAT, OPERATORS, DOMAIN, VERSION = 1, 8, 1, 2
"""Field numbers."""
NUMBER, EIGHT, BYTES, FOUR = 0, 1, 2, 5
"""Wire types."""
LONGEST = 10
"""Bytes of the longest number."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file is written in."""

    format: int
    """ONNX's own, its `ir_version`."""
    opset: int
    """Version of the standard operators."""


def stamp(path: Path) -> Stamp:
    """What `path` is written in; raises UnfitModelError when it is no ONNX file."""
    try:
        fields = list(_fields(memoryview(path.read_bytes())))
        bodies = [body for number, body in fields if number == OPERATORS and isinstance(body, memoryview)]
        sets = [dict(_fields(body)) for body in bodies]
        versions: Mapping[str, object] = {_text(each.get(DOMAIN)): each.get(VERSION) for each in sets}
        written, opset = dict(fields).get(FORMAT), versions.get("", versions.get("ai.onnx"))
    except (IndexError, ValueError) as error:
        raise UnfitModelError(f"{path} is no ONNX file, or is cut short") from error
    if not isinstance(written, int) or not isinstance(opset, int):
        raise UnfitModelError(f"{path} is no ONNX file: it names no operators")
    return Stamp(written, opset)


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Every field of a message: its number, and what it holds; raises ValueError where it ends too soon."""
    at = 0
    while at < len(message):
        key, at = _number(message, at)
        kind = key & 7
        if kind == NUMBER:
            value, at = _number(message, at)
            yield key >> 3, value
            continue
        if kind not in {EIGHT, BYTES, FOUR}:
            raise ValueError(f"{kind} is no wire type")
        length, at = _number(message, at) if kind == BYTES else ({EIGHT: 8, FOUR: 4}[kind], at)
        if at + length > len(message):
            raise ValueError("it is cut short")
        yield key >> 3, message[at : at + length]
        at += length


def _number(message: memoryview, at: int) -> tuple[int, int]:
    """A number of seven bits a byte, the low ones first, and where it ends."""
    value = 0
    for place in range(LONGEST):
        byte = message[at + place]
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:  # noqa: PLR2004 - the eighth bit says that more follows
            return value, at + place + 1
    raise ValueError("a number of more than ten bytes")


def _text(body: int | memoryview | None) -> str:
    return bytes(body).decode() if isinstance(body, memoryview) else ""
