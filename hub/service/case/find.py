"""Which cases somebody may see and asked for, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.sql.elements import False_

from hub.core import policy
from hub.core.case import Stage
from hub.core.policy import Actor, Reach
from hub.core.refuse import Refused
from hub.service import duty, scope
from hub.service.newest import Walk, newest
from hub.store.case import Case, CasePart, searched

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from hub.service.newest import Last

    Condition = ColumnElement[bool]
    Way = Condition | Actor

MOST = 200
MOST_QUERY = 64
GROUP_DEPTH = 3
"""Parts of a group's node: market, grid and group."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which cases; `before` is the id of the last card of the page before."""

    stages: tuple[str, ...] = ()
    mine: bool = False
    q: str = ""
    before: str | None = None
    limit: int = 50


def find(s: Session, actor: Actor, filters: Filters, now: datetime) -> Sequence[Case]:
    """The cases of one page.

    Raises:
        Refused: a stage that does not exist.
    """
    unknown = [stage for stage in filters.stages if stage not in Stage.__members__]
    if unknown:
        en = f"There is no stage {unknown[0]}. Choose from: {', '.join(Stage)}."
        raise Refused("input", "case.stages", en, f"没有“{unknown[0]}”这个阶段。")
    narrow, ways = _seen(s, actor, filters, now)
    walks = [walk for way in ways for walk in _walks(way, narrow, filters.stages)]
    if not walks:
        return []
    page = newest(walks, _last(s, filters.before), min(filters.limit, MOST))
    found = select(Case).where(Case.id.in_(select(page.c.id)))
    return s.scalars(found.order_by(Case.opened_at.desc(), Case.id.desc())).all()


def _last(s: Session, before: str | None) -> Last | None:
    row = s.get(Case, before) if before else None
    return (row.opened_at, row.id) if row else None


def _seen(s: Session, actor: Actor, filters: Filters, now: datetime) -> tuple[list[Condition], list[Way]]:
    """What every case of the page fulfils, and every way in which one is the actor's to see."""
    narrow: list[Condition] = [Case.market == actor.market]
    if filters.q:
        within = func.instr if s.get_bind().dialect.name == "sqlite" else func.strpos
        narrow.append(within(Case.words, searched(filters.q[:MOST_QUERY])) > 0)
    place = scope.below(actor, "case.see", Case)
    mine: list[Way] = [*_units(s, actor, now), Case.reporter == actor.person, actor]
    by_unit = any(policy.TABLE["case.see"][grant.role] in (Reach.OWN, Reach.UNIT) for grant in actor.grants)
    if filters.mine:
        return (narrow if by_unit else [*narrow, place]), mine
    below: list[Way] = [] if isinstance(place, False_) else [place]
    return narrow, ([*below, *mine] if by_unit else below)


def _walks(way: Way, narrow: list[Condition], stages: tuple[str, ...]) -> Iterator[Walk]:
    """A walk for each stage; that of an actor goes down the index of those who took part."""
    for stage in stages or ("",):
        where = (*narrow, Case.stage == stage) if stage else tuple(narrow)
        if isinstance(way, Actor):
            took_part = CasePart.person == way.person
            yield Walk(
                CasePart.case, CasePart.opened_at, (took_part, *where), (Case, Case.id == CasePart.case)
            )
        else:
            yield Walk(Case.id, Case.opened_at, (*where, way))


def _units(s: Session, actor: Actor, now: datetime) -> Iterator[Condition]:
    """Cases that the actor's unit has now."""
    on = duty.now_on(s, actor.market, now)
    crews = [one.crew.id for one in on if one.crew is not None and one.person.id == actor.person]
    groups = [parts[2] for grant in actor.grants if len(parts := grant.node.split("/")) == GROUP_DEPTH]
    for kind, units in (("crew", crews), ("group", groups), ("agency", [actor.person])):
        for unit in dict.fromkeys(units):
            yield (Case.unit_kind == kind) & (Case.unit == unit)
    if "liaison" in actor.roles:
        yield (Case.unit_kind == "liaison") & (Case.unit == actor.market)
