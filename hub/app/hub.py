"""The hub from its settings: the parts of its role, started in order and stopped in the other direction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from hub.api.build import build
from hub.api.setup import new_code
from hub.api.trust import trusting
from hub.app.apart import Apart
from hub.app.api import ApiPart, logins
from hub.app.courier import CourierPart
from hub.app.ground import lay
from hub.app.ingest import IngestPart
from hub.app.metrics import metrics
from hub.app.orders import OrdersPart
from hub.app.prepare import prepare
from hub.app.presence import Presence
from hub.app.timer import TimerPart
from hub.app.watch import Prompt
from hub.service import setup

if TYPE_CHECKING:
    from hub.api.parts import DemoLogin
    from hub.api.trust import Trust
    from hub.app.ground import Part
    from hub.config import Settings

Role = Literal["serve", "api", "ingest", "timer"]
DOES: dict[Role, frozenset[str]] = {
    "serve": frozenset({"api", "ingest", "timer", "courier"}),
    "api": frozenset({"api"}),
    "ingest": frozenset({"ingest"}),
    "timer": frozenset({"timer", "courier"}),
}
"""What a process of each role does; every role also answers for its health and figures."""


def _nothing() -> None:
    """Somebody else does it, in another process."""


class Hub:
    """One process: `prepare`, `start`, serve `app`, `stop`."""

    def __init__(self, settings: Settings, role: Role = "serve", trust: Trust | None = None) -> None:
        self.settings, self.role, does = settings, role, DOES[role]
        self.ground = lay(settings)
        self._prompt = Prompt(self._look)
        self.setup_code = new_code()
        """Shown on the console while nobody can sign in; worth nothing afterwards."""
        self.api = ApiPart(self.ground, self.healthy, self.lives)
        woke = self.api.feeds.wake
        self.ingest = IngestPart(self.ground, woke) if "ingest" in does else None
        self.orders = OrdersPart(self.ground, self.ingest, woke) if self.ingest else None
        self.timer = TimerPart(self.ground, woke) if "timer" in does else None
        apart = Apart(self.ground, woke, self.api.stills, alone=role == "api") if "api" in does else None
        presence = Presence(self.ground, role, self.healthy)
        self.courier = CourierPart(self.ground) if "courier" in does else None
        parts = (self.ingest, self.orders, self.timer, self.courier, apart, presence)
        self.parts: tuple[Part, ...] = tuple(part for part in parts if part)
        self.app = build(
            self.api.parts(
                self.setup_code,
                self.orders.wake if self.orders else _nothing,
                self.courier.wake if self.courier else _nothing,
            ),
            settings.web,
            self.api.life if "api" in does else None,
            (metrics(self), *((trusting(trust),) if trust else ())),
            whole="api" in does,
        )

    @property
    def mqtt_url(self) -> str | None:
        """Where devices connect; None where this process does not know."""
        return self.ingest.mqtt_url if self.ingest else None

    @property
    def logins(self) -> tuple[DemoLogin, ...]:
        """The log-ins of the reference market, shown where only this machine can reach them."""
        return logins(self.settings)

    @property
    def empty(self) -> bool:
        """Whether nobody can sign in yet."""
        with self.ground.reading() as session:
            return setup.wanted(session)

    def prepare(self) -> None:
        """Migrate, and load the reference market where it is wanted.

        Raises:
            HubError: the demo's passwords would be served beyond this machine.
        """
        prepare(self.ground)

    def healthy(self) -> dict[str, bool]:
        """Each thing that this process leans on and whether it works; answers in seconds, whatever hangs."""
        return self._prompt()

    def _look(self) -> dict[str, bool]:
        found = self.ground.well()
        for part in self.parts:
            found |= part.well()
        return found

    def lives(self) -> dict[str, bool]:
        """Each of its doors and whether that goes on by itself."""
        found: dict[str, bool] = {}
        for part in self.parts:
            found |= part.lives()
        return found

    def start(self) -> None:
        """Begin every part.

        Raises:
            BrokerError: the broker cannot run here.
            HubError: another part cannot; the text says what to do.
        """
        for part in self.parts:
            part.start()

    def stop(self) -> None:
        """End what `start` began, as far as it came, in the other direction."""
        for part in reversed(self.parts):
            part.stop()
        self.ground.engine.dispose()
