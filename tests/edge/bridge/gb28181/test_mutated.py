"""What strangers, platforms and devices may send: whatever it is, the bridge goes on."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tests.edge.bridge.gb28181.conftest import above, below
from tests.edge.bridge.gb28181.peer import CAMERA, DOWN, EDGE, PLATFORM, US, Platform, Recorder, request
from tests.edge.bridge.gb28181.test_sip import mutated
from tests.edge.market import wait_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from edge.bridge.gb28181.bridge import Bridge

SENT = 6_000
ALARM = (
    f"<Notify><CmdType>Alarm</CmdType><SN>1</SN><DeviceID>{CAMERA}</DeviceID><AlarmMethod>5</AlarmMethod>"
    "<AlarmTime>2026-11-22T12:00:00</AlarmTime><Info><AlarmType>6</AlarmType></Info></Notify>"
)
ITEM = f"<Item><DeviceID>{CAMERA}</DeviceID><Name>东门</Name><Status>ON</Status></Item>"
PAGE = (
    f"<Response><CmdType>Catalog</CmdType><SN>1</SN><DeviceID>{DOWN}</DeviceID><SumNum>2</SumNum>"
    f'<DeviceList Num="1">{ITEM}</DeviceList></Response>'
)
QUERY = f"<Query><CmdType>DeviceInfo</CmdType><SN>1</SN><DeviceID>{EDGE}</DeviceID></Query>"


@dataclass
class Nowhere:
    """A way of which nothing comes back."""

    host: str
    port: int = 5060
    transport: Literal["UDP", "TCP"] = "UDP"
    is_open: bool = True
    sent: list[bytes] = field(default_factory=list)

    def send(self, data: bytes) -> None:
        self.sent.append(data)

    def close(self) -> None:
        """There is nothing."""


def test_six_thousand_mutated_messages_to_a_bridge_at_work_and_it_never_stumbles(
    platform: Platform, bridged: Callable[..., Bridge]
) -> None:
    bridge = bridged(above(platform), below=below())
    wait_for(lambda: bridge.above and bridge.above[0].state == "registered")
    recorder = Recorder(bridge.port)
    assert recorder.register() == 200
    chance, near, far = random.Random(28181), Nowhere("127.0.0.1"), Nowhere("127.0.0.2")

    def one() -> tuple[bytes, Nowhere]:
        match chance.randrange(4):
            case 0:
                return request("MESSAGE", DOWN, US, 5060, body=chance.choice([ALARM, PAGE])), near
            case 1:
                return request("MESSAGE", PLATFORM, EDGE, 5060, body=QUERY), near
            case 2:
                return request("REGISTER", DOWN, DOWN, 5060, Authorization=recorder.proof), far
            case _:
                return request("INVITE", PLATFORM, EDGE, 5060, Subject="x:1,y:2"), near

    async def flood() -> None:
        for n in range(SENT):
            good, way = one()
            bridge._post._read(mutated(chance, good), way)
            if n % 50 == 0:
                await asyncio.sleep(0)

    before = bridge.counts["heard"], bridge.counts["malformed"]
    assert bridge._loop is not None
    asyncio.run_coroutine_threadsafe(flood(), bridge._loop).result(60.0)
    assert bridge.counts["stumbled"] == 0
    assert bridge.counts["heard"] - before[0] > SENT // 10
    assert bridge.counts["malformed"] - before[1] > SENT // 10
    assert {400, 401, 403, 488} <= {int(one[8:11]) for one in near.sent + far.sent if one[:4] == b"SIP/"}
    assert recorder.register() == 200
    assert recorder.notify("Keepalive") == 200
    recorder.close()
