"""Three markets of two districts, each place with one of everything, for the question who gets what where."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from hub.core.glossary import Pair
from hub.service import case as cases
from hub.service import people, placement
from hub.service.case.open import Report
from hub.service.place import Place as Spot
from hub.store.alert import Alert
from hub.store.camera import Camera
from hub.store.device import DeadLetter, Device
from hub.store.evidence import Blob, Media
from hub.store.market import Area, Grid, Market, Shop, ShopGroup
from hub.store.people import Grant, LoginSession, Person
from hub.store.staff import Armband, CareVisit, Contact, Proposal, Staff
from hub.store.turning import Turning
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

FILES = {"still": b"\xff\xd8\xff\xe0", "clip": b"\x00\x00\x00\x18ftyp"}
SHA = {role: hashlib.sha256(data).hexdigest() for role, data in FILES.items()}
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spot4:
    """One of the four places; `tag` is in the id of everything that stands there."""

    tag: str
    market: str
    grid: str
    number: int

    @property
    def node(self) -> str:
        """Its grid's path."""
        return f"{self.market}/{self.grid}"

    @property
    def group(self) -> str:
        """Its shop group's path."""
        return f"{self.node}/g-{self.tag}"


OWN = Spot4("own", MARKET, "east", 1)
SIBLING = Spot4("sibling", MARKET, "west", 2)
OTHER_MARKET = Spot4("other", "xinda", "north", 3)
OTHER_DISTRICT = Spot4("far", "anda", "south", 4)
PLACES = (OWN, SIBLING, OTHER_MARKET, OTHER_DISTRICT)


def build(s: Session) -> None:
    """Put it all into a database that has the town in it."""
    for area, kind, parent in (
        ("yuhua", "district", None),
        ("first-street", "street", "yuhua"),
        ("luohu", "district", None),
    ):
        s.add(Area(id=area, kind=kind, parent=parent, name_zh=area, name_en=area))
        s.flush()
    s.get_one(Market, MARKET).area = "first-street"
    for name, area in (("xinda", "first-street"), ("anda", "luohu")):
        s.add(Market(id=name, name_zh=name, name_en=name, x0=0, y0=0, x1=1, y1=1, zone="UTC", area=area))
    s.flush()
    for one in PLACES:
        if one.market != MARKET:
            s.add(Grid(id=one.grid, market=one.market, number=1, name_zh=one.tag, name_en=one.tag, tint=0))
            s.flush()
        _fill(s, one)
    s.flush()
    for market in (MARKET, "xinda", "anda"):
        placement.settle(s, market, NOON.date())


def _fill(s: Session, one: Spot4) -> None:
    tag, market, group = one.tag, one.market, f"g-{one.tag}"
    names = {"name_zh": f"{tag} 某", "name_en": f"{tag} name"}
    s.add(ShopGroup(id=group, market=market, grid=one.grid, number=90 + one.number, centre=None))
    s.add(Device(id=f"device-{tag}", market=market, status="active"))
    s.flush()
    ring = [0, 0, 1, 0, 1, 1]
    s.add(
        Shop(
            id=f"shop-{tag}",
            market=market,
            grid=one.grid,
            group=group,
            ring=ring,
            door_x=0,
            door_y=0,
            **names,
        )
    )
    place = {"place_zh": f"{tag} 巷", "place_en": f"{tag} aisle"}
    spot = {
        "x": 1.0,
        "y": 1.0,
        "bearing": 0.0,
        "fov": 60.0,
        "range_m": 9.0,
        "critical": False,
        "state": "live",
    }
    s.add(
        Camera(
            id=f"camera-{tag}",
            market=market,
            device=f"device-{tag}",
            grid=one.grid,
            hall=None,
            **names,
            **place,
            **spot,
        )
    )
    s.flush()
    s.add(Turning(camera=f"camera-{tag}", market=market, presets=["gate", "lane"]))
    for person, role, node in ((f"guard-{tag}", "guard", one.node), (f"shop-{tag}", "shop", one.group)):
        s.add(
            Person(id=person, market=market, login=f"log-{person}", password_hash=None, active=True, **names)
        )
        s.flush()
        s.add(Grant(id=f"grant-{person}", person=person, role=role, node=node))
    s.flush()
    _alert(s, one, place)
    _case(s, one)
    _registers(s, one)


