"""The second factor: set up, asked for, and what stands for it when the phone is lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from hub.core.refuse import Refused
from hub.core.session import RECOVERY_CODES
from hub.service import drawn, evidence
from hub.service.evidence import Entry
from hub.service.session.living import hashed
from hub.store.people import Factor, RecoveryCode

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.policy import Actor
    from hub.ports import Codes, Seal

ISSUER = "Lianfang 联防"
CODE_LENGTH = 10
"""Letters of a recovery code."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What codes are made and kept with."""

    codes: Codes
    seal: Seal


def has(s: Session, person: str) -> bool:
    """Whether the person has a second factor that works."""
    row = s.get(Factor, person)
    return row is not None and row.confirmed_at is not None


def begin(s: Session, actor: Actor, tools: Tools, now: datetime) -> tuple[str, str]:
    """A new secret and its URI for the QR code; it counts once a code has confirmed it.

    Raises:
        Refused: there is one that works; the old one goes first.
    """
    if has(s, actor.person):
        en = "You have a second factor already. Remove it first."
        raise Refused("state", "factor.there", en, "你已设置两步验证，请先移除。")
    secret = tools.codes.secret()
    s.merge(
        Factor(
            person=actor.person,
            secret=tools.seal.close(secret),
            made_at=now,
            confirmed_at=None,
            last_step=0,
        )
    )
    return secret, tools.codes.uri(secret, actor.name.zh, ISSUER)


def confirm(s: Session, actor: Actor, tools: Tools, code: str, now: datetime) -> list[str]:
    """The first code shows that the app has the secret; recovery codes, shown this once.

    Raises:
        Refused: nothing was begun, or the code is wrong.
    """
    row = s.get(Factor, actor.person)
    if row is None or row.confirmed_at is not None:
        en = "Begin by scanning the code with your app."
        raise Refused("state", "factor.none", en, "请先用验证器扫码。")
    _take(row, tools, code, now)
    row.confirmed_at = now
    evidence.append(s, actor.market, Entry("factor.set", actor), now)
    return _recovery(s, actor.person)


def check(s: Session, actor: Actor, tools: Tools, code: str, now: datetime) -> None:
    """Take a code of the app, or a recovery code in its place; each works once.

    Raises:
        Refused: it is wrong, or was used.
    """
    row = s.get(Factor, actor.person, with_for_update=True)
    if row is None or row.confirmed_at is None:
        raise wrong()
    typed = code.replace(" ", "").replace("-", "").upper()
    if len(typed) == CODE_LENGTH:
        _recover(s, actor, typed, now)
    else:
        _take(row, tools, typed, now)


def remove(s: Session, by: Actor, person: str, now: datetime) -> None:
    """Forget a person's second factor and recovery codes; who owes one sets it up anew at the next log-in."""
    s.execute(delete(Factor).where(Factor.person == person))
    s.execute(delete(RecoveryCode).where(RecoveryCode.person == person))
    evidence.append(s, by.market, Entry("factor.remove", by, public={"person": person}), now)


def left(s: Session, person: str) -> int:
    """Recovery codes that still work."""
    unused = (RecoveryCode.person == person, RecoveryCode.used_at.is_(None))
    return s.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0


def wrong() -> Refused:
    """Said for every code that does not work, whatever the reason."""
    en = "This code is wrong or was used. Wait for the next one, or take a recovery code."
    return Refused("right", "session.code", en, "验证码不对或已用过，请等下一个，或使用备用码。")


def _take(row: Factor, tools: Tools, code: str, now: datetime) -> None:
    step = tools.codes.step(tools.seal.open(row.secret), code, now)
    if step is None or step <= row.last_step:
        raise wrong()
    row.last_step = step


def _recover(s: Session, actor: Actor, code: str, now: datetime) -> None:
    row = s.get(RecoveryCode, (actor.person, hashed(code)), with_for_update=True)
    if row is None or row.used_at is not None:
        raise wrong()
    row.used_at = now
    evidence.append(
        s, actor.market, Entry("factor.recover", actor, public={"left": left(s, actor.person)}), now
    )


def _recovery(s: Session, person: str) -> list[str]:
    s.execute(delete(RecoveryCode).where(RecoveryCode.person == person))
    made = [drawn.code(CODE_LENGTH) for _ in range(RECOVERY_CODES)]
    s.add_all(RecoveryCode(person=person, code_hash=hashed(code), used_at=None) for code in made)
    return [f"{code[:5]}-{code[5:]}" for code in made]
