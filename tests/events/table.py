"""The table of events: for each film what each zone must tell, and when, and that it tells nothing else.

Times of the square are those of its ground truth (PETS2009 S2.L1), by where people's feet are; times of the
other clips were read from their pictures. Every row that names nothing is a hard negative.
"""

from __future__ import annotations

from tests.events.film import FOOTAGE, VTEST, Film, cut, half_lost, lights, visits
from tests.events.row import Named, Row
from tests.events.sights import SIGHT_ROWS, seeing
from tests.events.things import THING_ROWS
from wire.calendar import Hours
from wire.rule import CrowdRule, IntrusionRule, LineRule, LingerRule, VehicleRule
from wire.scene import Polygon, ZoneConfig

ONE_BY_ONE = FOOTAGE / "intel_one-by-one-person.mp4"
CARS = FOOTAGE / "intel_car-detection.mp4"

SQUARE = cut("square", VTEST)
TABLE = cut("table, two guests", ONE_BY_ONE, 0.0, 47.0)
GUESTS = cut("table, six guests", ONE_BY_ONE, long=True)
HALF = Film("table, half lost", ONE_BY_ONE, lambda path: half_lost(path, 47.0, seed=4))
VISITS = Film("table, four visits", ONE_BY_ONE, lambda path: visits(path, ((21.5, 26.5), (41.5, 46.5)), 4))
ROAD = cut("road from above", CARS)
LIGHTS = Film("road, lights", CARS, lambda path: lights(path, 11.0, 40.0))
AISLE = cut("shop aisle", FOOTAGE / "intel_store-aisle-detection.gif")
MOTORWAY = cut("motorway", FOOTAGE / "bgs_video02.avi")

WHOLE: Polygon = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
GREEN: Polygon = ((0.0, 0.46), (0.3, 0.5), (0.62, 0.72), (1.0, 0.9), (1.0, 1.0), (0.0, 1.0))
WAY: Polygon = ((0.02, 0.33), (0.45, 0.33), (0.8, 0.28), (1.0, 0.55), (1.0, 0.84), (0.02, 0.45))
EXIT: Polygon = ((0.4, 0.32), (0.75, 0.36), (0.75, 0.6), (0.4, 0.52))
AT_TABLE: Polygon = ((0.3, 0.45), (0.85, 0.45), (0.85, 1.0), (0.3, 1.0))
SHOULDER: Polygon = ((0.74, 1.0), (0.78, 0.85), (0.9, 0.25), (0.96, 0.25), (0.95, 1.0))
LANES: Polygon = ((0.1, 1.0), (0.7, 0.3), (0.9, 0.3), (0.72, 1.0))


