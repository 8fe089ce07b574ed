"""Takes connections, a bounded number at a time, and ends them all when it is told to."""

from __future__ import annotations

import asyncio
from typing import Self

from edge.rtsp.request import MOST_HEAD, answer
from edge.rtsp.session import House, Session

MOST_CLIENTS = 64


class Server:
    """Serves a house on one port: `async with Server(house, "127.0.0.1", 0) as server: …`."""

    def __init__(self, house: House, host: str, port: int) -> None:
        self._house = house
        self._host = host
        self.port = port
        """Once entered, the port that is listened on."""
        self._clients: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._meet, self._host, self.port, limit=MOST_HEAD)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for writer in self._clients.values():
            writer.transport.abort()
        await asyncio.gather(*self._clients)
        await self._server.wait_closed()

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = asyncio.current_task()
        assert client is not None
        if len(self._clients) >= MOST_CLIENTS:
            writer.write(answer(503, "0", {}))
            writer.close()
            return
        self._clients[client] = writer
        try:
            await Session(self._house, reader, writer).run()
        finally:
            del self._clients[client]
