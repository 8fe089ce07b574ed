"""What the registers of the place keep of people: a name that is there already, and no more."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, MetaData, String, Table

from hub.store.business import Business, Tenancy
from hub.store.component import Component, ComponentCheck, RegisterLimit, Survey
from hub.store.election import Candidate, Election
from hub.store.workroom import Appointment, Workroom, WorkroomItem

TABLES = (
    Appointment,
    Business,
    Candidate,
    Component,
    ComponentCheck,
    Election,
    RegisterLimit,
    Survey,
    Tenancy,
    Workroom,
    WorkroomItem,
)
OF_A_THING = {
    "id",
    "number",
    "name_zh",
    "name_en",
    "kind",
    "owner",
    "spot",
    "condition",
    "note",
    "phone",
    "item",
    "office",
    "way",
    "state",
}
"""Texts that say something of a thing, a room, a trade name or an act."""


def said_of_people(table: Table) -> list[str]:
    """Texts that are neither in the list above nor the key of a row elsewhere."""
    return [
        column.name
        for column in table.columns
        if isinstance(column.type, String) and not column.foreign_keys and column.name not in OF_A_THING
    ]


@pytest.mark.parametrize("model", TABLES, ids=lambda model: str(model.__tablename__))
def test_no_text_stands_in_a_register_that_nobody_has_thought_about(model: type) -> None:
    table: Table = model.__table__  # type: ignore[attr-defined]
    assert said_of_people(table) == []


@pytest.mark.parametrize("name", ["home_address", "id_card", "remark_on_person", "voted_for", "keeper_name"])
def test_a_planted_text_is_found(name: str) -> None:
    planted = Table("component", MetaData(), Column("id", String, primary_key=True), Column(name, String))
    assert said_of_people(planted) == [name]


def test_whoever_is_named_is_a_person_of_the_market_by_key() -> None:
    named = {
        f"{model.__tablename__}.{column.name}"
        for model in TABLES
        for column in model.__table__.columns
        for key in column.foreign_keys
        if key.column.table.name == "person"
    }
    assert named == {
        "appointment.made_by",
        "appointment.person",
        "component.verified_by",
        "component_check.by",
        "election.called_by",
        "election.decided_by",
        "survey.by",
        "workroom_item.by",
    }
