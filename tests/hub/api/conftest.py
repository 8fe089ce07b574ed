"""The real app on a small market, and people who are signed in to it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from fastapi.testclient import TestClient

from hub.api.build import build
from hub.api.change import Reader
from hub.api.feeds import Feeds
from hub.api.flood import Flood
from hub.api.market import Press
from hub.api.parts import Parts
from hub.api.planning import Planning
from hub.api.stills import Stills
from hub.gear import proof, qr
from hub.gear.files import Files
from hub.gear.password import check_key, hash_key
from hub.gear.seal import Fernets
from hub.gear.totp import Totp
from hub.service import alert as alerts
from hub.service.session.factor import Tools
from hub.store.base import readings, sessions
from hub.store.device import Device
from hub.store.market import Market
from hub.store.people import Grant, Person
from tests.conftest import farewell, hosted
from tests.hub.api.port import listening
from tests.hub.gear.listener import eventually
from tests.hub.solved import Here
from tests.hub.town import MARKET, NOON, event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator
    from datetime import datetime, timedelta

    from fastapi import FastAPI
    from httpx2 import Response
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session, sessionmaker

KEY = "key of edge-1"
NEW = "xinshi"
"""A market of which nobody has drawn anything."""
NOWHERE = Path("nowhere")
"""Where no built pages are."""


@dataclass
class Hands:
    """Port Clock that tests set."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def turn(self, by: timedelta) -> None:
        self.at += by


@dataclass
class Plain:
    """Port Passwords: a person's password is their id; remembers what was verified."""

    asked: list[str] = field(default_factory=list)

    def hash(self, password: str) -> str:
        return f"hash of {password}"

    def verify(self, hashed: str, password: str) -> bool:
        self.asked.append(hashed)
        return hashed == f"hash of {password}"


@dataclass
class Health:
    """How the parts of the hub are; tests take one away."""

    found: dict[str, bool] = field(default_factory=lambda: {"database": True, "broker": True})

    def __call__(self) -> dict[str, bool]:
        return dict(self.found)


class Idle(Planning):
    """Solves nothing: it would write while a test looks. Who wants a plan solved brings a real one."""

    def begin(self, parts: Parts, plan: str) -> None:
        """The plan goes on waiting."""

    def submit(self, act: Callable[..., None], *words: object) -> None:
        """So does whatever else is to be solved."""


@pytest.fixture
def parts(on: Engine, tmp_path: Path) -> Parts:
    """What the app is given."""
    with sessions(on).begin() as session:
        session.get_one(Device, "edge-1").key_hash = hash_key(KEY)
    clock, stills, healthy = Hands(), Stills(1 << 20), Health()
    return Parts(
        market=MARKET,
        sessions=sessions(on),
        readings=readings(on),
        clock=clock,
        passwords=Plain(),
        check_key=check_key,
        files=Files(tmp_path / "media"),
        stills=stills,
        feeds=Feeds(MARKET, lambda market: Reader(readings(on), market, clock, stills), healthy),
        flood=Flood(10),
        press=Press(),
        healthy=healthy,
        tools=Tools(Totp(), Fernets(tmp_path / "seal.key")),
        check_proof=proof.check,
        phone_key=proof.public_key,
        qr=qr.svg,
        lenient=True,
        setup_code="ABCD-EFGH-2345",
        solver=Here(),
        planning=Idle(),
    )


@pytest.fixture
def clock(parts: Parts) -> Hands:
    """The app's clock."""
    assert isinstance(parts.clock, Hands)
    return parts.clock


@asynccontextmanager
async def life(app: FastAPI) -> AsyncIterator[None]:
    """The feed is read for as long as the app is served."""
    reading = asyncio.create_task(app.state.parts.feeds.run())
    yield
    reading.cancel()


@cache
def _built(web: Path, *, lives: bool) -> FastAPI:
    return build(None, web, life if lives else None)


def given(parts: Parts, web: Path = NOWHERE, *, lives: bool = True) -> FastAPI:
    """The app, which is dear to build and therefore built once, with a test's own parts."""
    app = _built(web, lives=lives)
    app.state.parts = parts
    return app


@pytest.fixture(scope="session")
def built() -> FastAPI:
    """The app that `app` gives each test's own parts."""
    return _built(NOWHERE, lives=False)


@pytest.fixture
def app(parts: Parts) -> Iterator[TestClient]:
    """The app, as somebody who is not signed in."""
    with TestClient(given(parts, lives=False), base_url="http://hub") as client:
        yield client


class Someone:
    """A signed-in person's browser: its own cookie, and X-CSRF by itself."""

    def __init__(self, client: TestClient, person: str) -> None:
        answer = client.post("/api/session", json={"user": person, "password": person})
        assert answer.status_code == 200, answer.text
        self.token = str(answer.cookies["lf_session"])
        client.cookies.clear()
        self.csrf: str = answer.json()["csrf"]
        self._client = client

    def request(self, method: str, url: str, headers: dict[str, Any] | None = None, **how: Any) -> Response:
        """Any request; `headers` replace the browser's own."""
        own = {"X-CSRF": self.csrf} if headers is None else headers
        cookie = {"Cookie": f"lf_session={self.token}"}
        answer: Response = self._client.request(method, url, headers=own | cookie, **how)
        self._client.cookies.clear()
        return answer

    def get(self, url: str, **how: Any) -> Response:
        """As a page does."""
        return self.request("GET", url, **how)

    def post(self, url: str, json: object = None, **how: Any) -> Response:
        """As a page does: a body, if only an empty one."""
        body: dict[str, Any] = {} if "content" in how else {"json": {} if json is None else json}
        return self.request("POST", url, **body, **how)

    def delete(self, url: str) -> Response:
        """As a page does."""
        return self.request("DELETE", url)


@pytest.fixture
def as_(app: TestClient) -> Callable[[str], Someone]:
    """Signs a person of the town in."""
    return cache(lambda person: Someone(app, person))


@pytest.fixture
def fresh(store: sessionmaker[Session], as_: Callable[[str], Someone]) -> Someone:
    """The manager of a market as the first start leaves it: no ground, no grids."""
    with store.begin() as session:
        session.add(
            Market(id=NEW, name_zh="新市", name_en="New", x0=0, y0=0, x1=1, y1=1, zone="Asia/Shanghai")
        )
        session.flush()
        ning = Person(id="ning", market=NEW, name_zh="宁", name_en="Ning", login="ning")
        ning.password_hash = "hash of ning"
        session.add(ning)
        session.flush()
        session.add(Grant(id="ning-manager", person="ning", role="manager", node=NEW))
    return as_("ning")


@pytest.fixture
def alarm(store: sessionmaker[Session]) -> Callable[..., str]:
    """Lets a camera report something; the alert's id."""

    def one(kind: str = "intrusion", camera: str = "c-3-1", **more: Any) -> str:
        with store.begin() as session:
            device = "edge-2" if camera == "c-3-3" else "edge-1"
            alert = alerts.receive(session, MARKET, device, event(kind, camera=camera, **more), NOON)
            assert alert is not None
            return alert.id

    return one


@pytest.fixture
def url(parts: Parts) -> Iterator[str]:
    """The app on a real server; TestClient cannot read a stream that does not end."""
    with listening() as door:
        config = uvicorn.Config(given(parts), log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = hosted(server, door)
        assert eventually(lambda: server.started)
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        assert farewell(server, thread)
