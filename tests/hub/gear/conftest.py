from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hub.gear.broker import Broker
from hub.gear.password import hash_key
from hub.gear.permissions import Peer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEYS = {"edge-west": "key-of-west", "edge-east": "key-of-east"}
PEERS = tuple(Peer("yunda", device, hash_key(key)) for device, key in KEYS.items())


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A running broker that lets edge-west and edge-east in."""
    made = Broker(tmp_path / "broker", again_s=1)
    made.start(PEERS)
    yield made
    made.stop()
