"""A market of halls in columns and rows, with streets between and around them; metres, x right, y down."""

from __future__ import annotations

import random
from dataclasses import dataclass

from hub.core.ground import Gate, Ground, Hall, Street
from hub.demo.hall import Block, Builder, Turn

STRAIGHT = Turn()


@dataclass(frozen=True, slots=True)
class Site:
    """Halls in columns and rows; `fronts` and `depths` are the usual measures of a stall, hall by hall."""

    width: float
    height: float
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    """Depths of the halls, from north to south."""
    fronts: tuple[float, ...]
    depths: tuple[float, ...]
    seed: int
    street: float = 8.0

    def builder(self) -> Builder:
        """Lays stalls as this market's seed says."""
        # S311: stalls of different widths, not secrets.
        return Builder(random.Random(self.seed), random.Random(self.seed + 1))  # noqa: S311

    @property
    def across(self) -> list[float]:
        """Where the streets run that go north to south."""
        return self._middles(self.columns, self.width)

    @property
    def down(self) -> list[float]:
        """Where the streets run that go west to east."""
        return self._middles(self.rows, self.height)

    def block(self, column: int, row: int) -> Block:
        """The hall in this place; halls are numbered column by column, each from the south."""
        number = column * len(self.rows) + len(self.rows) - row
        across, down = self.across, self.down
        return Block(
            hall=f"h{number}",
            letter="ABCDEFGHJKLMNPQRSTUVWXYZ"[number - 1],
            left=self._starts(self.columns, self.width)[column],
            top=self._starts(self.rows, self.height)[row],
            width=self.columns[column],
            depth=self.rows[row],
            front=self.fronts[(number - 1) % len(self.fronts)],
            deep=self.depths[(number - 1) % len(self.depths)],
            north=f"sh{row}",
            south=f"sh{row + 1}",
            lines=(across[column], down[row], across[column + 1], down[row + 1]),
        )

    def _starts(self, sizes: tuple[float, ...], whole: float) -> list[float]:
        at = (whole - sum(sizes) - self.street * (len(sizes) - 1)) / 2
        starts = []
        for size in sizes:
            starts.append(at)
            at += size + self.street
        return starts

    def _middles(self, sizes: tuple[float, ...], whole: float) -> list[float]:
        return [(begin + end) / 2 for begin, end in self.strips(sizes, whole)]

    def strips(self, sizes: tuple[float, ...], whole: float) -> list[tuple[float, float]]:
        """From where to where the streets before, between and behind the halls go; none leaves the market."""
        edges = [start - self.street for start in self._starts(sizes, whole)]
        edges.append(edges[-1] + self.street + sizes[-1])
        return [(max(edge, 0.0), min(edge + self.street, whole)) for edge in edges]


def laid(site: Site) -> Ground:
    """The whole market: streets between and around the halls, stalls in them, a gate where a street ends."""
    builder = site.builder()
    builder.streets += _streets(site)
    blocks = [
        site.block(column, row)
        for column in range(len(site.columns))
        for row in reversed(range(len(site.rows)))
    ]
    for block in blocks:
        builder.fill(block)
    halls = tuple(Hall(block.hall, block.ring) for block in blocks)
    bounds = (0.0, 0.0, site.width, site.height)
    return Ground(bounds, halls, tuple(builder.streets), tuple(builder.shops), _gates(site))


def _streets(site: Site) -> list[Street]:
    found = []
    for number, (left, right) in enumerate(site.strips(site.columns, site.width)):
        ring = STRAIGHT.rectangle(left, 0.0, right - left, site.height)
        line = ((site.across[number], 0.0), (site.across[number], site.height))
        found.append(Street(f"sv{number}", "street", line, right - left, ring))
    for number, (top, bottom) in enumerate(site.strips(site.rows, site.height)):
        ring = STRAIGHT.rectangle(0.0, top, site.width, bottom - top)
        line = ((0.0, site.down[number]), (site.width, site.down[number]))
        found.append(Street(f"sh{number}", "street", line, bottom - top, ring))
    return found


def _gates(site: Site) -> tuple[Gate, ...]:
    north = [Gate(f"n{i}", (x, 0.0)) for i, x in enumerate(site.across, 1)]
    south = [Gate(f"s{i}", (x, site.height)) for i, x in enumerate(site.across, 1)]
    west = [Gate(f"w{i}", (0.0, y)) for i, y in enumerate(site.down[1:-1], 1)]
    east = [Gate(f"e{i}", (site.width, y)) for i, y in enumerate(site.down[1:-1], 1)]
    return (*north, *south, *west, *east)
