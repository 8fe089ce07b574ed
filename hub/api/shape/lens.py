"""Shapes of cameras as pages send them: tried, put, measured, and the kind that could be put next."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hub.api.shape.base import Given, Metres, Slug, Words
from hub.api.shape.coverage import LevelName, Scale

Corner = tuple[Metres, Metres]
Outline = Annotated[list[Corner], Field(min_length=3, max_length=200)]


class Lens(Given):
    """Where a camera stands and how it looks."""

    x: Metres
    y: Metres
    bearing: Annotated[float, Field(ge=0, lt=360)]
    fov: Annotated[float, Field(ge=1, le=360)]
    range_m: Annotated[float, Field(ge=1, le=300)]
    height_m: Annotated[float, Field(ge=0.5, le=40)] = 3.2
    width_px: Annotated[int, Field(ge=160, le=20_000)] = 1920


class Tried(Lens):
    """A camera as it would stand; `camera`: in whose place, none: one more."""

    camera: Slug | None = None
    scale: Scale = "iec2025"
    level: LevelName | None = None


class Mask(Given):
    """That a mask covers a zone; `text`: how one has seen it."""

    zone: Annotated[str, Field(pattern=r"^[0-9a-f-]{1,36}$")]
    text: Annotated[Words, Field(min_length=2)]


class Put(Lens):
    """A camera's place that is saved; `masks`: statements for forbidden zones that it looks into."""

    masks: Annotated[list[Mask], Field(max_length=20, default_factory=list)]


class NextWanted(Given):
    """How many cameras more, and what kind: `range_m`, `fov`, `height_m`, `width_px` as of a lens."""

    count: Annotated[int, Field(ge=1, le=60)]
    fov: Annotated[float, Field(ge=1, le=360)] = 88
    range_m: Annotated[float, Field(ge=1, le=300)] = 60
    height_m: Annotated[float, Field(ge=0.5, le=40)] = 3.2
    width_px: Annotated[int, Field(ge=160, le=20_000)] = 2560
    scale: Scale = "iec2025"
    level: LevelName | None = None
    seconds: Annotated[float, Field(ge=1, le=15)] = 10


class Measured(Given):
    """The view as somebody walked it; none: as it is computed."""

    ring: Outline | None
