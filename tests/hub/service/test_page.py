"""The board and the page of a case, as different people see them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from hub.core.case import LINE, Act, Stage
from hub.core.form import FIELDS
from hub.core.refuse import Refused
from hub.service import alert, case, media
from hub.service.case import Filters
from tests.hub import town
from tests.hub.service.steps import WAY, bring, confirmed, do, reported, seen
from tests.hub.town import MARKET, NOON, actor
from wire.message import Event, Manifest, MediaRef, new_id

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from hub.store.case import Case

HOUR = timedelta(hours=1)
GIVEN: dict[str, dict[str, Any]] = {act.value: fields for _, _, act, fields in WAY}


def page(s: Session, one: Case, person: str = "he", now: Any = NOON) -> dict[str, Any]:
    return case.page(s, actor(s, person), one.id, now)


def may(s: Session, one: Case, person: str) -> set[str]:
    return {move["act"] for move in page(s, one, person)["moves"] if move["allowed"]}


def why(s: Session, one: Case, person: str, act: Act) -> dict[str, Any]:
    return next(move for move in page(s, one, person)["moves"] if move["act"] == act)


def test_the_page_is_plain_json(s: Session) -> None:
    one = bring(s, confirmed(s), Stage.EVALUATED)
    shown = page(s, one)
    assert json.loads(json.dumps(shown)) == shown
    card = "id number title kind severity stage grid place opened_at due late unit handler version"
    more = (
        "stages timeline clocks moves alerts people x y root merged reporter tracking_code close_conditions"
    )
    assert set(shown) >= {*card.split(), *more.split(), "close_conditions"}


def test_the_stages_say_when_how_long_and_by_whom(s: Session) -> None:
    one = bring(s, confirmed(s), Stage.HANDLED)
    stages = page(s, one)["stages"]
    assert [stage["stage"] for stage in stages] == [*LINE[:5]]
    accepted, sent = stages[1], stages[2]
    assert (accepted["used_s"], accepted["limit_s"], accepted["who"]["en"]) == (30.0, 180.0, "He Suqin")
    assert (sent["used_s"], sent["limit_s"], sent["note"]["zh"]) == (30.0, 300.0, "1 组")


def test_a_case_that_went_back_shows_only_the_way_it_has_gone_now(s: Session) -> None:
    one = bring(s, reported(s), Stage.HANDLING)
    do(s, one, "qiu", Act.RETURN_REQUEST, NOON + HOUR, text="太远")
    do(s, one, "qin", Act.RETURN_DECIDE, NOON + HOUR, granted=True)
    stages = page(s, one)["stages"]
    assert [stage["stage"] for stage in stages] == ["REPORTED", "ACCEPTED"]
    assert stages[1]["at"] == "2026-11-22T05:00:00.000Z"


def test_the_clock_that_runs_is_on_the_card(s: Session) -> None:
    one = bring(s, confirmed(s), Stage.HANDLING)
    card = page(s, one, now=NOON + timedelta(minutes=2))
    assert card["due"] == {
        "clock": "on_scene",
        "at": "2026-11-22T04:11:00.000Z",
        "total_s": 600.0,
        "started_at": "2026-11-22T04:01:00.000Z",
    }
    assert card["late"] is False
    assert page(s, one, now=NOON + HOUR)["late"] is True
    assert (card["unit"]["zh"], card["handler"]["en"]) == ("1 组", "Qiu Zhishui")


def test_the_timeline_keeps_words_facts_and_pictures(s: Session) -> None:
    message = town.event()
    assert isinstance(message.body, Event)
    one = alert.receive(s, MARKET, "edge-1", message, NOON)
    assert one is not None
    ref = MediaRef("still", "a" * 64, 9, "image/jpeg")
    media.announce(s, MARKET, "edge-1", Manifest(message.body.event, "c-3-1", NOON, NOON, (ref,)), NOON)
    media.stored(s, "a" * 64, 9, "image/jpeg", NOON)
    opened = bring(s, alert.confirm(s, actor(s, "lin"), one.id, NOON), Stage.HANDLED)
    lines = page(s, opened)["timeline"]
    assert [line["act"] for line in lines] == ["report", "accept", "dispatch", "acknowledge", "handle"]
    assert [line["seq"] for line in lines] == [1, 2, 3, 4, 5]
    assert lines[0]["media"][0]["id"] == one.still
    assert (lines[2]["zh"], lines[2]["en"]) == ("派 1 组", "To Crew 1")
    assert lines[4]["text"] == "电池已移到室外沙箱"
    assert lines[4]["who"] == {
        "name": {"zh": "邱止水", "en": "Qiu Zhishui"},
        "role": {"zh": "保安", "en": "Guard"},
        "armband": "0206",
    }


def test_every_kind_of_line_can_be_read(s: Session) -> None:
    one, root = reported(s), reported(s)
    do(s, one, "he", Act.MERGE, root=root.number)
    do(s, one, "he", Act.UNMERGE, text="x")
    do(s, one, "he", Act.CALL, number="110")
    do(s, one, "he", Act.PRIORITY, severity="1", text="x")
    words = {line["act"]: line["en"] for line in page(s, one)["timeline"]}
    assert words["merge"] == root.number
    assert (words["call"], words["priority"]) == ("110", "P2 → P1")
    assert [line["zh"] for line in page(s, root)["timeline"]][1:] == [one.number, one.number]
    assert page(s, root)["timeline"][1]["act"] == "merged"


@pytest.mark.parametrize(
    ("stage", "person", "acts"),
    [
        (Stage.REPORTED, "he", {"accept", "reject", "merge", "priority", "note", "call", "remind"}),
        (Stage.REPORTED, "qin", {"merge", "priority", "note", "call", "remind"}),
        (Stage.REPORTED, "zhu", set()),
        (Stage.ACCEPTED, "qin", {"dispatch", "merge", "priority", "note", "call", "remind"}),
        (Stage.ACCEPTED, "zhou", {"cancel", "priority", "note", "call", "remind"}),
        (Stage.DISPATCHED, "jiang", {"acknowledge", "return_request", "note", "call"}),
        (
            Stage.HANDLING,
            "qiu",
            {"en_route", "on_scene", "return_request", "suspend_request", "handle", "note", "call"},
        ),
        (Stage.HANDLED, "gu", {"verify_close", "rework", "merge", "priority", "note", "call", "remind"}),
        (Stage.CLOSED, "zhou", {"evaluate", "reopen", "note"}),
        (Stage.EVALUATED, "he", {"note"}),
    ],
)
def test_the_page_offers_what_this_person_may_do(
    s: Session, stage: Stage, person: str, acts: set[str]
) -> None:
    one = reported(s)
    assert may(s, bring(s, one, stage) if stage is not Stage.REPORTED else one, person) == acts


def test_what_the_page_offers_can_be_done_and_what_it_denies_is_refused(s: Session) -> None:
    for stage in (Stage.REPORTED, *(stage for stage, *_ in WAY)):
        for person in ("he", "gu", "qin", "qiu", "zhou", "shen", "lin"):
            one = reported(s)
            if stage is not Stage.REPORTED:
                bring(s, one, stage)
            for move in page(s, one, person)["moves"]:
                fields = GIVEN.get(move["act"])
                if fields is not None:
                    assert tried(s, one, person, move["act"], fields) == (move["en"] or None)


def tried(s: Session, one: Case, person: str, act: str, fields: dict[str, Any]) -> str | None:
    """Try it and take it back; why it was refused, if it was."""
    with s.begin_nested() as attempt:
        try:
            do(s, one, person, Act(act), NOON + HOUR, **fields)
            why = None
        except Refused as refused:
            why = refused.en
        attempt.rollback()
    s.refresh(one)
    return why


def test_a_denied_move_stays_visible_with_its_reason(s: Session) -> None:
    one = bring(s, confirmed(s), Stage.HANDLING)
    assert why(s, one, "he", Act.HANDLE)["zh"] == "由处置单位做。"
    assert why(s, one, "gu", Act.VERIFY_CLOSE)["en"].startswith("You can verify and close only while")
    assert why(s, one, "qiu", Act.SUSPEND_REQUEST)["zh"] == "P0、P1 不许挂账。"
    assert (
        "somebody else"
        in why(s, bring(s, reported(s, person="gu"), Stage.HANDLED), "gu", Act.VERIFY_CLOSE)["en"]
    )


def test_a_move_asks_for_what_its_act_needs(s: Session) -> None:
    one = bring(s, reported(s), Stage.ACCEPTED)
    fields = why(s, one, "qin", Act.DISPATCH)["fields"]
    assert [(field["name"], field["type"], field["required"]) for field in fields] == [
        ("unit", "unit", True),
        ("text", "text", False),
    ]
    assert [choice["value"] for choice in fields[0]["choices"]] == [
        "crew/crew-1",
        "crew/crew-2",
        "group/east-1",
        "agency/fu",
        "liaison/yunda",
    ]
    assert fields[0]["choices"][0]["zh"] == "1 组 江临、邱止水"


def test_a_page_shows_only_kinds_of_fields_it_can_draw(s: Session) -> None:
    drawn = {"text", "choice", "date", "unit", "person", "check"}
    one = bring(s, reported(s), Stage.HANDLING)
    for person in ("he", "qiu", "qin", "zhou"):
        for move in page(s, one, person)["moves"]:
            assert {field["type"] for field in move["fields"]} <= drawn
            required = {field.name for field in FIELDS[Act(move["act"])] if field.required}
            if move["allowed"]:
                assert required <= {field["name"] for field in move["fields"]}


def test_closing_conditions_are_met_one_by_one(s: Session) -> None:
    def met() -> list[bool]:
        return [condition["met"] for condition in page(s, one)["close_conditions"]]

    one = bring(s, reported(s), Stage.HANDLING)
    assert met() == [False, False, False, False]
    bring(s, one, Stage.HANDLED)
    assert met() == [True, True, False, False]
    bring(s, one, Stage.CLOSED)
    assert met() == [True, True, True, True]


def test_the_people_who_matter_are_named_with_their_armbands(s: Session) -> None:
    one = bring(s, confirmed(s), Stage.DISPATCHED)
    people = page(s, one)["people"]
    assert [(person["name"]["en"], person["role"]["en"], person["state"]) for person in people] == [
        ("Jiang Lin", "Unit", "on_duty"),
        ("Qiu Zhishui", "Unit", "on_duty"),
        ("Shen Zhixing", "Grid leader", None),
        ("Zhou Qiming", "Head of duty", "on_duty"),
    ]


def test_the_reporter_of_a_camera_case_is_the_camera(s: Session) -> None:
    assert page(s, confirmed(s))["reporter"] == {"channel": "camera", "name": {"zh": "C-3-1", "en": "C-3-1"}}
    own = page(s, reported(s, person="qiu"))["reporter"]
    assert own == {"channel": "patrol", "name": {"zh": "邱止水", "en": "Qiu Zhishui"}}


@pytest.mark.parametrize(
    ("person", "sees"),
    [
        ("he", True),
        ("qiu", True),
        ("wu", True),
        ("zhu", True),
        ("han", True),
        ("tao", False),
        ("li", False),
        ("fu", False),
        ("xin", False),
        ("ji", False),
    ],
)
def test_board_and_page_agree_on_who_sees_a_case(s: Session, person: str, sees: bool) -> None:
    one = reported(s, person="he")
    cards = case.board(s, actor(s, person), Filters(), NOON)
    assert bool(cards) is sees
    if sees:
        assert page(s, one, person)["id"] == one.id
    else:
        with pytest.raises(Refused):
            page(s, one, person)


def test_an_agency_sees_a_case_once_it_is_given_to_it(s: Session) -> None:
    one = do(s, bring(s, reported(s), Stage.ACCEPTED), "qin", Act.DISPATCH, unit="agency/fu")
    assert [card["id"] for card in case.board(s, actor(s, "fu"), Filters(), NOON)] == [one.id]
    assert page(s, one, "fu")["unit"]["en"] == "Fu An"


def test_the_board_is_filtered_and_turned_page_by_page(s: Session) -> None:
    cases = [reported(s, "dispute" if n % 2 else "theft", now=NOON + n * HOUR) for n in range(6)]
    bring(s, cases[0], Stage.ACCEPTED)
    desk = actor(s, "he")

    def found(**filters: Any) -> list[str]:
        return [card["id"] for card in case.board(s, desk, Filters(**filters), NOON)]

    newest = [one.id for one in reversed(cases)]
    assert found() == newest
    assert found(stages=("ACCEPTED",)) == [cases[0].id]
    assert found(q="theft") == newest[1::2]
    assert found(q="盗窃") == newest[1::2]
    assert found(q=cases[3].number[-4:]) == [cases[3].id]
    assert found(q="100%_") == []
    assert found(limit=2) == newest[:2]
    assert found(limit=2, before=cases[4].id) == newest[2:4]
    assert found(mine=True) == [cases[0].id]


def test_an_unknown_stage_is_refused_with_those_there_are(s: Session) -> None:
    with pytest.raises(Refused, match="REPORTED"):
        case.board(s, actor(s, "he"), Filters(stages=("LIMBO",)), NOON)


def test_there_is_no_page_of_what_is_not_there(s: Session) -> None:
    for act in (lambda: case.page(s, actor(s, "he"), new_id(), NOON), lambda: seen(s, "moved", camera="c-0")):
        with pytest.raises(Refused) as caught:
            act()
        assert caught.value.kind == "missing"
