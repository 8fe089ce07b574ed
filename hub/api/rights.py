"""Who can see camera 12, and why; and what this person can do."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Query

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape import Pair, Shown
from hub.api.shape.base import SlugPath
from hub.core.action import ACTION
from hub.service import rights

router = Guarded(prefix="/api", tags=["rights"], most=0)

Asker = Annotated[Visitor, Depends(Signed("rights.see"))]
ActionName = Annotated[str, Query(pattern=r"^[a-z_.]{1,40}$")]
CameraId = Annotated[str | None, Query(pattern=r"^[a-z0-9-]{1,64}$")]
NodePath = Annotated[str | None, Query(pattern=r"^[a-z0-9-]{1,64}(/[a-z0-9-]{1,64}){0,2}$")]


class Holder(Shown):
    """A person as a list names them."""

    id: str
    name: Pair
    armband: str | None


class Node(Shown):
    """A place in the tree of rights."""

    id: str
    name: Pair


class RoleReach(Shown):
    """A role and how far its right goes."""

    role: str
    zh: str
    en: str
    reach: str


class Action(Shown):
    """Something that somebody does, and the row of the policy for it."""

    id: str
    zh: str
    en: str
    roles: list[RoleReach]


class Because(Shown):
    """One grant that lets one person; `always` is false where it depends on the case at hand."""

    person: Holder
    role: str
    node: Node
    reach: str
    reach_words: Pair
    always: bool


class Who(Shown):
    """Everybody who may do something somewhere."""

    action: Action
    node: Node
    people: list[Because]


class Right(Shown):
    """Something that a person may do, by which grant."""

    action: Action
    role: str
    node: Node
    reach: str
    reach_words: Pair


class What(Shown):
    """Everything that a person may do."""

    person: Holder
    rights: list[Right]


class Named(Shown):
    """An action by its words."""

    id: str
    zh: str
    en: str


@router.get("/rights/actions", response_model=list[Named], dependencies=[Depends(Signed("rights.see"))])
def actions() -> list[dict[str, str]]:
    """Every action that the policy knows."""
    return [{"id": name, "zh": words.zh, "en": words.en} for name, words in ACTION.items()]


@router.get("/rights/who", response_model=Who)
def who(
    visitor: Asker, parts: PartsHere, action: ActionName, camera: CameraId = None, node: NodePath = None
) -> dict[str, Any]:
    """Who may do `action` to a camera, or at a node, or in the market as a whole; and by which grant."""
    actor = visitor.actor
    with parts.readings() as session:
        at = rights.of_camera(session, actor, camera) if camera else node or actor.market
        return rights.who(session, actor, action, at)


@router.get("/people/{person}/rights", response_model=What)
def what(person: SlugPath, visitor: Asker, parts: PartsHere) -> dict[str, Any]:
    """What a person may do in this market, and by which grant."""
    with parts.readings() as session:
        return rights.what(session, visitor.actor, person)
