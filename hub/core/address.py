"""Where a channel goes: its address in one form, and what of it may be shown."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hub.core.glossary import Pair
from hub.core.refuse import Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_MAIL = re.compile(r"[A-Za-z0-9._+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z0-9-]{2,63}")
_PHONE = re.compile(r"\+?[0-9]{5,15}")
_KEY = re.compile(r"[A-Za-z0-9_-]{16,80}")
_SIGNED_KEY = re.compile(r"(?:[A-Za-z0-9_-]{8,80}@)?[A-Za-z0-9]{16,80}")

FORMS: dict[str, tuple[re.Pattern[str], Pair]] = {
    "email": (_MAIL, Pair("请填一个邮箱地址。", "Give one e-mail address.")),
    "sms": (_PHONE, Pair("请填手机号，只含数字，可带 + 开头。", "Give the number, digits only, + may lead.")),
    "voice": (
        _PHONE,
        Pair("请填电话号码，只含数字，可带 + 开头。", "Give the number, digits only, + may lead."),
    ),
    "wecom": (
        _KEY,
        Pair("请填群机器人网址里 key= 后面的一串。", "Give what follows key= in the robot's address."),
    ),
    "dingtalk": (
        _SIGNED_KEY,
        Pair(
            "请填机器人网址里 access_token= 后面的一串；加签的写 密钥@令牌。",
            "Give what follows access_token= in the robot's address; with a signature, secret@token.",
        ),
    ),
    "feishu": (
        _KEY,
        Pair("请填机器人网址最后一段。", "Give the last part of the robot's address."),
    ),
}
"""Kind → the form of its address, and how it is asked for. A robot's is its key alone: no host is given."""

PUSH_HOSTS = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "web.push.apple.com",
    ".push.apple.com",
    ".notify.windows.com",
    ".push.services.mozilla.com",
)
"""Push services of the browsers; one that begins with a dot stands for whatever lies below it."""
MOST_ENDPOINT = 1000
_P256DH, _AUTH = re.compile(r"[A-Za-z0-9_-]{87}=?"), re.compile(r"[A-Za-z0-9_-]{22}={0,2}")


@dataclass(frozen=True, slots=True)
class Address:
    """`text` is what is kept, sealed; `shown` is what its owner knows it by."""

    text: str
    shown: str


def read(kind: str, text: str) -> Address:
    """The address of a channel that is not a browser.

    Raises:
        Refused: it has not the form of its kind.
    """
    form, asks = FORMS[kind]
    plain = text.strip() if kind not in ("sms", "voice") else re.sub(r"[\s-]", "", text)
    if not form.fullmatch(plain):
        raise Refused("input", "channel.address", asks.en, asks.zh)
    return Address(plain, _shown(kind, plain))


def subscription(endpoint: str, keys: Mapping[str, str], more: Collection[str]) -> Address:
    """A browser's push subscription (RFC 8030, 8291).

    Args:
        endpoint: where its push service takes messages.
        keys: `p256dh` and `auth`, base64url.
        more: hosts, or host:port, that are trusted besides the browsers' own services.

    Raises:
        Refused: the service is none that is known, or the keys are none.
    """
    if not (_P256DH.fullmatch(keys.get("p256dh", "")) and _AUTH.fullmatch(keys.get("auth", ""))):
        en = "This browser's subscription is not whole. Switch push off and on again."
        raise Refused("input", "push.keys", en, "此浏览器的推送订阅不完整，请关掉推送再打开。")
    host = trusted(endpoint, more)
    said = {"endpoint": endpoint, "keys": {"p256dh": keys["p256dh"], "auth": keys["auth"]}}
    return Address(json.dumps(said, sort_keys=True), host)


def trusted(endpoint: str, more: Collection[str]) -> str:
    """The host of a push service that may be asked.

    Raises:
        Refused: it may not.
    """
    try:
        parts = urlsplit(endpoint)
        host, at = (parts.hostname or "").lower(), parts.netloc.lower()
    except ValueError:
        host = at = ""
        parts = urlsplit("")
    own = at in more or host in more
    known = parts.scheme == "https" and at == host and any(_is(host, each) for each in PUSH_HOSTS)
    if (not known and not (own and parts.scheme in ("https", "http"))) or len(endpoint) > MOST_ENDPOINT:
        en = "This browser's push service is not on the list. Ask the administrator, or use another channel."
        raise Refused("input", "push.host", en, "此浏览器的推送服务不在名单内，请找管理员，或改用其他渠道。")
    return host


def _is(host: str, known: str) -> bool:
    return host.endswith(known) if known.startswith(".") else host == known


def _shown(kind: str, text: str) -> str:
    if kind == "email":
        name, _, host = text.partition("@")
        return f"{name[:1]}***@{host}"
    return f"***{text[-4:]}"
