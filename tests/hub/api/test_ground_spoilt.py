"""Whatever is spoilt in a drawn plan, it is taken whole or not at all, and every feature is accounted for."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from hub.core.refuse import Refused
from hub.demo.ground import small
from hub.service import people
from hub.service.imports import Wish, plan
from hub.store.market import Gate, Hall, Shop, Street
from hub.store.people import Person
from tests.hub.api.conftest import NEW
from tests.hub.api.drawing import collection
from tests.hub.solved import Here
from tests.hub.town import NOON

if TYPE_CHECKING:
    from sqlalchemy.orm import Session, sessionmaker

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(-1e9, 1e9) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)  # fmt: skip
PLAN = collection(small())
WHOLE = json.dumps(PLAN).encode()
PLACES = st.tuples(
    st.integers(0, len(PLAN["features"]) - 1),
    st.sampled_from(
        ["properties", "geometry", "type", "id", "name_zh", "door", "line", "coordinates", "width"]
    ),
    JUNK,
)


def spoiled(changes: list[tuple[int, str, Any]]) -> dict[str, Any]:
    plan = copy.deepcopy(PLAN)
    for number, name, junk in changes:
        feature = plan["features"][number]
        inner = feature.get("geometry") if name in {"coordinates", "type"} else feature.get("properties")
        if name in {"properties", "geometry"} or not isinstance(inner, dict):
            feature[name] = junk
        else:
            inner[name] = junk
    return plan


def never_half(store: sessionmaker[Session], data: bytes) -> None:
    """Whatever the bytes: a sentence, or a report that accounts for every feature; all of it or nothing."""
    with store() as s:
        ning = people.actor_of(s, s.get_one(Person, "ning"))
        before = counted(s)
        try:
            draft = plan.drawn(s, ning, data, "metres", Here(), NOON)
            report = plan.take(s, ning, draft, Wish(apply=True), NOON)
        except Refused:
            report = None
        if report is None:
            assert counted(s) == before
            return
        assert report.rows == report.new + report.changed + report.same + len(report.refused)
        assert report.applied is not bool(report.problems)
        assert counted(s) == (before + report.new if report.applied else before)
        s.rollback()


def counted(s: Session) -> int:
    tables = (Hall, Street, Gate, Shop)
    mine = (select(func.count()).select_from(table).where(table.market == NEW) for table in tables)
    return sum(s.scalar(one) or 0 for one in mine)


def fuzz(store: sessionmaker[Session], examples: int) -> None:
    @settings(max_examples=examples, deadline=None, derandomize=examples < 50)
    @given(st.lists(PLACES, min_size=1, max_size=3))
    def spoilt(changes: list[tuple[int, str, Any]]) -> None:
        never_half(store, json.dumps(spoiled(changes)).encode())

    @settings(max_examples=examples, deadline=None, derandomize=examples < 50)
    @given(st.integers(0, len(WHOLE) - 1), st.binary(max_size=4), st.integers(0, 6))
    def torn(at: int, junk: bytes, away: int) -> None:
        never_half(store, WHOLE[:at] + junk + WHOLE[at + away :])

    spoilt()
    torn()


@pytest.mark.usefixtures("fresh")
def test_whatever_is_spoilt_in_a_plan_it_is_taken_whole_or_not_at_all(store: sessionmaker[Session]) -> None:
    fuzz(store, 6)


@pytest.mark.long
@pytest.mark.usefixtures("fresh")
def test_whatever_is_spoilt_in_a_plan_at_length(store: sessionmaker[Session]) -> None:
    fuzz(store, 150)
