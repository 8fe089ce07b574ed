"""One act about to happen, what it leaves for the ledger, and what several acts have in common."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from hub.core import case as rules
from hub.core.glossary import Pair
from hub.core.refuse import Refused
from hub.service import evidence, notice, people
from hub.service.evidence import Entry
from hub.store.case import Case
from hub.store.evidence import Media

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.case import Act
    from hub.core.policy import Actor


@dataclass(frozen=True, slots=True)
class Turn:
    """Somebody's act on a case, checked and about to happen; actor None is the hub itself."""

    s: Session
    actor: Actor | None
    case: Case
    fields: dict[str, Any]
    now: datetime


@dataclass(frozen=True, slots=True)
class Deed:
    """What the ledger will say: `public` for everybody, and whether a request was granted."""

    public: dict[str, Any] = field(default_factory=dict)
    granted: bool = True


def root_named(turn: Turn) -> Case:
    """The open case that the act names by id or number.

    Raises:
        Refused: there is none, or it is the case itself.
    """
    named = turn.fields["root"]
    query = select(Case).where(Case.market == turn.case.market, (Case.id == named) | (Case.number == named))
    root = turn.s.scalar(query)
    if root is None or root.id == turn.case.id or root.stage not in rules.OPEN:
        en = "Choose another case that is still open."
        raise Refused("state", "case.root", en, "请选择另一件未结的案件。")
    return root


def write_on_root(turn: Turn, root: Case, act: str) -> None:
    """Let the root's ledger say what became of the case that hangs on it."""
    entry = Entry(act, turn.actor, "system", root, None, root.stage, root.stage, {"case": turn.case.number})
    root.version += 1
    evidence.append(turn.s, root.market, entry, turn.now)


def ask(turn: Turn, act: Act, role: str, until: datetime | None) -> None:
    """Keep a request until those with `role` decide, and tell them."""
    case = turn.case
    person = turn.actor.person if turn.actor else None
    case.asked = {"act": act, "person": person, "until": until.isoformat() if until else None}
    words = Pair(f"请审批：{case.title_zh}", f"Please decide: {case.title_en}")
    told = people.with_role(turn.s, case.market, role)
    notice.tell(turn.s, case.market, told, f"case/{case.id}", act, words, turn.now)


def attach_media(turn: Turn) -> list[str]:
    """Give the named pictures to the case; their ids.

    Raises:
        Refused: one is not there or belongs to another case.
    """
    ids = turn.fields["media"] or []
    rows = list(turn.s.scalars(select(Media).where(Media.id.in_(ids), Media.market == turn.case.market)))
    if len(rows) != len(set(ids)) or any(row.case not in (None, turn.case.id) for row in rows):
        en = "One of the pictures is not there or belongs to another case. Upload it again."
        raise Refused("input", "field.media", en, "有照片不存在或属于其他案件，请重新上传。")
    for row in rows:
        row.case = turn.case.id
    return [row.id for row in rows]


def tell_reporter(turn: Turn, what: Pair) -> None:
    """Tell the reporter, if it is somebody of the market, what became of the report."""
    case = turn.case
    if case.reporter is not None:
        words = Pair(f"{case.title_zh}：{what.zh}", f"{case.title_en}: {what.en}")
        notice.tell(turn.s, case.market, [case.reporter], f"case/{case.id}", "reporter", words, turn.now)
