"""Role api: the pages, their feed, and what devices send by HTTP."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from anyio.to_thread import current_default_thread_limiter

from hub.api.change import Reader
from hub.api.feeds import Feeds
from hub.api.flood import Flood
from hub.api.market import Press
from hub.api.parts import DemoLogin, Parts
from hub.api.planning import Planning
from hub.api.stills import Stills
from hub.api.streams import Streams
from hub.app.courier import post
from hub.app.ground import HubError
from hub.core.glossary import Pair
from hub.demo.people import everybody
from hub.gear import proof, qr
from hub.gear.oidc import Oidc
from hub.gear.password import check_key
from hub.gear.seal import Fernets
from hub.gear.solver import Solvers
from hub.gear.totp import Totp
from hub.gear.workdays import ChinaWorkdays
from hub.service.session.factor import Tools

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from fastapi import FastAPI

    from hub.app.ground import Ground
    from hub.config import Settings

THREADS = 12
"""For requests; ingest and timer have their own. Together they fit the database's pool."""


class ApiPart:
    """The feed and the parts that routes use."""

    def __init__(
        self,
        ground: Ground,
        healthy: Callable[[], Mapping[str, bool]],
        lives: Callable[[], Mapping[str, bool]],
    ) -> None:
        self._ground, self._healthy, self._lives = ground, healthy, lives
        self.stills = Stills(ground.settings.stills_mb * 1024 * 1024)
        self.streams = Streams()
        self.solver = Solvers()
        self.planning = Planning()
        self.feeds = Feeds(
            ground.settings.market,
            lambda market: Reader(ground.reading, market, ground.clock, self.stills),
            healthy,
        )

    def parts(
        self,
        setup_code: str,
        ordered: Callable[[], None] = lambda: None,
        posted: Callable[[], None] = lambda: None,
    ) -> Parts:
        """What the routes are given.

        Args:
            setup_code: shown while nobody can sign in.
            ordered: called after a device was told something.
            posted: called after something was written for people elsewhere.
        """
        ground, settings = self._ground, self._ground.settings
        return Parts(
            market=settings.market,
            sessions=ground.writing,
            readings=ground.reading,
            clock=ground.clock,
            passwords=ground.passwords,
            check_key=check_key,
            files=ground.files,
            stills=self.stills,
            feeds=self.feeds,
            flood=Flood(settings.logins_per_minute, settings.logins_per_second),
            press=Press(),
            healthy=self._healthy,
            lives=self._lives,
            demo=logins(settings),
            secure_cookie=settings.secure_cookie,
            tools=Tools(Totp(), Fernets(settings.data / "keys" / "seal.key")),
            check_proof=proof.check,
            phone_key=proof.public_key,
            qr=qr.svg,
            oidc=_oidc(settings),
            lenient=bool(logins(settings)),
            setup_code=setup_code,
            streams=self.streams,
            ordered=ordered,
            posted=posted,
            post=post(settings),
            solver=self.solver,
            workdays=ChinaWorkdays(),
            planning=self.planning,
        )

    @asynccontextmanager
    async def life(self, _app: FastAPI) -> AsyncIterator[None]:
        """Read the ledger for the pages as long as the app is served."""
        current_default_thread_limiter().total_tokens = THREADS
        reading = asyncio.create_task(self.feeds.run())
        try:
            yield
        finally:
            reading.cancel()
            self.solver.close()
            self.planning.close()


def _oidc(settings: Settings) -> Oidc | None:
    """The organisation's log-in, where there is one.

    Raises:
        HubError: its address is none that can be trusted.
    """
    if not settings.oidc_issuer:
        return None
    try:
        return Oidc(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)
    except ValueError as error:
        raise HubError(f"LIANFANG_OIDC_ISSUER: {error}") from error


def logins(settings: Settings) -> tuple[DemoLogin, ...]:
    """The log-ins of the reference market, shown where only this machine can reach them."""
    if not (settings.demo and settings.loopback):
        return ()
    people = (person for person in everybody() if person.login)
    return tuple(DemoLogin(p.login, p.password, p.role, Pair(p.zh, p.en)) for p in people)
