"""Who somebody is, by digest: RFC 2617 and RFC 7616, with MD5 or SHA-256, answered and asked."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HASHES = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
"""The platforms' own SM3 (GB/T 28181-2022, 8.3) is not among them."""
STRENGTH = tuple(HASHES)
FRESH = 60.0
"""Seconds in which a nonce may be used, once."""
MOST_USED = 4_096
_PARAMETER = re.compile(
    r'\s*([A-Za-z][A-Za-z0-9-]{0,31})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))\s*(?:,|\Z)'
)
_NONCE = re.compile(r"([0-9]{1,12})-([0-9a-f]{16})-[0-9a-f]{32}")
_COUNT = re.compile(r"[0-9a-fA-F]{8}")


class Unproven(ValueError):  # noqa: N818 - what somebody failed to prove, not a fault of the program
    """It does not prove who somebody is; `stale` ones may be tried again with a fresh nonce."""

    def __init__(self, words: str, *, stale: bool = False) -> None:
        super().__init__(words)
        self.stale = stale


@dataclass(frozen=True, slots=True)
class Login:
    """Who asks, and what proves it."""

    user: str
    password: str


def parameters(header: str) -> Mapping[str, str]:
    """What a challenge or its answer says, names in lower case.

    Raises:
        Unproven: it is no digest.
    """
    scheme, _, rest = header.partition(" ")
    if scheme.lower() != "digest":
        raise Unproven("it is no digest")
    found: dict[str, str] = {}
    place = 0
    while place < len(rest):
        part = _PARAMETER.match(rest, place)
        if part is None or part[1].lower() in found:
            raise Unproven("its parameters cannot be read")
        found[part[1].lower()] = part[3] if part[2] is None else re.sub(r"\\(.)", r"\1", part[2])
        place = part.end()
    return found


def answered(challenges: Iterable[str], login: Login, method: str, uri: str, body: bytes = b"") -> str:
    """The Authorization that answers the strongest of `challenges` that can be answered.

    Raises:
        Unproven: none of them can.
    """
    best: tuple[int, Mapping[str, str]] | None = None
    for challenge in challenges:
        try:
            told = parameters(challenge)
        except Unproven:
            continue
        name = told.get("algorithm", "MD5").upper().removesuffix("-SESS")
        if name in HASHES and told.get("nonce") and (best is None or STRENGTH.index(name) > best[0]):
            best = STRENGTH.index(name), told
    if best is None:
        raise Unproven(f"the challenge can be answered by none of {', '.join(HASHES)}")
    told = best[1]
    said = {
        "username": login.user,
        "realm": told.get("realm", ""),
        "nonce": told["nonce"],
        "uri": uri,
        "algorithm": told.get("algorithm", "MD5"),
    }
    if offered := [one.strip().lower() for one in told.get("qop", "").split(",") if one.strip()]:
        said["qop"] = "auth" if "auth" in offered else offered[0]
    if "qop" in said or said["algorithm"].lower().endswith("-sess"):
        said |= {"nc": "00000001", "cnonce": secrets.token_hex(8)}
    if "opaque" in told:
        said["opaque"] = told["opaque"]
    said["response"] = response(said, login.password, method, body)
    return "Digest " + ", ".join(
        f"{name}={value}" if name in {"algorithm", "qop", "nc"} else f'{name}="{_quoted(value)}"'
        for name, value in said.items()
    )


def response(said: Mapping[str, str], password: str, method: str, body: bytes = b"") -> str:
    """The proof that belongs to these parameters (RFC 7616, 3.4.1).

    Raises:
        Unproven: the algorithm or quality of protection is not known here, or something is missing.
    """
    algorithm, quality = said.get("algorithm", "MD5").upper(), said.get("qop", "").lower()
    make = HASHES.get(algorithm.removesuffix("-SESS"))
    if make is None or quality not in {"", "auth", "auth-int"}:
        raise Unproven("its algorithm or qop is not known here")

    def hashed(*parts: str) -> str:
        return make(":".join(parts).encode()).hexdigest()

    try:
        secret = hashed(said["username"], said["realm"], password)
        if algorithm.endswith("-SESS"):
            secret = hashed(secret, said["nonce"], said["cnonce"])
        asked = [method, said["uri"]]
        if quality == "auth-int":
            asked.append(make(body).hexdigest())
        middle = (said["nc"], said["cnonce"], quality) if quality else ()
        return hashed(secret, said["nonce"], *middle, hashed(*asked))
    except KeyError as missing:
        raise Unproven(f"{missing.args[0]} is missing") from None


class Guard:
    """Asks for proof and judges it; a nonce is good for one proof within a minute, kept only once used."""

    def __init__(self, realm: str) -> None:
        self._realm = realm
        self._secret = secrets.token_bytes(32)
        self._used: OrderedDict[str, None] = OrderedDict()

    def challenge(self, algorithm: str, now: float, *, stale: bool = False) -> str:
        """What is asked at second `now`."""
        more = ", stale=true" if stale else ""
        return (
            f'Digest realm="{self._realm}", nonce="{self._nonce(int(now))}", '
            f'qop="auth", algorithm={algorithm}{more}'
        )

    def judge(self, header: str, login: Login, algorithm: str, method: str, now: float) -> None:
        """Raise Unproven unless `header` proves `login` for `method` at second `now`."""
        said = parameters(header)
        if said.get("username") != login.user or said.get("realm") != self._realm:
            raise Unproven("it is of another user or realm")
        if said.get("algorithm", "MD5").upper() != algorithm:
            raise Unproven("its algorithm is not the one asked for")
        if said.get("qop") and not _COUNT.fullmatch(said.get("nc", "")):
            raise Unproven("nc is no count")
        if not hmac.compare_digest(
            said.get("response", "").encode(), response(said, login.password, method).encode()
        ):
            raise Unproven("the password is wrong")
        nonce = said["nonce"]
        parts = _NONCE.fullmatch(nonce)
        if parts is None or not hmac.compare_digest(nonce, self._nonce(int(parts[1]), parts[2])):
            raise Unproven("the nonce is not ours", stale=True)
        if not 0 <= now - int(parts[1]) <= FRESH + 1:
            raise Unproven("the nonce is old", stale=True)
        if nonce in self._used:
            raise Unproven("the nonce was used before", stale=True)
        self._used[nonce] = None
        while len(self._used) > MOST_USED:
            self._used.popitem(last=False)

    def _nonce(self, at: int, chance: str = "") -> str:
        """Made of the time, chance, and what only this guard knows."""
        chance = chance or secrets.token_hex(8)
        proof = hmac.new(self._secret, f"{at}-{chance}".encode(), "sha256").hexdigest()[:32]
        return f"{at}-{chance}-{proof}"


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"')
