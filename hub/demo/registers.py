"""The reference market's staff, their certificates, and the armbands, as one finds them at a first start."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hub.store.staff import Armband, Certificate, Staff

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from hub.demo.people import DemoPerson
    from hub.store.base import Base

POSTS = frozenset({"guard", "monitor", "dispatcher", "desk", "leader", "manager"})
"""Roles that are posts of the staff; others come from elsewhere."""
CONTRACTOR = "清河安保服务公司"
KINDS: dict[str, tuple[str, ...]] = {
    "guard": ("guard", "first_aid"),
    "monitor": ("cctv",),
    "leader": ("guard", "fire"),
    "manager": ("fire",),
}
"""Post → certificates and training."""
BESIDES: dict[str, tuple[str, ...]] = dict.fromkeys(("peng-dahai", "jiang-ping", "chang-qingsong"), ("fire",))
"""Guards who may head a night."""
YEARS = {"cctv": 3, "guard": 5, "fire": 2, "first_aid": 2}
"""How long each holds."""
HALF_OVER = timedelta(days=200)
SOON = {("ren-zhong", "cctv"): timedelta(days=12), ("du-yongan", "first_aid"): timedelta(days=20)}
"""Those that end soon after the first start."""
LAPSED = frozenset({("hou-jianye", "first_aid")})
STORED, LOST = tuple(f"09{number:02}" for number in range(1, 13)), ("0213",)


def of(people: tuple[DemoPerson, ...], market: str, now: datetime) -> Iterator[Base]:
    """Every row, told by `now`; those that a database has already are left as they are."""
    today = now.date()
    staff = [person for person in people if person.role in POSTS]
    for person in staff:
        yield Staff(
            person=person.id,
            post=person.role,
            employer=CONTRACTOR if person.role == "guard" else "",
            begins=today - 2 * HALF_OVER,
            ends=None,
        )
    for person in staff:
        for kind in (*KINDS.get(person.role, ()), *BESIDES.get(person.id, ())):
            yield _certificate(person.id, kind, today)
    since = now - HALF_OVER
    for person in people:
        if person.armband:
            yield _armband(market, person.armband, "issued", person.id, since)
    for state, numbers in (("stored", STORED), ("lost", LOST)):
        for number in numbers:
            yield _armband(market, number, state, None, since)


def _certificate(person: str, kind: str, today: date) -> Certificate:
    length, ends = timedelta(days=365 * YEARS[kind]), today - HALF_OVER + timedelta(days=365 * YEARS[kind])
    if (person, kind) in SOON:
        ends = today + SOON[person, kind]
    elif (person, kind) in LAPSED:
        ends = today - timedelta(days=9)
    return Certificate(id=f"{person}-{kind}", person=person, kind=kind, begins=ends - length, ends=ends)


def _armband(market: str, number: str, state: str, person: str | None, since: datetime) -> Armband:
    return Armband(
        id=f"{market}-{number}", market=market, number=number, state=state, person=person, since=since
    )
