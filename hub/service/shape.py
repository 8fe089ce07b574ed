"""How values look in JSON: moments as ISO 8601 UTC, names as {zh, en}."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from hub.core.glossary import Pair

Words = dict[str, str]


class Named(Protocol):
    """A row with a name in both languages."""

    name_zh: str
    name_en: str


def pair(words: Pair) -> Words:
    """A name in both languages."""
    return {"zh": words.zh, "en": words.en}


def optional(words: Pair | None) -> Words | None:
    """The same, if there is one."""
    return pair(words) if words else None


def name(thing: Named) -> Words:
    """What a row is called: a person, a shop, a grid."""
    return {"zh": thing.name_zh, "en": thing.name_en}


def iso(moment: datetime) -> str:
    """2026-11-22T04:00:00.000Z."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def maybe_iso(moment: datetime | None) -> str | None:
    """The same, if there is one."""
    return iso(moment) if moment else None


def seconds(length: timedelta | None) -> float | None:
    """A length of time in seconds, if there is one."""
    return length.total_seconds() if length is not None else None
