"""The own notices and channels, and what a browser needs for push."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import Parts, PartsHere
from hub.api.refusal import Turned
from hub.api.shape.base import Pair, UuidPath
from hub.api.shape.notice import (
    Channel,
    ChannelGiven,
    Channels,
    Code,
    Notice,
    Notices,
    Push,
    QuietGiven,
)
from hub.core import address
from hub.core.address import Address
from hub.core.notice import BEST_EFFORT
from hub.service import channel as channels
from hub.service import notice as notices
from hub.service import quiet as quiets

router = Guarded(prefix="/api", tags=["notices"], most=8192)

Own = Annotated[Visitor, Depends(Signed(shows=False))]


@router.get("/notices", response_model=Notices)
def listing(
    visitor: Own,
    parts: PartsHere,
    before: Annotated[str | None, Query(pattern="^[0-9a-f-]{1,36}$")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> dict[str, Any]:
    """The person's own, unread first; `before` is the id of the last one of the page before."""
    with parts.readings() as session:
        return notices.listing(session, visitor.actor, before, limit)


@router.post("/notices/{notice}/read", response_model=Notice)
def read(notice: UuidPath, visitor: Own, parts: PartsHere) -> dict[str, Any]:
    """The person has read it; the same again changes nothing."""
    with parts.sessions.begin() as session:
        return notices.read(session, visitor.actor, notice, parts.clock.now())


@router.get("/push", dependencies=[Depends(Signed(shows=False))])
def push(parts: PartsHere) -> Push:
    """The key by which a browser subscribes, and what to say beside the switch."""
    return Push(key=parts.post.push_key, best_effort=Pair.model_validate(BEST_EFFORT))


@router.get("/me/channels", response_model=Channels)
def mine(visitor: Own, parts: PartsHere) -> dict[str, Any]:
    """How the person is reached, what else could be added, and what is lacking for an urgent alert."""
    return _page(parts, visitor)


@router.post("/me/channels", response_model=Channel, status_code=201)
def add(given: ChannelGiven, visitor: Own, parts: PartsHere) -> dict[str, Any]:
    """Add a channel; a code goes out by it, but to a browser, which is used at once."""
    where, now = _address(given, parts), parts.clock.now()
    with parts.sessions.begin() as session:
        made = channels.add(session, visitor.actor, given.kind, where, parts.seal, now, visitor.session)
        session.flush()
        shown = channels.shown(session, made.id)
    parts.posted()
    return shown


@router.post("/me/channels/{channel}/code", response_model=Channel, status_code=202)
def code(channel: UuidPath, visitor: Own, parts: PartsHere) -> dict[str, Any]:
    """Send a new code by it."""
    with parts.sessions.begin() as session:
        channels.send_code(session, visitor.actor, channel, parts.seal, parts.clock.now())
        shown = channels.shown(session, channel)
    parts.posted()
    return shown


@router.post("/me/channels/{channel}/verify", response_model=Channel)
def verify(channel: UuidPath, given: Code, visitor: Own, parts: PartsHere) -> dict[str, Any]:
    """Show by its code that it arrives; from then on it is used."""
    with parts.sessions.begin() as session:
        right = channels.verify(session, visitor.actor, channel, given.code, parts.clock.now())
        shown = channels.shown(session, channel)
    if not right:
        raise Turned(422, "channel.wrong", "This is not the code. Try again.", "验证码不对，请重试。")
    return shown


@router.post("/me/channels/{channel}/test", response_model=Channel, status_code=202)
def test(channel: UuidPath, visitor: Own, parts: PartsHere) -> dict[str, Any]:
    """Send a word by it; whether it arrived is shown in the list a moment later."""
    with parts.sessions.begin() as session:
        channels.test(session, visitor.actor, channel, parts.clock.now())
        shown = channels.shown(session, channel)
    parts.posted()
    return shown


@router.delete("/me/channels/{channel}", status_code=204)
def remove(channel: UuidPath, visitor: Own, parts: PartsHere) -> None:
    """Use it no more."""
    with parts.sessions.begin() as session:
        channels.remove(session, visitor.actor, channel, parts.clock.now())


@router.put("/me/quiet", response_model=Channels)
def quiet(given: QuietGiven, visitor: Own, parts: PartsHere) -> dict[str, Any]:
    """Hours in which nothing comes that can wait; urgent and high always come."""
    hours = (given.quiet.begins, given.quiet.ends) if given.quiet else None
    with parts.sessions.begin() as session:
        quiets.keep(session, visitor.actor, hours)
    return _page(parts, visitor)


def _page(parts: Parts, visitor: Visitor) -> dict[str, Any]:
    with parts.readings() as session:
        return channels.page(session, visitor.actor, parts.post.kinds)


def _address(given: ChannelGiven, parts: Parts) -> Address:
    """Where the new channel goes.

    Raises:
        Turned: this hub has no way of this kind, or nothing was given.
        Refused: the address is none.
    """
    if given.kind not in parts.post.kinds:
        en = "This hub has no such way. Choose another, or ask the administrator to set it up."
        raise Turned(409, "channel.kind", en, "本系统没有接通这种渠道，请换一种，或找系统管理员接通。")
    if given.kind == "push" and given.subscription:
        keys = {"p256dh": given.subscription.keys.p256dh, "auth": given.subscription.keys.auth}
        return address.subscription(given.subscription.endpoint, keys, parts.post.push_hosts)
    if given.kind != "push" and given.address:
        return address.read(given.kind, given.address)
    en = "Give an address, or of a browser its subscription."
    raise Turned(422, "channel.address", en, "请填写地址；浏览器推送请给出订阅。")
