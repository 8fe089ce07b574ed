"""Staff, armbands, contacts, care visits, and the register of who looked at what."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request

from hub.api.guard import Guarded, Public, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.refusal import Turned
from hub.api.shape.base import RowPath, SlugPath
from hub.api.shape.people import (
    Armband,
    ArmbandAct,
    Care,
    Contact,
    Looked,
    LookUp,
    Made,
    NewArmbands,
    NewCare,
    NewCertificate,
    NewContact,
    NewStaff,
    PublicArmband,
    Staff,
)
from hub.service import armband, care, contact, register, staff

router = Guarded(prefix="/api", tags=["registers"], most=16_384)

Number = Annotated[str, Path(pattern=r"^[0-9A-Za-z]{1,12}$")]
SlugQuery = Annotated[str | None, Query(pattern=r"^[a-z0-9/-]{1,200}$")]
Kind = Annotated[str | None, Query(pattern=r"^(live|still|playback|export|contact)$")]
Limit = Annotated[int, Query(ge=1, le=200)]


def signed(*actions: str) -> Any:
    """A person who may do this somewhere; never a wall's screen by itself."""
    return Depends(Signed(*actions, shows=False))


@router.get("/staff", response_model=list[Staff])
def staff_list(visitor: Annotated[Visitor, signed("staff.see")], parts: PartsHere) -> list[dict[str, Any]]:
    """The staff register, as far as the visitor sees."""
    with parts.readings() as session:
        return staff.listing(session, visitor.actor, parts.clock.now())


@router.put("/staff/{person}", status_code=204)
def put_staff(
    person: SlugPath, given: NewStaff, visitor: Annotated[Visitor, signed("staff.change")], parts: PartsHere
) -> None:
    """Enter somebody, or change what is entered."""
    with parts.sessions.begin() as session:
        days = (given.begins, given.ends)
        staff.put(session, visitor.actor, person, given.post, given.employer, days, parts.clock.now())


@router.post("/staff/{person}/certificates", status_code=201)
def certify(
    person: SlugPath,
    given: NewCertificate,
    visitor: Annotated[Visitor, signed("staff.change")],
    parts: PartsHere,
) -> Made:
    """Enter a certificate or training; a lapsed one for cameras keeps from pictures at once."""
    with parts.sessions.begin() as session:
        days = (given.begins, given.ends)
        made = staff.certify(session, visitor.actor, person, given.kind, days, parts.clock.now())
        return Made(id=made.id)


@router.get("/armbands", response_model=list[Armband])
def armbands(visitor: Annotated[Visitor, signed("armband.see")], parts: PartsHere) -> list[dict[str, Any]]:
    """Armbands and who wears them."""
    with parts.readings() as session:
        return armband.listing(session, visitor.actor)


@router.post("/armbands", status_code=204)
def add_armbands(
    given: NewArmbands, visitor: Annotated[Visitor, signed("armband.change")], parts: PartsHere
) -> None:
    """New armbands come into store."""
    with parts.sessions.begin() as session:
        armband.add(session, visitor.actor, given.numbers, parts.clock.now())


@router.post("/armbands/{number}", status_code=204)
def turn_armband(
    number: Number,
    given: ArmbandAct,
    visitor: Annotated[Visitor, signed("armband.change")],
    parts: PartsHere,
) -> None:
    """Issue an armband to somebody, or return, lose, find or retire it."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        if given.act != "issue":
            armband.turn(session, visitor.actor, number, given.act, now)
        elif given.person is None:
            raise Turned(422, "armband.person", "Say who gets the armband.", "请选择发给谁。")
        else:
            armband.issue(session, visitor.actor, number, given.person, now)


@router.get(
    "/public/armband/{market}/{number}", response_model=PublicArmband, dependencies=[Depends(Public())]
)
def public_armband(market: SlugPath, number: Number, request: Request, parts: PartsHere) -> dict[str, Any]:
    """For anybody: which role and grid stand behind a number; never a name."""
    address = request.client.host if request.client else ""
    with parts.flood.few("armband", address), parts.readings() as session:
        return armband.public(session, market, number)


@router.post("/shops/{shop}/contacts/look", response_model=list[Contact])
def look(
    shop: SlugPath, given: LookUp, visitor: Annotated[Visitor, signed("contacts")], parts: PartsHere
) -> list[dict[str, Any]]:
    """Who answers for one shop; the purpose is registered first. There is no list of contacts."""
    now = parts.clock.now()
    with parts.flood.few("contact", visitor.actor.person), parts.sessions.begin() as session:
        return contact.look(session, visitor.actor, shop, given.purpose, given.case, now)


@router.post("/shops/{shop}/contacts", status_code=201)
def put_contact(
    shop: SlugPath, given: NewContact, visitor: Annotated[Visitor, signed("contacts")], parts: PartsHere
) -> Made:
    """Enter who answers for a shop in one role; whoever was entered before ends."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        row = contact.put(session, visitor.actor, shop, given.name, given.role, given.phone, now)
        return Made(id=row.id)


@router.get("/care", response_model=list[Care])
def cares(visitor: Annotated[Visitor, signed("care.see")], parts: PartsHere) -> list[dict[str, Any]]:
    """Care visits that run."""
    with parts.readings() as session:
        return care.listing(session, visitor.actor, parts.clock.now())


@router.post("/care", status_code=201)
def begin_care(given: NewCare, visitor: Annotated[Visitor, signed("care.change")], parts: PartsHere) -> Made:
    """A shop asks for visits until a day."""
    with parts.sessions.begin() as session:
        row = care.begin(session, visitor.actor, given.shop, given.scope, given.ends, parts.clock.now())
        return Made(id=row.id)


@router.delete("/care/{visit}", status_code=204)
def end_care(visit: RowPath, visitor: Annotated[Visitor, signed("care.change")], parts: PartsHere) -> None:
    """The shop wants no more visits."""
    with parts.sessions.begin() as session:
        care.withdraw(session, visitor.actor, visit, parts.clock.now())


@router.get("/register", response_model=list[Looked])
def looked(
    visitor: Annotated[Visitor, signed("register")],
    parts: PartsHere,
    person: SlugQuery = None,
    subject: SlugQuery = None,
    kind: Kind = None,
    before: SlugQuery = None,
    limit: Limit = 50,
) -> list[dict[str, Any]]:
    """Who looked at what, and why; newest first. Reading it leaves a line of its own."""
    filters = register.Filters(person, subject, kind, before, limit)
    with parts.sessions.begin() as session:
        return register.listing(session, visitor.actor, filters, parts.clock.now())
