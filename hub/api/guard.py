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

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.security.utils import get_authorization_scheme_param

from hub.api.parts import parts_of
from hub.api.refusal import Turned, signed_out
from hub.core.policy import TABLE, Actor, Reach, Target, authorize
from hub.service import device as devices
from hub.service.session import living

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_BODY = 64 * 1024
"""Bytes of a request where its route says nothing else."""
COOKIE = "lf_session"
MARKET = re.compile(r"[a-z0-9-]{1,64}")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who is signed in."""

    actor: Actor
    csrf: str
    token: str


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
    """Somebody signed in who may do one of `actions` somewhere; the act itself asks where."""

    def __init__(self, *actions: str) -> None:
        self.actions = actions

    def __call__(self, request: Request) -> Visitor:
        """The visitor.

        Raises:
            Turned: nobody is signed in, or the request was not made by our page.
            Refused: this person may do none of it anywhere.
        """
        parts = parts_of(request)
        now, token = parts.clock.now(), request.cookies.get(COOKIE, "")
        with parts.readings() as session:
            found = living.find(session, token, now, _market(request)) if token else None
        if found is None:
            raise signed_out([asdict(login) for login in parts.demo] or None)
        if request.method not in SAFE and not _same(request.headers.get("x-csrf", ""), found.csrf):
            raise Turned(403, "session.csrf", "Reload the page, then try again.", "请刷新页面后重试。")
        if found.stale:
            with parts.sessions.begin() as session:
                living.touch(session, token, now)
        if self.actions and not any(somewhere(found.actor, action) for action in self.actions):
            authorize(found.actor, self.actions[0], Target(found.actor.market))
        request.state.who = found.actor.person
        return Visitor(found.actor, found.csrf, token)


class FromDevice(Guard):
    """A device with its key."""

    def __call__(self, request: Request) -> str:
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


def guards_of(route: Any) -> list[Guard]:
    """The guards that a route names."""
    if not isinstance(route, APIRoute):
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


def _market(request: Request) -> str | None:
    """The market that is asked about, where it is said: by header, or by query for streams and pictures.

    Raises:
        Turned: it is the name of no market.
    """
    said = request.headers.get("x-market") or request.query_params.get("market")
    if said is not None and not MARKET.fullmatch(said):
        raise Turned(404, "market.none", "There is no such market.", "没有这个市场。")
    return said


def _basic(request: Request) -> tuple[str, str]:
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
