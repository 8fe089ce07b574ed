"""All tables at once, for the migration and its drift test."""

from __future__ import annotations

from hub.store import (
    alert,
    camera,
    case,
    device,
    duty,
    evidence,
    market,
    order,
    people,
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
    camera,
    case,
    device,
    duty,
    evidence,
    market,
    order,
    people,
    process,
    recording,
    scene,
    staff,
    supervise,
    turning,
)
METADATA = Base.metadata
