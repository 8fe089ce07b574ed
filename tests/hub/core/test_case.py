"""The case machine: what is in the table happens, what is not is refused with a sentence."""

from __future__ import annotations

import itertools
import re

import pytest

from hub.core import glossary
from hub.core.case import LINE, MOVES, OPEN, SIDES, Act, Side, Stage, move
from hub.core.refuse import Refused

PAIRS = list(itertools.product(Stage, Act))
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_what_is_not_in_the_table_is_refused_with_what_to_do() -> None:
    for stage, act in set(PAIRS) - set(MOVES):
        with pytest.raises(Refused) as caught:
            move(stage, act)
        refused = caught.value
        assert refused.kind == "stage", (stage, act)
        assert refused.en.endswith("now."), (stage, act)
        assert glossary.STAGE[stage].en.lower() in refused.en, (stage, act)
        assert CHINESE.search(refused.zh), (stage, act)


def test_what_is_in_the_table_goes_where_it_says() -> None:
    assert {pair: move(*pair, former=to) for pair, to in MOVES.items()} == MOVES


def test_a_case_goes_the_straight_way_from_report_to_evaluation() -> None:
    acts = [Act.ACCEPT, Act.DISPATCH, Act.ACKNOWLEDGE, Act.HANDLE, Act.VERIFY_CLOSE, Act.EVALUATE]
    stages = [Stage.REPORTED]
    for act in acts:
        stages.append(move(stages[-1], act))
    assert tuple(stages) == LINE


@pytest.mark.parametrize("stage", OPEN)
def test_an_unmerged_case_goes_back_to_the_stage_it_had(stage: Stage) -> None:
    assert move(stage, Act.MERGE) == Stage.MERGED
    assert move(Stage.MERGED, Act.UNMERGE, former=stage) == stage


@pytest.mark.parametrize(
    ("stage", "act"),
    [
        (Stage.DISPATCHED, Act.RETURN_DECIDE),
        (Stage.HANDLING, Act.RETURN_DECIDE),
        (Stage.HANDLING, Act.SUSPEND_DECIDE),
    ],
)
def test_a_request_that_is_not_granted_leaves_the_case_where_it_stands(stage: Stage, act: Act) -> None:
    assert move(stage, act, granted=False) == stage
    assert move(stage, act, granted=True) != stage


@pytest.mark.parametrize("stage", [Stage.REJECTED, Stage.CANCELLED, Stage.EVALUATED])
def test_nothing_but_words_reaches_a_case_that_is_over(stage: Stage) -> None:
    assert {act for of, act in MOVES if of == stage} == {Act.NOTE}


def test_handled_work_is_never_cancelled() -> None:
    assert {stage for stage, act in MOVES if act is Act.CANCEL} == {
        Stage.REPORTED,
        Stage.ACCEPTED,
        Stage.DISPATCHED,
        Stage.HANDLING,
    }


def test_the_unit_stands_on_the_handling_side_and_the_verifier_on_the_other() -> None:
    asks = {Act.RETURN_REQUEST, Act.SUSPEND_REQUEST}
    unit = {Act.ACKNOWLEDGE, Act.EN_ROUTE, Act.ON_SCENE, Act.HANDLE} | asks
    assert {SIDES[act] for act in unit | {Act.DISPATCH}} == {Side.HANDLING}
    assert {SIDES[act] for act in (Act.ACCEPT, Act.VERIFY_CLOSE, Act.REWORK)} == {Side.SUPERVISION}


def test_every_stage_and_act_has_a_name_in_both_languages() -> None:
    assert set(glossary.STAGE) == set(Stage)
    assert set(glossary.ACT) == {*Act, "report"}
    for words in (*glossary.STAGE.values(), *glossary.ACT.values()):
        assert CHINESE.search(words.zh)
        assert words.en.isascii()
