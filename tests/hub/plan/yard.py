"""Small grounds made by hand, for what a whole market would hide."""

from __future__ import annotations

from hub.core.ground import Gate, Ground, Hall, Shop, Street

DEEP, FRONT = 4.0, 4.0


def box(left: float, top: float, width: float, depth: float) -> tuple[tuple[float, float], ...]:
    return (left, top), (left + width, top), (left + width, top + depth), (left, top + depth)


def stall(name: str, left: float, top: float, street: str, south: bool, hall: str = "hall") -> Shop:
    """A stall whose door is on its south or on its north side."""
    door = left + FRONT / 2, top + (DEEP if south else 0.0)
    return Shop(name, box(left, top, FRONT, DEEP), door, street, hall)


def way(
    name: str, kind: str, *line: tuple[float, float], width: float = 3.0, hall: str | None = "hall"
) -> Street:
    assert kind in {"street", "aisle", "cross"}
    return Street(name, kind, line, width, box(0, 0, 1, 1), hall)  # type: ignore[arg-type]


def yard() -> Ground:
    """Two aisles of a hall, back to back, cut by one cross aisle; a street at the west end, dead ends east.

    Each aisle has five stalls on both sides, two of them west of the cross aisle.
    """
    lefts = (4.0, 8.0, 15.0, 19.0, 23.0)
    shops = [
        stall(f"{aisle}{side}{number}", left, top, aisle, south)
        for aisle, y in (("a", 10.0), ("b", 21.0))
        for side, top, south in (("n", y - 1.5 - DEEP, True), ("s", y + 1.5, False))
        for number, left in enumerate(lefts, 1)
    ]
    streets = (
        way("west", "street", (0.0, 0.0), (0.0, 30.0), width=8.0, hall=None),
        # The aisles end at the hall's wall, on the breadth of the street.
        way("a", "aisle", (4.0, 10.0), (27.0, 10.0)),
        way("b", "aisle", (4.0, 21.0), (27.0, 21.0)),
        way("across", "cross", (13.5, 4.5), (13.5, 26.5)),
    )
    return Ground(
        (-4.0, 0.0, 27.0, 30.0),
        (Hall("hall", box(4.0, 4.5, 23.0, 22.0)),),
        streets,
        tuple(shops),
        (Gate("gate", (0.0, 0.0)),),
    )
