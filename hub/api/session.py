"""Log in, log out, who am I."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request, Response
from pydantic import Field

from hub.api.guard import COOKIE, Guarded, Public, Signed, Visitor, somewhere
from hub.api.parts import Parts, PartsHere
from hub.api.shape import Given, Name, Pair, Shown
from hub.core.policy import Actor
from hub.core.session import LASTS, Kind
from hub.service import people
from hub.service.session import living
from hub.store.market import Market

COOKIE_SECONDS = int(LASTS[Kind.PERSON].total_seconds())
PAGES = {"wall": "wall.see", "cases": "case.see", "devices": "device.see", "letters": "admin.see"}
"""Page → what somebody must be allowed somewhere, for it to be theirs."""

router = Guarded(prefix="/api/session", tags=["session"], most=4096)


class Try(Given):
    """A log-in that is tried."""

    user: Name
    password: Annotated[str, Field(min_length=1, max_length=200)]


class Me(Shown):
    """Whoever is signed in; `node` is where most of their rights begin."""

    id: str
    name: Pair
    roles: list[str]
    node: str
    armband: str | None


class MarketName(Shown):
    """The market by its names."""

    id: str
    name: Pair


class Demo(Shown):
    """A log-in of the reference market."""

    user: str
    password: str
    role: str
    name: Pair


class Signing(Shown):
    """A session; `csrf` goes with every request that changes something, as X-CSRF."""

    person: Me
    pages: list[str]
    """The pages that are theirs."""
    csrf: str
    market: MarketName
    demo: list[Demo] | None


@router.post("", dependencies=[Depends(Public())])
def log_in(given: Try, request: Request, response: Response, parts: PartsHere) -> Signing:
    """Begin a session. An unknown name and a wrong password get the same answer after the same time."""
    address = request.client.host if request.client else ""
    with parts.flood.one(given.user, address), parts.readings() as session:
        actor = people.login(session, given.user, lambda known: parts.passwords.verify(known, given.password))
    with parts.sessions.begin() as session:
        made = living.begin(session, actor, parts.clock.now())
    secure = parts.secure_cookie or request.url.scheme == "https"
    response.set_cookie(COOKIE, made.token, COOKIE_SECONDS, httponly=True, samesite="lax", secure=secure)
    return _signing(parts, actor, made.csrf)


@router.get("")
def who_am_i(visitor: Annotated[Visitor, Depends(Signed())], parts: PartsHere) -> Signing:
    """The session at hand."""
    return _signing(parts, visitor.actor, visitor.csrf)


@router.delete("", status_code=204)
def log_out(visitor: Annotated[Visitor, Depends(Signed())], response: Response, parts: PartsHere) -> None:
    """End the session; its cookie is worth nothing from now on."""
    with parts.sessions.begin() as session:
        living.end(session, visitor.token)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")


def _signing(parts: Parts, actor: Actor, csrf: str) -> Signing:
    with parts.readings() as session:
        row = session.get_one(Market, actor.market)
    nodes = sorted(actor.nodes, key=len)
    me = Me(
        id=actor.person,
        name=Pair.model_validate(actor.name),
        roles=[str(role) for role in actor.roles],
        node=nodes[0] if nodes else actor.market,
        armband=actor.armband,
    )
    demo = [Demo.model_validate(login) for login in parts.demo] or None
    return Signing(
        person=me,
        pages=[page for page, action in PAGES.items() if somewhere(actor, action)],
        csrf=csrf,
        market=MarketName(id=row.id, name=Pair(zh=row.name_zh, en=row.name_en)),
        demo=demo,
    )
