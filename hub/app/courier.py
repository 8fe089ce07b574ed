"""Role timer, beside the clock: the ways that lead from this hub to people, and the door that carries."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from hub.app.ground import HubError
from hub.core.health import STUCK_SECONDS
from hub.core.notice import Post
from hub.courier import Courier
from hub.gear.notify import gateway, vapid
from hub.gear.notify.apprise import ROBOTS, ChatRobot, Mail
from hub.gear.notify.gateway import Gateway
from hub.gear.notify.siren import Siren
from hub.gear.notify.webpush import WebPush
from hub.gear.seal import Fernets
from hub.service import order as orders

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from hub.app.ground import Ground
    from hub.config import Settings
    from hub.ports import Notifier


SIREN_SECONDS = 30.0


def ways(settings: Settings, order: Callable[[str], object] = lambda _device: None) -> dict[str, Notifier]:
    """Kind of channel → what sends by it, as far as the settings say; `order` has a device's siren sound.

    Raises:
        HubError: a setting is none; the sentence names it.
    """
    try:
        found: dict[str, Notifier] = dict(_robots(settings.robots))
        if settings.mail_url:
            found["email"] = Mail(settings.mail_url)
        if settings.gateways:
            templates = gateway.read(settings.gateways)
            found |= {
                kind: Siren(template, order) if kind == "siren" else Gateway(template)
                for kind, template in templates.items()
            }
    except ValueError as error:
        raise HubError(str(error)) from error
    hosts = _listed(settings.push_hosts)
    return found | {"push": WebPush(_key(settings), settings.push_contact, hosts)}


def post(settings: Settings) -> Post:
    """What pages may offer.

    Raises:
        HubError: a setting or the key for web push is none.
    """
    try:
        key = vapid.public_key(_key(settings))
    except (OSError, ValueError) as error:
        raise HubError(f"the key for web push cannot be had: {error}") from error
    kinds = frozenset(ways(settings)) - {"siren"}
    return Post(kinds, key, frozenset(_listed(settings.push_hosts)))


class CourierPart:
    """The courier of one process."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._courier: Courier | None = None

    def start(self) -> None:
        """Begin to carry.

        Raises:
            HubError: a setting is none.
        """
        ground, settings = self._ground, self._ground.settings
        seal = Fernets(settings.data / "keys" / "seal.key")
        post(settings)
        sends = ways(settings, self._sound)
        self._courier = Courier(ground.writing, sends, seal, ground.clock, readings=ground.reading)
        self._courier.start()

    def _sound(self, device: str) -> None:
        """Have the siren beside a device sound; the door that holds the link sends the order."""
        market, now = self._ground.settings.market, self._ground.clock.now()
        with self._ground.writing.begin() as session:
            orders.siren(session, market, device, SIREN_SECONDS, now)

    def stop(self) -> None:
        """Take no more."""
        if self._courier:
            self._courier.stop()

    def wake(self) -> None:
        """Something was written in this process."""
        if self._courier:
            self._courier.wake()

    def well(self) -> dict[str, bool]:
        """It leans on the database, of which others tell; a way that fails is told to whom it concerns."""
        return {}

    def lives(self) -> dict[str, bool]:
        """Whether it looks at all, or waits for nothing but the database."""
        age = time.monotonic() - self._courier.turned if self._courier else 0.0
        return {"courier": age < STUCK_SECONDS or not self._ground.answers()}


def _key(settings: Settings) -> Path:
    return settings.push_key or settings.data / "keys" / "vapid.pem"


def _robots(said: str) -> dict[str, ChatRobot]:
    """`wecom,feishu=https://feishu.example.com` → those robots.

    Raises:
        ValueError: one is unknown, or its address is none.
    """
    found = {}
    for one in _listed(said):
        kind, _, base = one.partition("=")
        if kind not in ROBOTS:
            raise ValueError(f"setting robots: {kind!r} is none of {', '.join(ROBOTS)}")
        if base and not base.startswith(("https://", "http://")):
            raise ValueError(f"setting robots: write {kind}=https://host of your own server")
        found[kind] = ChatRobot(kind, base)
    return found


def _listed(said: str) -> tuple[str, ...]:
    return tuple(filter(None, (one.strip() for one in said.split(","))))
