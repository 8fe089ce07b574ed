"""Somebody of any role anywhere, who asks the app."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from fastapi.testclient import TestClient

from hub.api.flood import Flood
from hub.service import people
from hub.store import people as rows
from hub.store.base import readings, sessions
from hub.store.people import Person
from tests.hub.hasty import hasty
from tests.hub.town import MARKET

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import FastAPI

    from hub.api.parts import Parts
    from hub.core.policy import Actor, Role


class Asker:
    """A browser of somebody with one role at one node, on a world of their own."""

    def __init__(self, app: FastAPI, parts: Parts, template: Path, folder: Path) -> None:
        self._on = hasty(f"sqlite:///{shutil.copy(template, folder / 'world.db')}")
        store = sessions(self._on)
        self.parts = replace(parts, sessions=store, readings=readings(self._on), flood=Flood(1_000))
        self._app = app
        self._client = TestClient(app, base_url="http://hub")
        with store.begin() as s:
            s.add(
                Person(
                    id="asker",
                    market=MARKET,
                    name_zh="问",
                    name_en="Asker",
                    login="asker",
                    password_hash="hash of asker",
                )
            )

    def become(self, role: Role, node: str) -> None:
        """Hold just this."""
        with self.parts.sessions.begin() as s:
            s.query(rows.Grant).filter(rows.Grant.person == "asker").delete()
            s.add(rows.Grant(id=f"asker-{role}-{node}", person="asker", role=role, node=node))
        self._app.state.parts = self.parts
        self._client.cookies.clear()
        answer = self._client.post("/api/session", json={"user": "asker", "password": "asker"})
        self._csrf = answer.json()["csrf"]

    def actor(self, market: str) -> Actor:
        with self.parts.readings() as s:
            return people.actor_of(s, s.get_one(Person, "asker"), market)

    def ask(self, method: str, url: str, body: Any = None, market: str = "") -> Any:
        headers = {"X-CSRF": self._csrf, "If-Match": "0"} | ({"X-Market": market} if market else {})
        return self._client.request(method, url, json=body, headers=headers)

    def close(self) -> None:
        self._client.close()
        self._on.dispose()
