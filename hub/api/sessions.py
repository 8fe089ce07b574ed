"""My sessions, wall displays, and phones that are brought in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request, Response

from hub.api.flood import NAMES_PER_ADDRESS
from hub.api.guard import AtDisplay, Guarded, Public, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.refusal import Turned
from hub.api.shape.base import SlugPath, UuidPath
from hub.api.shape.session import (
    Acting,
    ByPhone,
    Count,
    Display,
    DisplayMade,
    Invite,
    Invited,
    Lived,
    Phone,
    PhoneGiven,
    Signing,
)
from hub.api.signing import give_cookie, signing
from hub.core.session import Kind
from hub.service.session import display, living, phone
from hub.service.shape import iso

router = Guarded(prefix="/api", tags=["session"], most=8192)

Anybody = Annotated[Visitor, Depends(Signed(shows=False))]
Enroller = Annotated[Visitor, Depends(Signed("enrol", shows=False))]
Maker = Annotated[Visitor, Depends(Signed("display.make", shows=False))]


@router.get("/sessions", response_model=list[Lived])
def mine(visitor: Anybody, parts: PartsHere) -> list[dict[str, Any]]:
    """The person's own sessions, the last used first."""
    with parts.readings() as session:
        rows = living.of_person(session, visitor.actor.person, parts.clock.now())
    return [
        {
            "id": row.id,
            "kind": row.kind,
            "label": row.label,
            "made_at": iso(row.made_at),
            "seen_at": iso(row.seen_at),
            "here": row.id == visitor.session,
        }
        for row in rows
    ]


@router.delete("/sessions", response_model=Count)
def end_others(visitor: Anybody, parts: PartsHere) -> dict[str, int]:
    """End every session of the person's but this one."""
    with parts.sessions.begin() as session:
        return {"count": living.end_others(session, visitor.actor, visitor.session, parts.clock.now())}


@router.delete("/sessions/{session_id}", status_code=204)
def end_one(session_id: UuidPath, visitor: Anybody, parts: PartsHere) -> None:
    """End one of the person's sessions."""
    with parts.sessions.begin() as session:
        if not living.end_one(session, visitor.actor, session_id, parts.clock.now()):
            raise Turned(404, "session.gone", "This session has ended already.", "该登录已结束。")


@router.get("/displays", response_model=list[Display])
def displays(visitor: Maker, parts: PartsHere) -> list[dict[str, Any]]:
    """Wall displays that the person answers for."""
    with parts.readings() as session:
        return display.listing(session, visitor.actor, parts.clock.now())


@router.post("/displays")
def make_display(
    given: DisplayMade, visitor: Maker, request: Request, response: Response, parts: PartsHere
) -> Signing:
    """Make this browser a wall's screen: from now on it shows its node and never locks; the person is out."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        made = display.make(session, visitor.actor, given.node, given.label, now)
        if visitor.kind is Kind.PERSON:
            living.end(session, visitor.token)
        session.flush()
        found = living.find(session, made.token, now)
    assert found is not None
    give_cookie(parts, request, response, made.token, Kind.DISPLAY)
    return signing(parts, Visitor(found.actor, made.csrf, made.token, made.id, Kind.DISPLAY))


@router.delete("/displays/{session_id}", status_code=204)
def end_display(session_id: UuidPath, visitor: Maker, parts: PartsHere) -> None:
    """Make a display an ordinary browser again."""
    with parts.sessions.begin() as session:
        display.end(session, visitor.actor, session_id, parts.clock.now())


@router.post("/display/person")
def act_here(given: Acting, visitor: Annotated[Visitor, Depends(AtDisplay())], parts: PartsHere) -> Signing:
    """Sign in at this display, by armband or log-in and PIN, for as long as one goes on acting."""
    flood, at = parts.flood, visitor.session
    with flood.guess("pin", given.who, at), flood.guess("pin at", at, given.who, NAMES_PER_ADDRESS):
        with parts.readings() as session:
            person, known = display.pin_of(session, at, given.who)
        right = parts.passwords.verify(known, given.pin)
        actor = None
        if right and person is not None:
            with parts.sessions.begin() as session:
                actor = display.sign_in(session, at, person, parts.clock.now())
        if actor is None:
            en = "The armband or the PIN is wrong. Try again, or have a PIN set in your own session."
            raise Turned(403, "session.pin", en, "袖标号或 PIN 不对，请重试，或先在自己的登录里设置 PIN。")
    shown = Visitor(visitor.actor, visitor.csrf, visitor.token, visitor.session, Kind.DISPLAY, (), actor)
    return signing(parts, shown)


@router.get("/phones", response_model=list[ByPhone])
def by_phone(visitor: Enroller, parts: PartsHere) -> list[dict[str, Any]]:
    """Everybody whose phone the visitor may bring in."""
    with parts.readings() as session:
        return phone.enrollable(session, visitor.actor, parts.clock.now())


@router.post("/phones", response_model=Invited)
def invite(given: Invite, visitor: Enroller, request: Request, parts: PartsHere) -> dict[str, Any]:
    """A code that brings in one phone of a person, once and within ten minutes."""
    with parts.sessions.begin() as session:
        made = phone.invite(session, visitor.actor, given.person, parts.clock.now())
    # Behind the # it is never sent to any server or written to any log.
    url = f"{str(request.base_url).rstrip('/')}/enrol#{made.token}"
    return {"url": url, "qr": parts.qr(url), "ends_at": iso(made.ends_at)}


@router.post("/phone", dependencies=[Depends(Public())])
def take(given: PhoneGiven, request: Request, response: Response, parts: PartsHere) -> Signing:
    """Bring this phone in: it keeps its private key and shows from now on that it has it."""
    address = request.client.host if request.client else ""
    with parts.flood.guess("phone", address, address, NAMES_PER_ADDRESS):
        key = parts.phone_key(given.key)
        if key is None:
            raise Turned(422, "phone.key", "This is not a key of a phone.", "手机密钥无效。")
        now = parts.clock.now()
        with parts.sessions.begin() as session:
            actor, made = phone.take(session, given.token, key, given.label, now)
    give_cookie(parts, request, response, made.token, Kind.PHONE)
    return signing(parts, Visitor(actor, made.csrf, made.token, made.id, Kind.PHONE))


@router.get("/people/{person}/phones", response_model=list[Phone])
def phones(person: SlugPath, visitor: Anybody, parts: PartsHere) -> list[dict[str, Any]]:
    """A person's phones."""
    with parts.readings() as session:
        return phone.listing(session, visitor.actor, person, parts.clock.now())


@router.delete("/people/{person}/phones/{session_id}", status_code=204)
def end_phone(person: SlugPath, session_id: UuidPath, visitor: Anybody, parts: PartsHere) -> None:
    """End a phone at once."""
    with parts.sessions.begin() as session:
        phone.end(session, visitor.actor, person, session_id, parts.clock.now())
