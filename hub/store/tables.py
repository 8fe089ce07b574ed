"""All tables at once, for the migration and its drift test."""

from __future__ import annotations

from hub.store import (
    alert,
    business,
    camera,
    case,
    component,
    device,
    duty,
    election,
    evidence,
    filing,
    market,
    order,
    people,
    placement,
    plan,
    process,
    recording,
    scene,
    staff,
    supervise,
    turning,
    workroom,
)
from hub.store.base import Base

FILES = (
    alert,
    business,
    camera,
    case,
    component,
    device,
    duty,
    election,
    evidence,
    filing,
    market,
    order,
    people,
    placement,
    plan,
    process,
    recording,
    scene,
    staff,
    supervise,
    turning,
    workroom,
)
METADATA = Base.metadata
