"""The key that signs what devices are told: made once, its owner's alone, and the same for all hubs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from hub.app.ground import HubError, lay
from hub.app.orders import OrdersPart
from hub.config import Settings
from hub.service import order as orders
from hub.store.base import migrate
from tests.hub.test_orders import Air
from wire.sign import Signer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hub.app.ground import Ground


@dataclass
class Way:
    """What has the way to the devices."""

    link: Air = field(default_factory=Air)


@pytest.fixture
def ground(tmp_path: Path) -> Iterator[Ground]:
    made = lay(Settings(data=tmp_path / "data", device_keys=tmp_path / "devices"))
    migrate(made.engine)
    yield made
    made.engine.dispose()


def start(ground: Ground) -> OrdersPart:
    part = OrdersPart(ground, Way(), lambda: None)
    part.start()
    part.stop()
    return part


def test_it_is_made_at_the_first_start_and_kept(ground: Ground, tmp_path: Path) -> None:
    start(ground)
    key = tmp_path / "data" / "keys" / "orders.pem"
    first = key.read_bytes()
    start(ground)
    assert key.read_bytes() == first
    assert key.stat().st_mode & 0o777 == 0o600
    public = Signer(key).public
    for folder in (key.parent, tmp_path / "devices"):
        assert (folder / "orders.pub").read_bytes() == public
    with ground.reading() as s:
        assert orders.pinned(s) == public.decode()


def test_a_hub_with_another_key_than_the_first_sends_nothing_and_says_what_to_do(
    ground: Ground, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    start(ground)
    before = (tmp_path / "devices" / "orders.pub").read_bytes()
    (tmp_path / "data" / "keys" / "orders.pem").unlink()
    part = OrdersPart(ground, Way(), lambda: None)
    part.start()
    part.wake()
    assert "is not the key that devices know" in caplog.text
    assert "LIANFANG_ORDERS_KEY" in caplog.text
    assert (tmp_path / "devices" / "orders.pub").read_bytes() == before
    assert part.lives() == {"orders": True}
    part.stop()


def test_a_key_that_cannot_be_read_is_refused_with_a_sentence(ground: Ground, tmp_path: Path) -> None:
    start(ground)
    (tmp_path / "data" / "keys" / "orders.pem").write_text("no key")
    with pytest.raises(HubError, match="bring it back from a backup"):
        start(ground)
