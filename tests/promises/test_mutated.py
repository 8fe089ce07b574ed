"""Ten thousand damaged messages: each is taken or set aside with a reason, and no sound one suffers."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from hub.ports import Heard
from hub.store.alert import AlarmRecord
from hub.store.base import readings
from hub.store.device import DeadLetter
from tests.hub.town import event
from tests.promises.door import Ear, door, numbered
from tests.promises.mutate import mutated
from tests.wire.samples import BODIES
from tests.wire.samples import envelope as sample
from wire import message
from wire.message import new_id

if TYPE_CHECKING:
    from sqlalchemy import Engine

BATCH = 500


def sound(chance: Random) -> list[Heard]:
    """One true message of every kind, and some of this market's own."""
    kinds = [sample(body) for body in BODIES]
    own = numbered([event(chance.choice(["crowd", "line"])) for _ in range(20)], new_id())
    return own + [
        Heard(f"lf/v1/yunda/edge-1/{one.body.__struct_config__.tag}", message.encode(one)) for one in kinds
    ]


def flood(on: Engine, batches: int) -> None:
    chance = Random()
    samples, healthy = sound(chance), numbered([event() for _ in range(batches)], new_id())
    ear = Ear()
    one = door(on, ear)
    for well in healthy:
        damaged = [mutated(chance.choice(samples), chance) for _ in range(BATCH - 1)]
        one.once([*damaged, well])
    counts = one.counts
    assert counts.taken + counts.repeated + counts.dead == batches * BATCH
    assert counts.dead > batches * BATCH / 2
    assert counts.troubles == 0
    with readings(on)() as s:
        assert s.scalar(select(func.count()).select_from(DeadLetter)) == counts.dead
        assert s.scalar(select(func.count()).where(DeadLetter.reason == "")) == 0
        kept = set(s.scalars(select(AlarmRecord.id)))
    assert {message.decode(well.data).id for well in healthy} <= kept


def test_two_thousand_damaged_messages_harm_nobody(database: Engine) -> None:
    flood(database, 4)


@pytest.mark.long
def test_ten_thousand_damaged_messages_harm_nobody(database: Engine) -> None:
    flood(database, 20)
