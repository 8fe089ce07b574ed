"""Shapes of what the law asks of cameras: zones where none may look, and the filing sheet."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from hub.api.shape.base import Given, Name, Pair, Shown, Slug, When, Words, spoken
from hub.api.shape.lens import Outline
from hub.core.text import clean

ZoneKind = Literal["fitting", "toilet", "dormitory"]
Said = Annotated[str, AfterValidator(clean), AfterValidator(spoken), Field(min_length=1, max_length=300)]


def _receipt(number: str | None) -> str | None:
    return None if number is None else clean(number)


class NewZone(Given):
    """Where no camera may look."""

    kind: ZoneKind
    ring: Outline
    name_zh: Name
    name_en: Name


class ZoneCamera(Shown):
    """A camera that looks into a zone; `masked`: somebody states that a mask covers it, who and when."""

    id: str
    name: Pair
    masked: bool
    by: Pair | None
    at: When | None


class Zone(Shown):
    """A forbidden zone and the cameras that look into it."""

    id: str
    kind: ZoneKind
    name: Pair
    ring: list[tuple[float, float]]
    cameras: list[ZoneCamera]


class MaskStated(Given):
    """That a mask on the camera's picture covers the zone; `text`: how one has seen it."""

    camera: Slug
    text: Annotated[Words, Field(min_length=2)]


class Filed(Given):
    """What the filing sheet says of a camera besides its place; retention at least 30 days."""

    kind: Literal["fixed", "dome", "ptz", "panorama", "thermal"]
    operator: Said
    legal_basis: Said
    purpose: Said
    retention_days: Annotated[int, Field(ge=30, le=3650)]
    sign: bool
    """Whether the sign stands."""
    sign_at: date | None = None
    """The day on which its photo was taken."""


class FilingCamera(Shown):
    """A row of the sheet; `missing`: what must be entered first; `change`: since the last filing."""

    id: str
    name: Pair
    place: Pair
    x: float
    y: float
    bearing: float
    fov: float
    height_m: float
    width_px: int
    kind: str | None
    operator: str | None
    legal_basis: str | None
    purpose: str | None
    retention_days: int | None
    sign: bool
    sign_at: str | None
    missing: list[str]
    enters: list[str]
    """Forbidden zones it looks into unmasked: it cannot be filed."""
    change: Literal["new", "changed", "same"]
    changed: list[str]
    """Columns that differ."""


class Removed(Shown):
    """A camera that was filed and is no more."""

    id: str
    name: Pair


class FilingMark(Shown):
    """When the sheet was last filed, by whom, and what receipt came back."""

    at: When
    by: Pair | None
    number: str | None
    cameras: int


class FilingSheet(Shown):
    """The filing sheet now; `due`: new, changed or removed cameras must be filed by then (30 days)."""

    market: Pair
    at: When
    last: FilingMark | None
    due: When | None
    digest: str
    """Of what it says of the cameras: sent back when it was handed in."""
    cameras: list[FilingCamera]
    removed: list[Removed]


class FilingDone(Given):
    """That the sheet was handed in; `number`: that of its receipt; `digest`: of the sheet that was read."""

    number: Annotated[str | None, AfterValidator(_receipt), Field(max_length=64)] = None
    digest: Annotated[str | None, Field(pattern=r"^[0-9a-f]{64}$")] = None
