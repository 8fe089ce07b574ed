"""Cameras that are turned."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hub.api.shape.base import Given, Pair, Shown, Slug, When

Speed = Annotated[float, Field(ge=-1, le=1)]


class Steering(Given):
    """What somebody wants of a camera."""

    act: Literal["goto", "move", "end"]
    preset: Slug | None = None
    """goto: one of its presets."""
    pan: Speed = 0.0
    tilt: Speed = 0.0
    zoom: Speed = 0.0
    """move: to the right, up, nearer; half a second."""


class Held(Shown):
    """Who has it now."""

    by: Pair
    role: str
    mine: bool
    until: When


class Turning(Shown):
    """A camera that can be turned."""

    camera: str
    presets: list[str]
    home: str
    preset: str | None
    """Where it is, or turns to; null: somewhere between."""
    held: Held | None
    trouble: str | None
    """Why the last thing that was asked of it was not done, in its edge's words."""
