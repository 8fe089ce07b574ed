"""Log in, log out, who am I; the second factor, passwords and PINs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Request, Response

from hub.api.guard import COOKIE, Guarded, Public, Signed, Visitor
from hub.api.parts import Parts, PartsHere
from hub.api.refusal import Turned
from hub.api.shape.session import (
    Change,
    CodeGiven,
    FactorBegun,
    Pin,
    Recovery,
    Signing,
    Try,
)
from hub.api.signing import enter, signing
from hub.core.refuse import Refused
from hub.core.session import Kind, Owed
from hub.core.session import owed as owes
from hub.service import evidence, people
from hub.service.evidence import Entry
from hub.service.session import display, factor, living, password
from hub.service.session.living import Wanted
from hub.store.people import Person

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

router = Guarded(prefix="/api/session", tags=["session"], most=4096)

Half = Annotated[Visitor, Depends(Signed(half=True))]
Whole = Annotated[Visitor, Depends(Signed(shows=False))]


@router.post("", dependencies=[Depends(Public())])
def log_in(given: Try, request: Request, response: Response, parts: PartsHere) -> Signing:
    """Begin a session. An unknown name and a wrong password get the same answer after the same time.

    Where a code or a new password is owed, the session is half: `owed` says what is asked for next.
    """
    address = request.client.host if request.client else ""
    with parts.flood.one(given.user, address):
        try:
            with parts.readings() as session:
                actor = people.login(session, given.user, lambda k: parts.passwords.verify(k, given.password))
        except Refused:
            # After the answer: a line that only known names get would tell by the time it takes who is known.
            request.state.after = partial(_note_refused, parts, given.user)
            raise
    with parts.readings() as session:
        person = session.get_one(Person, actor.person)
        owed = owes(
            frozenset(actor.roles),
            has_factor=factor.has(session, actor.person),
            must_change=person.must_change,
            lenient=parts.lenient,
        )
    return enter(parts, request, response, actor, Wanted(Kind.HALF if owed else Kind.PERSON, owed))


@router.post("/code")
def code(given: CodeGiven, visitor: Half, request: Request, response: Response, parts: PartsHere) -> Signing:
    """The second factor's code, or a recovery code."""
    _refuse_not_owed(visitor, Owed.CODE)
    with _guess(parts, "code", visitor, request), parts.sessions.begin() as session:
        factor.check(session, visitor.actor, _tools(parts), given.code, parts.clock.now())
    return _go_on(parts, request, response, visitor, Owed.CODE)


@router.post("/password")
def change_password(
    given: Change, visitor: Half, request: Request, response: Response, parts: PartsHere
) -> Signing:
    """A new password; every other session of the person ends."""
    actor, now = visitor.actor, parts.clock.now()
    if visitor.kind is Kind.HALF:
        _refuse_not_owed(visitor, Owed.PASSWORD)
    else:
        _refuse_wrong(parts, visitor, request, given.old or "")
    with parts.readings() as session:
        password.refuse_old(session, actor, given.new, parts.passwords)
    new = parts.fresh(given.new)
    with parts.sessions.begin() as session:
        password.replace(session, actor, new, now, visitor.session)
    if visitor.kind is not Kind.HALF:
        return signing(parts, visitor)
    return _go_on(parts, request, response, visitor, Owed.PASSWORD)


@router.post("/pin", status_code=204)
def set_pin(given: Pin, visitor: Whole, request: Request, parts: PartsHere) -> None:
    """A PIN for the short sign-in at the wall's screens."""
    _refuse_wrong(parts, visitor, request, given.password)
    new = parts.fresh(given.pin)
    with parts.sessions.begin() as session:
        password.set_pin(session, visitor.actor, new, parts.clock.now())


@router.post("/factor")
def begin_factor(visitor: Half, parts: PartsHere) -> FactorBegun:
    """Begin to set up a second factor; it counts once a code has confirmed it."""
    if visitor.kind is Kind.HALF:
        _refuse_not_owed(visitor, Owed.FACTOR)
    with parts.sessions.begin() as session:
        secret, uri = factor.begin(session, visitor.actor, _tools(parts), parts.clock.now())
    return FactorBegun(secret=secret, uri=uri, qr=parts.qr(uri))


