"""The hub's end of NATS JetStream: pulls what devices say from a durable, by any number of workers.

nats-py lives on an event loop in a thread of its own. Each connection is a session that reaches from the
stream to the pulls; whatever ends it, another begins, and a server that lost its store is given it again.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, Any, NoReturn

from nats.errors import Error as NatsError

from hub.gear import stream
from hub.gear.lanes import Lanes
from hub.gear.pull import Pull
from hub.ports import Heard

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from nats.aio.client import Client
    from nats.aio.msg import Msg

    from hub.gear.mqtt import MqttLink

MOST_WAITING = 4_000
"""Messages that wait here for a transaction; the rest waits in the stream."""
AGAIN_SECONDS = 0.5
"""Between two tries to connect."""
BOUND_SECONDS = 5.0
CANCEL_SECONDS = 0.1
FLUSH_SECONDS = 2
STOP_SECONDS = 8.0
ACK_WORDS = 9

log = logging.getLogger(__name__)


class JetStreamLink:
    """Ports Link and Hearing by nats-py.

    Args:
        servers: nats://host:port, one or more of a cluster.
        user: the hub's name there.
        password: the hub's own.
        markets: those whose messages are pulled; none is every market.
        bounds: of the stream.
        retained: publishes what the broker shall keep, which only an MQTT client can ask of it; started and
            stopped with this link.
    """

    def __init__(
        self,
        servers: Sequence[str],
        user: str,
        password: str,
        *,
        markets: Sequence[str] = (),
        bounds: stream.Bounds | None = None,
        retained: MqttLink | None = None,
    ) -> None:
        self._servers, self._user, self._password = list(servers), user, password
        self._markets = tuple(markets) or ("+",)
        self._bounds, self._retained = bounds or stream.Bounds(), retained
        self._heard = Lanes()
        self._replies: dict[int, str] = {}
        """What is waiting here, by its number in the stream, and where it is acknowledged."""
        self._ready = threading.Event()
        self._stopping = False
        self._loop = asyncio.new_event_loop()
        self._leave = asyncio.Event()
        self._said: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()
        self._thread = threading.Thread(target=self._run, name="jetstream", daemon=True)

    @property
    def ready(self) -> bool:
        """Whether the hub is connected and its pulls stand."""
        return self._ready.is_set()

    def start(self) -> None:
        """Connect in the background, again and again until it holds."""
        if self._retained:
            self._retained.start()
        self._thread.start()

    def wait_ready(self, seconds: float) -> bool:
        """Wait until `ready`; False when it took longer."""
        return self._ready.wait(seconds)

    def stop(self) -> None:
        """Say what is still to be said and leave; the durable gives the rest to another worker."""
        self._stopping = True
        if self._retained:
            self._retained.stop()
        if self._thread.is_alive():
            self._call(self._leave.set)
            self._thread.join(STOP_SECONDS)
        elif not self._loop.is_closed():
            self._loop.close()

    def publish(self, topic: str, data: bytes, *, qos: int = 1, retain: bool = False) -> None:
        """Hand over a message; without a connection it may be lost, as a receipt may be."""
        if retain and self._retained:
            self._retained.publish(topic, data, qos=qos, retain=True)
        else:
            self._call(lambda: self._say([(stream.subject(topic), data)]))

    def hear(self, seconds: float) -> Heard | None:
        """The next message, calls for help first, or None when none came in time."""
        return self._heard.get(seconds)

    def acknowledge(self, batch: Sequence[Heard]) -> None:
        """Let the stream forget these; one that came by an earlier connection too."""
        replies = [reply for heard in batch if (reply := self._replies.pop(heard.mid, None))]
        self._call(lambda: self._say((reply, b"") for reply in replies))

    def _say(self, messages: Iterable[tuple[str, bytes]]) -> None:
        for message in messages:
            self._said.put_nowait(message)

    def _call(self, act: Callable[[], object]) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(act)

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._sessions())
        finally:
            self._loop.close()

    async def _sessions(self) -> None:
        while not self._stopping:
            try:
                await self._session()
            except (NatsError, OSError, TimeoutError) as error:
                log.warning(
                    "no session with JetStream, again in %.1f s: %s", AGAIN_SECONDS, error or "silent"
                )
                await asyncio.sleep(0 if self._stopping else AGAIN_SECONDS)
            except Exception:  # a fault of our own must not leave the hub deaf
                log.exception("a session with JetStream failed")
                await asyncio.sleep(AGAIN_SECONDS)
            finally:
                self._ready.clear()

    async def _session(self) -> None:
        """One connection, from its stream to its end."""
        closed = asyncio.Event()

        async def ends() -> None:
            closed.set()

        client = await stream.connect(self._servers, self._user, self._password, ends)
        try:
            await stream.stand(client.jetstream(), self._markets, self._bounds)
            await self._until_one_ends(client, closed)
            await client.flush(FLUSH_SECONDS)
        finally:
            await client.close()

    async def _until_one_ends(self, client: Client, closed: asyncio.Event) -> None:
        pulls = [Pull(client, stream.durable(market), self._take, self._room) for market in self._markets]
        acts = (self._talk(client), self._bound(client), _lost(closed), self._leave.wait())
        tasks = [asyncio.ensure_future(act) for act in (*(pull.run() for pull in pulls), *acts)]
        self._ready.set()
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
            while not self._said.empty():
                await client.publish(*self._said.get_nowait())
        finally:
            await _end(tasks)

    async def _talk(self, client: Client) -> NoReturn:
        while True:
            await client.publish(*await self._said.get())

    async def _bound(self, client: Client) -> NoReturn:
        """The server's own store for MQTT comes to be with the first device; then it gets its limit."""
        while True:
            await stream.bound(client.jetstream(), self._bounds)
            await asyncio.sleep(BOUND_SECONDS)

    def _room(self) -> int:
        return (MOST_WAITING - self._heard.qsize()) // len(self._markets)

    def _take(self, message: Msg) -> None:
        """Note a message; one that waits here already was only repeated."""
        number = _number(message.reply)
        known = number in self._replies
        self._replies[number] = message.reply
        if not known:
            self._heard.put(Heard(stream.topic_of(message.subject), message.data, mid=number))


def _number(reply: str) -> int:
    """A message's number in its stream, from `$JS.ACK.stream.consumer.times.NUMBER.…`, in 9 words.

    In 11 or 12 words, domain and account stand before the stream.
    """
    words = reply.split(".")
    return int(words[5] if len(words) == ACK_WORDS else words[7])


async def _lost(closed: asyncio.Event) -> NoReturn:
    await closed.wait()
    raise NatsError("the connection ended")


async def _end(tasks: Sequence[asyncio.Future[Any]]) -> None:
    """Cancel until they are over: up to Python 3.11, `wait_for` may swallow a cancellation."""
    while pending := [task for task in tasks if not task.done()]:
        for task in pending:
            task.cancel()
        await asyncio.wait(pending, timeout=CANCEL_SECONDS)
    await asyncio.gather(*tasks, return_exceptions=True)
