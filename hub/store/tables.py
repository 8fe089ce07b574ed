"""All tables at once, for the migration and its drift test."""

from __future__ import annotations

from hub.store import (
    alert,
    business,
    camera,
    case,
    device,
    duty,
    evidence,
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
)
from hub.store.base import Base

FILES = (
    alert,
    business,
    camera,
    case,
    device,
    duty,
    evidence,
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
)
METADATA = Base.metadata
