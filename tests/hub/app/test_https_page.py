"""The wall in a browser over HTTPS, at a name of the market's own network that is not this machine's."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec.structs import replace

from edge.config import HubConfig
from tests.conftest import CHROMIUM, FLAGS
from tests.hub import relayed
from tests.hub.app.running import ROOT, Running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Page, Playwright

pytestmark = pytest.mark.screen
NAME = "hub.market.test"
NEEDED = """() => ({
    secure: isSecureContext,
    camera: !!navigator.mediaDevices?.getUserMedia,
    push: 'PushManager' in window,
    worker: 'serviceWorker' in navigator,
    codecs: 'VideoDecoder' in window,
    keys: !!crypto.subtle,
})"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    if not (ROOT / "hub" / "web" / "dist" / "index.html").is_file():
        pytest.skip("hub/web/dist is not built: run `python3 -m launch setup`")
    own = {"LIANFANG_TLS": "own", "LIANFANG_NAMES": NAME, "LIANFANG_PLAIN_PORT": "0"}
    with Running(tmp_path_factory.mktemp("hub") / "data", demo=True, **own) as running:
        yield running


@pytest.fixture(scope="module")
def page(hub: Running, driver: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A browser on a PC that was brought the root, as far as a browser can be told by a flag: by its key."""
    root = x509.load_pem_x509_certificate(httpx2.get(hub.ready["trust"] + "/authority.crt").content)
    key = root.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    trusted = base64.b64encode(hashlib.sha256(key).digest()).decode()
    context = driver.chromium.launch_persistent_context(
        str(tmp_path_factory.mktemp("profile")),
        executable_path=str(CHROMIUM),
        args=[
            *FLAGS,
            f"--host-resolver-rules=MAP {NAME} 127.0.0.1",
            f"--ignore-certificate-errors-spki-list={trusted}",
        ],
    )
    yield context.pages[0]
    context.close()


def test_over_plain_http_a_new_browser_is_told_what_will_not_work(hub: Running, page: Page) -> None:
    """First, since a browser that has come by HTTPS once never comes to this name by plain HTTP again."""
    port = urlsplit(hub.ready["trust"]).port
    page.goto(f"http://{NAME}:{port}/")
    assert page.evaluate("isSecureContext") is False
    page.get_by_text("消息推送").wait_for()
    assert page.get_by_role("link", name=f"https://{NAME}").is_visible()


def test_what_phones_and_walls_need_is_there_over_https_at_the_markets_own_name(
    hub: Running, page: Page
) -> None:
    port = urlsplit(hub.ready["url"]).port
    page.goto(f"https://{NAME}:{port}/")
    assert set(page.evaluate(NEEDED).values()) == {True}


def test_the_wall_lives_there(hub: Running, page: Page) -> None:
    """Signed in by a cookie that travels by HTTPS only; the feed and its pulse come by the same way."""
    port = urlsplit(hub.ready["url"]).port
    with page.expect_response(lambda answer: urlsplit(answer.url).path == "/api/feed") as feed:
        page.goto(f"https://{NAME}:{port}/")
        page.evaluate(
            """async () => {
                const headers = {'Content-Type': 'application/json'};
                const body = JSON.stringify({user: 'monitor', password: 'monitor-demo'});
                await fetch('/api/session', {method: 'POST', body, headers});
                location.reload();
            }"""
        )
    assert feed.value.status == 200
    (cookie,) = [one for one in page.context.cookies() if one["name"] == "lf_session"]
    assert cookie["secure"]
    assert cookie["httpOnly"]
    page.get_by_text("值守").first.wait_for()


def test_live_pictures_are_decoded_there_and_the_edge_trusts_no_other_hub(
    hub: Running, page: Page, tmp_path: Path
) -> None:
    """The whole way is TLS: the edge pins the house's own authority, the page decodes by WebCodecs."""
    port = urlsplit(hub.ready["url"]).port
    root = tmp_path / "root.crt"
    root.write_bytes(httpx2.get(hub.ready["trust"] + "/authority.crt").content)
    told = HubConfig("mqtt://127.0.0.1", f"https://localhost:{port}", "key", ca_file=str(root))
    foreign = replace(told, ca_file=None)
    key = (hub.data / "keys" / "edge-west.key").read_text().strip()
    cameras = ["c-2-01", "c-1-08"]
    packets = relayed.film(tmp_path)
    page.goto(f"https://{NAME}:{port}/")
    live = page.locator("[data-how=codecs]")
    with relayed.relaying(foreign, "edge-west", key, cameras, packets):
        page.wait_for_timeout(1500)
        assert live.count() == 0
    with relayed.relaying(told, "edge-west", key, cameras, packets):
        live.first.wait_for()
        assert "直播" in live.first.inner_text()
