"""Put the reference market into a database; what is there already stays as it is.

Safe at every start and after one that was interrupted: rows are found by their ids and only missing ones are
added, so that a second start rolls the roster forward and changes nothing else.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from hub.core import monthly
from hub.demo import cameras, grids, ground, patrols, premises, registers, rosters, rotation
from hub.demo.people import DemoPerson, everybody, turns
from hub.gear.password import check_key, hash_key, new_key
from hub.service import placement, staff
from hub.service.number import day_of
from hub.store.camera import Camera
from hub.store.device import Device
from hub.store.duty import Crew, Duty
from hub.store.market import Area, Gate, Grid, Hall, Market, Shop, ShopGroup, Street
from hub.store.people import Grant, Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy.orm import Session

    from hub.core.ground import Ground
    from hub.demo.cameras import DemoCamera
    from hub.ports import Passwords
    from hub.store.base import Base

MARKET = "yunda"
ZONE = "Asia/Shanghai"
DISTRICT, STREET = "qinghe", "yunda-street"


@dataclass(frozen=True, slots=True)
class Reference:
    """The reference market as values."""

    ground: Ground
    split: grids.Split
    cameras: tuple[DemoCamera, ...]
    people: tuple[DemoPerson, ...]


def reference() -> Reference:
    """Made anew; takes about half a second."""
    made = ground.reference()
    split = grids.split(made)
    return Reference(made, split, cameras.place(made, split.grid_of), everybody())


def load(session: Session, passwords: Passwords, now: datetime) -> None:
    """Add whatever of the reference market is missing, and the turns around `now`."""
    made = reference()
    _add(session, _areas())
    _add(session, [_market(made)])
    _belong(session)
    _add(session, _people(session, made, passwords))
    _add(
        session,
        (Grant(id=f"{p.id}-{p.role}", person=p.id, role=p.role, node=_node(made, p)) for p in made.people),
    )
    _add(session, _ground(made))
    _add(session, _shops(made))
    _draw(session, made)
    placement.settle(session, MARKET, day_of(session, MARKET, now))
    _add(session, (_device(name) for name in sorted({c.device for c in made.cameras if c.device})))
    _add(session, (_camera(camera) for camera in made.cameras))
    _add(session, registers.of(made.people, MARKET, now))
    rosters.hang(session, MARKET, now)
    _add(session, _duty(session, made, now))
    _add(session, premises.of(made, MARKET, now))
    premises.appoint(session, made, MARKET, now)
    patrols.hang(session, made, MARKET, now)
    rotation.give(session, MARKET, now)
    staff.keep_barred(session, now)


def write_keys(session: Session, folder: Path) -> None:
    """See that every demo device's key stands in `folder`/<device>.key, 0600, and fits its row."""
    folder.mkdir(parents=True, exist_ok=True)
    for device in session.scalars(select(Device).where(Device.market == MARKET)):
        file = folder / f"{device.id}.key"
        try:
            known = file.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            known = ""
        if device.key_hash and known and check_key(device.key_hash, known):
            continue
        key = known or new_key()
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(f"{key}\n")
        device.key_hash = hash_key(key)


def _add(session: Session, rows: Iterable[Base]) -> None:
    """Add those that are missing, a table at a time so that references stand before they are used."""
    by_table: dict[type[Base], dict[str, Base]] = {}
    for row in rows:
        by_table.setdefault(type(row), {})[getattr(row, _key(type(row)))] = row
    for table, wanted in by_table.items():
        there = set(session.scalars(select(getattr(table, _key(table)))))
        session.add_all(row for name, row in wanted.items() if name not in there)
        session.flush()


def _key(table: type[Base]) -> str:
    (column,) = table.__table__.primary_key
    return column.name


def _areas() -> Iterator[Area]:
    yield Area(id=DISTRICT, kind="district", parent=None, name_zh="清河区", name_en="Qinghe District")
    yield Area(id=STREET, kind="street", parent=DISTRICT, name_zh="运达街道", name_en="Yunda Street")


def _market(made: Reference) -> Market:
    left, top, right, bottom = made.ground.bounds
    return Market(
        id=MARKET,
        name_zh="运达市场",
        name_en="Yunda Market",
        x0=left,
        y0=top,
        x1=right,
        y1=bottom,
        zone=ZONE,
        area=STREET,
    )


def _belong(session: Session) -> None:
    """A market from before there were streets gets its own."""
    row = session.get_one(Market, MARKET)
    row.area = row.area or STREET


