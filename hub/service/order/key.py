"""Which key signs what devices are told: the first that a hub of this database used, for all of its hubs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from hub.store.order import OrderKey

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

ONLY = 1


def pin(s: Session, public: str, now: datetime) -> bool:
    """Whether devices know this public key, PEM; where they know none yet, from now on it is this one."""
    if s.get(OrderKey, ONLY) is None:
        try:
            with s.begin_nested():
                s.add(OrderKey(id=ONLY, public=public, since=now))
        except IntegrityError:  # another hub begins at this very moment
            pass
    return s.get_one(OrderKey, ONLY, populate_existing=True).public == public


def pinned(s: Session) -> str | None:
    """The public key, PEM; None before the first hub that sends orders has begun."""
    row = s.get(OrderKey, ONLY)
    return row.public if row else None
