"""A small market for tests: two grids, four groups, twelve shops, three cameras, every role."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from hub.core.glossary import Pair
from hub.service import people, placement
from hub.service.place import Place
from hub.store.camera import Camera
from hub.store.device import Device
from hub.store.duty import Crew, Duty
from hub.store.market import Gate, Grid, Hall, Market, Shop, ShopGroup, Street
from hub.store.people import Grant, Person
from wire.message import Clock, Envelope, Event, new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hub.core.policy import Actor

MARKET = "yunda"
NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
"""12:00 in Shanghai."""
SHIFT = timedelta(hours=4)

PEOPLE = (
    ("he", "何素琴", "He Suqin", "desk", MARKET),
    ("gu", "顾言", "Gu Yan", "desk", MARKET),
    ("qin", "秦川", "Qin Chuan", "dispatcher", MARKET),
    ("lin", "林晓", "Lin Xiao", "monitor", MARKET),
    ("ren", "任重", "Ren Zhong", "monitor", MARKET),
    ("qiu", "邱止水", "Qiu Zhishui", "guard", f"{MARKET}/east"),
    ("jiang", "江临", "Jiang Lin", "guard", f"{MARKET}/east"),
    ("tao", "陶然", "Tao Ran", "guard", f"{MARKET}/west"),
    ("shen", "沈知行", "Shen Zhixing", "leader", f"{MARKET}/east"),
    ("zhou", "周启明", "Zhou Qiming", "manager", MARKET),
    ("han", "韩平川", "Han Pingchuan", "liaison", MARKET),
    ("fu", "傅安", "Fu An", "agency", MARKET),
    ("jia", "贾思齐", "Jia Siqi", "district", MARKET),
    ("zhu", "竺衡", "Zhu Heng", "auditor", MARKET),
    ("ji", "计明", "Ji Ming", "admin", MARKET),
    ("wu", "吴永昌", "Wu Yongchang", "centre", f"{MARKET}/east/east-1"),
    ("li", "李商", "Li Shang", "shop", f"{MARKET}/east/east-1"),
    ("xin", "辛信", "Xin Xin", "volunteer", f"{MARKET}/east"),
)
POSTS = {
    "zhou": "lead",
    "he": "desk",
    "qin": "desk",
    "lin": "monitor",
    "han": "liaison",
    "qiu": "guard",
    "jiang": "guard",
    "tao": "guard",
}
CREWS = {"qiu": "crew-1", "jiang": "crew-1", "tao": "crew-2"}


def found(s: Session) -> None:
    """Put the market into an empty database."""
    s.add(
        Market(
            id=MARKET,
            name_zh="运达市场",
            name_en="Yunda Market",
            x0=0,
            y0=0,
            x1=60,
            y1=40,
            zone="Asia/Shanghai",
        )
    )
    s.flush()
    for number, (person, zh, en, role, node) in enumerate(PEOPLE, 201):
        login = person if role != "volunteer" else None
        s.add(
            Person(
                id=person,
                market=MARKET,
                name_zh=zh,
                name_en=en,
                armband=f"0{number}",
                login=login,
                password_hash=f"hash of {person}",
                active=True,
            )
        )
        s.flush()
        s.add(Grant(id=f"{person}-{role}", person=person, role=role, node=node))
    _ground(s)
    placement.settle(s, MARKET, NOON.date())
    _eyes(s)
    for person, post in POSTS.items():
        s.add(
            Duty(
                id=f"{person}-noon",
                market=MARKET,
                person=person,
                crew=CREWS.get(person),
                post=post,
                begins=NOON - SHIFT,
                ends=NOON + SHIFT,
            )
        )
    s.flush()


def _ground(s: Session) -> None:
    s.add(
        Hall(
            id="h1",
            market=MARKET,
            name_zh="1 号厅",
            name_en="Hall 1",
            ring=[[0, 0], [60, 0], [60, 40], [0, 40]],
        )
    )
    s.add(Street(id="s1", market=MARKET, kind="aisle", ring=[[0, 18], [60, 18], [60, 22], [0, 22]]))
    s.add(Gate(id="g1", market=MARKET, name_zh="南门", name_en="South gate", x=30, y=40))
    for number, (grid, zh, en) in enumerate((("east", "东格", "East"), ("west", "西格", "West")), 1):
        leader = "shen" if grid == "east" else None
        s.add(
            Grid(
                id=grid, market=MARKET, number=number, name_zh=zh, name_en=en, tint=number - 1, leader=leader
            )
        )
    s.flush()
    for number in range(1, 5):
        grid = "east" if number <= 2 else "west"
        s.add(
            ShopGroup(
                id=f"{grid}-{number}",
                market=MARKET,
                grid=grid,
                number=number,
                centre=f"c-{number}0",
            )
        )
    for number, grid in ((1, "east"), (2, "west")):
        s.add(Crew(id=f"crew-{number}", market=MARKET, grid=grid, number=number))
    s.flush()
    for number in range(12):
        group = number // 3 + 1
        grid = "east" if group <= 2 else "west"
        x = float(number * 5)
        s.add(
            Shop(
                id=f"c-{group}{number % 3}",
                market=MARKET,
                grid=grid,
                group=f"{grid}-{group}",
                hall="h1",
                name_zh=f"C-{number}",
                name_en=f"C-{number}",
                ring=[x, 10, x + 5, 10, x + 5, 18, x, 18],
                door_x=x + 2.5,
                door_y=18,
                open=True,
            )
        )
    s.flush()


def _eyes(s: Session) -> None:
    for device in ("edge-1", "edge-2"):
        s.add(Device(id=device, market=MARKET, status="active"))
    s.flush()
    for number, (grid, device, critical) in enumerate(
        (("east", "edge-1", False), ("east", "edge-1", True), ("west", "edge-2", False)), 1
    ):
        s.add(
            Camera(
                id=f"c-3-{number}",
                market=MARKET,
                device=device,
                name_zh=f"C-3-{number}",
                name_en=f"C-3-{number}",
                place_zh=f"{number} 号巷",
                place_en=f"Aisle {number}",
                grid=grid,
                hall="h1",
                x=10.0 * number,
                y=20.0,
                bearing=90,
                fov=60,
                range_m=20,
                critical=critical,
                state="live",
            )
        )
    s.flush()


def actor(s: Session, person: str) -> Actor:
    """Somebody of the market, with the rights of this moment."""
    return people.actor_of(s, s.get_one(Person, person))


def event(kind: str = "intrusion", at: datetime = NOON, *, camera: str = "c-3-1", **more: object) -> Envelope:
    """What a box says when its rule fires."""
    body = {"event": new_id(), "phase": "new", "zone": "yard", "began": at, "at": at, "score": 0.8} | more
    return envelope(Event(kind=kind, camera=camera, **body), at)  # type: ignore[arg-type]


def envelope(body: object, at: datetime = NOON, device: str = "edge-1") -> Envelope:
    """A message as it comes from the broker."""
    return Envelope(
        v="1.0",
        id=new_id(),
        device=device,
        epoch=EPOCH,
        at=at,
        mono_ms=0,
        clock=Clock("ntp"),
        prio="p1",
        body=body,  # type: ignore[arg-type]
    )


EPOCH = new_id()

AISLE = Place(Pair("1 号巷", "Aisle 1"), "east", "east-1", 2.5, 20.0)
"""A place in the eastern grid."""
