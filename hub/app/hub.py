"""The hub from its settings: every part built once, started and stopped in order."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from anyio.to_thread import current_default_thread_limiter
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from hub.api.build import build
from hub.api.change import Reader
from hub.api.feed import Feed
from hub.api.flood import Flood
from hub.api.market import Press
from hub.api.parts import DemoLogin, Parts
from hub.api.stills import Stills
from hub.app.metrics import metrics
from hub.core.glossary import Pair
from hub.demo import load as demo
from hub.demo.people import everybody
from hub.gear.broker import Broker
from hub.gear.clock import WallClock
from hub.gear.elsewhere import Elsewhere
from hub.gear.files import Files
from hub.gear.mqtt import MqttLink
from hub.gear.password import Argon2, check_key
from hub.gear.permissions import HUB_USER, Peer
from hub.ingest import Ingest
from hub.service import device
from hub.store.base import engine, migrate, readings, sessions
from hub.store.people import Person
from hub.timer import Timer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from fastapi import FastAPI

    from hub.config import Settings

THREADS = 12
"""For requests; ingest and timer have their own. Together they fit the database's pool."""
READY_SECONDS = 10.0
STALE_UPLOAD = 7 * 24 * 3600
"""Seconds after which an unfinished upload is forgotten."""

log = logging.getLogger(__name__)


class HubError(RuntimeError):
    """The hub cannot serve; the text says what to do."""


class Hub:
    """Every part: `prepare`, `start`, serve `app`, `stop`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._clock = WallClock()
        self._engine = engine(settings.database_url)
        self._writing, self._reading = sessions(self._engine), readings(self._engine)
        self._passwords = Argon2()
        self._files = Files(settings.data / "media")
        self._broker = _broker(settings)
        self._stills = Stills(settings.stills_mb * 1024 * 1024)
        reader = Reader(self._reading, settings.market, self._clock, self._stills)
        self.feed = Feed(reader.read, reader.head)
        self._timer = Timer(self._writing, self._clock, self.feed.wake)
        self._link: MqttLink | None = None
        self.ingest: Ingest | None = None
        self.app = build(self._parts(), settings.web, self._life, (metrics(self),))

    @property
    def mqtt_url(self) -> str:
        """Where devices connect."""
        return f"mqtt://{self._broker.host}:{self._broker.port}"

    @property
    def logins(self) -> tuple[DemoLogin, ...]:
        """The log-ins of the reference market, shown where only this machine can reach them."""
        if not (self.settings.demo and self.settings.loopback):
            return ()
        people = (person for person in everybody() if person.login)
        return tuple(DemoLogin(p.login, p.password, p.role, Pair(p.zh, p.en)) for p in people)

    def prepare(self) -> None:
        """Migrate, and load the reference market where it is wanted; safe after an interrupted start.

        Raises:
            HubError: the demo's passwords would be served beyond this machine.
        """
        migrate(self._engine)
        if self.settings.demo:
            with self._writing.begin() as session:
                demo.load(session, self._passwords, self._clock.now())
                demo.write_keys(session, self.settings.device_keys or self.settings.data / "keys")
        self._refuse_open_demo()
        self._files.tidy(time.time() - STALE_UPLOAD)

    def healthy(self) -> dict[str, bool]:
        """Each part and whether it works."""
        return {"database": self._database_answers(), "broker": bool(self._link and self._link.ready)}

    def start(self) -> None:
        """Broker, link, ingest, timer.

        Raises:
            BrokerError: the broker cannot run here.
            HubError: it runs and does not let the hub in.
        """
        with self._reading() as session:
            peers = [
                Peer(self.settings.market, *row) for row in device.speaking(session, self.settings.market)
            ]
        self._broker.start(peers)
        link = MqttLink(
            self.settings.market, self._broker.host, self._broker.port, HUB_USER, self._broker.password
        )
        link.start()
        self._link = link
        if not link.wait_ready(READY_SECONDS):
            where = f"{self._broker.host}:{self._broker.port}"
            raise HubError(f"the broker at {where} does not let the hub in; see its log")
        self.ingest = Ingest(self.settings.market, link, self._writing, self._clock, self.feed.wake)
        self.ingest.start()
        self._timer.start()

    def stop(self) -> None:
        """End what `start` began, as far as it came, in the other direction."""
        self._timer.stop()
        if self.ingest:
            self.ingest.stop()
        if self._link:
            self._link.stop()
        self._broker.stop()
        self._engine.dispose()

    @asynccontextmanager
    async def _life(self, _app: FastAPI) -> AsyncIterator[None]:
        current_default_thread_limiter().total_tokens = THREADS
        reading = asyncio.create_task(self.feed.run())
        try:
            yield
        finally:
            reading.cancel()

    def _parts(self) -> Parts:
        settings = self.settings
        return Parts(
            market=settings.market,
            sessions=self._writing,
            readings=self._reading,
            clock=self._clock,
            passwords=self._passwords,
            check_key=check_key,
            files=self._files,
            stills=self._stills,
            feed=self.feed,
            flood=Flood(settings.logins_per_minute),
            press=Press(),
            healthy=self.healthy,
            demo=self.logins,
            secure_cookie=settings.secure_cookie,
        )

    def _database_answers(self) -> bool:
        try:
            with self._reading() as session:
                session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True

    def _refuse_open_demo(self) -> None:
        """Passwords that everybody knows stay on this machine, also if --demo was given earlier only."""
        if self.settings.loopback:
            return
        with self._reading() as session:
            for person in everybody():
                row = session.get(Person, person.id) if person.login else None
                if row and row.password_hash and self._passwords.verify(row.password_hash, person.password):
                    raise HubError(
                        f"{person.login} still has the demo's password: serve it on 127.0.0.1 only, "
                        "or start with another LIANFANG_DATA"
                    )


def _broker(settings: Settings) -> Broker | Elsewhere:
    if settings.broker:
        return Elsewhere(settings.broker, settings.broker_password)
    return Broker(settings.data / "broker", settings.mqtt_port)
