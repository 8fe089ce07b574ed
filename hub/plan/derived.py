"""Streets along rows of doors, and cross streets that join them, for a market that nobody has drawn."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from hub.core.ground import Street
from hub.plan.passages import passages
from hub.plan.rows import OFF_LINE, Row, axes
from hub.plan.walking import meetings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hub.core.ground import Point, StreetKind
    from hub.plan.rows import Facing

LANE, CROSS = 4.0, 3.0
"""Metres of width of a street with shops on one side, and of a cross street."""
AISLE = 6.5
"""Metres from door to door at most in an aisle; more is a street."""
SIDE = 9.0
"""Metres between the ends of streets that one cross street joins."""


def streets_of(
    found: Sequence[Row], faced: Facing, stalls: Sequence[Sequence[tuple[float, float]]]
) -> tuple[list[Street], dict[int, str]]:
    """A street before every row, joined; and row → its street.

    `stalls` are where the stalls of each row begin and end along it, in order.
    """
    spans, of_row = _spans(found, faced, [(row[0][0], row[-1][1]) for row in stalls])
    streets = [_street(f"way-{number}", *span) for number, span in enumerate(_reaching(spans), 1)]
    streets += _crosses(spans, len(streets))
    for passage in passages(found, stalls):
        across = [spans[of_row[row]][1] for row in passage.rows]
        if max(across) - min(across) <= OFF_LINE:
            continue
        span = (passage.turn + 90, -passage.at, min(across), max(across), passage.width)
        streets.append(_street(f"way-{len(streets) + 1}", *span, kind="cross"))
    return _joined(streets), {row: f"way-{number + 1}" for row, number in of_row.items()}


Span = tuple[float, float, float, float, float]
"""A street before it is drawn: turn, across, begin, end, width."""


def _spans(
    found: Sequence[Row], faced: Facing, walls: Sequence[tuple[float, float]]
) -> tuple[list[Span], dict[int, int]]:
    """A span for each set of rows that face each other, and one for each row that faces nobody."""
    parts: dict[int, set[int]] = {number: {number} for number in range(len(found))}
    for one, two in faced.pairs:
        whole = parts[one] | parts[two]
        parts |= dict.fromkeys(whole, whole)
    spans: list[Span] = []
    of_row: dict[int, int] = {}
    for number, part in parts.items():
        if number != min(part):
            continue
        rows = [found[one] for one in part]
        upper = [row.across for one, row in zip(part, rows, strict=True) if faced.sides[one] > 0]
        lower = [row.across for one, row in zip(part, rows, strict=True) if faced.sides[one] < 0]
        top = max(upper) if upper else min(lower) - LANE
        bottom = min(lower) if lower else top + LANE
        ends = min(walls[one][0] for one in part), max(walls[one][1] for one in part)
        of_row |= dict.fromkeys(part, len(spans))
        spans.append((rows[0].turn, (top + bottom) / 2, *ends, bottom - top))
    return spans, of_row


def _corners(spans: Sequence[Span]) -> Iterator[tuple[float, list[tuple[int, bool]]]]:
    """Where a cross street belongs, and the spans that end there; True: it is their begin."""
    ends = sorted((span[2 + at], number, at == 0) for number, span in enumerate(spans) for at in (0, 1))
    cluster: list[tuple[float, int, bool]] = []
    for end in [*ends, (np.inf, -1, False)]:
        if cluster and end[0] - cluster[-1][0] > SIDE:
            begins, stops = (
                [u for u, _, first in cluster if first],
                [u for u, _, first in cluster if not first],
            )
            at = (
                (max(stops) + min(begins)) / 2
                if begins and stops and max(stops) < min(begins)
                else min(begins) - CROSS / 2
                if begins
                else max(stops) + CROSS / 2
            )
            yield at, [(number, first) for _, number, first in cluster]
            cluster = []
        cluster.append(end)


def _families(spans: Sequence[Span]) -> Iterable[list[int]]:
    families: defaultdict[int, list[int]] = defaultdict(list)
    for number, span in enumerate(spans):
        families[round(span[0]) % 180].append(number)
    return families.values()


def _reaching(spans: Sequence[Span]) -> list[Span]:
    """The spans, each as far as the cross streets at its ends."""
    reach = list(spans)
    for family in _families(spans):
        for at, ends in _corners([spans[number] for number in family]):
            for local, first in ends:
                turn, across, begin, end, width = reach[family[local]]
                begin, end = (min(begin, at), end) if first else (begin, max(end, at))
                reach[family[local]] = (turn, across, begin, end, width)
    return reach


def _crosses(spans: Sequence[Span], count: int) -> list[Street]:
    found: list[Street] = []
    for family in _families(spans):
        for at, ends in _corners([spans[number] for number in family]):
            across = [spans[family[local]][1] for local, _ in ends]
            if max(across) - min(across) > OFF_LINE:
                span = (spans[family[0]][0] + 90, -at, min(across), max(across), CROSS)
                found.append(_street(f"way-{count + len(found) + 1}", *span, kind="cross"))
    return found


def _street(
    name: str,
    turn: float,
    across: float,
    begin: float,
    end: float,
    width: float,
    kind: StreetKind | None = None,
) -> Street:
    along, square = axes(turn)
    line = tuple(_point(along * u + square * across) for u in (begin, end))
    ring = tuple(
        _point(along * u + square * (across + side * width / 2))
        for u, side in ((begin, -1), (end, -1), (end, 1), (begin, 1))
    )
    return Street(name, kind or ("aisle" if width <= AISLE else "street"), line, round(width, 2), ring)


def _joined(streets: list[Street]) -> list[Street]:
    """The streets, and straight ones between parts that do not hang together, the shortest first."""
    while True:
        part = _parts(streets)
        lines = [shapely.union_all([shapely.LineString(streets[n].line) for n in one]) for one in part]
        if len(lines) <= 1:
            return streets
        links = [
            shapely.shortest_line(lines[one], lines[two]) for one in range(len(lines)) for two in range(one)
        ]
        link = min(links, key=lambda line: line.length)
        (x0, y0), (x1, y1) = link.coords
        turn = float(np.degrees(np.arctan2(y1 - y0, x1 - x0)))
        along, square = axes(turn)
        start = np.array([x0, y0])
        ends = float(start @ along) - 0.1, float(start @ along) + link.length + 0.1
        name = f"way-{len(streets) + 1}"
        streets = [*streets, _street(name, turn, float(start @ square), *ends, CROSS, kind="cross")]


def _parts(streets: Sequence[Street]) -> list[list[int]]:
    met = meetings(streets)
    ends = np.array([(one.street, one.other) for one in met], dtype=int).reshape(-1, 2)
    graph = coo_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(len(streets), len(streets)))
    count, label = connected_components(graph, directed=False)
    return [np.flatnonzero(label == number).tolist() for number in range(count)]


def _point(at: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Point:
    return round(float(at[0]), 2), round(float(at[1]), 2)
