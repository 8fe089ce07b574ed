"""What is drawn on cameras' pictures."""

from __future__ import annotations

from typing import Any, Literal

from hub.api.shape.base import Pair, Shown, When

May = Literal["draw", "test", "replay", "try"]


class DrawnCamera(Shown):
    """A camera that an edge reads."""

    id: str
    name: Pair
    place: Pair
    device: str
    online: bool
    state: str


class Drawing(Shown):
    """One version of what its edge shall be, as far as it matters to whoever draws."""

    version: int
    state: Literal["queued", "sent", "applied", "rejected", "rolled-back", "replaced"]
    reason: str | None
    by: Pair
    at: When


class OldDrawing(Drawing):
    """A version that drew this camera anew."""

    drawn: dict[str, Any] | None
    """Masks and zones; null: what the edge's own file says held again."""


class Scene(Shown):
    """What is drawn of one camera, and what its edge has in force."""

    camera: DrawnCamera
    version: int
    """Of the edge's configuration, to give back in If-Match."""
    drawn: dict[str, Any] | None
    """At the hub; what it leaves out, or all of it where it is null, is as the edge's own file says."""
    order: Drawing | None
    told: dict[str, Any] | None
    """What the edge said that it watches by; null: it has not said so yet."""
    told_at: When | None
    obeys: bool
    """Whether the edge has ever told of its configuration: one without the hub's key takes none."""
    may: list[May]
    why: dict[str, Pair]
    """Of what this person may not: who may."""


class RuleField(Shown):
    """One field of a rule, as a form shows it."""

    name: str
    form: Literal["number", "whole", "choice", "labels", "armed", "holidays"]
    default: Any
    maybe: bool
    """Whether it may be left empty."""
    least: float | None = None
    most: float | None = None
    over: float | None = None
    """A limit that it may not reach itself."""
    under: float | None = None
    choices: list[str] | None = None


class RuleKind(Shown):
    """A kind of rule."""

    kind: str
    on: Literal["polygon", "line"]
    fields: list[RuleField]
