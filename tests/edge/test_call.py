from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from edge.call import IDLE, PAUSES, Caller
from edge.carrier import Carrier
from edge.envelope import lane, seal
from tests.conftest import comes_back, ended
from tests.edge.market import DEVICE, KEY, wait_for
from tests.wire.samples import EVENT
from wire.message import Range, Sos, Up, new_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edge.outbox import Outbox
    from tests.edge.door import Door


HOUR = 3600.0


@pytest.fixture
def caller(outbox: Outbox, web: Door) -> Iterator[Caller]:
    one = Caller(outbox, Carrier(web.hub, DEVICE, KEY))
    yield one
    one.stop()


def put(outbox: Outbox, body: Up | None = None) -> int:
    said = body or Sos(call=new_id(), button="panic")
    return outbox.put(seal(DEVICE, outbox.epoch, said), lane(said))


def test_a_call_goes_by_http_as_the_very_bytes_that_go_by_mqtt(
    caller: Caller, outbox: Outbox, web: Door
) -> None:
    put(outbox)
    (row,) = outbox.due(0.0, 10)
    caller.once(0.0)
    assert web.calls == [row.data]
    assert outbox.counts().queued == 0, "the answer is the receipt"
    assert caller.made == 1


def test_nothing_but_calls_goes_this_way(caller: Caller, outbox: Outbox, web: Door) -> None:
    put(outbox, EVENT)
    assert caller.once(0.0) == IDLE
    assert web.requests == []


@pytest.mark.parametrize("trouble", [500, 503, 401, "cut"])
def test_a_call_in_vain_stays_and_is_made_again_soon(
    caller: Caller, outbox: Outbox, web: Door, trouble: int | str
) -> None:
    put(outbox)
    web.troubles.append(trouble)
    wait = caller.once(100.0)
    assert PAUSES[0] <= wait <= 1.3 * PAUSES[0]
    assert outbox.counts().queued == 1
    caller.once(100.0 + wait / 2)
    assert len(web.requests) == 1
    caller.once(100.0 + wait)
    assert (len(web.calls), outbox.counts().queued) == (1, 0)


def test_a_call_that_mqtt_brought_meanwhile_is_made_no_more(
    caller: Caller, outbox: Outbox, web: Door
) -> None:
    seq = put(outbox)
    web.troubles.append(503)
    caller.once(0.0)
    outbox.receipted([Range(outbox.epoch, seq, seq)])
    assert caller.once(60.0) == IDLE
    assert len(web.requests) == 1


def test_whoever_presses_waits_for_no_look(
    caller: Caller, outbox: Outbox, web: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.call.IDLE", HOUR)
    put(outbox)
    caller.start()
    wait_for(lambda: len(web.calls) == 1)
    put(outbox)
    caller.wake()
    wait_for(lambda: len(web.calls) == 2)


def test_no_hub_at_all_does_not_hold_up_the_stop(
    outbox: Outbox, web: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.call.PAUSES", (HOUR,))
    nowhere = web.hub
    put(outbox)
    web.server_close()
    caller = Caller(outbox, Carrier(nowhere, DEVICE, KEY))
    caller.start()
    wait_for(lambda: caller._vain)
    assert comes_back(caller.stop)
    assert ended(caller._worker)
    assert outbox.counts().queued == 1
