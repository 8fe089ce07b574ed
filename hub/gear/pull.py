"""Pulls one durable of JetStream: messages are asked for ahead of need and never beyond the room for them."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from nats.errors import Error as NatsError

from hub.gear.stream import NAME

if TYPE_CHECKING:
    from collections.abc import Callable

    from nats.aio.client import Client
    from nats.aio.msg import Msg

MOST = 1024
"""Messages of one request."""
LOW = 256
"""Fewer than this on their way, and more are asked for."""
EXPIRES_SECONDS = 5.0
"""So long the server keeps a request; a request that it has lost is missed a second later."""
FULL_SECONDS = 0.01
"""Between two looks for room."""
GONE = ("503", "Consumer Deleted", "Consumer is push based")
"""Answers after which this durable gives nothing any more."""


class PullError(NatsError):
    """The durable is gone; the session has to begin anew."""


class Pull:
    """One durable's messages, for as long as `run` runs.

    Args:
        client: connected.
        durable: its name.
        take: is handed each message.
        room: how many more there is room for.
    """

    def __init__(
        self, client: Client, durable: str, take: Callable[[Msg], None], room: Callable[[], int]
    ) -> None:
        self._client, self._take, self._room = client, take, room
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{NAME}.{durable}"
        self._inbox = client.new_inbox()
        self._asked, self._until, self._gone = 0, 0.0, ""
        self._low = asyncio.Event()

    async def run(self) -> None:
        """Pull until cancelled.

        Raises:
            PullError: the durable is gone.
        """
        await self._client.subscribe(self._inbox, cb=self._came)
        now = asyncio.get_running_loop().time
        while not self._gone:
            if now() > self._until:
                self._asked = 0
            room = self._room() - self._asked
            if self._asked < LOW <= room:
                self._until = now() + EXPIRES_SECONDS + 1
                await self._ask(min(room, MOST))
            self._low.clear()
            patience = FULL_SECONDS if self._asked < LOW else self._until - now()
            try:
                await asyncio.wait_for(self._low.wait(), patience)
            except TimeoutError:
                continue
        raise PullError(f"nothing comes from JetStream any more: {self._gone}")

    async def _ask(self, count: int) -> None:
        wish = {"batch": count, "expires": int(EXPIRES_SECONDS * 1e9)}
        self._asked += count
        await self._client.publish(self._subject, json.dumps(wish).encode(), reply=self._inbox)

    async def _came(self, message: Msg) -> None:
        if message.reply:
            self._asked -= 1
            self._take(message)
        else:
            self._told(message.headers or {})
        if self._asked < LOW:
            self._low.set()

    def _told(self, headers: dict[str, str]) -> None:
        """A status instead of a message: how many of a request will not come."""
        words = f"{headers.get('Status', '')} {headers.get('Description', '')}"
        if any(word in words for word in GONE):
            self._gone = words
            self._low.set()
        self._asked -= int(headers.get("Nats-Pending-Messages", self._asked))
