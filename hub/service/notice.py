"""What people are told. A notice is a row; channels that reach people elsewhere read the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.store.supervise import Notice
from wire.message import new_id

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.glossary import Pair


def tell(
    s: Session, market: str, people: Iterable[str], subject: str, step: str, words: Pair, now: datetime
) -> list[Notice]:
    """One notice for each of these people about `alert/<id>` or `case/<id>`."""
    made = [
        Notice(
            id=new_id(),
            market=market,
            person=person,
            role=None,
            subject=subject,
            step=step,
            at=now,
            words_zh=words.zh,
            words_en=words.en,
        )
        for person in dict.fromkeys(people)
    ]
    s.add_all(made)
    return made
