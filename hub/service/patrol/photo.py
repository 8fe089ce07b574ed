"""Photos from phones: their bytes come first under their hash, then something names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.core import policy
from hub.core.policy import Target
from hub.service.patrol import point
from hub.service.phone.item import Waits
from hub.store.evidence import Blob, Media
from hub.store.patrol import RoundPhoto
from wire.message import new_id

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.glossary import Pair
    from hub.core.policy import Actor
    from hub.service.phone.item import Item


def named(s: Session, market: str, sha256: str | None, at: datetime, case: str | None = None) -> str | None:
    """A row for the photo under this hash; its opaque id, None where none is named.

    Raises:
        Waits: its bytes have not come yet.
    """
    if sha256 is None:
        return None
    blob = s.get(Blob, sha256)
    if blob is None:
        raise Waits
    row = Media(
        id=new_id(),
        market=market,
        sha256=sha256,
        size=blob.size,
        type=blob.type,
        role="still",
        case=case,
        at=at,
    )
    s.add(row)
    s.flush()
    return row.id


def said(s: Session, actor: Actor, item: Item, _now: datetime) -> Pair | None:
    """A photo for its own sake, of a round or a point.

    Raises:
        Refused: there is no such round, or the actor walks none there.
        Waits: its bytes have not come yet.
    """
    body = item.body
    where = point.placed(s, actor, body.get("round"), body.get("checkpoint"))
    policy.authorize(actor, "patrol.walk", Target(where))
    media = named(s, actor.market, body["sha256"], item.at)
    s.add(
        RoundPhoto(
            id=item.id,
            market=actor.market,
            round=body.get("round"),
            checkpoint=body.get("checkpoint"),
            person=actor.person,
            at=item.at,
            media=media,
            note=body["note"],
        )
    )
    return None
