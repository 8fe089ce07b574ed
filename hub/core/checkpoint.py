"""Codes of checkpoints: signed, good until a day, replaced by the next; tags; how far away one stood.

A code reads LF1-<number>-<serial>-<good until, YYYYMMDD>-<16 letters>; the letters are 80 bits of an
HMAC-SHA-256 (RFC 2104) over market, number, serial and day, in base 32 (RFC 4648), so that a QR code of it is
small and a thumb can type it.
"""

from __future__ import annotations

import hmac
import re
from base64 import b32encode
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from math import cos, hypot, radians, sin
from typing import TYPE_CHECKING, Literal

from hub.core.gcj import from_gcj
from hub.core.refuse import Refused

if TYPE_CHECKING:
    from hub.core.placed import Anchor

GOOD_DAYS = 90
"""So long a printed code is good unless something else is said."""
MOST_DAYS = 730
MAC_BYTES = 10
READ = re.compile(r"LF1-(\d{1,5})-(\d{1,5})-(\d{4})(\d{2})(\d{2})-([A-Z2-7]{16})")
TAG = re.compile(r"[0-9A-F]{8,32}")
DEGREE = 111_320.0
"""Metres of a degree of latitude; within a kilometre the error is below a metre."""
SURE = 50.0
"""Metres: a position less sure than this proves no visit by itself."""
ASTRAY = 150.0
"""Metres by which a position may be wrong beyond what it says: indoors satellites are heard by echo."""


@dataclass(frozen=True, slots=True)
class Code:
    """What stands in a code."""

    number: int
    serial: int
    until: date


@dataclass(frozen=True, slots=True)
class Position:
    """Where a phone says it is, degrees and metres."""

    lat: float
    lon: float
    accuracy_m: float


@dataclass(frozen=True, slots=True)
class Stood:
    """How far from a checkpoint a position is, and the frame in which it is nearest."""

    away_m: float
    accuracy_m: float
    frame: Literal["wgs84", "gcj02"]


def write(key: bytes, market: str, code: Code) -> str:
    """The text of a code."""
    return f"{_plain(code)}-{_letters(key, market, code)}"


def read(key: bytes, market: str, text: str) -> Code:
    """What a code says, if it is one of this market's and unchanged; spaces and small letters are forgiven.

    Raises:
        Refused: it is none, or it was not made with this market's key.
    """
    found = READ.fullmatch(re.sub(r"\s", "", text).upper())
    if found is None:
        en = "This is not the code of a checkpoint. Scan the code on the checkpoint's sign."
        raise Refused("input", "code.foreign", en, "这不是巡更点的码，请扫点位牌上的码。")
    try:
        until = date(int(found[3]), int(found[4]), int(found[5]))
    except ValueError:
        raise _forged() from None
    code = Code(int(found[1]), int(found[2]), until)
    if not hmac.compare_digest(_letters(key, market, code), found[6]):
        raise _forged()
    return code


def refuse_over(until: date, ended: date | None, day: date) -> None:
    """Refuse a code that was not good any more on the day on which it was read.

    Raises:
        Refused: it was replaced, or its time was over.
    """
    if ended is not None and ended <= day:
        en = f"This code was replaced on {ended}. Scan the new sign; report it if the old one hangs."
        zh = f"这个码已于 {ended} 换新，请扫新码牌；旧牌还在请报告。"
        raise Refused("state", "code.replaced", en, zh)
    if until <= day:
        en = f"This code was good until {until}. Ask the grid leader for a new sign."
        zh = f"这个码 {until} 起已过期，请网格长更换码牌，并登记原因。"
        raise Refused("state", "code.expired", en, zh)


def tag_hash(text: str) -> str | None:
    """By which an NFC tag is known: the SHA-256 of its number in capitals; None where it is none."""
    plain = re.sub(r"[^0-9A-Za-z]", "", text).upper()
    return sha256(plain.encode()).hexdigest() if TAG.fullmatch(plain) else None


def stood(position: Position, anchor: Anchor, x: float, y: float) -> Stood:
    """How far from a point of the plan; phones in China may give GCJ-02 unsaid: the nearer one counts.

    Args:
        position: as the phone gave it.
        anchor: where the plan lies.
        x: metres to the right on the plan.
        y: metres down.
    """
    at = (position.lon, position.lat)
    plain = _away(at, anchor, x, y)
    shifted = _away(from_gcj(at), anchor, x, y)
    if shifted < plain:
        return Stood(round(shifted, 1), position.accuracy_m, "gcj02")
    return Stood(round(plain, 1), position.accuracy_m, "wgs84")


def refuse_away(found: Stood, fence_m: float, *, alone: bool) -> None:
    """Refuse a position that is not there; `alone`: where it is the only proof, it has to be sure as well.

    Raises:
        Refused: it is too far away, or too unsure.
    """
    if alone and found.accuracy_m > max(SURE, fence_m):
        en = f"The position is only sure to {found.accuracy_m:.0f} m. Step outside, or scan the sign."
        zh = f"定位误差 {found.accuracy_m:.0f} 米，太大，请到开阔处再试，或扫码牌。"
        raise Refused("state", "fence.unsure", en, zh)
    beyond = found.away_m - found.accuracy_m - fence_m
    if beyond > (0.0 if alone else ASTRAY):
        en = f"The phone was {found.away_m:.0f} m away (sure to {found.accuracy_m:.0f} m). Go there and scan."
        zh = f"手机离此点 {found.away_m:.0f} 米（误差 {found.accuracy_m:.0f} 米），请到点后再扫。"
        raise Refused("state", "fence.away", en, zh)


def _plain(code: Code) -> str:
    return f"LF1-{code.number}-{code.serial}-{code.until:%Y%m%d}"


def _letters(key: bytes, market: str, code: Code) -> str:
    made = hmac.digest(key, f"{market}\n{_plain(code)}".encode(), "sha256")
    return b32encode(made[:MAC_BYTES]).decode()


def _forged() -> Refused:
    en = "This code was not made by this market. Do not use it; tell the grid leader where it hangs."
    return Refused("right", "code.forged", en, "这不是本市场签发的码，请勿使用，并告诉网格长它贴在哪里。")


def _away(at: tuple[float, float], anchor: Anchor, x: float, y: float) -> float:
    """Metres between a place in WGS-84 and a point of the plan, "up" turned as the anchor says."""
    sine, cosine = sin(radians(anchor.turn)), cos(radians(anchor.turn))
    east = (at[0] - anchor.lon) * DEGREE * cos(radians(anchor.lat))
    north = (at[1] - anchor.lat) * DEGREE
    return hypot(east * cosine - north * sine - x, -east * sine - north * cosine - y)
