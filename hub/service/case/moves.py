"""The acts that somebody could do next: those they may with what they ask for, the others with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hub.core import case as rules
from hub.core import form, glossary
from hub.core.case import Act, Stage
from hub.core.refuse import Refused
from hub.service.case import right, unit
from hub.service.shape import pair

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.orm import Session

    from hub.core.form import Field
    from hub.core.glossary import Pair
    from hub.core.policy import Actor, Target
    from hub.store.case import Case

AHEAD = (Act.ACCEPT, Act.DISPATCH, Act.ACKNOWLEDGE, Act.HANDLE, Act.VERIFY_CLOSE, Act.EVALUATE)
"""The way of a case: those that are still to come are shown with the reason why they cannot be done yet."""
ALWAYS = frozenset({Act.NOTE, Act.CALL, Act.REMIND})
"""Shown only to those who may do them."""
SHOWN_AS = {"case": "text"}
"""Types of fields that a page shows as another; pictures are added by themselves."""


def moves(s: Session, actor: Actor, case: Case, now: datetime) -> list[dict[str, Any]]:
    """What the actor may do now, and what not with the reason in both languages."""
    to = right.target(s, case, now)
    found = []
    for act in Act:
        here = (Stage(case.stage), act) in rules.MOVES
        if not here and not _to_come(Stage(case.stage), act):
            continue
        why = _against(s, actor, case, act, to, now)
        if why is None or act not in ALWAYS:
            found.append(_move(s, case, act, why, now))
    return sorted(found, key=lambda move: not move["allowed"])


def _against(s: Session, actor: Actor, case: Case, act: Act, to: Target, now: datetime) -> Refused | None:
    try:
        right.role_for(s, actor, case, act, to, now)
        rules.move(Stage(case.stage), act, former=Stage.REPORTED)
    except Refused as refused:
        return refused
    return right.bar(s, case, act)


def _to_come(stage: Stage, act: Act) -> bool:
    """Whether `act` lies ahead on the straight way."""
    if act not in AHEAD or stage not in rules.OPEN:
        return False
    here = rules.LINE.index(Stage.HANDLING if stage is Stage.SUSPENDED else stage)
    return any(rules.LINE.index(of) > here for of in rules.LINE if (of, act) in rules.MOVES)


def _move(s: Session, case: Case, act: Act, why: Refused | None, now: datetime) -> dict[str, Any]:
    words = glossary.ACT[act]
    return {
        "act": act.value,
        "name": pair(words),
        "allowed": why is None,
        "en": why.en if why else "",
        "zh": why.zh if why else "",
        "fields": [_field(s, case, field, now) for field in form.FIELDS[act] if field.type != "media"]
        if why is None
        else [],
    }


def _field(s: Session, case: Case, field: Field, now: datetime) -> dict[str, Any]:
    choices: Iterable[tuple[str, Pair]] = field.choices
    if field.type == "unit":
        choices = unit.choices(s, case, now)
    return {
        "name": field.name,
        "label": pair(field.label),
        "type": SHOWN_AS.get(field.type, field.type),
        "required": field.required,
        "choices": [{"value": value, **pair(words)} for value, words in choices] or None,
    }
