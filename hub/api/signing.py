"""How a session is given to its browser, and how its page sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.api.guard import COOKIE, Visitor, somewhere
from hub.api.refusal import Turned
from hub.api.shape import Pair
from hub.api.shape.session import Demo, MarketName, Me, Signing
from hub.core import policy
from hub.core.session import LASTS, Kind
from hub.service import people
from hub.service.session import factor, living
from hub.service.session.living import Wanted
from hub.store.market import Market
from hub.store.people import Person

if TYPE_CHECKING:
    from fastapi import Request, Response

    from hub.api.parts import Parts
    from hub.core.policy import Actor

PAGES = {
    "wall": "wall.see",
    "cases": "case.see",
    "devices": "device.see",
    "zones": "device.configure",
    "market": "plan.see",
    "duty": "duty.see",
    "patrol": "patrol.see",
    "letters": "admin.see",
    "playback": "video.play",
    "people": "person.see",
    "rights": "rights.see",
    "staff": "staff.see",
    "armbands": "armband.see",
    "contacts": "contacts",
    "care": "care.see",
    "register": "register",
    "displays": "display.make",
    "phones": "enrol",
    "imports": "staff.change",
    "components": "component.see",
    "premises": "component.see",
    "workrooms": "component.see",
    "leaders": "component.see",
    "groups": "component.see",
    "businesses": "component.see",
    "areas": "area.change",
}
"""Page → what somebody must be allowed somewhere, for it to be theirs."""

MAY = (
    "person.see",
    "person.change",
    "grant.approve",
    "staff.change",
    "armband.change",
    "care.change",
    "market.change",
    "plan.change",
    "plan.approve",
    "coverage.see",
    "coverage.change",
    "filing.see",
    "filing.change",
    "component.change",
    "workroom.change",
    "appoint",
    "elect",
    "video.turn",
    "duty.change",
    "duty.approve",
    "duty.swap",
    "handover",
    "task.see",
    "task.change",
    "asset.see",
    "asset.change",
    "patrol.change",
)
"""What the pages show as a button only to whoever may do it somewhere; to others, who may."""

SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)


def enter(
    parts: Parts, request: Request, response: Response, actor: Actor, wanted: Wanted, old: str = ""
) -> Signing:
    """Begin a session in place of the `old` token's, and give its cookie."""
    now = parts.clock.now()
    wanted = Wanted(
        wanted.kind, wanted.owed, wanted.label or _browser(request), wanted.node, wanted.phone_key
    )
    with parts.sessions.begin() as session:
        if old:
            living.end(session, old)
        made = living.begin(session, actor, now, wanted)
    give_cookie(parts, request, response, made.token, wanted.kind)
    return signing(parts, Visitor(actor, made.csrf, made.token, made.id, wanted.kind, made.owed))


def give_cookie(parts: Parts, request: Request, response: Response, token: str, kind: Kind) -> None:
    """The session's cookie: out of reach of scripts and of other sites."""
    secure = parts.secure_cookie or request.url.scheme == "https"
    seconds = int(LASTS[kind].total_seconds())
    response.set_cookie(COOKIE, token, seconds, httponly=True, samesite="lax", secure=secure)


def signing(parts: Parts, visitor: Visitor) -> Signing:
    """The session as its page sees it.

    Raises:
        Turned: the market that was asked about is none.
    """
    actor = visitor.actor
    with parts.readings() as session:
        row = session.get(Market, actor.market)
        if row is None:
            raise Turned(404, "market.none", "There is no such market.", "没有这个市场。")
        person = session.get(Person, actor.person)
        reached = people.markets(session, actor.person) if person else []
        others = [session.get_one(Market, one) for one in reached]
        has, left = factor.has(session, actor.person), factor.left(session, actor.person)
    return Signing(
        person=_me(actor),
        csrf=visitor.csrf,
        market=_named(row),
        markets=[_named(one) for one in others],
        demo=[Demo.model_validate(login) for login in parts.demo] or None,
        pages=[page for page in PAGES if _shows(actor, page)],
        kind=str(visitor.kind),
        owed=[str(one) for one in visitor.owed],
        acting=_me(visitor.acting) if visitor.acting else None,
        factor=has,
        recovery_left=left,
        pin=person is not None and person.pin_hash is not None,
        may=[action for action in MAY if policy.scope(actor, action)],
        bound=living.hashed(visitor.token) if visitor.kind is Kind.PHONE else None,
    )


def _shows(actor: Actor, page: str) -> bool:
    """Whether a page is somebody's: also where they only approve, not where nothing on it could be theirs."""
    if page == "people" and somewhere(actor, "grant.approve"):
        return True
    if page == "care" and not policy.scope(actor, "care.see"):
        return somewhere(actor, "care.change")
    return somewhere(actor, PAGES[page])


def _me(actor: Actor) -> Me:
    nodes = sorted(actor.nodes, key=len)
    return Me(
        id=actor.person,
        name=Pair.model_validate(actor.name),
        roles=[str(role) for role in actor.roles],
        node=nodes[0] if nodes else actor.market,
        armband=actor.armband,
    )


def _named(row: Market) -> MarketName:
    return MarketName(id=row.id, name=Pair(zh=row.name_zh, en=row.name_en))


def _browser(request: Request) -> str:
    """What the session runs on, in the words that browsers use, without versions."""
    said = request.headers.get("user-agent", "")
    system = next((one for one in SYSTEMS if one.lower() in said.lower()), "")
    browser = next((word for mark, word in BROWSERS if mark in said), "")
    return " ".join(word for word in (browser, system) if word)
