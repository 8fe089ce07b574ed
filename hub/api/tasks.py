"""Tasks of the staff, and equipment out and in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends

from hub.api.guard import Guarded, Signed, Visitor
from hub.api.parts import PartsHere
from hub.api.shape.asset import AssetMoved, AssetShown, NewAsset, NewMove, NewTask, StaffTask, TaskDone
from hub.api.shape.base import RowPath
from hub.api.shape.people import Made
from hub.service import asset, task

router = Guarded(prefix="/api", tags=["tasks"], most=64 * 1024)

TaskSeer = Annotated[Visitor, Depends(Signed("task.see", shows=False))]
TaskKeeper = Annotated[Visitor, Depends(Signed("task.change", shows=False))]
Own = Annotated[Visitor, Depends(Signed(shows=False))]
AssetSeer = Annotated[Visitor, Depends(Signed("asset.see", shows=False))]
AssetKeeper = Annotated[Visitor, Depends(Signed("asset.change", shows=False))]


@router.get("/tasks", response_model=list[StaffTask])
def tasks(visitor: TaskSeer, parts: PartsHere) -> list[dict[str, Any]]:
    """Tasks, what is due first; then what was done."""
    with parts.readings() as session:
        return task.listing(session, visitor.actor, parts.clock.now())


@router.get("/me/tasks", response_model=list[StaffTask])
def own(visitor: Own, parts: PartsHere) -> list[dict[str, Any]]:
    """What is open of the visitor's own: certificates, and drills and trainings of where they serve."""
    with parts.readings() as session:
        return task.own(session, visitor.actor, parts.clock.now())


@router.post("/tasks", status_code=201)
def make(given: NewTask, visitor: TaskKeeper, parts: PartsHere) -> Made:
    """A drill, a training or something else is set."""
    with parts.sessions.begin() as session:
        now = parts.clock.now()
        row = task.make(session, visitor.actor, given.kind, given.title, given.grid, given.due, now)
        return Made(id=row.id)


@router.post("/tasks/{task_id}/done", status_code=204)
def done(task_id: RowPath, given: TaskDone, visitor: TaskKeeper, parts: PartsHere) -> None:
    """It is done; who was there."""
    with parts.sessions.begin() as session:
        task.done(session, visitor.actor, task_id, given.took_part, given.note, parts.clock.now())


@router.get("/assets", response_model=list[AssetShown])
def assets(visitor: AssetSeer, parts: PartsHere) -> list[dict[str, Any]]:
    """Equipment of workrooms, what is out first."""
    with parts.readings() as session:
        return asset.listing(session, visitor.actor)


@router.post("/assets", status_code=201)
def add(given: NewAsset, visitor: AssetKeeper, parts: PartsHere) -> Made:
    """A piece of equipment is entered."""
    with parts.sessions.begin() as session:
        now = parts.clock.now()
        row = asset.add(session, visitor.actor, given.grid, given.kind, given.label, now)
        return Made(id=row.id)


@router.get("/assets/{asset_id}/moves", response_model=list[AssetMoved])
def moves(asset_id: RowPath, visitor: AssetSeer, parts: PartsHere) -> list[dict[str, Any]]:
    """What became of a piece, newest first."""
    with parts.readings() as session:
        return asset.history(session, visitor.actor, asset_id)


@router.post("/assets/{asset_id}/moves", status_code=204)
def move(asset_id: RowPath, given: NewMove, visitor: AssetKeeper, parts: PartsHere) -> None:
    """A piece goes out, comes back, goes to be mended, or is used no more."""
    with parts.sessions.begin() as session:
        now = parts.clock.now()
        asset.move(session, visitor.actor, asset_id, given.state, given.person, given.note, now)
