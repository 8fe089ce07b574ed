"""Rows of the table for what stands, is gone, is in the way or burns: bags put into the square, lamps, fire.

A bag in the square is told twenty seconds after it was put down, or after those left who stood beside it.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import numpy as np

from tests.edge import lights
from tests.edge.things import BAGS, UPRIGHT, Square
from tests.events.film import FOOTAGE, VTEST, Film, Shot, clip, cut
from tests.events.row import Named, Row
from wire.rule import AreaRule, BlockedRule, FireRule, LeftRule, RemovedRule, SmokeRule
from wire.scene import Polygon, ZoneConfig

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from edge.camera.mask import Picture
    from tests.edge.things import Bag

    Put = Callable[[Picture, float], Picture]

TRUTH = FOOTAGE / "opencv_vtest.gt.txt"
NEEDED = TRUTH if VTEST.is_file() else VTEST
"""Both are needed; the one that is not there is named where a film is skipped."""
WHOLE: Polygon = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
LANE: Polygon = ((0.05, 0.3), (0.4, 0.3), (0.4, 0.9), (0.05, 0.9))
UNATTENDED, GONE, WAY = 20.0, 10.0, 15.0
"""Seconds after which the rules tell of it."""
ALONE = {"brown-box": 17.0, "blue-trolley-case": 24.0, "white-sack": 29.5, "green-rucksack": 32.5}
"""The clip's second at which those are gone who stood beside a bag when it came; of the others nobody did."""
STRICT: tuple[AreaRule, ...] = (
    LeftRule(seconds=GONE, cooldown=0.0),
    RemovedRule(seconds=GONE, cooldown=0.0),
    BlockedRule(seconds=WAY, share=0.01, cooldown=0.0),
    FireRule(cooldown=0.0),
    SmokeRule(cooldown=0.0),
)
"""Stricter than anybody would have it."""


@lru_cache
def square() -> Square:
    return Square(VTEST, TRUTH)


def bags_in(name: str, bags: tuple[Bag, ...], end: float) -> Iterator[Shot]:
    """The square with bags in it, behind whoever walks before them; half as often as others are looked at."""
    for shot in itertools.islice(clip(VTEST, 0.0, end), None, None, 2):
        yield Shot(f"{shot.key}/{name}", shot.at, square().with_bags(shot.picture, shot.at, bags))


def in_square(name: str, put: Put, end: float = 64.0) -> Film:
    """The square of which every picture is changed."""
    return Film(name, VTEST, lambda path: changed(path, name, put, end), long=True)


def changed(path: Path, name: str, put: Put, end: float) -> Iterator[Shot]:
    for shot in clip(path, 0.0, end):
        yield Shot(f"{shot.key}/{name}", shot.at, put(shot.picture, shot.at))


def in_vests() -> Iterator[Shot]:
    """Everybody in the square in an orange vest, where the truth has them."""
    rows = np.loadtxt(TRUTH, delimiter=",")
    for shot in clip(VTEST, 0.0, 60.0):
        here = rows[rows[:, 0] == round(10 * shot.at) + 1, 2:6]
        boxes = np.concatenate([here[:, :2], here[:, :2] + here[:, 2:]], axis=1).astype(np.float32)
        yield Shot(f"{shot.key}/vests", shot.at, lights.vest(shot.picture, boxes))


def quiet(film: Film, why: str, zone: str = "strict") -> Row:
    """A hard negative: nothing is left, taken, in the way or on fire anywhere in the picture."""
    return Row(film, why, ZoneConfig(id=zone, polygon=WHOLE, rules=STRICT))


LEFT = Film("square, ten bags", NEEDED, lambda _: bags_in("left", (*BAGS, UPRIGHT), 60.0))
TAKEN_BAGS = tuple(replace(bag, begin=-1.0, end=bag.begin + 4) for bag in BAGS)
TAKEN = Film("square, ten taken", NEEDED, lambda _: bags_in("taken", TAKEN_BAGS, 55.0), long=True)
PARKS = in_square("a lorry parks", lambda picture, at: lights.lorry(picture, at, stay=30.0))
STOPS = in_square("a lorry stops", lambda picture, at: lights.lorry(picture, at, stay=12.0))
SMOKE = in_square("smoke on the green", lights.smoke, 50.0)
VESTS = Film("orange vests", NEEDED, lambda _: in_vests(), long=True)
HOUSE = cut("house on fire", FOOTAGE / "furg_house6_0-449.mp4")
CARTOON = cut("cartoon of a fire", FOOTAGE / "rohithas_fire.mp4", long=True)
FLAMES = cut("screen of flames", FOOTAGE / "haulth_fire.mp4")
BURNS: tuple[AreaRule, ...] = (FireRule(cooldown=0.0), SmokeRule(cooldown=0.0))

