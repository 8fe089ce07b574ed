"""Who may come to a route. Every route names its guard; one without cannot be built."""

from __future__ import annotations

import binascii
import hmac
import ipaddress
import re
from base64 import b64decode
from dataclasses import asdict, dataclass
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.routing import APIRoute, APIWebSocketRoute, iter_route_contexts
from fastapi.security.utils import get_authorization_scheme_param
from starlette.requests import HTTPConnection

from hub.api.parts import parts_of
from hub.api.proof import proved
from hub.api.refusal import Turned, signed_out
from hub.core.policy import TABLE, Actor, Reach, Target, authorize
from hub.core.session import Kind, Owed
from hub.service import device as devices
from hub.service.session import living

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hub.api.parts import Parts
    from hub.service.session.living import Found

MOST_BODY = 64 * 1024
"""Bytes of a request where its route says nothing else."""
COOKIE = "lf_session"
MARKET = re.compile(r"[a-z0-9-]{1,64}")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in, or a wall's screen; `session` is the session's id."""

    actor: Actor
    csrf: str
    token: str
    session: str = ""
    kind: Kind = Kind.PERSON
    owed: tuple[Owed, ...] = ()
    acting: Actor | None = None
    """At a display: whoever has signed in there."""


class Guard:
    """What a route names; calling it lets the request in or raises `Turned` or `Refused`."""


class Public(Guard):
    """Anybody."""

    def __call__(self) -> None:
        """Come in."""


class Loopback(Guard):
    """A program on this machine, not one behind a proxy."""

    def __call__(self, request: Request) -> None:
        """Come in, from here.

        Raises:
            Turned: from elsewhere.
        """
        here = request.client is not None and _is_loopback(request.client.host)
        if not here or "x-forwarded-for" in request.headers or "forwarded" in request.headers:
            raise Turned(403, "right.loopback", "Only this machine may ask for this.", "仅限本机访问。")


class Signed(Guard):
    """Somebody signed in who may do one of `actions` somewhere; the act itself asks where.

    `half`: also somebody who still owes a code or a new password. `shows`: also a wall's screen by itself.
    A socket is opened by our own page only; what it then asks for, it proves as any request does.
    """

    def __init__(self, *actions: str, half: bool = False, shows: bool = True) -> None:
        self.actions, self.half, self.shows = actions, half, shows

    def __call__(self, request: HTTPConnection) -> Visitor:
        """The visitor.

        Raises:
            Turned: nobody is signed in, something is still owed, or the request was not made by our page.
            Refused: this person may do none of it anywhere.
        """
        _refuse_foreign(request)
        parts = parts_of(request)
        now, token = parts.clock.now(), request.cookies.get(COOKIE, "")
        with parts.readings() as session:
            found = living.find(session, token, now, _market(request)) if token else None
        if found is None:
            raise signed_out([asdict(login) for login in parts.demo] or None)
        self._refuse_unproved(request, found, token, parts)
        actor = self._who_acts(request, found)
        request.state.who = actor.person
        if found.stale or actor is found.acting:
            with parts.sessions.begin() as session:
                living.touch(session, token, now, acted=actor is found.acting)
        if self.actions and not any(somewhere(actor, action) for action in self.actions):
            authorize(actor, self.actions[0], Target(actor.market))
        return Visitor(actor, found.csrf, token, found.id, found.kind, found.owed, found.acting)

    def _refuse_unproved(self, request: HTTPConnection, found: Found, token: str, parts: Parts) -> None:
        """What a session has to show besides its cookie.

        Raises:
            Turned: it does not; the answer says what is missing.
        """
        if found.kind is Kind.PHONE and not proved(
            request, token, found.phone_key or "", parts.check_proof, parts.clock.now()
        ):
            en = "This phone was not brought in. Ask your coordinator for a new code."
            raise Turned(401, "session.phone", en, "此手机未开通，请找中心商户重新开通。")
        if method_of(request) not in SAFE and not _same(request.headers.get("x-csrf", ""), found.csrf):
            raise Turned(403, "session.csrf", "Reload the page, then try again.", "请刷新页面后重试。")
        if found.kind is Kind.HALF and not self.half:
            en, zh = "Finish signing in first.", "请先完成登录。"
            raise Turned(401, "session.owed", en, zh, owed=[str(one) for one in found.owed])

    def _who_acts(self, request: HTTPConnection, found: Found) -> Actor:
        """At a display, the screen itself for what it may show, and whoever signed in there for the rest.

        Raises:
            Turned: nobody has signed in there.
        """
        if found.kind is not Kind.DISPLAY:
            return found.actor
        may_show = not self.actions or any(somewhere(found.actor, action) for action in self.actions)
        if self.shows and method_of(request) in SAFE and may_show:
            return found.actor
        if found.acting is None:
            en = "Sign in with your armband and PIN to do this here."
            raise Turned(401, "session.person", en, "请用红袖标号和 PIN 签到后再操作。")
        return found.acting


class AtDisplay(Signed):
    """A wall's screen, whoever stands before it."""

    def _who_acts(self, _request: HTTPConnection, found: Found) -> Actor:
        """The screen itself.

        Raises:
            Turned: this is no display.
        """
        if found.kind is not Kind.DISPLAY:
            en = "This is not a wall's screen. Sign in as yourself."
            raise Turned(409, "display.none", en, "这不是值守大屏，请用自己的账号登录。")
        return found.actor


