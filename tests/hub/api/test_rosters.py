"""A workroom's month over HTTP, from draft to cover; the handover book, sign-in, equipment, tasks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from hub.api.planning import Planning
from hub.core.planned import Progress, Proof
from hub.core.roster import Change, GuardsMade, SickMade
from hub.core.roster_check import checked
from hub.gear.workdays import ChinaWorkdays
from hub.ports import UnsolvedError
from hub.service import attendance, task
from hub.store.staff import Armband, Certificate
from hub.store.supervise import Notice
from tests.hub.api.conftest import Someone
from tests.hub.gear.listener import eventually
from tests.hub.service.roster.room import CALENDAR, FIRST, cycle, staffed
from tests.hub.solved import Here
from tests.hub.town import MARKET, NOON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fastapi.testclient import TestClient
    from sqlalchemy.orm import Session, sessionmaker

    from hub.api.parts import Parts
    from tests.hub.api.conftest import Hands

    As = Callable[[str], Someone]
    Heard = Callable[[Progress], bool]

MONTH = "month=2026-12"
DAY = timedelta(days=1)


@dataclass
class Cycler:
    """Port Solver: always the same cycle; of a sick call, that guard-0 comes in."""

    fault: Exception | None = None
    asked: list[Any] = field(default_factory=list)

    def work(self, _ask: Any, asked: Any, heard: Heard) -> Any:
        self.asked.append(asked)
        heard(Progress("guards", 0.1, 12.0, 12.0))
        if self.fault:
            raise self.fault
        cells = cycle(asked.days)
        made = checked(asked, cells)
        return GuardsMade(cells, made, Proof(12.0, 12.0, 0.1), 0.1, made)

    def quick(self, _ask: Any, asked: Any) -> Any:
        changes = (Change("guard-0", asked.days[0], None, "night"),)
        return SickMade(asked.cells, changes, ("guard-0",), True, checked(asked.asked, asked.cells), 0.1)


@pytest.fixture
def solver() -> Any:
    return Cycler()


@pytest.fixture
def parts(parts: Parts, solver: Any) -> Iterator[Parts]:
    """With a thread on which rosters are solved, and a calendar."""
    planning = Planning()
    yield replace(parts, planning=planning, solver=solver, workdays=CALENDAR)
    planning.close()


@pytest.fixture(autouse=True)
def people(store: sessionmaker[Session]) -> None:
    """The eastern workroom has ten people."""
    with store.begin() as s:
        staffed(s)


def put(who: Someone, url: str, json: Any, match: int | None = None) -> Any:
    headers = {"X-CSRF": who.csrf} | ({} if match is None else {"If-Match": f'"{match}"'})
    return who.request("PUT", url, headers, json=json)


def solved(shen: Someone) -> str:
    made = shen.post("/api/rosters/east", {"month": "2026-12"})
    assert made.status_code == 201, made.text
    id_ = str(made.json()["id"])
    assert shen.post(f"/api/roster/{id_}/job", {"seconds": 2}).status_code == 202
    assert eventually(lambda: shen.get(f"/api/roster/{id_}/job").json()["state"] == "done", 60)
    return id_


def published(shen: Someone) -> str:
    id_ = solved(shen)
    seen = shen.get(f"/api/rosters/east?{MONTH}&draft=true").json()
    headers = {"X-CSRF": shen.csrf, "If-Match": f'"{seen["revision"]}"'}
    answer = shen.request("POST", f"/api/roster/{id_}/publish", headers, json={"gaps": len(seen["gaps"])})
    assert answer.status_code == 200, answer.text
    return id_


def on(shen: Someone, day: str, shift: str) -> list[str]:
    month = shen.get(f"/api/rosters/east?{MONTH}").json()
    return [
        one["id"]
        for one in month["people"]
        if any((cell["day"], cell["shift"]) == (day, shift) for cell in one["cells"])
    ]


def test_a_month_is_solved_changed_by_hand_and_published(as_: As) -> None:
    shen, qiu = as_("shen"), as_("qiu")
    id_ = solved(shen)
    seen = shen.get(f"/api/rosters/east?{MONTH}&draft=true").json()
    assert (seen["state"], seen["figures"]["proved"], len(seen["people"])) == ("draft", True, 10)
    who = next(one["id"] for one in seen["people"] if one["cells"][0]["day"] == "2026-12-01")
    cell = {"person": who, "day": "2026-12-01", "shift": None}
    assert put(shen, f"/api/roster/{id_}/cells", cell).status_code == 428
    tried = put(shen, f"/api/roster/{id_}/cells", cell | {"keep": False}, seen["revision"]).json()
    assert (tried["kept"], len(tried["opened"])) == (False, 1)
    again = shen.get(f"/api/rosters/east?{MONTH}&draft=true").json()
    assert (again["revision"], again["gaps"]) == (seen["revision"], [])
    assert put(shen, f"/api/roster/{id_}/cells", cell, seen["revision"] + 9).status_code == 409
    assert qiu.get(f"/api/rosters/east?{MONTH}").json()["state"] == "none"
    headers = {"X-CSRF": shen.csrf, "If-Match": f'"{seen["revision"]}"'}
    shown = shen.request("POST", f"/api/roster/{id_}/publish", headers, json={"gaps": 0}).json()
    assert (shown["state"], shown["bare"]) == ("published", [])
    assert qiu.post(f"/api/roster/{id_}/read").status_code == 204
    (east,) = shen.get(f"/api/rosters?{MONTH}").json()
    assert (east["told"], east["read"], east["gaps"]) == (10, 1, 0)
    assert qiu.get("/api/phone/today").json()["duty"]["weeks"]


def test_why_nothing_was_solved_stands_in_the_job(as_: As, solver: Cycler) -> None:
    shen = as_("shen")
    solver.fault = UnsolvedError("it died")
    made = shen.post("/api/rosters/east", {"month": "2026-12"}).json()["id"]
    shen.post(f"/api/roster/{made}/job", {})
    assert eventually(lambda: shen.get(f"/api/roster/{made}/job").json()["state"] == "failed", 60)
    assert "it died" in shen.get(f"/api/roster/{made}/job").json()["en"]
    assert shen.delete(f"/api/roster/{made}").status_code == 204
    unknown = shen.post("/api/rosters/east", {"month": "2027-01"}).json()["id"]
    refused = shen.post(f"/api/roster/{unknown}/job", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "roster.calendar")


def test_a_sick_call_is_answered_with_the_least_change_and_holds_by_consent(as_: As) -> None:
    shen = as_("shen")
    id_ = published(shen)
    absent = next(one for one in on(shen, "2026-12-05", "night") if one != "shen")
    told = shen.post(f"/api/roster/{id_}/sick", {"person": absent, "days": ["2026-12-05"]}).json()
    assert [one["person"]["id"] for one in told["changes"]] == ["guard-0"]
    assert [one["missing"] for one in told["gaps"] if not one["leader"]] == [1]
    url = f"/api/roster/{id_}/covers"
    found = shen.get(f"{url}?day=2026-12-05&shift=night&absent={absent}").json()["people"]
    other = next(
        one for one in found if (one["can"] and one["person"]["id"] in {"qiu", "jiang", "shen"}) or one["can"]
    )
    comes = other["person"]["id"]
    wanted = [{"person": comes, "day": "2026-12-05", "after": "night"}]
    asked = shen.post(url, {"absent": absent, "day": "2026-12-05", "changes": wanted})
    assert asked.status_code == 201, asked.text
    if comes != "shen":
        assert asked.json()["state"]["id"] == "asked"
        assert shen.post(f"/api/covers/{asked.json()['id']}/agree").status_code == 403
        assert [one["id"] for one in shen.get("/api/covers").json()] == [asked.json()["id"]]
        assert shen.delete(f"/api/covers/{asked.json()['id']}").status_code == 204
    assert shen.get("/api/covers").json() == []


def test_the_answer_to_an_unknown_year_is_a_list_of_days(as_: As) -> None:
    shen, qiu, zhou = as_("shen"), as_("qiu"), as_("zhou")
    assert shen.get("/api/workdays/2026").json()["source"] == "calendar"
    assert shen.get("/api/workdays/2027").json()["known"] is False
    days = [(date(2027, 1, 1) + number * DAY).isoformat() for number in range(365) if number % 7 in (1, 2)]
    assert put(qiu, "/api/workdays/2027", {"days": days}).status_code == 403
    assert put(shen, "/api/workdays/2027", {"days": days}).status_code == 403
    assert put(zhou, "/api/workdays/2027", {"days": days}).status_code == 204
    assert shen.get("/api/workdays/2027").json()["days"] == days
    assert qiu.get("/api/workdays/2027").json()["source"] == "market"


def test_chinas_calendar_knows_this_year_with_its_days_worked_in_exchange_and_not_2099() -> None:
    off = ChinaWorkdays().off(2026)
    assert off is not None
    assert date(2026, 10, 1) in off
    assert date(2026, 11, 21) in off
    assert date(2026, 2, 14) not in off, "a Saturday that is worked for the Spring Festival"
    assert ChinaWorkdays().off(2099) is None


def test_a_loan_holds_by_consent_of_both(as_: As) -> None:
    shen, tao, zhou = as_("shen"), as_("tao"), as_("zhou")
    days = {"begins": "2026-12-05", "ends": "2026-12-06"}
    made = shen.post("/api/loans", {"person": "tao", "grid": "east", **days}).json()["id"]
    assert tao.get("/api/loans").json()[0]["may"] == ["agree", "decline"]
    assert tao.post(f"/api/loans/{made}/agree").status_code == 204
    assert zhou.post(f"/api/loans/{made}/agree").status_code == 204
    assert shen.get("/api/loans").json()[0]["state"]["id"] == "agreed"
    assert shen.delete(f"/api/loans/{made}").status_code == 204
    assert shen.post(f"/api/loans/{made}/decline").status_code == 409


# The book, who was there, kit and tasks


def test_a_shift_is_handed_over_by_one_and_taken_by_another(as_: As, clock: Hands) -> None:
    clock.at = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)  # half an hour before the evening shift
    qiu, jiang, tao = as_("qiu"), as_("jiang"), as_("tao")
    made = as_("shen").post("/api/assets", {"grid": "east", "kind": "radio", "label": "R-1"}).json()["id"]
    page = qiu.get("/api/handovers/east").json()[0]
    assert (page["id"], page["at"], page["may_give"]) == (None, "2026-11-22T08:00:00.000Z", True)
    assert [one["label"] for one in page["kit"]] == ["R-1"]
    kit = [{"asset": made, "ok": False, "note": "没电"}]
    given = qiu.post("/api/handovers/east", {"note": "北门灯坏", "kit": kit}).json()["id"]
    assert qiu.post("/api/handovers/east", {"note": ""}).status_code == 409
    assert qiu.post(f"/api/handover/{given}/take", {"answer": ""}).status_code == 403
    assert tao.get("/api/handovers/east").status_code == 403
    assert jiang.post(f"/api/handover/{given}/take", {"answer": "已换电池"}).status_code == 204
    page = jiang.get("/api/handovers/east").json()[0]
    assert (page["note"], page["answer"], page["taken_by"]["id"]) == ("北门灯坏", "已换电池", "jiang")
    assert page["kit"][0]["ok"] is False


def worn(store: sessionmaker[Session]) -> None:
    with store.begin() as s:
        for number, person in (("0206", "qiu"), ("0207", "jiang")):
            state = {"state": "issued", "person": person, "since": NOON}
            s.add(Armband(id=f"band-{number}", market=MARKET, number=number, **state))


def test_signing_in_names_ones_own_armband_and_who_is_missing_is_told(
    app: TestClient, clock: Hands, store: sessionmaker[Session]
) -> None:
    worn(store)
    published(Someone(app, "shen"))
    clock.at = datetime(2026, 12, 8, 0, 5, tzinfo=UTC)  # 08:05, the day shift
    as_ = cache(lambda person: Someone(app, person))
    shen, jiang, qiu = as_("shen"), as_("jiang"), as_("qiu")
    (other,) = set(on(shen, "2026-12-08", "day")) - {"jiang"}
    assert jiang.post("/api/me/attendance", {"armband": "0206"}).status_code == 409
    assert jiang.post("/api/me/attendance", {"armband": "0207"}).status_code == 204
    assert qiu.post("/api/me/attendance", {"armband": "0206"}).json()["code"] == "attendance.none"
    clock.turn(timedelta(minutes=6))
    with store.begin() as s:
        assert attendance.watch(s, clock.now()) == 1
        assert attendance.watch(s, clock.now()) == 0
        (told,) = s.scalars(select(Notice).where(Notice.step == "duty.absent"))
        assert told.person == "shen"
    kept = shen.get("/api/attendance?day=2026-12-08&grid=east").json()
    states = {one["person"]["id"]: one["state"]["id"] for one in kept if "T00:00" in one["begins"]}
    assert states == {"jiang": "in", other: "absent"}
    assert jiang.delete("/api/me/attendance").status_code == 204
    assert jiang.delete("/api/me/attendance").status_code == 409


def test_equipment_goes_out_and_comes_back_and_its_history_stays(as_: As) -> None:
    shen, qiu = as_("shen"), as_("qiu")
    made = shen.post("/api/assets", {"grid": "east", "kind": "vehicle", "label": "V-1"}).json()["id"]
    assert shen.post("/api/assets", {"grid": "east", "kind": "radio", "label": "V-1"}).status_code == 409
    url = f"/api/assets/{made}/moves"
    assert shen.post(url, {"state": "out"}).status_code == 422
    assert shen.post(url, {"state": "out", "person": "qiu"}).status_code == 204
    assert shen.post(url, {"state": "retired"}).status_code == 409
    assert qiu.post(url, {"state": "in"}).status_code == 403
    assert qiu.get("/api/phone/today").json()["duty"]["assets"][0]["label"] == "V-1"
    assert shen.post(url, {"state": "in", "note": "左灯坏"}).status_code == 204
    assert [one["state"]["id"] for one in qiu.get(url).json()] == ["in", "out", "in"]


def test_a_certificate_about_to_lapse_is_a_task_that_its_renewal_closes(
    as_: As, store: sessionmaker[Session]
) -> None:
    today = date(2026, 11, 22)
    with store.begin() as s:
        s.add(
            Certificate(id="c-1", person="qiu", kind="guard", begins=today - 99 * DAY, ends=today + 9 * DAY)
        )
    with store.begin() as s:
        assert task.watch(s, NOON) == 1
        assert task.watch(s, NOON) == 0
    shen = as_("shen")
    (made,) = [one for one in shen.get("/api/tasks").json() if one["by_itself"]]
    assert (made["person"]["id"], made["certificate"]["id"], made["due"]) == ("qiu", "guard", "2026-12-01")
    assert shen.post(f"/api/tasks/{made['id']}/done", {}).status_code == 409
    with store.begin() as s:
        s.add(Certificate(id="c-2", person="qiu", kind="guard", begins=today, ends=today + 999 * DAY))
    with store.begin() as s:
        assert task.watch(s, NOON) == 1
    assert shen.get("/api/tasks").json()[0]["standing"]["id"] == "done"


def test_a_drill_is_done_with_who_was_there(as_: As) -> None:
    shen = as_("shen")
    drill = {"kind": "drill", "title": "灭火演练", "grid": "east", "due": "2026-12-01"}
    made = shen.post("/api/tasks", drill).json()["id"]
    assert as_("qiu").post("/api/tasks", drill).status_code == 403
    assert shen.post("/api/tasks", drill | {"due": "2026-11-01"}).status_code == 422
    there = {"took_part": ["qiu", "jiang"], "note": "用时 4 分钟"}
    assert shen.post(f"/api/tasks/{made}/done", {"took_part": ["nobody"]}).status_code == 422
    assert shen.post(f"/api/tasks/{made}/done", there).status_code == 204
    (shown,) = [one for one in shen.get("/api/tasks").json() if one["id"] == made]
    assert [one["id"] for one in shown["took_part"]] == ["jiang", "qiu"]


class TestSolvedForReal:
    """The real solver, in this process."""

    pytestmark = pytest.mark.long

    @pytest.fixture
    def solver(self) -> Any:
        return Here()

    def test_a_draft_and_a_sick_call_are_solved_by_the_real_one(self, as_: As) -> None:
        shen = as_("shen")
        id_ = published(shen)
        shown = shen.get(f"/api/rosters/east?{MONTH}").json()
        assert [one for one in shown["gaps"] if not one["leader"]] == shown["broken"] == shown["bare"] == []
        absent = next(one for one in on(shen, "2026-12-05", "day") if one != "shen")
        told = shen.post(f"/api/roster/{id_}/sick", {"person": absent, "days": ["2026-12-05"]}).json()
        assert told["proved"] is True
        assert FIRST.isoformat() == shown["days"][0]["day"]
