"""Which rows somebody may see: the one way in which a list is bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import and_, false, or_, true

from hub.core import policy

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select

    from hub.core.policy import Actor

    Bounded = TypeVar("Bounded", bound=Select[*tuple[Any, ...]])

COLUMNS = ("grid", "group")
"""What a row says of its place below the market; a model has as many of them as it needs."""


def scope_filter(actor: Actor, action: str, statement: Bounded, model: type[Any]) -> Bounded:
    """`statement` bounded to the rows of `model` at which the actor may do `action`."""
    return statement.where(model.market == actor.market, below(actor, action, model))


def first(actor: Actor, action: str) -> str:
    """A node at which the actor may, where there is one: for asking whether they may anywhere."""
    return next(iter(policy.scope(actor, action)), actor.market)


def below(actor: Actor, action: str, model: type[Any]) -> ColumnElement[bool]:
    """The condition that a row of the actor's market stands where they may do `action`; false if nowhere."""
    columns = [getattr(model, name) for name in COLUMNS if hasattr(model, name)]
    found: list[ColumnElement[bool]] = []
    for node in policy.scope(actor, action):
        market, *parts = node.split("/")
        if market != actor.market:
            continue
        if not parts:
            return true()
        # A row that does not say its group is not known to be of one: a group's right does not reach it.
        if len(parts) <= len(columns):
            found.append(and_(*(column == part for column, part in zip(columns, parts, strict=False))))
    return or_(*found) if found else false()