@router.post("/factor/confirm")
def confirm_factor(
    given: CodeGiven, visitor: Half, request: Request, response: Response, parts: PartsHere
) -> Recovery:
    """The app's first code; answers the recovery codes, this one time."""
    if visitor.kind is Kind.HALF:
        _refuse_not_owed(visitor, Owed.FACTOR)
    with _guess(parts, "code", visitor, request), parts.sessions.begin() as session:
        codes = factor.confirm(session, visitor.actor, _tools(parts), given.code, parts.clock.now())
    if visitor.kind is Kind.HALF:
        _go_on(parts, request, response, visitor, Owed.FACTOR)
    return Recovery(codes=codes)


@router.post("/factor/remove", status_code=204)
def remove_factor(given: CodeGiven, visitor: Whole, request: Request, parts: PartsHere) -> None:
    """Forget the second factor, by one more of its codes."""
    with _guess(parts, "code", visitor, request), parts.sessions.begin() as session:
        factor.check(session, visitor.actor, _tools(parts), given.code, parts.clock.now())
        factor.remove(session, visitor.actor, visitor.actor.person, parts.clock.now())


@router.get("")
def who_am_i(visitor: Half, parts: PartsHere) -> Signing:
    """The session at hand."""
    return signing(parts, visitor)


@router.delete("", status_code=204)
def log_out(visitor: Half, response: Response, parts: PartsHere) -> None:
    """End the session; its cookie is worth nothing from now on. At a display, whoever acts there leaves."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        if visitor.kind is Kind.DISPLAY:
            display.sign_out(session, visitor.session, now)
            return
        living.end(session, visitor.token)
        public = {"session": visitor.session, "person": visitor.actor.person, "kind": str(visitor.kind)}
        evidence.append(
            session, visitor.actor.market, Entry("session.end", visitor.actor, public=public), now
        )
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")


def _go_on(parts: Parts, request: Request, response: Response, visitor: Visitor, done: Owed) -> Signing:
    """The next session: whole, or half with what is still owed."""
    owed = tuple(one for one in visitor.owed if one is not done)
    wanted = Wanted(Kind.HALF if owed else Kind.PERSON, owed)
    return enter(parts, request, response, visitor.actor, wanted, visitor.token)


def _guess(parts: Parts, what: str, visitor: Visitor, request: Request) -> AbstractContextManager[None]:
    """A try at a secret of the visitor's own, from where they are."""
    return parts.flood.guess(what, visitor.actor.person, request.client.host if request.client else "")


def _refuse_not_owed(visitor: Visitor, owed: Owed) -> None:
    if visitor.owed[:1] != (owed,):
        raise Turned(409, "session.not_owed", "This is not asked for now.", "现在不需要这一步。")


def _refuse_wrong(parts: Parts, visitor: Visitor, request: Request, typed: str) -> None:
    """Ask the password again before something that a borrowed screen must not do.

    Raises:
        Turned: it is wrong.
    """
    with _guess(parts, "password", visitor, request), parts.readings() as session:
        person = session.get_one(Person, visitor.actor.person)
        if not parts.passwords.verify(person.password_hash or people.NOBODY, typed):
            raise Turned(403, "password.wrong", "The password is wrong. Try again.", "密码不对，请重试。")


def _note_refused(parts: Parts, user: str) -> None:
    """The line of a refused log-in; what was typed as a name is kept only if it is one.

    One a name and minute: a flood fills no ledger, and takes no alarm's turn at the database.
    """
    with parts.readings() as session:
        person = people.by_login(session, user)
    now = parts.clock.now()
    if person is None or not parts.refusals.is_first(person.id, "session", now):
        return
    with parts.sessions.begin() as session:
        entry = Entry("session.refused", public={"person": person.id})
        evidence.append(session, person.market, entry, now)


def _tools(parts: Parts) -> factor.Tools:
    assert parts.tools is not None
    return parts.tools
