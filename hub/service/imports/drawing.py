"""What a file draws: outlines, streets, and what would be wrong with the plan that comes of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import asks
from hub.core.checked import CheckAsked
from hub.core.drawn import DrawAsked
from hub.core.ground import Ground, Shop
from hub.service.imports.report import outdated
from hub.store.market import Market
from hub.store.market import Street as StreetRow

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy.orm import Session

    from hub.core.checked import Finding
    from hub.core.drawn import Stall
    from hub.core.ground import Ring, Street
    from hub.ports import Solver
    from hub.service.imports.report import Report

DERIVED = "way"
"""What the solver calls a street that it derives."""
Bounds = tuple[float, float, float, float]
UNDRAWN = 1.0
"""Square metres of a market of which nobody has said how large it is."""
MARGIN = 10.0
"""Metres of ground around what is drawn first."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """New outlines by shop, streets of shops, streets that were derived, and what is wrong with the whole."""

    rings: Mapping[str, Ring] = field(default_factory=dict)
    street_of: Mapping[str, str] = field(default_factory=dict)
    streets: tuple[Street, ...] = ()
    guessed: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    bounds: Bounds | None = None
    """Of a market that had none."""

    def tell(self, report: Report, rows: Mapping[str, int], column: str = "x") -> None:
        """Note in a report of shops what is found about its rows; `rows`: id → row."""
        self.tell_all(report, {("shop", name): row for name, row in rows.items()}, column)

    def tell_all(self, report: Report, rows: Mapping[tuple[str, str], int], column: str) -> None:
        """Note in a report what is found about its rows; `rows`: kind and id → row. What bars is a problem.

        Of two that are in each other's way the later row is the one that is in the way.
        """
        for finding in self.findings:
            last = max((rows[thing] for thing in finding.things if thing in rows), default=0)
            if finding.bars and last:
                report.blame(last, column, finding.words)
            elif last or not finding.ids:
                report.remark(last, column if last else "", finding.words)


def derived(market: str, street: str) -> bool:
    """Whether a street was derived from doors, so that a drawn one takes its place."""
    return street.startswith(f"{market}-{DERIVED}-")


def replaced(market: str, brought: frozenset[str]) -> Callable[[str], bool]:
    """Which streets a file takes the place of: those that were derived, where it brings others."""
    return lambda street: bool(brought) and street not in brought and derived(market, street)


def draw(solver: Solver, ground: Ground, stalls: Sequence[Stall], market: str) -> Drawing:
    """Draw the stalls onto the ground, derive streets where it has none, and look the whole through.

    Raises:
        Refused: it cannot be drawn.
        UnsolvedError: the solver did not answer.
    """
    bounds = _fitted(ground, stalls)
    ground = replace(ground, bounds=bounds or ground.bounds)
    new = {stall.id for stall in stalls}
    walls = tuple(shop.ring for shop in ground.shops if shop.id not in new)
    asked = DrawAsked(tuple(stalls), ground.streets, ground.bounds, walls, derive=not walls)
    made = solver.quick(asks.DRAW, asked)
    named = {street.id: f"{market}-{street.id}" for street in made.streets}
    streets = tuple(replace(street, id=named[street.id]) for street in made.streets)
    street_of = {shop: named.get(street, street) for shop, street in made.street_of.items()}
    known = {shop.id: shop for shop in ground.shops}
    shops = [shop for shop in ground.shops if shop.id not in new]
    for stall in stalls:
        before = known.get(stall.id) or Shop(stall.id, (), stall.door)
        street = stall.street or street_of.get(stall.id)
        shops.append(replace(before, ring=made.rings[stall.id], door=stall.door, street=street))
    whole = replace(ground, shops=tuple(shops), streets=(*ground.streets, *streets))
    return Drawing(made.rings, street_of, streets, made.guessed, look(solver, whole), bounds)


def look(solver: Solver, ground: Ground) -> tuple[Finding, ...]:
    """What is wrong with a ground.

    Raises:
        UnsolvedError: the solver did not answer.
    """
    return solver.quick(asks.CHECK, CheckAsked(ground)).findings


def undrawn(bounds: Bounds) -> bool:
    """Whether nobody has said yet how large the market is."""
    left, top, right, bottom = bounds
    return (right - left) * (bottom - top) <= UNDRAWN


def enter_drawing(s: Session, market: str, drawing: Drawing) -> None:
    """Enter the streets that were derived, and the bounds of a market that had none.

    Raises:
        Refused: somebody else's streets came in since these were derived.
    """
    if drawing.streets:
        s.execute(select(Market.id).where(Market.id == market).with_for_update())
        if s.scalar(select(StreetRow.id).where(StreetRow.market == market).limit(1)) is not None:
            raise outdated()
    for street in drawing.streets:
        drawn = {"kind": street.kind, "ring": street.ring, "line": street.line, "width": street.width}
        s.add(StreetRow(id=street.id, market=market, **drawn))
    if drawing.bounds:
        row = s.get_one(Market, market)
        row.x0, row.y0, row.x1, row.y1 = drawing.bounds
    s.flush()


def _fitted(ground: Ground, stalls: Sequence[Stall]) -> Bounds | None:
    """Bounds around what is drawn first; None where the market has bounds."""
    rings = [hall.ring for hall in ground.halls] + [street.ring for street in ground.streets]
    rings += [shop.ring for shop in ground.shops]
    lines = [street.line for street in ground.streets]
    points = [point for ring in (*rings, *lines) for point in ring]
    points += [stall.door for stall in stalls] + [gate.at for gate in ground.gates]
    if not undrawn(ground.bounds) or not points:
        return None
    # A list of doors alone leaves out what stands behind them.
    margin = 0.0 if rings else MARGIN
    return (
        float(math.floor(min(x for x, _ in points) - margin)),
        float(math.floor(min(y for _, y in points) - margin)),
        float(math.ceil(max(x for x, _ in points) + margin)),
        float(math.ceil(max(y for _, y in points) + margin)),
    )