BAG_ROWS = (
    *(
        Row(
            LEFT,
            f"the {bag.name} is told once nobody has been beside it for twenty seconds",
            ZoneConfig(id=bag.name, polygon=bag.zone, rules=(LeftRule(seconds=UNATTENDED),)),
            (Named("left", ALONE.get(bag.name, bag.begin) + UNATTENDED, 4.0),),
        )
        for bag in BAGS
    ),
    Row(
        LEFT,
        "a suitcase that stands upright, which the detector takes for a person",
        ZoneConfig(id=UPRIGHT.name, polygon=UPRIGHT.zone, rules=(LeftRule(seconds=UNATTENDED),)),
        (Named("left", UPRIGHT.begin + UNATTENDED, 4.0),),
        is_required=False,
    ),
    Row(
        LEFT,
        "and nothing is gone",
        ZoneConfig(id="gone", polygon=WHOLE, rules=(RemovedRule(seconds=GONE, cooldown=0.0),)),
    ),
    *(
        Row(
            TAKEN,
            f"the {bag.name} is told ten seconds after it was taken",
            ZoneConfig(id=bag.name, polygon=bag.zone, rules=(RemovedRule(seconds=GONE),)),
            (Named("removed", bag.end + GONE, 2.0),),
        )
        for bag in TAKEN_BAGS
    ),
    Row(
        TAKEN,
        "and nothing is left",
        ZoneConfig(id="left", polygon=WHOLE, rules=(LeftRule(seconds=GONE, cooldown=0.0),)),
    ),
    quiet(cut("square", VTEST), "in the square nothing is left, taken, in the way or on fire"),
)

WAY_ROWS = (
    Row(
        PARKS,
        "a lorry that parks in the lane is told",
        ZoneConfig(id="lane", polygon=LANE, rules=(BlockedRule(seconds=WAY, share=0.3),)),
        (Named("blocked", 20 + WAY + 3, 3.0),),
    ),
    Row(
        STOPS,
        "one that stops for twelve seconds does not block it",
        ZoneConfig(id="lane", polygon=LANE, rules=(BlockedRule(seconds=WAY, share=0.3),)),
    ),
    quiet(STOPS, "nor is it left or something gone because of it"),
)

LIGHT_ROWS = (
    quiet(in_square("lamps", lights.lamps_off), "lamps that go out and on are no thing"),
    quiet(in_square("half the lamps", lights.half_dark), "nor those over one half"),
    quiet(in_square("exposure", lights.exposure), "nor is a camera that hunts for its exposure"),
    quiet(in_square("night", lights.night), "nor the switch to night and back"),
    quiet(in_square("sun", lights.sun_patch), "nor a patch of sun"),
    *(
        quiet(in_square(f"window {kind}", partial(lights.shop_window, kind=kind), 40.0), why)
        for kind, why in (
            ("still", "a bright shop window is no fire"),
            ("blinks", "nor one that blinks"),
            ("runs", "nor a chain of lamps that runs"),
        )
    ),
    quiet(VESTS, "nor people in orange vests"),
)

FIRE_ROWS = (
    Row(
        HOUSE,
        "a house on fire is told, with low trust",
        ZoneConfig(id="burning", polygon=WHOLE, rules=(FireRule(),)),
        (Named("fire", 4.5, 2.0, "low"),),
    ),
    Row(
        CARTOON,
        "a cartoon of a fire may be told, with low trust only",
        ZoneConfig(id="burning", polygon=WHOLE, rules=BURNS),
        (Named("fire", 6.8, 3.0, "low"),),
        is_required=False,
    ),
    Row(
        FLAMES,
        "a screen full of flames",
        ZoneConfig(id="burning", polygon=WHOLE, rules=BURNS),
        (Named("fire", 4.0, 3.0, "low"),),
        is_required=False,
    ),
    Row(
        SMOKE,
        "smoke that rises from the green is told, with low trust",
        ZoneConfig(id="smoking", polygon=WHOLE, rules=(SmokeRule(),)),
        (Named("smoke", 30.0, 8.0, "low"),),
    ),
    Row(SMOKE, "and is no fire", ZoneConfig(id="burning", polygon=WHOLE, rules=(FireRule(),))),
)

OTHER_PLACES = tuple(
    quiet(film, why)
    for film, why in (
        (
            cut("table, six guests", FOOTAGE / "intel_one-by-one-person.mp4", long=True),
            "guests who stand still are not left",
        ),
        (
            cut("road from above", FOOTAGE / "intel_car-detection.mp4"),
            "a road is no place where things are left",
        ),
        (cut("motorway", FOOTAGE / "bgs_video02.avi"), "nor is a motorway"),
        (cut("shop aisle", FOOTAGE / "intel_store-aisle-detection.gif"), "nor an aisle with shoppers"),
        (cut("an empty room", FOOTAGE / "intel_people-detection.gif"), "nor a room that somebody leaves"),
    )
)

THING_ROWS: tuple[Row, ...] = (*BAG_ROWS, *WAY_ROWS, *LIGHT_ROWS, *FIRE_ROWS, *OTHER_PLACES)
"""What this file adds to the table."""
