"""Shapes of calendars to subscribe to."""

from __future__ import annotations

from typing import Literal

from hub.api.shape.base import Given, Shown, Slug, When

Kind = Literal["group", "shop", "person"]


class NewCalendar(Given):
    """Of what; a person's is always the visitor's own."""

    kind: Kind
    subject: Slug | None = None


class CalendarLine(Shown):
    """A calendar of the visitor's; `read_at`: when somebody last came for it, to the hour."""

    id: str
    kind: Kind
    subject: str
    made_at: When
    read_at: When | None


class MadeCalendar(CalendarLine):
    """Its address, told once: a path of this hub, and the same as a QR code (SVG) to subscribe by."""

    path: str
    qr: str
