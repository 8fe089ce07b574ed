"""Question and answer over SIP: sent again until answered, and an answer given twice is the same one."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from edge.bridge.gb28181 import sip
from edge.bridge.gb28181.scdp import CONTENT
from edge.bridge.gb28181.sip import Headers, Message

if TYPE_CHECKING:
    from edge.bridge.gb28181.counts import Counts
    from edge.bridge.gb28181.way import Way

MOST_OPEN = 256
"""Questions that wait for their answer."""
MOST_KEPT = 512
KEPT = 32.0
"""Answers kept for requests that come again, and for how many seconds (RFC 3261, timer J)."""
_RPORT = re.compile(r";\s*rport\s*(?=;|,|\Z)", re.IGNORECASE)


class Silent(OSError):  # noqa: N818 - a state of affairs, not a fault of the program
    """Nobody answered."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds (RFC 3261, 17.1.2): before the first repetition, between the last ones, and until silence."""

    first: float = 0.5
    most: float = 4.0
    patience: float = 8.0


@dataclass(frozen=True, slots=True)
class Pair:
    """Who speaks with whom, by their codes, in which SIP domain."""

    own: str
    other: str
    domain: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One question within a call: REGISTER counts its own, any other begins at 1."""

    call: str
    number: int = 1

    def next(self) -> Turn:
        """The next one of the same call."""
        return Turn(self.call, self.number + 1)


def fresh() -> Turn:
    """The first one of a new call."""
    return Turn(secrets.token_hex(12))


class Talk:
    """All transactions of one bridge, within one event loop."""

    def __init__(self, counts: Counts, times: Times) -> None:
        self.own = ("127.0.0.1", 0)
        """Own address and port, as others reach them."""
        self._counts, self._times = counts, times
        self._open: dict[str, asyncio.Future[Message]] = {}
        self._kept: OrderedDict[tuple[str, ...], tuple[float, bytes]] = OrderedDict()

    async def ask(
        self, way: Way, pair: Pair, method: str, turn: Turn, headers: Headers = (), body: bytes = b""
    ) -> Message:
        """The final answer to a request.

        Raises:
            Silent: there is none.
        """
        if len(self._open) >= MOST_OPEN:
            self._counts.add("unanswered")
            raise Silent("too much is asked already")
        branch = f"z9hG4bK{secrets.token_hex(10)}"
        data = sip.write(self._request(way, pair, method, turn, branch, headers, body))
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._open[branch] = future
        try:
            async with asyncio.timeout(self._times.patience):
                await self._send(way, data, future)
                return await future
        except TimeoutError:
            self._counts.add("unanswered")
            raise Silent(f"{pair.other} does not answer") from None
        finally:
            del self._open[branch]

    def heard(self, response: Message) -> None:
        """An answer came; one that nobody waits for is let go."""
        future = self._open.get(response.branch)
        if future and not future.done() and response.status >= 200:  # noqa: PLR2004 - 1xx only says: wait
            future.set_result(response)

    def again(self, request: Message, way: Way) -> bool:
        """Whether this request came before; it got the same answer once more."""
        since, kept = self._kept.get(_key(request, way), (0.0, b""))
        if not kept or asyncio.get_running_loop().time() - since > KEPT:
            return False
        self._counts.add("repeated")
        way.send(kept)
        return True

    def reply(self, request: Message, way: Way, status: int, headers: Headers = (), reason: str = "") -> None:
        """Answer a request, once and for all."""
        data = sip.write(_routed(sip.answer(request, status, headers, reason), way))
        key = _key(request, way)
        self._kept.pop(key, None)
        self._kept[key] = asyncio.get_running_loop().time(), data
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        way.send(data)

    async def _send(self, way: Way, data: bytes, future: asyncio.Future[Message]) -> None:
        """Until something is heard: by UDP again and again, by TCP once."""
        pause = self._times.first
        while way.is_open:
            way.send(data)
            if way.transport == "TCP":
                return
            done, _ = await asyncio.wait({future}, timeout=pause)
            if done:
                return
            pause = min(2 * pause, self._times.most)
        self._counts.add("unanswered")
        raise Silent("the connection is gone")

    def _request(
        self, way: Way, pair: Pair, method: str, turn: Turn, branch: str, headers: Headers, body: bytes
    ) -> Message:
        host, port = self.own
        to = pair.own if method == "REGISTER" else pair.other
        content: Headers = (("content-type", CONTENT),) if body else ()
        lines: Headers = (
            ("via", f"SIP/2.0/{way.transport} {host}:{port};rport;branch={branch}"),
            ("from", f"<sip:{pair.own}@{pair.domain}>;tag={secrets.token_hex(6)}"),
            ("to", f"<sip:{to}@{pair.domain}>"),
            ("call-id", turn.call),
            ("cseq", f"{turn.number} {method}"),
            ("max-forwards", "70"),
            ("user-agent", "Lianfang"),
            *headers,
            *content,
        )
        return Message(method, f"sip:{pair.other}@{pair.domain}", lines, body)


def _key(request: Message, way: Way) -> tuple[str, ...]:
    return (request.branch, request.method, request.get("call-id"), request.get("cseq"), way.host)


def _routed(message: Message, way: Way) -> Message:
    """Say in the newest Via where the request came from (RFC 3581)."""
    where = f";rport={way.port};received={way.host}"
    first = next((n for n, (name, _) in enumerate(message.headers) if name == "via"), 0)
    name, value = message.headers[first]
    headers = list(message.headers)
    headers[first] = (name, _RPORT.sub(lambda _: where, value, count=1))
    return Message("", "", tuple(headers), message.body, message.status, message.reason)
