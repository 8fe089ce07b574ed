"""The first page of an empty hub: whoever reads the code on its console makes the first administrator."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import Depends, Request
from pydantic import Field

from hub.api.guard import Guarded, Public
from hub.api.parts import PartsHere
from hub.api.refusal import Turned
from hub.api.shape import Given, Name, Pair, Shown
from hub.core import glossary
from hub.service import drawn, setup
from hub.service.setup import First

CODE_LENGTH = 12

router = Guarded(prefix="/api/setup", tags=["setup"], most=4096)


def new_code() -> str:
    """A code for the console; 58 bits, in three groups."""
    code = drawn.code(CODE_LENGTH)
    return "-".join(code[at : at + 4] for at in range(0, CODE_LENGTH, 4))


class Begin(Given):
    """What the first page sends."""

    code: Annotated[str, Field(min_length=1, max_length=40)]
    market_zh: Name
    market_en: Name
    zone: Annotated[str, Field(pattern=r"^[A-Za-z_+-]{1,30}(/[A-Za-z_+-]{1,30}){0,2}$")] = "Asia/Shanghai"
    name_zh: Name
    name_en: Name
    user: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{1,31}$")]
    password: Annotated[str, Field(min_length=1, max_length=200)]


class Wanted(Shown):
    """Whether the first page is to be shown, and whether there is a log-in of the organisation's own."""

    wanted: bool
    oidc: bool


class Done(Shown):
    """Who can sign in now."""

    name: Pair


@router.get("", dependencies=[Depends(Public())])
def is_wanted(parts: PartsHere) -> Wanted:
    """Whether nobody can sign in yet, and whether the organisation's own log-in is there."""
    with parts.readings() as session:
        return Wanted(wanted=setup.wanted(session), oidc=parts.oidc is not None)


@router.post("", dependencies=[Depends(Public())], status_code=201)
def begin(given: Begin, request: Request, parts: PartsHere) -> Done:
    """Make the market and its administrator, by the code on the console; it works once."""
    address = request.client.host if request.client else ""
    # A count of all addresses would keep the owner out; 58 bits nobody finds, wherever they try from.
    with parts.flood.guess("setup", address, address):
        typed = given.code.replace("-", "").replace(" ", "").upper()
        known = (parts.setup_code or "").replace("-", "")
        if not known or not hmac.compare_digest(typed.encode(), known.encode()):
            en = "This is not the code on the hub's console. Look there again."
            raise Turned(403, "setup.code", en, "设置码不对，请看主机控制台上显示的设置码。")
        first = First(
            glossary.Pair(given.market_zh, given.market_en),
            given.zone,
            glossary.Pair(given.name_zh, given.name_en),
            given.user,
            parts.fresh(given.password),
        )
        with parts.sessions.begin() as session:
            actor = setup.begin(session, parts.market, first, parts.clock.now())
    return Done(name=Pair.model_validate(actor.name))
