"""A market's plan lies on the earth: metres, WGS-84 and GCJ-02 lead into each other and back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from hub.core.gcj import from_gcj, to_gcj
from hub.core.placed import Anchor, PlaceAsked
from hub.core.refuse import Refused
from hub.plan.place import make

EARTH = Geod(ellps="WGS84")
CHENGDU = Anchor(104.066, 30.572, 12.5)
PUBLISHED = (
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
)
"""WGS-84 and GCJ-02 of places in Shanghai, Shenzhen and Beijing."""

anchors = st.builds(Anchor, st.floats(74, 134), st.floats(18, 53), st.floats(-180, 360))
on_plan = st.tuples(st.floats(-900, 900), st.floats(-900, 900))


def moved(
    points: tuple[tuple[float, float], ...], given: str, wanted: str, anchor: Anchor | None
) -> list[tuple[float, float]]:
    return list(make(PlaceAsked(points, given, wanted, anchor)).points)  # type: ignore[arg-type]


@pytest.mark.parametrize(("wgs", "gcj"), PUBLISHED)
def test_the_offset_of_published_maps_is_met_to_a_centimetre(
    wgs: tuple[float, float], gcj: tuple[float, float]
) -> None:
    assert EARTH.inv(*to_gcj(wgs), *gcj)[2] < 0.01
    assert EARTH.inv(*from_gcj(gcj), *wgs)[2] < 0.01
    assert 300 < EARTH.inv(*wgs, *gcj)[2] < 700


@given(st.floats(73, 135), st.floats(4, 53))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_the_offset_is_undone_to_a_millimetre_all_over_the_country(lon: float, lat: float) -> None:
    assert EARTH.inv(*from_gcj(to_gcj((lon, lat))), lon, lat)[2] < 0.001


def test_outside_the_country_maps_have_no_offset() -> None:
    assert to_gcj((2.35, 48.85)) == (2.35, 48.85)


@given(anchors, on_plan, on_plan)
@settings(max_examples=25, deadline=None, derandomize=True)
def test_a_length_on_the_plan_is_the_length_on_the_earth_to_two_millimetres(
    anchor: Anchor, one: tuple[float, float], other: tuple[float, float]
) -> None:
    (a, b) = moved((one, other), "metres", "wgs84", anchor)
    assert EARTH.inv(*a, *b)[2] == pytest.approx(math.dist(one, other), abs=0.002)


@given(anchors, on_plan, st.sampled_from(["wgs84", "gcj02"]))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_what_goes_out_comes_back_to_the_millimetre(
    anchor: Anchor, at: tuple[float, float], frame: str
) -> None:
    (there,) = moved((at,), "metres", frame, anchor)
    (back,) = moved((there,), frame, "metres", anchor)
    assert back == pytest.approx(at, abs=0.0011)


def test_up_on_the_plan_has_the_bearing_that_was_told() -> None:
    ((lon, lat), origin) = moved(((0.0, -100.0), (0.0, 0.0)), "metres", "wgs84", CHENGDU)
    assert origin == pytest.approx((CHENGDU.lon, CHENGDU.lat), abs=1e-9)
    assert EARTH.inv(*origin, lon, lat)[0] == pytest.approx(12.5, abs=0.001)
    ((east, north),) = moved(((100.0, 0.0),), "metres", "wgs84", CHENGDU)
    assert EARTH.inv(*origin, east, north)[0] == pytest.approx(102.5, abs=0.001)


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (PlaceAsked(((104.0, 30.0),), "wgs84", "metres"), "place.anchor"),
        (PlaceAsked(((1.0, 1.0),), "metres", "gcj02"), "place.anchor"),
        (PlaceAsked(((320.0, 200.0),), "wgs84", "metres", CHENGDU), "place.degrees"),
        (PlaceAsked(((-75.0, -30.0),), "wgs84", "metres", CHENGDU), "place.far"),
    ],
)
def test_what_cannot_be_placed_is_refused_with_a_sentence(asked: PlaceAsked, code: str) -> None:
    with pytest.raises(Refused) as refused:
        make(asked)
    assert refused.value.code == code
    assert refused.value.zh


def test_nothing_stays_nothing_and_the_same_frame_changes_nothing() -> None:
    assert moved((), "wgs84", "metres", CHENGDU) == []
    assert moved((), "metres", "wgs84", CHENGDU) == []
    assert moved(((7.0, 8.0),), "metres", "metres", None) == [(7.0, 8.0)]
