"""The first start of an empty hub: its market, and the one person who can bring in all others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from hub.core.refuse import Refused
from hub.service import evidence, people
from hub.service.evidence import Entry
from hub.service.session.password import refuse_weak
from hub.store.market import Market
from hub.store.people import Grant, Person
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.glossary import Pair
    from hub.core.policy import Actor
    from hub.service.session.password import Fresh


@dataclass(frozen=True, slots=True)
class First:
    """What the first page asks for."""

    market: Pair
    zone: str
    person: Pair
    login: str
    password: Fresh


def wanted(s: Session) -> bool:
    """Whether nobody can sign in yet."""
    return s.scalar(select(Person.id).where(Person.login.is_not(None)).limit(1)) is None


def begin(s: Session, market: str, first: First, now: datetime) -> Actor:
    """Make the market, where it is not there yet, and its administrator.

    Raises:
        Refused: somebody can sign in already, the time zone is none, or the password is too easy to guess.
    """
    if not wanted(s):
        en = "This hub is set up already. Sign in."
        raise Refused("state", "setup.done", en, "系统已完成初始设置，请登录。")
    try:
        ZoneInfo(first.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        en = "This time zone is unknown. Write one such as Asia/Shanghai."
        raise Refused("input", "setup.zone", en, "没有这个时区，请写成 Asia/Shanghai 这样。") from error
    if s.get(Market, market) is None:
        s.add(
            Market(
                id=market,
                name_zh=first.market.zh,
                name_en=first.market.en,
                x0=0.0,
                y0=0.0,
                x1=1.0,
                y1=1.0,
                zone=first.zone,
            )
        )
    person = Person(
        id=new_id(), market=market, name_zh=first.person.zh, name_en=first.person.en, login=first.login
    )
    refuse_weak(first.password.text, person)
    person.password_hash = first.password.hashed
    s.add(person)
    s.flush()
    s.add(Grant(id=new_id(), person=person.id, role="admin", node=market))
    s.flush()
    actor = people.actor_of(s, person)
    evidence.append(s, market, Entry("setup", actor), now)
    return actor
