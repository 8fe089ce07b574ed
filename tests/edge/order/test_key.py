from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from edge.carrier import Carrier
from edge.config import ConfigError, HubConfig
from edge.order.key import ASK, Asking, read
from tests.edge.market import DEVICE, KEY, wait_for
from tests.wire.orders import command
from wire.sign import Checker, Signer, make_key

if TYPE_CHECKING:
    from pathlib import Path

    from tests.edge.door import Door


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    make_key(tmp_path / "orders.pem")
    return Signer(tmp_path / "orders.pem")


def asking(web: Door, path: Path, found: list[Checker]) -> Asking:
    hub = HubConfig("mqtt://127.0.0.1:1", f"http://127.0.0.1:{web.server_port}", "none")
    return Asking(path, Carrier(hub, DEVICE, KEY), found.append)


def test_a_device_without_the_key_asks_until_the_hub_gives_it_and_keeps_it(
    web: Door, signer: Signer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("edge.order.key.back_off", lambda *_: 0.05)
    found: list[Checker] = []
    one = asking(web, tmp_path / "keys" / "orders.pub", found)
    one.start()
    wait_for(lambda: web.requests.count(f"GET {ASK}") >= 3)
    assert not found
    web.answers[ASK] = signer.public
    wait_for(lambda: found)
    one.stop()
    assert found[0].good(signer.sign(command()))
    kept = read(tmp_path / "keys" / "orders.pub")
    assert kept is not None
    assert kept.good(signer.sign(command()))


def test_what_is_no_key_is_not_kept(web: Door, tmp_path: Path) -> None:
    found: list[Checker] = []
    web.answers[ASK] = b"<html>a proxy's page</html>"
    one = asking(web, tmp_path / "orders.pub", found)
    assert not one.once()
    one.stop()
    assert not found
    assert list(tmp_path.iterdir()) == []


def test_a_hub_that_is_away_is_asked_again_later(tmp_path: Path) -> None:
    hub = HubConfig("mqtt://127.0.0.1:1", "http://127.0.0.1:1", "none")
    assert not Asking(tmp_path / "orders.pub", Carrier(hub, DEVICE, KEY), lambda _: None).once()


def test_a_key_file_that_holds_none_is_said_and_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "orders.pub"
    assert read(path) is None
    path.write_text("no key")
    with pytest.raises(ConfigError, match=r"orders\.pub: the hub's public key cannot be read"):
        read(path)
