"""Devices: how they are, what they shall be, and what they are told to do."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import Depends, Header, Query, Request, Response
from fastapi.concurrency import run_in_threadpool

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import Parts, PartsHere
from hub.api.refusal import Turned
from hub.api.shape.base import SlugPath, UuidPath
from hub.api.shape.order import Command, Config, Device, Ordering
from hub.service import order as orders

MOST_CONFIG = 256 * 1024
MATCH = re.compile(r'"?(\d{1,15})"?')
"""If-Match: the version that the page shows, 0 for none."""

Limit = Annotated[int, Query(ge=1, le=200)]
Seer = Annotated[Visitor, Depends(Signed("device.see"))]
Commander = Annotated[Visitor, Depends(Signed("device.command", "device.look", "device.arm"))]
Configurer = Annotated[Visitor, Depends(Signed("device.configure"))]

router = Guarded(prefix="/api/devices", tags=["devices"], most=MOST_CONFIG)


@router.get("", response_model=list[Device])
def listing(visitor: Seer, parts: PartsHere) -> list[dict[str, Any]]:
    """Every device of the market."""
    with parts.readings() as session:
        return orders.devices(session, visitor.actor, parts.clock.now())


@router.get("/{device}", response_model=Device)
def one(device: SlugPath, visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """One device."""
    with parts.readings() as session:
        return orders.device(session, visitor.actor, device, parts.clock.now())


@router.get("/{device}/config", response_model=Device)
def config(device: SlugPath, visitor: Seer, parts: PartsHere, response: Response) -> dict[str, Any]:
    """What it shall be and what it is; ETag is the version to give back in If-Match."""
    with parts.readings() as session:
        shown = orders.device(session, visitor.actor, device, parts.clock.now())
    response.headers["ETag"] = _tag(shown)
    return shown


@router.put("/{device}/config", response_model=Device)
async def configure(
    device: SlugPath,
    request: Request,
    visitor: Configurer,
    parts: PartsHere,
    response: Response,
    if_match: Annotated[str | None, Header(max_length=40)] = None,
) -> dict[str, Any]:
    """Make a new version from the body, such as `{"cameras": {"c-2-01": {"fps": 4}}}`.

    412 somebody was faster, 422 no device takes this, 428 If-Match is missing.
    """
    fields, match = await request.body(), matched(if_match)
    shown = await run_in_threadpool(_configure, parts, visitor, device, fields, match)
    response.headers["ETag"] = _tag(shown)
    return shown


@router.get("/{device}/configs", response_model=list[Config])
def versions(
    device: SlugPath,
    visitor: Seer,
    parts: PartsHere,
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limit: Limit = 50,
) -> list[dict[str, Any]]:
    """Its versions, newest first; `before` is the last version of the page before."""
    with parts.readings() as session:
        return orders.configs(session, visitor.actor, device, before, limit)


@router.post("/{device}/commands", response_model=Command, status_code=202)
def command(device: SlugPath, given: Ordering, visitor: Commander, parts: PartsHere) -> dict[str, Any]:
    """Have it do one thing, within half a minute or never; its answer comes later."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        made = orders.command(session, visitor.actor, device, given.model_dump(exclude_none=True), now)
        session.flush()
        shown = orders.one(session, visitor.actor, device, made.id)
    parts.ordered()
    parts.feeds.wake()
    return shown


@router.get("/{device}/commands", response_model=list[Command])
def commands(
    device: SlugPath,
    visitor: Seer,
    parts: PartsHere,
    before: Annotated[str | None, Query(pattern="^[0-9a-f-]{1,36}$")] = None,
    limit: Limit = 50,
) -> list[dict[str, Any]]:
    """What it was told to do, newest first; `before` is the id of the last one of the page before."""
    with parts.readings() as session:
        return orders.commands(session, visitor.actor, device, before, limit)


@router.get("/{device}/commands/{number}", response_model=Command)
def commanded(device: SlugPath, number: UuidPath, visitor: Seer, parts: PartsHere) -> dict[str, Any]:
    """One command and what became of it."""
    with parts.readings() as session:
        return orders.one(session, visitor.actor, device, number)


def _configure(parts: Parts, visitor: Visitor, device: str, fields: bytes, match: int) -> dict[str, Any]:
    with parts.sessions.begin() as session:
        now = parts.clock.now()
        orders.desire(session, visitor.actor, device, fields, match, now)
        session.flush()
        shown = orders.device(session, visitor.actor, device, now)
    parts.ordered()
    parts.feeds.wake()
    return shown


def matched(given: str | None) -> int:
    """The version that If-Match names; raises Turned where it names none."""
    found = MATCH.fullmatch(given.strip()) if given else None
    if found is None:
        en = "Say in If-Match which version you have seen, 0 for none."
        raise Turned(428, "config.unmatched", en, "请在 If-Match 中注明所见版本，没有则为 0。")
    return int(found[1])


def _tag(shown: dict[str, Any]) -> str:
    desired = shown["desired"]
    return f'"{desired["version"] if desired else 0}"'
