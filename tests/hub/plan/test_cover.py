"""What cameras see of the ground: held against straight lines, against areas by hand, and against itself."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.core import asks
from hub.core.cover import CoverAsked, CoverMade, Lens, LensAsked, NextAsked, Zone, ZonesAsked
from hub.core.ground import Gate, Ground, Hall, Shop, Street
from hub.demo import ground as grounds
from hub.plan.cover import mounts, one, optics, whole, zones
from hub.plan.cover.sight import sight
from hub.plan.cover.walls import walls
from hub.solve import ROOMS
from tests.hub.plan.lines import Lines, along, at_edge, thrown

if TYPE_CHECKING:
    from collections.abc import Callable

    from hub.core.planned import Progress

KINDS = [(1920, 90.0), (2560, 96.0), (2560, 80.0), (3840, 88.0), (2560, 150.0)]
FITTING = Zone("fitting", ((21, 26), (24, 26), (24, 34), (21, 34)))
MADE: dict[str, Callable[[], Ground]] = {"small": cache(grounds.small), "irregular": cache(grounds.irregular)}


def onward(_: Progress) -> bool:
    return True


def lens(name: str = "a", x: float = 0, y: float = 0, bearing: float = 90, **more: float) -> Lens:
    plain = {"fov": 60.0, "range_m": 30.0, "height_m": 0.5, "width_px": 20_000} | more
    return Lens(
        name, (x, y), bearing, plain["fov"], plain["range_m"], plain["height_m"], int(plain["width_px"])
    )


def box(left: float, top: float, right: float, bottom: float) -> tuple[tuple[float, float], ...]:
    return (left, top), (right, top), (right, bottom), (left, bottom)


def yard(*shops: tuple[tuple[float, float], ...], side: float = 60.0) -> Ground:
    """An open square, all of it walked on but where shops stand."""
    street = Street("s", "street", ((0, side / 2), (side, side / 2)), side, box(0, 0, side, side))
    stalls = tuple(Shop(f"shop-{i}", ring, ring[0], "s") for i, ring in enumerate(shops))
    return Ground((0, 0, side, side), (), (street,), stalls, ())


def cover(ground: Ground, *lenses: Lens, level: str = "overview") -> CoverAsked:
    return CoverAsked(ground, lenses, level=level, grid_of={shop.id: "east" for shop in ground.shops})


def reckoned(asked: CoverAsked) -> CoverMade:
    return whole.make(asked, onward)


def some(ground: Ground, count: int, seed: int = 3) -> tuple[Lens, ...]:
    return tuple(
        Lens(f"c-{i}", at, bearing, KINDS[i % 5][1], 40.0, 3.2, KINDS[i % 5][0])
        for i, (at, bearing) in enumerate(along(ground, count, seed))
    )


@pytest.mark.parametrize("name", [*MADE, pytest.param("reference", marks=pytest.mark.long)])
def test_what_is_drawn_as_seen_is_what_a_straight_line_reaches(name: str) -> None:
    ground = getattr(grounds, name)()
    lines, ready, chance = Lines(ground), walls(ground), np.random.default_rng(7)
    wrong = asked = 0
    for camera in some(ground, 12):
        radius = optics.reach(camera, 62.5)
        points = thrown(camera, radius, optics.near(camera), 200, chance)
        seen = sight(ready, camera, radius)
        clear = ~at_edge(seen.shape(radius), points)
        truth = lines.sees(camera, points)
        wrong += int(((seen.holds(points, radius) != truth) & clear).sum())
        wrong += int(((shapely.contains_xy(seen.shape(radius), points) != truth) & clear).sum())
        asked += int(clear.sum())
    assert asked > 2000
    assert wrong == 0


def test_a_shop_hides_exactly_its_shadow() -> None:
    asked = cover(yard(box(10, 25, 12, 35)), lens(x=0, y=30, fov=150, range_m=20, height_m=0.5))
    made = reckoned(asked)
    # The shop covers +-atan(5/10) as seen from the camera, and shadows what lies behind its front.
    shadow = math.atan(0.5) * 20**2 - 10 * 5
    whole_sector = math.radians(150) / 2 * 20**2
    assert made.views[0].area_m2 == pytest.approx(whole_sector - shadow, rel=2e-3)


def test_what_stands_under_a_high_camera_is_not_in_its_picture() -> None:
    low, high = lens(height_m=2.5, range_m=20), lens(height_m=6, range_m=20)
    assert 0 < optics.near(low) < optics.near(high) < 20
    made = reckoned(cover(yard(), replace(high, at=(10, 30))))
    inner = optics.near(high)
    assert made.views[0].area_m2 == pytest.approx(math.radians(30) * (20**2 - inner**2), rel=2e-3)


def test_a_wider_lens_shows_as_much_detail_less_far() -> None:
    narrow, wide, round_ = (lens(fov=fov, width_px=1920, range_m=300) for fov in (40, 100, 360))
    assert optics.reach(narrow, 125) == pytest.approx(1920 / (125 * 2 * math.tan(math.radians(20))))
    assert optics.reach(narrow, 125) > optics.reach(wide, 125) > optics.reach(round_, 125)
    assert optics.reach(replace(narrow, range_m=5), 125) == 5


def test_a_camera_that_looks_all_round_sees_a_whole_disc() -> None:
    made = reckoned(cover(yard(), lens(x=30, y=30, fov=360, range_m=10)))
    assert made.views[0].area_m2 == pytest.approx(math.pi * 100, rel=2e-3)


def test_a_slit_between_two_stalls_is_no_view() -> None:
    made = reckoned(cover(yard(box(10, 0, 12, 29.98), box(10, 30.02, 12, 60)), lens(x=5, y=30, range_m=40)))
    assert max(x for ring in made.views[0].rings[0] for x, _ in ring) < 10.1


def test_into_a_hall_one_sees_through_its_doors_alone() -> None:
    """Its aisle leads out; the room behind the wall beside it is hidden."""
    streets = (
        Street("s", "street", ((10, 0), (10, 60)), 20, box(0, 0, 20, 60)),
        Street("a", "aisle", ((20, 30), (22, 30)), 4, box(20, 28, 22, 32), "h"),
        Street("r", "cross", ((30, 22), (30, 38)), 17, box(22, 22, 39, 38), "h"),
    )
    ground = Ground((0, 0, 60, 60), (Hall("h", box(20, 20, 40, 40)),), streets, (), ())
    made = reckoned(cover(ground, lens(x=10, y=30, range_m=60)))
    street, aisle, room = math.tan(math.radians(30)) * 10**2, 2 * 4, 0.2 * (29**2 - 12**2)
    assert made.views[0].area_m2 == pytest.approx(street + aisle + room, rel=2e-3)
    gate = replace(ground, gates=(Gate("g", (20, 36)),))
    assert reckoned(cover(gate, lens(x=10, y=30, range_m=60))).seen > made.seen


def test_a_scale_that_has_no_such_level_is_said() -> None:
    with pytest.raises(ValueError, match="dori has no level discern"):
        whole.make(replace(cover(yard()), scale="dori", level="discern"), onward)


def test_a_market_without_cameras_is_blind_and_one_without_shops_is_reckoned() -> None:
    made = reckoned(cover(yard()))
    assert (made.seen, made.sectors, made.ground_m2) == (0, 0, 3600)
    assert [(spot.cause, spot.area_m2, spot.grid) for spot in made.blind] == [("none", 3600, None)]


@pytest.mark.parametrize("name", MADE)
def test_what_is_seen_and_what_is_blind_are_the_whole_ground(name: str) -> None:
    ground = MADE[name]()
    made = reckoned(cover(ground, *some(ground, 20), level="discern"))
    spots = sum(spot.area_m2 for spot in made.blind)
    assert spots == pytest.approx((1 - made.seen) * made.ground_m2, abs=0.005 * made.ground_m2)
    assert made.seen < made.sectors
    assert list(made.by_level.values()) == sorted(made.by_level.values(), reverse=True)
    assert made.by_grid["east"] == pytest.approx(made.seen, abs=0.005)
    assert {spot.cause for spot in made.blind} == {"none", "hidden"}


@settings(max_examples=5, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 12))
def test_one_camera_more_never_makes_a_market_blinder(seed: int, count: int) -> None:
    ground = MADE["small"]()
    lenses = some(ground, count, seed)
    less, more = reckoned(cover(ground, *lenses[1:])), reckoned(cover(ground, *lenses))
    assert more.seen >= less.seen - 1e-9
    alone = {view.id: view.alone_m2 for view in more.views}[lenses[0].id]
    assert (more.seen - less.seen) * more.ground_m2 == pytest.approx(alone, rel=1e-3, abs=0.1)


def test_what_only_a_dark_camera_saw_is_dark_and_the_rest_is_not() -> None:
    ground = MADE["small"]()
    lenses = some(ground, 8)
    before = reckoned(cover(ground, *lenses))
    gone = max(before.views, key=lambda view: view.alone_m2)
    after = reckoned(cover(ground, *(replace(one, blind=one.id == gone.id) for one in lenses)))
    dark = sum(spot.area_m2 for spot in after.blind if spot.cause == "dark")
    assert dark == pytest.approx((before.seen - after.seen) * before.ground_m2, rel=0.02)
    assert dark == pytest.approx(gone.alone_m2, rel=0.02)
    assert {view.id: view.alone_m2 for view in after.views}[gone.id] == pytest.approx(gone.alone_m2)
    assert not any(spot.cause == "dark" for spot in before.blind)


def test_a_camera_that_is_tried_is_told_as_the_whole_market_would_be() -> None:
    ground = MADE["irregular"]()
    asked = cover(ground, *some(ground, 15), level="discern")
    turned = replace(asked.lenses[4], bearing=(asked.lenses[4].bearing + 90) % 360)
    tried = one.make(LensAsked(asked, turned), onward)
    saved = replace(asked, lenses=tuple(turned if x.id == turned.id else x for x in asked.lenses))
    now, then = reckoned(asked), reckoned(saved)
    assert tried.seen == pytest.approx(then.seen, abs=1e-5)
    assert tried.gain_m2 == pytest.approx((then.seen - now.seen) * now.ground_m2, abs=0.1)
    assert tried.view.rings == {view.id: view.rings for view in then.views}[turned.id]
    more = one.make(LensAsked(asked, replace(turned, id="new")), onward)
    assert more.gain_m2 == pytest.approx(more.view.alone_m2)
    assert more.seen >= now.seen


def test_a_view_that_somebody_walked_counts_instead_of_the_reckoned_one() -> None:
    ground = yard(box(10, 25, 12, 35))
    walked = replace(lens(x=0, y=30), measured=box(20, 20, 30, 40))
    made = reckoned(cover(ground, walked))
    assert made.views[0].area_m2 == pytest.approx(200)
    assert made.seen == pytest.approx(200 / made.ground_m2)


def test_the_next_places_are_proved_best_and_gain_what_they_say() -> None:
    ground = MADE["irregular"]()
    asked = cover(ground, *some(ground, 10), level="discern")
    made = mounts.make(NextAsked(asked, 6, lens(fov=88, height_m=3.2, width_px=2560)), onward)
    assert made.greedy_m2 <= made.gain_m2 == pytest.approx(made.bound_m2)
    assert sum(mount.gain_m2 for mount in made.mounts) == pytest.approx(made.gain_m2)
    assert all(mount.rings for mount in made.mounts)
    put = tuple(
        lens(f"new-{i}", *mount.at, mount.bearing, fov=88, height_m=3.2, width_px=2560)
        for i, mount in enumerate(made.mounts)
    )
    before, after = reckoned(asked), reckoned(replace(asked, lenses=asked.lenses + put))
    assert (after.seen - before.seen) * before.ground_m2 == pytest.approx(made.gain_m2, rel=0.03)


def test_whoever_stops_the_search_gets_the_best_so_far_without_a_proof() -> None:
    ground = MADE["small"]()
    asked = NextAsked(cover(ground), 3, lens(fov=88, width_px=2560))
    made = mounts.make(asked, lambda said: said.stage != "best")
    assert len(made.mounts) == 3
    assert made.gain_m2 == made.greedy_m2 < made.bound_m2


def test_more_places_than_there_are_to_see_from_are_not_made_up() -> None:
    made = mounts.make(NextAsked(cover(yard(side=6)), 40, lens(fov=360, range_m=20)), onward)
    assert len(made.mounts) == 1


@pytest.mark.parametrize("ask", [asks.COVER, asks.NEXT, asks.LENS, asks.ZONES], ids=lambda ask: ask.name)
def test_what_is_asked_and_answered_goes_through_json_as_it_is(ask: asks.Ask[Any, Any]) -> None:
    ground = MADE["irregular"]()
    lenses = (*some(ground, 5), replace(lens("m"), measured=box(1, 1, 5, 5)), replace(lens("b"), blind=True))
    asked = cover(ground, *lenses)
    questions = {
        "cover": asked,
        "next": NextAsked(asked, 3, lens(fov=88)),
        "lens": LensAsked(asked, lenses[0], (FITTING,)),
        "zones": ZonesAsked(ground, lenses, (FITTING,)),
    }
    given = msgspec.json.decode(msgspec.json.encode(questions[ask.name]), type=ask.asked)
    assert given == questions[ask.name]
    module, _, function = ROOMS[ask.name].partition(":")
    made = getattr(import_module(module), function)(given, onward)
    assert msgspec.json.decode(msgspec.json.encode(made), type=ask.made) == made


@settings(max_examples=15, deadline=None)
@given(
    st.tuples(st.floats(-5, 105), st.floats(-5, 65)),
    st.floats(0, 359.9),
    st.one_of(st.floats(1, 360), st.sampled_from([90.0, 119.0, 121.0, 180.0, 359.0, 360.0])),
    st.floats(1, 300),
    st.floats(0.5, 40),
)
def test_a_camera_anywhere_sees_something_sound_or_nothing(
    at: tuple[float, float], bearing: float, fov: float, range_m: float, height_m: float
) -> None:
    """Also inside a shop, on a wall, on a corner, outside the market, or too high to see the ground."""
    ground = MADE["irregular"]()
    corner = ground.shops[int(at[0]) % len(ground.shops)].ring[0]
    for where in (at, corner, ground.shops[0].door):
        camera = Lens("a", where, bearing, fov, range_m, height_m, 1920)
        shape = whole.view(walls(ground), camera, 80.0)
        assert shape.is_valid
        assert shape.area <= math.pi * range_m**2


@pytest.mark.parametrize(
    ("camera", "looks"),
    [
        (lens(x=10, y=30), True),
        (lens(x=10, y=30, bearing=270), False),
        (lens(x=10, y=30, range_m=8), False),
        (lens(x=40, y=30), False),
        (replace(lens(x=10, y=30), measured=box(10, 28, 19, 32)), False),
        (replace(lens(x=10, y=30, bearing=270), measured=box(10, 28, 22, 32)), True),
    ],
    ids=["into", "away", "short", "other shops between", "walked and not into", "walked and into"],
)
def test_the_front_of_a_shop_does_not_shield_its_fitting_room(camera: Lens, looks: bool) -> None:
    ground = yard(box(20, 25, 25, 35), box(25, 20, 30, 40))
    made = zones.make(ZonesAsked(ground, (camera,), (FITTING,)), onward)
    assert made.enters == ((("a", "fitting"),) if looks else ())
    tried = one.make(LensAsked(cover(ground), camera, (FITTING,)), onward)
    assert tried.enters == (("fitting",) if looks else ())