class FromDevice(Guard):
    """A device with its key."""

    def __call__(self, request: HTTPConnection) -> str:
        """The device's id.

        Raises:
            Turned: no such device, a wrong key, or one that may not speak; always in the same words.
        """
        parts = parts_of(request)
        name, key = _basic(request)
        with parts.readings() as session:
            hashed = devices.key_of(session, parts.market, name) if name else None
        if hashed is None or not parts.check_key(hashed, key):
            raise Turned(
                401,
                "device.key",
                "Unknown device or wrong key.",
                "设备未知或密钥错误。",
                {"WWW-Authenticate": 'Basic realm="edge"'},
            )
        request.state.who = name
        return name


class Guarded(APIRouter):
    """A router that refuses a route without a guard, and bounds what is sent."""

    def __init__(
        self, prefix: str = "", *, tags: list[str | Enum] | None = None, most: int = MOST_BODY
    ) -> None:
        super().__init__(prefix=prefix, tags=tags, max_body_size=most)

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **how: Any) -> None:
        """As FastAPI's, for guarded routes only.

        Raises:
            TypeError: the route names no guard.
        """
        super().add_api_route(path, endpoint, **how)
        if not guards_of(self.routes[-1]):
            raise TypeError(f"{path} has no guard: give it Depends(Public()), Signed(…) or another")

    def add_api_websocket_route(
        self, path: str, endpoint: Callable[..., Any], *given: Any, **how: Any
    ) -> None:
        """As FastAPI's, for guarded sockets only.

        Raises:
            TypeError: the socket names no guard.
        """
        super().add_api_websocket_route(path, endpoint, *given, **how)
        if not guards_of(self.routes[-1]):
            raise TypeError(f"{path} has no guard: give it Depends(Signed(…)) or another")


def guards_of(route: Any) -> list[Guard]:
    """The guards that a route names."""
    if not isinstance(route, APIRoute | APIWebSocketRoute):
        return []
    calls: list[Any] = [one.call for one in route.dependant.dependencies]
    return [call for call in calls if isinstance(call, Guard)]


def every_route(app: FastAPI) -> Iterator[tuple[str, frozenset[str], list[Guard]]]:
    """Path, methods and guards of every route of `app`, static pages apart."""
    for context in iter_route_contexts(app.routes):
        yield context.path or "", frozenset(context.methods or ()), guards_of(context.original_route)


def somewhere(actor: Actor, action: str) -> bool:
    """Whether this person may do `action` to anything at all."""
    row = TABLE.get(action, {})
    return any(row.get(grant.role, Reach.NO) is not Reach.NO for grant in actor.grants)


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())


def method_of(request: HTTPConnection) -> str:
    """The method; a socket begins as a look."""
    return str(request.scope.get("method", "GET"))


def _refuse_foreign(request: HTTPConnection) -> None:
    """A browser lets any page open a socket to anywhere, and sends our cookie along.

    Raises:
        Turned: a socket that was not opened by a page of this very hub.
    """
    if request.scope["type"] != "websocket":
        return
    origin = urlsplit(request.headers.get("origin", "")).netloc.lower()
    if not origin or origin != request.headers.get("host", "").lower():
        raise Turned(
            403, "session.origin", "Only the hub's own page may look live.", "仅限本系统页面观看实时画面。"
        )


def _market(request: HTTPConnection) -> str | None:
    """The market that is asked about, where it is said: by header, or by query for streams and pictures.

    Raises:
        Turned: it is the name of no market.
    """
    said = request.headers.get("x-market") or request.query_params.get("market")
    if said is not None and not MARKET.fullmatch(said):
        raise Turned(404, "market.none", "There is no such market.", "没有这个市场。")
    return said


def _basic(request: HTTPConnection) -> tuple[str, str]:
    scheme, text = get_authorization_scheme_param(request.headers.get("authorization"))
    if scheme.lower() != "basic":
        return "", ""
    try:
        name, _, key = b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, key


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


Someone = Annotated[Visitor, Depends(Signed())]
