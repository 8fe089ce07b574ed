"""Cross aisles inside a block of rows: where row after row leaves the same gap open between two stalls."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hub.plan.rows import Row

    Stretch = tuple[float, float]
    """From where to where something goes along its row."""

LEAST, MOST = 1.8, 6.0
"""Metres of a gap that one walks through; more is a street between two blocks."""
ALIGNED = 1.5
"""Metres that gaps of two rows have in common where one walks straight on."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A cross aisle across rows of direction `turn`: its middle along them, and from which row to which."""

    turn: float
    at: float
    width: float
    rows: tuple[int, ...]


@dataclass(slots=True)
class _Chain:
    """Gaps of rows that follow each other, and what they have in common."""

    begin: float
    end: float
    rows: list[int]
    lines: int = 1


def passages(found: Sequence[Row], stalls: Sequence[Sequence[Stretch]]) -> list[Passage]:
    """Every cross aisle; `stalls` are where the stalls of each row begin and end."""
    families: defaultdict[int, list[int]] = defaultdict(list)
    for number, row in enumerate(found):
        families[round(row.turn) % 180].append(number)
    return [
        Passage(
            found[family[0]].turn, (chain.begin + chain.end) / 2, chain.end - chain.begin, tuple(chain.rows)
        )
        for family in families.values()
        for chain in _chains(found, stalls, family)
    ]


def _chains(found: Sequence[Row], stalls: Sequence[Sequence[Stretch]], family: list[int]) -> Iterator[_Chain]:
    open_: list[_Chain] = []
    ordered = sorted(family, key=lambda number: found[number].across)
    for _, line in groupby(ordered, key=lambda number: round(found[number].across, 1)):
        numbers = list(line)
        stretches = sorted(stretch for number in numbers for stretch in stalls[number])
        gaps = [(a[1], b[0]) for a, b in pairwise(stretches) if LEAST <= b[0] - a[1] <= MOST]
        still = []
        for chain in open_:
            if (wider := next((gap for gap in gaps if _common(gap, chain) >= ALIGNED), None)) is not None:
                gaps.remove(wider)
                chain.begin, chain.end = max(chain.begin, wider[0]), min(chain.end, wider[1])
                chain.rows += numbers
                chain.lines += 1
                still.append(chain)
            elif stretches[0][0] < chain.end and chain.begin < stretches[-1][1]:
                yield from _whole(chain)
            else:
                still.append(chain)
        open_ = still + [_Chain(*gap, list(numbers)) for gap in gaps]
    for chain in open_:
        yield from _whole(chain)


def _whole(chain: _Chain) -> Iterator[_Chain]:
    """A single gap is a missing stall, not a way."""
    if chain.lines > 1:
        yield chain


def _common(gap: Stretch, chain: _Chain) -> float:
    return min(gap[1], chain.end) - max(gap[0], chain.begin)
