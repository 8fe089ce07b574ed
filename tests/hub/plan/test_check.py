"""What is drawn wrong is found, with its place; what is drawn well is not blamed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core.checked import RULES, CheckAsked
from hub.core.ground import Gate, Hall, Shop, Street
from hub.demo.ground import irregular, large, reference, small
from hub.plan.check import MOST, make

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.core.checked import Finding
    from hub.core.ground import Ground, Point


def found(ground: Ground) -> list[Finding]:
    return list(make(CheckAsked(ground)).findings)


def with_shop(number: int, **drawn: object) -> Ground:
    ground = small()
    shops = list(ground.shops)
    shops[number] = replace(shops[number], **drawn)  # type: ignore[arg-type]
    return replace(ground, shops=tuple(shops))


def moved(number: int, dx: float, dy: float) -> Ground:
    shop = small().shops[number]
    ring = tuple((x + dx, y + dy) for x, y in shop.ring)
    return with_shop(number, ring=ring, door=(shop.door[0] + dx, shop.door[1] + dy))


def narrower(number: int, by: float) -> Ground:
    """The shop's eastern wall stands more to the west."""
    (left, top), (right, _), (_, bottom), _ = small().shops[number].ring
    right -= by
    door = (round((left + right) / 2, 2), small().shops[number].door[1])
    return with_shop(number, ring=((left, top), (right, top), (right, bottom), (left, bottom)), door=door)


def crossed() -> Ground:
    a, b, c, d = small().shops[4].ring
    return with_shop(4, ring=(a, c, b, d))


def island() -> Ground:
    ground = small()
    far = Street("far", "aisle", ((72.5, 23.0), (72.5, 27.0)), 1.0, ())
    shop = Shop("z-1", ((73.0, 24.0), (76.0, 24.0), (76.0, 27.0), (73.0, 27.0)), (73.0, 25.0), "far")
    moved_away = tuple(street for street in ground.streets if street.id != "sv1")
    gates = tuple(gate for gate in ground.gates if gate.at[0] < 70)
    return replace(ground, streets=(*moved_away, far), shops=(*ground.shops, shop), gates=gates)


def turned_door() -> Ground:
    """A stall back to back with another, whose door was drawn at the back."""
    back = next(shop for shop in small().shops if shop.street == "h1a1" and shop.door[1] < 20)
    top = back.ring[0][1]
    return with_shop([s.id for s in small().shops].index(back.id), door=(back.door[0], top))


PLANTED: dict[str, Callable[[], Ground]] = {
    "ring": crossed,
    "outside": lambda: moved(0, -7.5, 0),
    "overlap": lambda: moved(3, 1.0, 0),
    "hall": lambda: moved(0, -3.0, 0),
    "halls": lambda: replace(small(), halls=(*small().halls, replace(small().halls[0], id="h2"))),
    "sliver": lambda: narrower(3, small().shops[3].ring[1][0] - small().shops[3].ring[0][0] - 0.5),
    "gap": lambda: narrower(3, 0.3),
    "door": lambda: with_shop(5, door=(small().shops[5].door[0], small().shops[5].door[1] + 2.0)),
    "blocked": turned_door,
    "nowhere": lambda: replace(
        small(),
        streets=tuple(street for street in small().streets if street.id != "sh0"),
        shops=tuple(replace(s, street=None if s.street == "sh0" else s.street) for s in small().shops),
    ),
    "street": lambda: with_shop(2, street="sh1"),
    "way": lambda: moved(2, 0, -1.5),
    "unreachable": island,
    "alone": island,
    "gate": lambda: replace(small(), gates=(*small().gates, Gate("g9", (30.0, 28.0)))),
    "no_street": lambda: replace(small(), streets=()),
    "no_gate": lambda: replace(small(), gates=()),
}  # fmt: skip


@pytest.mark.parametrize("market", [reference, small, irregular, large])
def test_nothing_is_wrong_with_the_markets_of_the_house(market: Callable[[], Ground]) -> None:
    assert make(CheckAsked(market())).counts == {}


@pytest.mark.parametrize("rule", RULES)
def test_each_fault_that_is_drawn_is_found_with_a_place_and_a_sentence(rule: str) -> None:
    ground = PLANTED[rule]()
    hits = [finding for finding in found(ground) if finding.rule == rule]
    assert hits
    left, top, right, bottom = ground.bounds
    for hit in hits:
        assert left - 10 <= hit.at[0] <= right + 10
        assert top - 10 <= hit.at[1] <= bottom + 10
        assert hit.words.zh
        assert "{" not in hit.words.zh + hit.words.en
        assert all(name in hit.words.en for name in hit.ids)


def near(one: Point, other: Point, metres: float) -> bool:
    return abs(one[0] - other[0]) <= metres and abs(one[1] - other[1]) <= metres


def test_the_place_is_where_the_fault_is() -> None:
    (hit,) = (finding for finding in found(moved(3, 1.0, 0)) if finding.rule == "overlap")
    here = small().shops[3].ring
    assert hit.ids == (small().shops[3].id, small().shops[4].id)
    assert near(hit.at, here[1], 5)
    assert hit.much == pytest.approx(4.6, abs=0.1)


def test_what_bars_is_told_first_and_a_thousand_faults_are_counted_but_not_all_listed() -> None:
    ground = large()
    halved = tuple(replace(shop, door=(shop.door[0], shop.door[1] + 30)) for shop in ground.shops[:1000])
    made = make(CheckAsked(replace(ground, shops=(*halved, *ground.shops[1000:], *moved(0, -7.5, 0).shops))))
    assert made.counts["door"] == 1000
    assert sum(finding.rule == "door" for finding in made.findings) == MOST
    bars = [finding.bars for finding in made.findings]
    assert bars == sorted(bars, reverse=True)


def test_an_empty_market_is_no_error() -> None:
    ground = replace(small(), shops=(), streets=(), halls=(), gates=())
    assert set(make(CheckAsked(ground)).counts) == {"no_street"}


corners = st.lists(st.tuples(st.integers(-2, 12), st.integers(-2, 12)), max_size=6).map(tuple)


@given(
    st.lists(st.tuples(corners, st.tuples(st.integers(0, 10), st.integers(0, 10))), max_size=5), st.booleans()
)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_whatever_the_outlines_they_are_looked_through(
    drawn: list[tuple[tuple[tuple[int, int], ...], tuple[int, int]]], streets: bool
) -> None:
    shops = tuple(Shop(f"s{number}", ring, door) for number, (ring, door) in enumerate(drawn))
    halls = tuple(Hall(f"h{number}", ring) for number, (ring, _) in enumerate(drawn))
    ground = replace(small(), shops=shops, halls=halls, streets=small().streets if streets else ())
    barred = {finding.ids[0] for finding in found(ground) if finding.rule == "ring"}
    assert {f"s{number}" for number, (ring, _) in enumerate(drawn) if len(set(ring)) < 3} <= barred
