"""Small workrooms, and any drawn by chance: leave, wishes, nights before, cells that are fixed."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st

from hub.core.roster import Cell, GuardAsked, GuardsAsked, Wish
from hub.core.shift import Need
from tests.bench.workrooms import days, free

NEEDS = (Need("night", 1, 1), Need("day", 1, 2), Need("evening", 1, 1))


def small(people: int = 6, count: int = 7, seconds: float = 600.0) -> GuardsAsked:
    """So many guards, all of whom may lead a night, one on each shift."""
    guards = tuple(GuardAsked(f"g{number}", leader=True) for number in range(people))
    return GuardsAsked(days(count), guards, needs=NEEDS, holidays=free(days(count)), seconds=seconds)


@st.composite
def drawn(draw: st.DrawFn) -> GuardsAsked:
    """Four to seven guards, six to nine days: leave, wishes, nights before, fixed cells, other rosters."""
    span = days(draw(st.integers(6, 9)))
    shifts = st.sampled_from(["night", "day", "evening"])
    guards = []
    for number in range(draw(st.integers(4, 7))):
        before = draw(st.text("nde.", max_size=4))
        names = {"n": "night", "d": "day", "e": "evening"}
        guards.append(
            GuardAsked(
                f"g{number}",
                leader=draw(st.booleans()),
                leave=draw(st.frozensets(st.sampled_from(span), max_size=3)),
                wishes=tuple(
                    Wish(day, shift, wanted)
                    for day, shift, wanted in draw(
                        st.lists(
                            st.tuples(st.sampled_from(span), st.none() | shifts, st.booleans()), max_size=2
                        )
                    )
                ),
                before=tuple(
                    Cell(f"g{number}", span[0] - timedelta(days=at + 1), names[letter])
                    for at, letter in enumerate(before)
                    if letter != "."
                ),
                elsewhere=tuple(
                    Cell(f"g{number}", span[0] + timedelta(days=at), shift)
                    for at, shift in draw(
                        st.dictionaries(st.integers(0, len(span) + 3), shifts, max_size=2)
                    ).items()
                ),
                nights=draw(st.integers(-2, 2)),
            )
        )
    places = draw(st.dictionaries(st.tuples(st.integers(0, 3), st.sampled_from(span)), shifts, max_size=3))
    fixed = tuple(Cell(f"g{number}", day, shift) for (number, day), shift in places.items())
    return GuardsAsked(span, tuple(guards), needs=NEEDS, fixed=fixed, holidays=free(span), seconds=1.0)
