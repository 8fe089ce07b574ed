"""Passwords and PINs: what is taken for one, and how they are changed."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from hub.core.refuse import Refused
from hub.core.session import LEAST_PASSWORD, PIN_DIGITS
from hub.service import evidence
from hub.service.evidence import Entry
from hub.service.session import living
from hub.store.people import Person

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.ports import Passwords

COMMON = ("password", "12345678", "qwerty", "lianfang", "admin", "abc123", "111111", "666666", "888888")
"""What is tried first; a password may not be one of them, nor one with a few characters around it."""
AROUND = 6
LEAST_KINDS = 4
"""Different characters at least."""


@dataclass(frozen=True, slots=True)
class Fresh:
    """What is to be a password or PIN, and its slow hash.

    The door has it hashed before it begins to write: whoever hashes stands last in line, and must not hold
    the database's one writer meanwhile, for whom alarms wait.
    """

    text: str
    hashed: str


def refuse_old(s: Session, actor: Actor, new: str, passwords: Passwords) -> None:
    """Refuse the password that the actor has already; reads only.

    Raises:
        Refused: it is the old one.
    """
    known = s.get_one(Person, actor.person).password_hash
    if known and passwords.verify(known, new):
        en = "This is the old password. Choose a new one."
        raise Refused("input", "password.old", en, "这是原来的密码，请换一个新的。")


def replace(s: Session, actor: Actor, new: Fresh, now: datetime, keep: str = "") -> None:
    """Give the actor a new password; their other sessions end.

    Raises:
        Refused: it is too easy to guess.
    """
    person = s.get_one(Person, actor.person)
    refuse_weak(new.text, person)
    person.password_hash = new.hashed
    person.must_change = False
    evidence.append(s, actor.market, Entry("password.change", actor), now)
    living.end_others(s, actor, keep, now)


def set_pin(s: Session, actor: Actor, new: Fresh, now: datetime) -> None:
    """Give the actor a PIN for the wall's screens.

    Raises:
        Refused: it is not a number of the right length, or too easy to guess.
    """
    least, most = PIN_DIGITS
    pin = new.text
    if not (pin.isascii() and pin.isdigit() and least <= len(pin) <= most):
        en = f"A PIN has {least} to {most} digits."
        raise Refused("input", "pin.shape", en, f"PIN 为 {least} 到 {most} 位数字。")
    steps = {(ord(b) - ord(a)) for a, b in pairwise(pin)}
    if len(steps) == 1:
        en = "This PIN is too easy to guess. Choose digits without a pattern."
        raise Refused("input", "pin.weak", en, "这个 PIN 太好猜，请换没有规律的数字。")
    s.get_one(Person, actor.person).pin_hash = new.hashed
    evidence.append(s, actor.market, Entry("pin.set", actor), now)


def refuse_weak(new: str, person: Person) -> None:
    """Refuse what is guessed first.

    Raises:
        Refused: the sentence says what to choose instead.
    """
    if len(new) < LEAST_PASSWORD:
        en = f"A password has at least {LEAST_PASSWORD} characters. Three or four words in a row do well."
        raise Refused("input", "password.short", en, f"密码至少 {LEAST_PASSWORD} 个字符，可用几个词连起来。")
    low = new.lower()
    guessed = [word for word in (*COMMON, person.login or "") if word]
    near = any(word in low and len(low) - len(word) <= AROUND for word in guessed)
    if near or len(set(low)) < LEAST_KINDS or low == f"{person.login}-demo":
        en = "This password is guessed first. Choose one that is not a name, a row of keys or a common word."
        raise Refused("input", "password.weak", en, "这个密码太好猜，不要用名字、键盘顺序或常见词。")