def _alert(s: Session, one: Spot4, place: dict[str, str]) -> None:
    tag, market = one.tag, one.market
    s.add(
        Alert(
            id=f"alert-{tag}",
            market=market,
            number=f"A-{tag}",
            kind="intrusion",
            severity=1,
            state="NEW",
            camera=f"camera-{tag}",
            grid=one.grid,
            group=f"g-{tag}",
            first_at=NOON,
            last_at=NOON,
            received_at=NOON,
            ack_from=NOON,
            key=f"k-{tag}",
            boxes=[],
            **place,
        )
    )
    s.flush()
    for role, sha256, kind in (("still", SHA["still"], "image/jpeg"), ("clip", SHA["clip"], "video/mp4")):
        if s.get(Blob, sha256) is None:
            s.add(Blob(sha256=sha256, size=len(FILES[role]), type=kind, stored_at=NOON))
        s.add(
            Media(
                id=f"{role}-{tag}",
                market=market,
                sha256=sha256,
                size=len(FILES[role]),
                type=kind,
                role=role,
                camera=f"camera-{tag}",
                event=f"event-{tag}",
                alert=f"alert-{tag}",
                at=NOON,
            )
        )
    s.add(
        DeadLetter(
            id=f"0000000{one.number}-0000-7000-8000-00000000000{one.number}",
            market=market,
            device=f"device-{tag}",
            topic=f"lf/v1/{market}/device-{tag}/event",
            reason="a test",
            payload=b"{}",
            received_at=NOON,
        )
    )


def _case(s: Session, one: Spot4) -> None:
    words = Pair(f"{one.tag} 巷", f"{one.tag} aisle")
    where = Spot(words, one.grid, f"g-{one.tag}", 1.0, 1.0)
    s.flush()
    guard = people.actor_of(s, s.get_one(Person, f"guard-{one.tag}"))
    made = cases.open(s, guard, Report("theft", where, 2, "包"), None, NOON)
    s.flush()
    CASES[one.tag] = made.id


CASES: dict[str, str] = {}
"""tag → the id of the case there, once the world is built."""


def _registers(s: Session, one: Spot4) -> None:
    tag, market, guard = one.tag, one.market, f"guard-{one.tag}"
    s.add(Staff(person=guard, post="guard", employer="", begins=NOON.date(), ends=None))
    s.get_one(Person, guard).armband = f"88{one.number}"
    s.add(
        Armband(
            id=f"band-{tag}",
            market=market,
            number=f"88{one.number}",
            state="issued",
            person=guard,
            since=NOON,
        )
    )
    s.add(
        Contact(
            id=f"contact-{tag}",
            market=market,
            shop=f"shop-{tag}",
            name="某",
            role="owner",
            phone=f"0571 000{one.number}",
            made_at=NOON,
            made_by=guard,
        )
    )
    s.add(
        CareVisit(
            id=f"care-{tag}",
            market=market,
            shop=f"shop-{tag}",
            scope="看店",
            asked_by=guard,
            consent_at=NOON,
            begins=NOON.date(),
            ends=NOON.date() + DAY,
        )
    )
    s.add(
        Proposal(
            id=f"proposal-{tag}",
            market=market,
            person=f"shop-{tag}",
            role="volunteer",
            node=one.node,
            proposed_by=guard,
            proposed_at=NOON,
        )
    )
    for kind, session in (("display", f"d{one.number}"), ("phone", f"f{one.number}")):
        s.add(
            LoginSession(
                token_hash=f"{kind}-{tag}",
                id=session,
                person=guard if kind == "display" else f"shop-{tag}",
                kind=kind,
                owed=[],
                label=f"{kind}-{tag}",
                node=one.node if kind == "display" else None,
                csrf="",
                made_at=NOON,
                seen_at=NOON,
                ends_at=NOON + 30 * DAY,
            )
        )
