"""Web push: what arrives at a browser's service, decrypted by the browser's own key."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TYPE_CHECKING

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from py_vapid import Vapid02

from hub.core import address
from hub.core.notice import Letter
from hub.core.refuse import Refused
from hub.gear.notify import vapid
from hub.gear.notify.webpush import WebPush
from hub.ports import UndeliveredError
from tests.hub.gear.notify.catcher import Catcher

if TYPE_CHECKING:
    from pathlib import Path

LETTER = Letter("0197a1b2-0000-7000-8000-000000000001", 0, "【紧急】紧急求救", "[Urgent] Panic", notice="n-1")
AUTH = b"sixteen bytes ok"


def coded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Browser:
    """A browser that has subscribed at a service of ours."""

    def __init__(self, service: str) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.endpoint, self.keys = f"{service}/push/abc", {"p256dh": coded(point), "auth": coded(AUTH)}

    def read(self, body: bytes) -> dict[str, object]:
        plain = http_ece.decrypt(body, private_key=self.key, auth_secret=AUTH, version="aes128gcm")
        found: dict[str, object] = json.loads(plain)
        return found


def push(folder: Path, catcher: Catcher) -> None:
    """Push to a browser whose service is the catcher."""
    browser = Browser(catcher.url)
    where = address.subscription(browser.endpoint, browser.keys, {catcher.host})
    WebPush(folder / "vapid.pem", "mailto:a@b.example", {catcher.host}).send(where.text, LETTER)


def test_only_the_browser_can_read_it_and_the_service_knows_who_sends(tmp_path: Path) -> None:
    key = tmp_path / "keys" / "vapid.pem"
    public = vapid.public_key(key)
    with Catcher(status=201) as catcher:
        browser = Browser(catcher.url)
        where = address.subscription(browser.endpoint, browser.keys, {catcher.host})
        WebPush(key, "mailto:hub@lianfang.example", {catcher.host}).send(where.text, LETTER)
    (asked,) = catcher.asked
    headers = {name.lower(): value for name, value in asked.headers.items()}
    assert (headers["content-encoding"], headers["urgency"], headers["ttl"]) == ("aes128gcm", "high", "1800")
    assert headers["topic"] == LETTER.id.replace("-", "")
    assert b"Panic" not in asked.body
    assert browser.read(asked.body) == {
        "notice": "n-1",
        "severity": 0,
        "zh": LETTER.zh,
        "en": LETTER.en,
        "url": "/phone",
    }
    token, named = headers["authorization"].removeprefix("vapid t=").split(",k=")
    assert named == public
    claims = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    assert (claims["sub"], claims["aud"]) == ("mailto:hub@lianfang.example", catcher.url)
    signed, signature = token.rsplit(".", 1)
    assert Vapid02.from_raw_public(named.encode()).verify_token(signed.encode(), signature)


def test_the_key_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "vapid.pem"
    assert vapid.public_key(file) == vapid.public_key(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert len(urlsafe_b64decode(vapid.public_key(file) + "=")) == 65


@pytest.mark.parametrize(("status", "gone"), [(410, True), (404, True), (500, False), (429, False)])
def test_a_browser_that_has_left_is_given_up_and_a_busy_service_is_not(
    tmp_path: Path, status: int, gone: bool
) -> None:
    vapid.public_key(tmp_path / "vapid.pem")
    with Catcher(status=status) as catcher, pytest.raises(UndeliveredError) as caught:
        push(tmp_path, catcher)
    assert caught.value.gone is gone


def test_a_service_that_sends_us_elsewhere_is_not_followed(tmp_path: Path) -> None:
    vapid.public_key(tmp_path / "vapid.pem")
    with (
        Catcher() as inside,
        Catcher(status=307, headers={"Location": inside.url}) as catcher,
        pytest.raises(UndeliveredError),
    ):
        push(tmp_path, catcher)
    assert inside.asked == []


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://evil.example/push",
        "http://fcm.googleapis.com/fcm/send/x",
        "https://fcm.googleapis.com:8443/fcm/send/x",
        "https://fcm.googleapis.com.evil.example/x",
        "https://evilnotify.windows.com/x",
        "https://user@169.254.169.254/fcm.googleapis.com",
        "file:///etc/passwd",
        "https://[::1/x",
        "https://fcm.googleapis.com:99999/x",
        "https://me@fcm.googleapis.com/x",
    ],
)
def test_a_push_service_that_nobody_knows_is_refused(endpoint: str) -> None:
    browser = Browser("https://fcm.googleapis.com")
    with pytest.raises(Refused):
        address.subscription(endpoint, browser.keys, ())


@pytest.mark.parametrize(
    "host", ["fcm.googleapis.com", "updates.push.services.mozilla.com", "wns2-par02p.notify.windows.com"]
)
def test_the_services_of_the_browsers_are_known(host: str) -> None:
    browser = Browser(f"https://{host}")
    assert address.subscription(browser.endpoint, browser.keys, ()).shown == host
