"""The hub over HTTPS on the market's own network."""

from __future__ import annotations

import http.client
import json
import ssl
from contextlib import closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2
import pytest

from hub import config
from hub.app.tls import named, secure
from hub.gear.clock import WallClock
from tests.hub.app.running import Running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "hub.market.test"
OWN = {
    "LIANFANG_TLS": "own",
    "LIANFANG_NAMES": f"{NAME}, 192.168.7.2",
    "LIANFANG_PLAIN_PORT": "0",
}


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with Running(tmp_path_factory.mktemp("hub") / "data", demo=True, **OWN) as running:
        yield running


class Named(http.client.HTTPSConnection):
    """Speaks to 127.0.0.1 and expects `name` there, as after a look-up in the market's own DNS."""

    def __init__(self, port: int, name: str, root: str) -> None:
        self._context = ssl.create_default_context(cadata=root)
        super().__init__("127.0.0.1", port, context=self._context, timeout=60)
        self._name = name

    def connect(self) -> None:
        """Connect, and expect the name."""
        http.client.HTTPConnection.connect(self)
        self.sock = self._context.wrap_socket(self.sock, server_hostname=self._name)


@pytest.fixture(scope="module")
def root(hub: Running) -> str:
    return httpx2.get(hub.ready["trust"] + "/authority.crt").text


def port_of(hub: Running) -> int:
    return urlsplit(hub.ready["url"]).port or 0


@pytest.mark.parametrize("name", [NAME, "192.168.7.2", "localhost", "127.0.0.1"])
def test_a_pc_that_trusts_the_root_signs_in_at_any_of_the_hubs_names(
    hub: Running, root: str, name: str
) -> None:
    said = json.dumps({"user": "manager", "password": "manager-demo"})
    with closing(Named(port_of(hub), name, root)) as pc:
        pc.request("POST", "/api/session", said, {"Content-Type": "application/json"})
        answer = pc.getresponse()
        assert answer.status == 200, answer.read()
    cookie = answer.headers["set-cookie"].lower()
    assert "secure" in cookie
    assert "httponly" in cookie
    assert answer.headers["strict-transport-security"]


def test_the_same_pc_refuses_another_name(hub: Running, root: str) -> None:
    with closing(Named(port_of(hub), "evil.test", root)) as pc, pytest.raises(ssl.SSLCertVerificationError):
        pc.connect()


def test_the_console_says_the_fingerprint_that_the_page_shows(hub: Running) -> None:
    page = httpx2.get(hub.ready["trust"]).text
    assert hub.ready["fingerprint"] in page
    assert f"https://{NAME}:{port_of(hub)}" in page


def test_plain_http_gets_the_address_and_no_session(hub: Running) -> None:
    door = hub.ready["trust"].removesuffix("/trust")
    answer = httpx2.post(f"{door}/api/session", json={})
    assert answer.status_code == 426
    assert "set-cookie" not in answer.headers
    assert f"https://{NAME}" in answer.json()["en"]


def test_on_loopback_https_is_not_forced_and_elsewhere_it_is(tmp_path: Path) -> None:
    now = WallClock().now()
    assert secure(config.read(data=tmp_path), now) is None
    assert secure(config.read(data=tmp_path, host="0.0.0.0", tls="off"), now) is None
    secured = secure(config.read(data=tmp_path, host="0.0.0.0", names=NAME), now)
    assert secured is not None
    assert secured.names[0] == NAME


def test_half_a_pair_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="together"):
        config.read(data=tmp_path, tls_key=tmp_path / "key")


def test_a_hub_on_every_address_has_names_that_phones_can_use(tmp_path: Path) -> None:
    names = named(config.read(data=tmp_path, host="0.0.0.0"))
    assert not {"0.0.0.0", "::"} & set(names)
    assert any(name.endswith(".local") for name in names)