def line(x: float, top: float, bottom: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """A line from above to below: to walk to the left is to come in."""
    return (x, top), (x, bottom)


SQUARE_ROWS = (
    Row(
        SQUARE,
        "whoever walks on the green at night is told",
        ZoneConfig(id="green", polygon=GREEN, rules=(IntrusionRule(cooldown=0.0),)),
        (Named("intrusion", 51.3),),
    ),
    Row(
        SQUARE,
        "and by day nobody is",
        ZoneConfig(
            id="by-day", polygon=GREEN, rules=(IntrusionRule(armed=(Hours("06:00", "22:00"),), cooldown=0.0),)
        ),
    ),
    Row(
        SQUARE,
        "two stay before the exit for twelve seconds",
        ZoneConfig(id="exit", polygon=EXIT, rules=(LingerRule(seconds=12.0, cooldown=0.0),)),
        (Named("linger", 12.0, 1.5), Named("linger", 76.1, 1.5)),
    ),
    Row(
        SQUARE,
        "and nobody for half a minute",
        ZoneConfig(id="exit-long", polygon=EXIT, rules=(LingerRule(seconds=30.0, cooldown=0.0),)),
    ),
    Row(
        SQUARE,
        "five are a crowd here, twice",
        ZoneConfig(id="way", polygon=WAY, rules=(CrowdRule(count=5, clear=3, seconds=3.0, cooldown=0.0),)),
        (Named("crowd", 5.1, 2.5), Named("crowd", 63.5, 3.0)),
    ),
    Row(
        SQUARE,
        "and one in fifty square metres of it is the same",
        ZoneConfig(
            id="way-dense",
            polygon=WAY,
            area=250.0,
            rules=(CrowdRule(density=0.02, seconds=3.0, cooldown=0.0),),
        ),
        (Named("crowd", 5.1, 2.5), Named("crowd", 63.5, 3.0)),
    ),
    Row(
        SQUARE,
        "nine never come together",
        ZoneConfig(id="way-nine", polygon=WAY, rules=(CrowdRule(count=9, clear=6, cooldown=0.0),)),
    ),
    Row(
        SQUARE,
        "six cross the west line inward, each is told",
        ZoneConfig(id="west-in", line=line(0.22, 0.33, 0.5), rules=(LineRule(fires="in", quiet=1.0),)),
        tuple(Named("line", at, 0.8) for at in (19.0, 21.3, 26.7, 54.5, 61.3, 71.8)),
    ),
    Row(
        SQUARE,
        "and three outward",
        ZoneConfig(id="west-out", line=line(0.22, 0.33, 0.5), rules=(LineRule(fires="out", quiet=1.0),)),
        tuple(Named("line", at, 0.8) for at in (29.7, 64.1, 65.9)),
    ),
    Row(
        SQUARE,
        "five cross the road, each is told",
        ZoneConfig(id="road", line=((0.8, 0.32), (0.98, 0.42)), rules=(LineRule(quiet=0.4),)),
        tuple(Named("line", at, 0.8) for at in (12.5, 13.8, 17.8, 26.9, 27.8)),
    ),
    Row(
        SQUARE,
        "parked vans are no vehicles that came",
        ZoneConfig(id="vans", polygon=WHOLE, rules=(VehicleRule(cooldown=0.0),)),
    ),
    Row(
        SQUARE,
        "people are no vehicles, by their motion either",
        ZoneConfig(id="walkers", polygon=WAY, rules=(VehicleRule(by="motion", least=0.05, cooldown=0.0),)),
    ),
)

LEAVING = line(0.72, 0.3, 1.0)

TABLE_ROWS = (
    Row(
        TABLE,
        "each of two guests is told",
        ZoneConfig(id="guest", polygon=AT_TABLE, rules=(IntrusionRule(cooldown=0.0),)),
        (Named("intrusion", 7.2, 1.2), Named("intrusion", 24.0, 1.2)),
    ),
    Row(
        TABLE,
        "the second stays for longer than fifteen seconds",
        ZoneConfig(id="stay", polygon=AT_TABLE, rules=(LingerRule(seconds=15.0, cooldown=0.0),)),
        (Named("linger", 38.6, 1.2),),
    ),
    Row(
        TABLE,
        "both leave over the line to the right",
        ZoneConfig(id="leave", line=LEAVING, rules=(LineRule(fires="out", quiet=1.0),)),
        (Named("line", 18.8), Named("line", 43.9)),
    ),
    Row(
        TABLE,
        "nobody comes over it",
        ZoneConfig(id="come", line=LEAVING, rules=(LineRule(fires="in", quiet=1.0),)),
    ),
    Row(
        HALF,
        "with every second picture lost each guest is told all the same",
        ZoneConfig(id="guest", polygon=AT_TABLE, rules=(IntrusionRule(cooldown=0.0),)),
        (Named("intrusion", 7.2, 2.0), Named("intrusion", 24.0, 2.0)),
    ),
    Row(
        HALF,
        "and who stays within a second of when he would be",
        ZoneConfig(id="stay", polygon=AT_TABLE, rules=(LingerRule(seconds=15.0, cooldown=0.0),)),
        (Named("linger", 38.6, 1.2),),
    ),
    Row(
        VISITS,
        "four short visits are no lingering",
        ZoneConfig(id="stay", polygon=AT_TABLE, rules=(LingerRule(seconds=8.0, cooldown=0.0),)),
    ),
)

GUEST_ROWS = (
    Row(
        GUESTS,
        "each of six guests is told",
        ZoneConfig(id="guest", polygon=AT_TABLE, rules=(IntrusionRule(cooldown=0.0),)),
        tuple(Named("intrusion", at, 1.2) for at in (7.2, 24.0, 51.6, 76.0, 93.8, 125.0)),
    ),
    Row(
        GUESTS,
        "three stay for longer than fifteen seconds",
        ZoneConfig(id="stay", polygon=AT_TABLE, rules=(LingerRule(seconds=15.0, cooldown=0.0),)),
        tuple(Named("linger", at, 1.2) for at in (38.6, 66.2, 108.4)),
    ),
    Row(
        GUESTS,
        "nobody for half a minute",
        ZoneConfig(id="stay-long", polygon=AT_TABLE, rules=(LingerRule(seconds=30.0, cooldown=0.0),)),
    ),
    Row(
        GUESTS,
        "all leave over the line to the right",
        ZoneConfig(id="leave", line=LEAVING, rules=(LineRule(fires="out", quiet=1.0),)),
        tuple(Named("line", at) for at in (18.8, 43.9, 68.9, 85.8, 118.7, 134.8)),
    ),
    Row(
        GUESTS,
        "two are never there together",
        ZoneConfig(id="pair", polygon=WHOLE, rules=(CrowdRule(count=2, clear=1, seconds=1.0, cooldown=0.0),)),
    ),
)

OTHER_ROWS = (
    Row(
        ROAD,
        "cars from straight above are told by their motion, with low trust",
        ZoneConfig(id="lane", polygon=WHOLE, rules=(VehicleRule(by="motion", least=0.02, cooldown=0.0),)),
        tuple(Named("vehicle", at, 0.9, "low") for at in (6.0, 15.8, 26.5)),
    ),
    Row(
        ROAD,
        "no person is there",
        ZoneConfig(id="nobody", polygon=WHOLE, rules=(IntrusionRule(cooldown=0.0), LingerRule(cooldown=0.0))),
    ),
    Row(
        LIGHTS,
        "lights that go on and off over an empty road are no vehicle and nobody",
        ZoneConfig(
            id="lane",
            polygon=WHOLE,
            rules=(VehicleRule(by="motion", least=0.02, cooldown=0.0), IntrusionRule(cooldown=0.0)),
        ),
    ),
    Row(
        AISLE,
        "three shoppers are a crowd in a narrow aisle",
        ZoneConfig(
            id="aisle", polygon=WHOLE, rules=(CrowdRule(count=3, clear=1, seconds=1.0, cooldown=0.0),)
        ),
        (Named("crowd", 2.8, 1.2),),
    ),
    Row(
        AISLE,
        "and nobody has stayed for ten seconds",
        ZoneConfig(id="stay", polygon=WHOLE, rules=(LingerRule(seconds=10.0, cooldown=0.0),)),
    ),
    Row(
        MOTORWAY,
        "who rides a bicycle on the hard shoulder is told",
        ZoneConfig(
            id="shoulder",
            polygon=SHOULDER,
            rules=(IntrusionRule(labels=("person", "bicycle", "motorcycle"), grace=5.0, cooldown=60.0),),
        ),
        (Named("intrusion", 5.0, 2.0),),
    ),
    Row(
        MOTORWAY,
        "where cars may not be, cars are told",
        ZoneConfig(id="lanes", polygon=LANES, rules=(VehicleRule(cooldown=60.0),)),
        (Named("vehicle", 1.4, 1.2, "normal"),),
    ),
)

SCENE_ROWS = (*SQUARE_ROWS, *TABLE_ROWS, *GUEST_ROWS, *OTHER_ROWS, *THING_ROWS)
ROWS: tuple[Row, ...] = (*SCENE_ROWS, *SIGHT_ROWS, *seeing(SCENE_ROWS))
FILMS: tuple[Film, ...] = tuple({row.film.name: row.film for row in ROWS}.values())


def rows_of(film: Film) -> list[Row]:
    """What a film must show."""
    return [row for row in ROWS if row.film.name == film.name]
