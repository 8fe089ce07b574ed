"""The real app on a real server for whoever asks it everything, and a witness of what it answers."""

from __future__ import annotations

import json
from base64 import b64encode
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import uvicorn

from hub.api.headers import ALWAYS
from hub.service.session import living
from tests.conftest import farewell, hosted
from tests.hub import town
from tests.hub.api.conftest import KEY, NOWHERE, given
from tests.hub.api.port import listening
from tests.hub.gear.listener import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fastapi import FastAPI
    from starlette.types import Message, Receive, Scope, Send

    from hub.api.parts import Parts
    from hub.service.session.living import Made

AS = "x-as"
"""Header by which a request names who it comes from; the witness turns it into that person's session."""
DEVICE = "edge-1"
PROBLEM = {"code", "en", "zh"}


@dataclass
class Witness:
    """ASGI: lets a request in as its person, and keeps every answer that no answer may be."""

    app: FastAPI
    parts: Parts
    answered: dict[int, int] = field(default_factory=dict)
    """Status → answers."""
    wrong: list[str] = field(default_factory=list)
    _sessions: dict[str, Made] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        who = dict(scope["headers"]).get(AS.encode(), b"").decode()
        asked = {**scope, "headers": self._headers(scope["headers"], who)}
        heard: list[Message] = []

        async def hear(message: Message) -> None:
            heard.append(message)
            await send(message)

        try:
            await self.app(asked, receive, hear)
        finally:
            self._judge(f"{who or 'nobody'}: {scope['method']} {scope['path']}", heard)
            if heard and heard[0]["status"] == 401:
                self._sessions.pop(who, None)

    def described(self) -> dict[str, Any]:
        """The OpenAPI of the app."""
        return self.app.openapi()

    def _headers(self, given: list[tuple[bytes, bytes]], who: str) -> list[tuple[bytes, bytes]]:
        if not who:
            return given
        own = {
            DEVICE: {b"authorization": b"Basic " + b64encode(f"{DEVICE}:{KEY}".encode())},
        }.get(who) or self._signed(who)
        return [(name, value) for name, value in given if name not in own] + list(own.items())

    def _signed(self, who: str) -> dict[bytes, bytes]:
        """A session that holds: what is asked may end it at any time."""
        if who not in self._sessions:
            with self.parts.sessions.begin() as session:
                actor = town.actor(session, who)
                self._sessions[who] = living.begin(session, actor, self.parts.clock.now())
        made = self._sessions[who]
        return {b"cookie": f"lf_session={made.token}".encode(), b"x-csrf": made.csrf.encode()}

    def _judge(self, asked: str, heard: list[Message]) -> None:
        if not heard:
            return
        status = heard[0]["status"]
        headers = {name.decode(): value.decode("latin-1") for name, value in heard[0]["headers"]}
        body = b"".join(message.get("body", b"") for message in heard[1:])
        self.answered[status] = self.answered.get(status, 0) + 1
        missing = [name for name in ALWAYS if name.lower() not in headers]
        if status >= 500 or missing:
            self.wrong.append(f"{asked} → {status} {body[:200]!r} without {missing}")
        if status >= 400 and body and headers.get("content-encoding") != "gzip" and not _is_problem(body):
            self.wrong.append(f"{asked} → {status} in no known words: {body[:200]!r}")


def _is_problem(body: bytes) -> bool:
    try:
        said = json.loads(body)
    except ValueError:
        return False
    return isinstance(said, dict) and set(said) >= PROBLEM


@contextmanager
def served(parts: Parts, web: Path = NOWHERE, port: int = 0) -> Iterator[tuple[str, Witness]]:
    """The app on this port or on one of its own, its address and its witness."""

    witness = Witness(given(parts, web), parts)
    with listening(port) as door:
        server = uvicorn.Server(
            uvicorn.Config(witness, log_config=None, server_header=False, timeout_graceful_shutdown=1)
        )
        thread = hosted(server, door)
        assert eventually(lambda: server.started)
        yield f"http://127.0.0.1:{door.getsockname()[1]}", witness
        assert farewell(server, thread)
