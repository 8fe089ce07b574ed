"""Sign in by the organisation's own log-in. It says who somebody is; what they may is said here alone."""

from __future__ import annotations

import hmac
import json
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Query, Request, Response
from fastapi.responses import RedirectResponse

from hub.api.guard import Guarded, Public
from hub.api.parts import Parts, PartsHere
from hub.api.refusal import Turned
from hub.api.signing import enter
from hub.core.refuse import Refused
from hub.core.session import Kind, Owed
from hub.core.session import owed as owes
from hub.ports import AwayError, Identity, Oidc, OidcAsked
from hub.service import people
from hub.service.session import factor
from hub.service.session.living import Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

COOKIE, PATH = "lf_oidc", "/api/oidc"
LASTS = timedelta(minutes=10)

router = Guarded(prefix=PATH, tags=["session"], most=0)
log = logging.getLogger(__name__)

Text = Annotated[str, Query(max_length=2048)]


@router.get("", dependencies=[Depends(Public())], status_code=303, response_class=Response)
def go(request: Request, parts: PartsHere) -> Response:
    """Send the browser to the organisation's log-in."""
    return _or_page(request, lambda: _go(request, parts))


@router.get("/back", dependencies=[Depends(Public())], status_code=303, response_class=Response)
def back(request: Request, parts: PartsHere, code: Text = "", state: Text = "") -> Response:
    """Where the organisation's log-in sends the browser back; then to the pages, signed in or still owing."""
    return _or_page(request, lambda: _back(request, parts, code, state))


def _or_page(request: Request, act: Callable[[], Response]) -> Response:
    """What `act` answers; a refusal goes to somebody's browser as the log-in page that says why."""
    try:
        return act()
    except (Turned, Refused) as error:
        if "text/html" not in request.headers.get("accept", ""):
            raise
        why = error.body["code"] if isinstance(error, Turned) else error.code
        return RedirectResponse(f"/#/oidc/{why}", 303)


def _go(request: Request, parts: Parts) -> Response:
    provider = _provider(parts)
    address = request.client.host if request.client else ""
    with parts.flood.few("oidc", address):
        try:
            asked = provider.ask(f"{str(request.base_url).rstrip('/')}{PATH}/back")
        except (ValueError, AwayError) as error:
            raise _broken(error) from error
    response = RedirectResponse(asked.url, 303)
    secure = parts.secure_cookie or request.url.scheme == "https"
    seconds = int(LASTS.total_seconds())
    kept = _close(parts, asked)
    response.set_cookie(COOKIE, kept, seconds, path=PATH, httponly=True, samesite="lax", secure=secure)
    return response


def _back(request: Request, parts: Parts, code: str, state: str) -> Response:
    provider = _provider(parts)
    address = request.client.host if request.client else ""
    with parts.flood.few("oidc back", address):
        asked = _open(parts, request.cookies.get(COOKIE, ""))
        if asked is None or not code or not hmac.compare_digest(state.encode(), asked.state.encode()):
            en = "This log-in was not begun here, took too long, or was refused. Begin again."
            raise Turned(403, "oidc.state", en, "此次登录不是从这里开始、已超时或被拒绝，请重新登录。")
        try:
            who = provider.answer(asked, code, parts.clock.now())
        except (ValueError, AwayError) as error:
            raise _broken(error) from error
        return _enter(parts, request, who)


def _enter(parts: Parts, request: Request, who: Identity) -> Response:
    with parts.readings() as session:
        person = people.by_subject(session, who.subject)
        if person is None:
            en = "Nobody here has this log-in. Ask the administrator to link it to you."
            raise Refused("right", "oidc.unknown", en, "系统中没有与此登录关联的人员，请联系管理员关联。")
        actor = people.actor_of(session, person)
        has = factor.has(session, person.id)
    # The password that must be changed was not used.
    owed = owes(frozenset(actor.roles), has_factor=has, must_change=False, lenient=parts.lenient)
    owed = tuple(one for one in owed if not (who.factor and one in (Owed.CODE, Owed.FACTOR)))
    response = RedirectResponse("/", 303)
    response.delete_cookie(COOKIE, path=PATH, httponly=True, samesite="lax")
    enter(parts, request, response, actor, Wanted(Kind.HALF if owed else Kind.PERSON, owed))
    return response


def _provider(parts: Parts) -> Oidc:
    if parts.oidc is None:
        en = "This hub has no log-in of an organisation. Sign in with name and password."
        raise Turned(404, "oidc.none", en, "本系统未配置单位统一登录，请用用户名和密码登录。")
    return parts.oidc


def _broken(error: ValueError | AwayError) -> Turned:
    log.warning("the organisation's log-in: %s", error)
    if isinstance(error, AwayError):
        en = "The organisation's log-in does not answer. Sign in with name and password, or try again."
        return Turned(503, "oidc.away", en, "单位统一登录没有应答，请用用户名和密码登录，或稍后再试。")
    en = "What the organisation's log-in answered does not hold. Begin again, or tell the administrator."
    return Turned(502, "oidc.answer", en, "单位统一登录的应答无效，请重新登录或联系管理员。")


def _close(parts: Parts, asked: OidcAsked) -> str:
    assert parts.tools is not None
    said = [asked.state, asked.nonce, asked.verifier, asked.back, parts.clock.now().timestamp()]
    return parts.tools.seal.close(json.dumps(said)).decode()


def _open(parts: Parts, kept: str) -> OidcAsked | None:
    """What the browser was sent away with, None where it was not, or too long ago."""
    assert parts.tools is not None
    try:
        state, nonce, verifier, where, made = json.loads(parts.tools.seal.open(kept.encode()))
    except ValueError:
        return None
    if parts.clock.now() - datetime.fromtimestamp(made, UTC) > LASTS:
        return None
    return OidcAsked("", state, nonce, verifier, where)
