"""Browsers that are told: as long as the push service knows them, and nobody has ended the log-in there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update

from hub.store.notify import Channel, Delivery

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.orm import Session


def remove(s: Session, channels: Collection[str]) -> None:
    """Use these no more; what still waits for them is dropped once it is due."""
    if channels:
        s.execute(update(Delivery).where(Delivery.channel.in_(channels)).values(channel=None))
        s.execute(delete(Channel).where(Channel.id.in_(channels)))


def signed_out(s: Session, sessions: Collection[str]) -> None:
    """These log-ins ended: the browsers in which they were are told nothing more."""
    if sessions:
        remove(s, s.scalars(select(Channel.id).where(Channel.session.in_(sessions))).all())


def only(s: Session, person: str, keep: str | None = None) -> None:
    """Tell no browser of the person's any more but that of the log-in `keep`, idle ones included."""
    rows = s.scalars(select(Channel).where(Channel.person == person, Channel.kind == "push"))
    remove(s, [row.id for row in rows if keep is None or row.session != keep])
