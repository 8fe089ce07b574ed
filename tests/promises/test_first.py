"""A call for help waits for no pile: not in the hub's queue, and not for a large commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hub.gear.lanes import Lanes
from hub.ingest.door import URGENT, Ingest
from hub.store.base import sessions
from tests.hub.town import MARKET, NOON, envelope, event
from tests.promises.door import Ear, Noon, numbered
from wire.message import Scan, Sos, new_id

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from hub.ports import Heard


class Piled(Ear):
    """Port Hearing with a pile before it."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = Lanes()

    def hear(self, seconds: float) -> Heard | None:
        return self.waiting.get(seconds)


def test_the_call_is_committed_before_the_pile_that_came_earlier(on: Engine) -> None:
    ear = Piled()
    scans = [envelope(Scan(checkpoint=f"p-{number}", by="nfc"), NOON) for number in range(600)]
    said = [*scans, event("intrusion"), envelope(Sos(call=new_id(), button="panic"), NOON)]
    for heard in numbered(said, new_id()):
        ear.waiting.put(heard)
    door = Ingest((MARKET,), ear, sessions(on), Noon())
    batch = door._gather()
    assert [one.topic.rpartition("/")[2] for one in batch[:3]] == ["sos", "event", "scan"]
    assert len(batch) <= URGENT[0]
    assert len(door._gather()) > URGENT[0], "the rest goes on in large commits"
