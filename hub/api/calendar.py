"""Calendars to subscribe to (iCalendar, RFC 5545): read by their address alone, without a session."""

from __future__ import annotations

import hashlib
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Header, Path, Request, Response

from hub.api.guard import Guarded, Public, Someone
from hub.api.parts import PartsHere
from hub.api.refusal import Turned
from hub.api.shape.base import UuidPath
from hub.api.shape.calendar import CalendarLine, MadeCalendar, NewCalendar
from hub.service.turn import calendar

if TYPE_CHECKING:
    from hub.service.turn.calendar import Calendar

router = Guarded(prefix="/api", tags=["calendar"], most=4096)

TokenPath = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{20,80}$")]
FRESH = timedelta(minutes=30)
"""How often a calendar is to come again."""
NONE = (
    "This calendar is no more. Make a new one on your phone.",
    "此日历订阅已停用，请在手机上重新订阅。",
)


@router.get("/me/calendars", response_model=list[CalendarLine])
def listing(visitor: Someone, parts: PartsHere) -> list[dict[str, Any]]:
    """The visitor's own calendars; their addresses are shown once, when they are made."""
    with parts.readings() as session:
        return calendar.listing(session, visitor.actor)


@router.post("/me/calendars", response_model=MadeCalendar, status_code=201)
def make(given: NewCalendar, visitor: Someone, parts: PartsHere, request: Request) -> dict[str, Any]:
    """A new calendar of a group, a shop, or oneself; its address is told now and never again."""
    subject = given.subject or visitor.actor.person
    with parts.sessions.begin() as session:
        row, token = calendar.make(session, visitor.actor, given.kind, subject, parts.clock.now())
        shown = calendar.shown(row)
    path = f"/api/feed/{token}.ics"
    address = str(request.base_url).rstrip("/") + path
    return shown | {"path": path, "qr": parts.qr(address.replace("http", "webcal", 1))}


@router.delete("/me/calendars/{one}", status_code=204)
def revoke(one: UuidPath, visitor: Someone, parts: PartsHere) -> None:
    """End a calendar; its address leads nowhere from now on."""
    with parts.sessions.begin() as session:
        calendar.revoke(session, visitor.actor, one, parts.clock.now())


@router.get("/feed/{token}.ics", response_class=Response, dependencies=[Depends(Public())])
def read(
    token: TokenPath,
    parts: PartsHere,
    request: Request,
    if_none_match: Annotated[str | None, Header(max_length=200)] = None,
) -> Response:
    """The calendar of an address; 304 where nothing has changed, 404 where it leads nowhere.

    Raises:
        Turned: it leads nowhere, or somebody came too often.
    """
    now, address = parts.clock.now(), request.client.host if request.client else ""
    with parts.flood.few("calendar", calendar.hashed(token)), parts.readings() as session:
        found = calendar.read(session, token, now)
    if found is None:
        with parts.flood.guess("calendar", address, address):
            raise Turned(404, "calendar.none", *NONE)
    body = written(found)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Referrer-Policy": "no-referrer"}
    if found.unnoted:
        with parts.sessions.begin() as session:
            calendar.note_read(session, token, now)
    held = [one.strip().removeprefix("W/") for one in (if_none_match or "").split(",")]
    if tag in held:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="text/calendar; charset=utf-8", headers=headers)


def written(found: Calendar) -> bytes:
    """A calendar as RFC 5545 has it; the same calendar is the same bytes."""
    # The library takes a third of a second to load, which no start of a hub is to wait for.
    from icalendar import Calendar as Written  # noqa: PLC0415
    from icalendar import Event as Entry  # noqa: PLC0415

    made = Written()
    for name, value in (
        ("prodid", "-//Lianfang//Duty//ZH"),
        ("version", "2.0"),
        ("calscale", "GREGORIAN"),
        ("method", "PUBLISH"),
        ("x-wr-calname", found.name),
        ("x-published-ttl", f"PT{int(FRESH.total_seconds() // 60)}M"),
    ):
        made.add(name, value)
    made.add("refresh-interval", FRESH, parameters={"value": "DURATION"})
    for one in found.events:
        entry = Entry()
        entry.add("uid", one.uid)
        entry.add("dtstamp", one.changed.astimezone(UTC))
        entry.add("last-modified", one.changed.astimezone(UTC))
        entry.add("dtstart", one.begins.astimezone(UTC))
        entry.add("dtend", one.ends.astimezone(UTC))
        entry.add("summary", one.summary)
        entry.add("sequence", one.sequence)
        entry.add("status", "CANCELLED" if one.cancelled else "CONFIRMED")
        if one.text:
            entry.add("description", one.text)
        made.add_component(entry)
    body: bytes = made.to_ical()
    return body
