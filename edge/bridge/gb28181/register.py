"""A registration at a platform above: asked for, proven as it wants it proven, renewed, taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from edge.bridge.gb28181.digest import Login, Unproven, answered
from edge.bridge.gb28181.talk import Pair, Talk, fresh

if TYPE_CHECKING:
    from edge.bridge.gb28181.sip import Headers, Message
    from edge.bridge.gb28181.way import Way
    from edge.config.gb28181 import AboveConfig

State = Literal["away", "registered", "refused", "silent", "gone"]
OK, UNAUTHORIZED, BRIEF = range(200, 300), 401, 423
LONGEST = 5
"""Digits of a Min-Expires that is still one."""
TRIES = 3
RENEW = 0.75
"""Share of its time after which a registration is renewed."""
SOONEST = 0.5
"""Seconds before it is renewed, however short it is."""
VERSIONS = {"2016": "2.0", "2022": "3.0"}
"""Edition → X-GB-Ver (GB/T 28181-2022, annex I)."""


class Lost(OSError):  # noqa: N818 - a state of affairs, not a fault of the program
    """The registration does not hold; the text says why."""

    def __init__(self, words: str, state: State) -> None:
        super().__init__(words)
        self.state = state


class Registration:
    """Of one edge at one platform; its requests are one call, counted on."""

    def __init__(self, config: AboveConfig, password: str, talk: Talk) -> None:
        self._config, self._talk = config, talk
        self.pair = Pair(config.code, config.platform, config.domain or config.platform[:10])
        self._login = Login(config.user or config.code, password)
        self._turn = fresh()

    async def ask(self, way: Way, expires: int) -> float:
        """Register for so many seconds, 0: no more; the seconds after which to do it again.

        Raises:
            Silent: nobody answers.
            Lost: it does not take us.
        """
        proof = ""
        for _ in range(TRIES):
            self._turn = self._turn.next()
            headers = self._headers(expires, proof)
            said = await self._talk.ask(way, self.pair, "REGISTER", self._turn, headers)
            if said.status in OK:
                return max(SOONEST, RENEW * (said.expires or expires))
            is_stale = "stale=true" in said.get("www-authenticate").lower()
            if said.status == UNAUTHORIZED and (not proof or is_stale):
                proof = self._proof(said)
            elif said.status == BRIEF and (least := _least(said)):
                expires = least
            else:
                break
        raise Lost(f"it refuses the registration: {said.status} {said.reason}", "refused")

    def _headers(self, expires: int, proof: str) -> Headers:
        host, port = self._talk.own
        return (
            ("contact", f"<sip:{self._config.code}@{host}:{port}>"),
            ("expires", str(expires)),
            ("x-gb-ver", VERSIONS[self._config.edition]),
            *((("authorization", proof),) if proof else ()),
        )

    def _proof(self, said: Message) -> str:
        uri = f"sip:{self.pair.other}@{self.pair.domain}"
        try:
            return answered(said.every("www-authenticate"), self._login, "REGISTER", uri)
        except Unproven as error:
            raise Lost(str(error), "refused") from None


def _least(said: Message) -> int:
    told = said.get("min-expires")
    return int(told) if told.isascii() and told.isdecimal() and len(told) <= LONGEST else 0
