"""Port Solver without a child: the same rooms answer in this process."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

import msgspec

from hub.solve import ROOMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.core.asks import Ask
    from hub.core.planned import Progress

A = TypeVar("A")
M = TypeVar("M")


class Here:
    """Answers at once, or as long as it takes; through JSON both ways, as a child does."""

    def work(self, ask: Ask[A, M], asked: A, heard: Callable[[Progress], bool]) -> M:
        module, _, function = ROOMS[ask.name].partition(":")
        given = msgspec.json.decode(msgspec.json.encode(asked), type=ask.asked)
        made = getattr(import_module(module), function)(given, heard)
        return msgspec.json.decode(msgspec.json.encode(made), type=ask.made)

    def quick(self, ask: Ask[A, M], asked: A) -> M:
        return self.work(ask, asked, lambda _: True)
