"""Coverage: what cameras see, what is blind, a camera that is tried or put, and where the next do most."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import Depends, Query

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import Parts, PartsHere
from hub.api.shape.base import SlugPath
from hub.api.shape.coverage import BlindNow, Coverage, LevelName, Next, SavedLens, Scale, TriedSeen, Without
from hub.api.shape.lens import Measured, NextWanted, Put, Tried
from hub.core import asks
from hub.core.cover import CoverAsked, Lens, LensAsked, NextAsked, ZonesAsked
from hub.core.ground import Ground
from hub.service import zone
from hub.service.coverage import lens, now, picture, stand
from hub.service.coverage.stand import Looked, Stand

router = Guarded(prefix="/api/coverage", tags=["coverage"], most=16_384)

Seer = Annotated[Visitor, Depends(Signed("coverage.see", shows=False))]
Changer = Annotated[Visitor, Depends(Signed("coverage.change", shows=False))]
ByScale = Annotated[Scale, Query()]
AtLevel = Annotated[LevelName | None, Query()]


@router.get("", response_model=Coverage)
def coverage(
    visitor: Seer, parts: PartsHere, scale: ByScale = "iec2025", level: AtLevel = None
) -> dict[str, Any]:
    """The state of sight as it is meant to be: every camera sees. A leader gets their own grid's cameras."""
    market, ground = visitor.actor.market, _ground(parts, visitor)
    with parts.readings() as session:
        asked = lens.by_grid(session, market, lens.asked(session, market, ground, scale, level))
        zones = zone.asked(session, market, ground, asked.lenses)
    made = parts.pictures.whole(parts.solver, asked)
    entered = parts.pictures.entered(parts.solver, zones).enters
    with parts.readings() as session:
        open_ = zone.unmasked(session, market, entered)
        return picture.whole(session, visitor.actor, asked, made, open_)


@router.get("/now", response_model=BlindNow)
def blind_now(
    visitor: Seer, parts: PartsHere, scale: ByScale = "iec2025", level: AtLevel = None
) -> dict[str, Any]:
    """What is blind at this moment because cameras do not see, grid by grid and since when."""
    market, ground = visitor.actor.market, _ground(parts, visitor)
    with parts.readings() as session:
        meant = lens.by_grid(session, market, lens.asked(session, market, ground, scale, level))
        dark = lens.asked(session, market, ground, scale, level, dark=True)
        asked = replace(dark, grid_of=meant.grid_of)
    before = parts.pictures.whole(parts.solver, meant)
    made = parts.pictures.whole(parts.solver, asked)
    with parts.readings() as session:
        return now.now_blind(session, visitor.actor, asked, before, made, parts.clock.now())


@router.get("/without/{camera}", response_model=Without)
def without(
    camera: SlugPath, visitor: Seer, parts: PartsHere, scale: ByScale = "iec2025", level: AtLevel = None
) -> dict[str, Any]:
    """What would be blind if this camera failed and all others saw."""
    market, ground = visitor.actor.market, _ground(parts, visitor)
    with parts.readings() as session:
        now.seen_camera(session, visitor.actor, camera)
        meant = lens.by_grid(session, market, lens.asked(session, market, ground, scale, level))
    lenses = tuple(replace(one, blind=one.id == camera) for one in meant.lenses)
    before = parts.pictures.whole(parts.solver, meant)
    made = parts.pictures.whole(parts.solver, replace(meant, lenses=lenses))
    with parts.readings() as session:
        return now.without(session, visitor.actor, camera, before, made)


@router.post("/try", response_model=TriedSeen)
def attempt(given: Tried, visitor: Changer, parts: PartsHere) -> dict[str, Any]:
    """One camera as it would stand, in milliseconds; nothing is saved. Without `camera` it is one more."""
    asked, zones = _asked(parts, visitor, given.scale, given.level)
    stand.refuse_outside(asked.ground.bounds, [(given.x, given.y)])
    tried = LensAsked(asked, _lens(given, given.camera or "new"), zones.zones)
    return picture.tried(parts.pictures.ask(parts.solver, asks.LENS, tried))


@router.post("/next", response_model=Next)
def following(given: NextWanted, visitor: Changer, parts: PartsHere) -> dict[str, Any]:
    """The best places for so many cameras more, proved; answers in seconds."""
    asked, _ = _asked(parts, visitor, given.scale, given.level)
    pattern = Lens("new", (0.0, 0.0), 0.0, given.fov, given.range_m, given.height_m, given.width_px)
    wanted = NextAsked(asked, given.count, pattern, given.seconds)
    made = parts.pictures.ask(parts.solver, asks.NEXT, wanted)
    with parts.readings() as session:
        meant = lens.by_grid(session, visitor.actor.market, asked)
    whole = parts.pictures.whole(parts.solver, meant)
    with parts.readings() as session:
        return picture.following(session, visitor.actor.market, made, whole)


@router.put("/cameras/{camera}", response_model=SavedLens)
def put(camera: SlugPath, given: Put, visitor: Changer, parts: PartsHere) -> dict[str, Any]:
    """Save where a camera stands and how it looks.

    409 `zone.open`: it would look into a forbidden zone that no mask is stated to cover.
    """
    looked = _looked(parts, visitor, _lens(given, camera))
    stood = Stand(**given.model_dump(exclude={"masks"}))
    masks = {each.zone: each.text for each in given.masks}
    with parts.sessions.begin() as session:
        row = stand.put(session, visitor.actor, camera, stood, masks, looked, parts.clock.now())
        shown = picture.lens_of(row)
    parts.feeds.wake()
    return shown


@router.put("/cameras/{camera}/measured", status_code=204)
def measured(camera: SlugPath, given: Measured, visitor: Changer, parts: PartsHere) -> None:
    """Take a camera's view as somebody walked it; `ring` null: as it is reckoned again."""
    with parts.readings() as session:
        row, _ = stand.camera_of(session, visitor.actor, camera)
        plain = lens.of(row)
    ring = tuple(given.ring) if given.ring else None
    looked = _looked(parts, visitor, replace(plain, measured=ring))
    with parts.sessions.begin() as session:
        stand.measure(session, visitor.actor, camera, given.ring, looked, parts.clock.now())
    parts.feeds.wake()


def _ground(parts: Parts, visitor: Visitor) -> Ground:
    return parts.pictures.ground(parts.readings, parts.clock, visitor.actor.market)


def _asked(parts: Parts, visitor: Visitor, scale: str, level: str | None) -> tuple[CoverAsked, ZonesAsked]:
    """The market's cameras as they are meant to see, and its forbidden zones."""
    market, ground = visitor.actor.market, _ground(parts, visitor)
    with parts.readings() as session:
        asked = lens.asked(session, market, ground, scale, level)
        return asked, zone.asked(session, market, ground, ())


def _looked(parts: Parts, visitor: Visitor, tried: Lens) -> Looked:
    """Which zones a camera would look into; asked before anything is written, since it takes its time."""
    market, ground = visitor.actor.market, _ground(parts, visitor)
    with parts.readings() as session:
        asked = zone.asked(session, market, ground, (tried,))
    return Looked(asked, parts.pictures.entered(parts.solver, asked))


def _lens(given: Tried | Put, name: str) -> Lens:
    at = (given.x, given.y)
    return Lens(name, at, given.bearing, given.fov, given.range_m, given.height_m, given.width_px)