def _draw(session: Session, made: Reference) -> None:
    """A market from before streets had lines gets its own, and its shops the streets that they open to."""
    streets = {street.id: street for street in made.ground.streets}
    shops = {shop.id: shop for shop in made.ground.shops}
    for row in session.scalars(select(Street).where(Street.market == MARKET, Street.line.is_(None))):
        if drawn := streets.get(row.id):
            row.line, row.width, row.hall = list(drawn.line), drawn.width, drawn.hall
    for shop in session.scalars(select(Shop).where(Shop.market == MARKET, Shop.street.is_(None))):
        if known := shops.get(shop.id):
            shop.street, shop.work = known.street, known.work


def _people(session: Session, made: Reference, passwords: Passwords) -> Iterator[Person]:
    there = set(session.scalars(select(Person.id)))
    for person in made.people:
        if person.id not in there:
            yield Person(
                id=person.id,
                market=MARKET,
                name_zh=person.zh,
                name_en=person.en,
                armband=person.armband or None,
                login=person.login or None,
                password_hash=passwords.hash(person.password) if person.login else None,
            )


def _node(made: Reference, person: DemoPerson) -> str:
    head, at, shop = person.node.partition("@")
    return head + made.split.group_of[shop] if head and at else person.node


def _ground(made: Reference) -> Iterator[Base]:
    for hall in made.ground.halls:
        spoken = hall.id.removeprefix("h")
        yield Hall(
            id=hall.id,
            market=MARKET,
            name_zh=f"{spoken} 号厅",
            name_en=f"Hall {spoken}",
            ring=hall.ring,
        )
    for street in made.ground.streets:
        yield Street(
            id=street.id,
            market=MARKET,
            kind=street.kind,
            ring=street.ring,
            line=street.line,
            width=street.width,
            hall=street.hall,
        )
    for gate in made.ground.gates:
        zh, en = (name.format(gate.id[1:]) for name in cameras.GATE_NAMES[gate.id[0]])
        yield Gate(id=gate.id, market=MARKET, name_zh=zh, name_en=en, x=gate.at[0], y=gate.at[1])
    for number, (name, zh, en) in enumerate(grids.NAMES, 1):
        leader = next(p.id for p in made.people if p.role == "leader" and p.node == f"{MARKET}/{name}")
        yield Grid(
            id=name, market=MARKET, number=number, name_zh=zh, name_en=en, tint=number - 1, leader=leader
        )
        yield Crew(id=f"crew-{number}", market=MARKET, grid=name, number=number)


def _shops(made: Reference) -> Iterator[Base]:
    for group in made.split.groups:
        yield ShopGroup(id=group.id, market=MARKET, grid=group.grid, number=group.number, centre=group.centre)
    for shop in made.ground.shops:
        yield Shop(
            id=shop.id,
            market=MARKET,
            grid=made.split.grid_of[shop.id],
            group=made.split.group_of[shop.id],
            hall=shop.hall,
            name_zh=shop.id.upper(),
            name_en=shop.id.upper(),
            ring=[value for corner in shop.ring for value in corner],
            door_x=shop.door[0],
            door_y=shop.door[1],
            open=shop.open,
            street=shop.street,
            work=shop.work,
        )


def _device(name: str) -> Device:
    return Device(id=name, market=MARKET, status="enrolled")


def _camera(camera: DemoCamera) -> Camera:
    spot = camera.spot
    return Camera(
        id=camera.id,
        market=MARKET,
        device=camera.device,
        name_zh=camera.id.upper(),
        name_en=camera.id.upper(),
        place_zh=spot.place[0],
        place_en=spot.place[1],
        grid=spot.grid,
        hall=spot.hall,
        x=spot.x,
        y=round(spot.y, 2),
        bearing=spot.bearing,
        fov=spot.fov,
        range_m=spot.range_m,
        critical=spot.critical,
        width_px=2560,
        **cameras.FILED,
    )


def _duty(session: Session, made: Reference, now: datetime) -> Iterator[Duty]:
    """Turns of people.csv; who stands in a roster then has that duty already."""
    rostered = select(Duty.person, Duty.begins).where(Duty.roster.is_not(None), Duty.ends > now - monthly.DAY)
    there = {(person, begins) for person, begins in session.execute(rostered)}
    for turn in turns(made.people, ZONE, now):
        if (turn.person.id, turn.begins) in there:
            continue
        yield Duty(
            id=turn.id,
            market=MARKET,
            person=turn.person.id,
            crew=f"crew-{turn.person.crew}" if turn.person.crew else None,
            post=turn.person.post,
            begins=turn.begins,
            ends=turn.ends,
        )
