"""The hub's own stream in nats-server's JetStream: what devices say waits there until a worker commits it.

It holds what goes up and nothing else, each message until it is acknowledged. A full one refuses new messages
instead of forgetting old ones; whatever it refuses is still in the outbox of its device.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import nats
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from wire import topic

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from nats.aio.client import Client
    from nats.js import JetStreamContext

    Ended = Callable[[], Awaitable[None]]

NAME = "LIANFANG"
MQTT_STORE = "$MQTT_msgs"
"""Where nats-server itself keeps messages for MQTT sessions of QoS 1."""
MOST_UNACKNOWLEDGED = 20_000
"""Messages of one durable that all its workers together may have at hand."""
MOST_PULLS = 512
AGAIN_SECONDS = 0.2
CONNECT_SECONDS = 3
PING_SECONDS = 5

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the stream is given.

    Together the two stores stay below what the server may keep, since a server whose store is full locks
    sessions out.
    """

    store_mb: int = 1024
    """Most megabytes that the server keeps."""
    replicas: int = 1
    """1, or 3 in a cluster."""
    again_s: int = 10
    """Seconds after which what was not acknowledged is given out again."""

    @property
    def stream_bytes(self) -> int:
        """Of our own stream."""
        return self.store_mb * 1024 * 1024 // 2

    @property
    def mqtt_bytes(self) -> int:
        """Of the server's own store for MQTT sessions."""
        return self.store_mb * 1024 * 1024 // 4


def subject(text: str) -> str:
    """The NATS subject of an MQTT topic or topic filter."""
    return text.replace("/", ".").replace("+", "*")


def topic_of(text: str) -> str:
    """The MQTT topic of a NATS subject."""
    return text.replace(".", "/")


def durable(market: str) -> str:
    """The name of the durable that hands out one market's messages; `+` is every market."""
    return "ingest" if market == "+" else f"ingest-{market}"


async def connect(servers: Sequence[str], user: str, password: str, ended: Ended | None = None) -> Client:
    """A connection that is given up when it breaks, so that whoever has it begins anew; `ended` is told.

    Raises:
        nats.errors.Error: no server lets the hub in.
    """
    return await nats.connect(
        list(servers),
        user=user,
        password=password,
        name="hub",
        closed_cb=ended,
        error_cb=_note,
        allow_reconnect=False,
        max_reconnect_attempts=1,
        reconnect_time_wait=AGAIN_SECONDS,
        connect_timeout=CONNECT_SECONDS,
        ping_interval=PING_SECONDS,
        skip_subject_validation=True,
    )


async def _note(error: Exception) -> None:
    log.debug("NATS: %s", error)


async def stand(js: JetStreamContext, markets: Sequence[str], bounds: Bounds) -> None:
    """Make the stream and a durable for each of `markets`, or bring them to these bounds.

    Raises:
        nats.errors.Error: the server refuses; a market that another durable serves already is refused too.
    """
    config = StreamConfig(
        name=NAME,
        subjects=[subject(text) for text in topic.upward("+")],
        retention=RetentionPolicy.WORK_QUEUE,
        discard=DiscardPolicy.NEW,
        storage=StorageType.FILE,
        max_bytes=bounds.stream_bytes,
        num_replicas=bounds.replicas,
    )
    try:
        await js.stream_info(NAME)
    except NotFoundError:
        await js.add_stream(config)
    else:
        await js.update_stream(config)
    for market in markets:
        await js.add_consumer(NAME, _consumer(market, bounds))


async def bound(js: JetStreamContext, bounds: Bounds) -> bool:
    """Give the server's own store for MQTT its limit; False while there is none yet."""
    try:
        config = (await js.stream_info(MQTT_STORE)).config
    except NotFoundError:
        return False
    if (config.max_bytes, config.discard) != (bounds.mqtt_bytes, DiscardPolicy.NEW):
        config.max_bytes, config.discard = bounds.mqtt_bytes, DiscardPolicy.NEW
        await js.update_stream(config)
    return True


def settle(servers: Sequence[str], user: str, password: str, bounds: Bounds) -> bool:
    """Connect and `bound` once, for a hub that hears by MQTT; False when it cannot be done now."""

    async def once() -> bool:
        client = await connect(servers, user, password)
        try:
            return await bound(client.jetstream(), bounds)
        finally:
            await client.close()

    try:
        return asyncio.run(once())
    except (NatsError, OSError, TimeoutError):
        return False


def _consumer(market: str, bounds: Bounds) -> ConsumerConfig:
    filters = [] if market == "+" else [subject(text) for text in topic.upward(market)]
    return ConsumerConfig(
        durable_name=durable(market),
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=bounds.again_s,
        max_ack_pending=MOST_UNACKNOWLEDGED,
        max_waiting=MOST_PULLS,
        filter_subjects=filters or None,
    )
